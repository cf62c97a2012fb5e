"""The phone script: what to say and what to ask at each moment of a call. Wording is data: scripts.yaml."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("scripts.yaml")


@dataclass(frozen=True)
class Moment:
    """One moment of a call. `kinds` are the kinds of matter it belongs to; without any it belongs to every call."""

    code: str
    title: str
    says: tuple[str, ...]
    asks: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def moments() -> tuple[Moment, ...]:
    """Return the moments in the order of a call."""
    return tuple(
        Moment(
            code=row["code"],
            title=row["title"],
            says=tuple(row["says"]),
            asks=tuple(row.get("asks", ())),
            kinds=tuple(row.get("kinds", ())),
        )
        for row in yaml.safe_load(FILE.read_text("utf-8"))
    )
