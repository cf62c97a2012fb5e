"""The slow and obvious way: walk day by day. The oracle of the tests and the baseline of the bench."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from huiyin.foundation.calendar.engine import WorkingCalendar

DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
FAR = 4000

Interval = tuple[datetime, datetime]


def add_seconds(calendar: WorkingCalendar, start: datetime, seconds: int) -> datetime:
    """Return when this much working time has passed. Refused (LookupError) after about ten years of walking."""
    left = timedelta(seconds=seconds)
    for opens, closes in _from(calendar, start):
        begin = max(opens, start)
        if begin < closes and left <= closes - begin:
            return begin + left
        left -= max(closes - begin, timedelta(0))
    raise LookupError("walked too far")


def take_seconds(calendar: WorkingCalendar, start: datetime, seconds: int) -> datetime:
    """Return from when this much working time had passed. Refused (LookupError) after about ten years of walking."""
    left = timedelta(seconds=seconds)
    for opens, closes in _back_from(calendar, start):
        end = min(closes, start)
        if opens < end and left <= end - opens:
            return end - left
        left -= max(end - opens, timedelta(0))
    raise LookupError("walked too far")


def elapsed_seconds(calendar: WorkingCalendar, start: datetime, end: datetime) -> int:
    """Count the working seconds between two instants."""
    total = timedelta(0)
    for opens, closes in _from(calendar, start):
        if opens >= end + 2 * DAY:
            break
        total += max(min(closes, end) - max(opens, start), timedelta(0))
    return total // SECOND


def nth_workday(calendar: WorkingCalendar, day: date, days: int) -> date:
    """Return the n-th working day after a date, or before it. Refused (LookupError) after about ten years."""
    step = DAY if days > 0 else -DAY
    left = abs(days)
    for _ in range(FAR):
        if not left:
            return day
        day += step
        left -= bool(calendar.hours_on(day))
    raise LookupError("walked too far")


def intervals_on(calendar: WorkingCalendar, day: date) -> list[Interval]:
    """Return the open intervals of a local date; when the clocks change around it, minute by minute."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    offset = (midnight - DAY).astimezone(calendar.zone).utcoffset() or timedelta(0)
    hours = calendar.hours_on(day)
    if offset != (midnight + 2 * DAY).astimezone(calendar.zone).utcoffset():
        return list(_minutes(calendar, day, midnight)) if hours else []
    return [(midnight - offset + opens * SECOND, midnight - offset + closes * SECOND) for opens, closes in hours]


def _minutes(calendar: WorkingCalendar, day: date, midnight: datetime) -> Iterator[Interval]:
    slots = calendar.hours_on(day)
    for count in range(-24 * 60, 48 * 60):
        minute = midnight + count * MINUTE
        wall = minute.astimezone(calendar.zone)
        at = wall.hour * 3600 + wall.minute * 60
        if wall.date() == day and any(opens <= at < closes for opens, closes in slots):
            yield minute, minute + MINUTE


def _from(calendar: WorkingCalendar, start: datetime) -> Iterator[Interval]:
    first = start.astimezone(calendar.zone).date() - DAY
    for count in range(FAR):
        yield from intervals_on(calendar, first + count * DAY)


def _back_from(calendar: WorkingCalendar, start: datetime) -> Iterator[Interval]:
    last = start.astimezone(calendar.zone).date() + DAY
    for count in range(FAR):
        yield from reversed(intervals_on(calendar, last - count * DAY))
