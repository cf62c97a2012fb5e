"""An estate that never was, and some months of its life: everything in it is made by the real operations.

`making.make` drives them under a simulated clock with a fixed seed; what people say stands in `matters.yaml`.
"""

from huiyin.surfaces.demo.making import accounts_card, make

__all__ = ["accounts_card", "make"]
