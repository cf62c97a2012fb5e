"""Opening hours of one day: half-open slots in seconds from local midnight, sorted and disjoint."""

import re
from collections.abc import Iterable, Sequence

from huiyin.foundation.refusals import Refused

Slot = tuple[int, int]
Hours = tuple[Slot, ...]

DAY = 86_400
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


class MalformedCalendar(Refused):
    """A calendar that cannot be understood; the sentence names the field."""


def hours_of(slots: Iterable[Sequence[str]]) -> Hours:
    """Read slots such as ("09:00", "12:00"); a closing of 00:00 is the midnight that ends the day.

    Refused when a slot is not a pair of times or does not close after it opens.
    """
    return union(_slot(pair) for pair in slots)


def words_of(hours: Hours) -> list[list[str]]:
    """Write slots as pairs of times, as hours_of reads them."""
    return [[_clock_words(opens), _clock_words(closes)] for opens, closes in hours]


def union(slots: Iterable[Slot]) -> Hours:
    """Join slots that touch or overlap."""
    joined: list[Slot] = []
    for opens, closes in sorted(slots):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        else:
            joined.append((opens, closes))
    return tuple(joined)


def without(hours: Hours, breaks: Hours) -> Hours:
    """Cut the breaks out of the hours."""
    left = hours
    for start, end in breaks:
        left = tuple(
            piece
            for opens, closes in left
            for piece in ((opens, min(closes, start)), (max(opens, end), closes))
            if piece[0] < piece[1]
        )
    return left


def _slot(pair: Sequence[str]) -> Slot:
    if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
        raise MalformedCalendar(f"时段要写成 [开始, 结束],不能是 {pair!r}")
    opens, closes = _seconds(pair[0]), _seconds(pair[1]) or DAY
    if opens >= closes:
        raise MalformedCalendar(f"时段 {pair[0]}–{pair[1]} 的结束要晚于开始,跨夜的请拆到两天")
    return opens, closes


def _seconds(clock: str) -> int:
    said = CLOCK.fullmatch(clock) if isinstance(clock, str) else None
    if said is None:
        raise MalformedCalendar(f"看不懂时刻 {clock!r},请写成 09:00")
    hour, minute, second = int(said[1]), int(said[2]), int(said[3] or 0)
    total = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or total > DAY:
        raise MalformedCalendar(f"没有 {clock} 这个时刻")
    return total


def _clock_words(seconds: int) -> str:
    minutes, second = divmod(seconds, 60)
    said = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{said}:{second:02}" if second else said
