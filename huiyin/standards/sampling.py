"""Which of a stream of events is drawn: permuted blocks. Pure; repeatable from the recorded seed.

In every full block exactly the rate's share is taken, at places nobody can foresee. A block that is still open at
the end of a period can be short; `shortage` says by how many, and the top-up draws them while their window is open.
"""

from fractions import Fraction
from hashlib import sha256
from math import ceil

_SMALLEST_BLOCK = 4


def block_size(rate: Fraction) -> int:
    """Return the length of a block: the smallest multiple of the rate's denominator not below four."""
    return rate.denominator * ceil(_SMALLEST_BLOCK / rate.denominator)


def is_taken(rate: Fraction, *, seed: str, stratum: str, position: int) -> bool:
    """Tell whether the event at this position (from 0) of the stratum is drawn."""
    if rate == 1:
        return True
    size = block_size(rate)
    block, place = divmod(position, size)
    ranks = sorted(range(size), key=lambda i: rank(seed, stratum, block * size + i))
    return place in ranks[: int(rate * size)]


def rank(seed: str, stratum: str, position: int) -> bytes:
    """Return the sort key by which positions are drawn, in blocks and in the top-up."""
    return sha256(f"{seed}|{stratum}|{position}".encode()).digest()


def shortage(rate: Fraction, *, seen: int, taken: int) -> int:
    """Return how many more must be drawn so that the share reaches the rate (whole events, rounded up)."""
    return max(0, ceil(rate * seen) - taken)
