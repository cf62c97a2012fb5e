"""Where a common part is: the places offered while a repair is taken, as data."""

from functools import lru_cache
from pathlib import Path

import yaml

FILE = Path(__file__).parents[1] / "places.yaml"


@lru_cache(maxsize=1)
def common_places() -> tuple[str, ...]:
    """Return the places in the order they are offered."""
    return tuple(yaml.safe_load(FILE.read_text("utf-8")))
