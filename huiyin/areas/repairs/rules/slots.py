"""The slots of a day in which visits are agreed, and how full each is. Plain values in, answer out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Slot:
    """A span in which so many visits can be made, and so many are agreed."""

    start: datetime
    end: datetime
    capacity: int
    taken: int

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.taken)


def spans_of_day(day: date, *, first: time, last: time, minutes: int, zone: tzinfo) -> list[Span]:
    """Cut the day into whole slots one after another; what is left over at its end is no slot."""
    start, until = (datetime.combine(day, one, zone) for one in (first, last))
    step, spans = timedelta(minutes=minutes), []
    while start + step <= until:
        spans.append((start, start + step))
        start += step
    return spans


def touched(span: Span, spans: Iterable[Span]) -> list[Span]:
    """Return the slots a visit lies in; one outside all of them is a slot of its own."""
    return [one for one in spans if overlaps(one, span)] or [span]


def overlaps(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def filled(span: Span, visits: Iterable[Span], *, hands: int, per_hand: int) -> Slot:
    """Say how full a slot is: so many hands make so many visits each, and every visit that overlaps it takes one."""
    return Slot(*span, capacity=hands * per_hand, taken=sum(overlaps(span, visit) for visit in visits))
