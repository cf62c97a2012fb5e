"""How long a promise ran and stood still, and when it falls due again after standing still. Values in, values out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.standards.rules import SAME_TIME, Within, day_end

RUNNING, PAUSED = "running", "paused"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """A time in which a promise ran or stood still, half-open, with the reason why it stood still."""

    state: str
    since: datetime
    until: datetime
    reason: str = ""

    @property
    def length(self) -> timedelta:
        return self.until - self.since


def stretches(
    opened_at: datetime, end: datetime, pauses: Iterable[tuple[datetime, datetime | None, str]]
) -> list[Stretch]:
    """Divide the time from the opening to the end into running and paused stretches, without gap or overlap.

    Pauses come in their order; one without an end lasts until the end. What lies outside is cut off: a step may be
    recorded later with its true, earlier time.
    """
    found: list[Stretch] = []
    here = opened_at
    for since, until, reason in pauses:
        since, until = max(since, here), min(until or end, end)
        if since >= until:
            continue
        if here < since:
            found.append(Stretch(RUNNING, here, since))
        found.append(Stretch(PAUSED, since, until, reason))
        here = until
    if here < end:
        found.append(Stretch(RUNNING, here, end))
    return found


def left(limit: Within | None, due_at: datetime, *, at: datetime, calendar: WorkingCalendar) -> int:
    """Return what is left of a promise, in its own measure: working seconds, working days, days, or seconds."""
    if limit and limit.counts_working_time:
        return int(calendar.elapsed_seconds(at, due_at))
    if limit and limit.counts_days:
        today, last = calendar.local_date(at), calendar.local_date(due_at - timedelta(microseconds=1))
        return calendar.workdays_between(today + _DAY, last + _DAY) if _in_workdays(limit) else (last - today).days
    return int((due_at - at).total_seconds())


def due_again(limit: Within | None, remaining: int, *, at: datetime, calendar: WorkingCalendar) -> datetime:
    """Return when a promise falls due that runs on from here with what was left of it."""
    if limit and limit.counts_working_time:
        due = calendar.add_seconds(at, remaining)
        # What falls due with the opening has no working time left the evening before.
        return calendar.next_open(due) if limit.unit == SAME_TIME else due
    if limit and limit.counts_days:
        today = calendar.local_date(at)
        if _in_workdays(limit):
            # What ends today ends with the next working day when nobody works today.
            return day_end(calendar, calendar.nth_workday(today, remaining or int(not calendar.is_workday(today))))
        if limit.unit == "at":
            due = calendar.at_local(today + timedelta(days=remaining), limit.at or time.min)
            return due if due > at else calendar.at_local(today + timedelta(days=remaining + 1), limit.at or time.min)
        return day_end(calendar, today + timedelta(days=remaining))
    return at + timedelta(seconds=remaining)


def due_from(
    limit: Within,
    start: datetime,
    pauses: Iterable[tuple[datetime, datetime]],
    values: Mapping[str, Any],
    calendar: WorkingCalendar,
) -> datetime | None:
    """Return when a promise of this limit falls due that began then and stood still in these pauses.

    None when the limit is a promised moment and none was promised.
    """
    due = limit.due(start, values, calendar)
    for since, until in pauses:
        if due is not None and since < due:
            due = due_again(limit, left(limit, due, at=since, calendar=calendar), at=until, calendar=calendar)
    return due


def _in_workdays(limit: Within) -> bool:
    return limit.unit == "working d"
