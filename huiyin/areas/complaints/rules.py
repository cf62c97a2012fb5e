"""Decisions about complaints from plain values."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

ORDER = ("registered", "verified", "decided", "replied", "closed")
NAMES = ("登记", "核实", "决定", "答复", "办结")
JUDGING = frozenset({"verify", "decide", "close"})


@dataclass(frozen=True)
class Mark:
    """One mark of the progress line: what was done when by whom; `state` is done, now or next."""

    name: str
    state: str
    at: datetime | None = None
    who: str = ""


def progress(status: str, done: Collection[tuple[datetime | None, str]]) -> list[Mark]:
    """Return the progress line. `done` has time and name of each step; those not reached (again) are not shown.

    A complaint opened again begins after its registration, whatever was written the first time.
    """
    reached = ORDER.index(status)
    return [
        Mark(name, "done", at, who) if place <= reached else Mark(name, "now" if place == reached + 1 else "next")
        for place, (name, (at, who)) in enumerate(zip(NAMES, done, strict=True))
    ]


def did_it_alone(actor_id: int, doers: Collection[int | None]) -> bool:
    """Tell whether one person did every step so far."""
    return set(doers) == {actor_id}


def why_not(*, is_complained: bool, is_alone_in_major: bool) -> str:
    """Say why somebody may not judge a complaint, or nothing when they may."""
    if is_complained:
        return "您是被投诉人,不能核实、决定或办结这件投诉,请转给其他同事"
    if is_alone_in_major:
        return "重大投诉不能由一个人从头办到尾,请另一位同事办结"
    return ""
