"""How long to wait before the next attempt, and when a schedule comes next. Values in, answer out."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django_tasks.base import Task

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 8
_SCHEDULE = "schedule:"
_LONG_NUMBER = re.compile(r"\d{7,}")
_FIRST_RETRY = timedelta(seconds=15)
_LONGEST_RETRY = timedelta(hours=6)


@dataclass(frozen=True)
class Schedule:
    """A job that the clock starts: every so often, or daily at a time of day in the time zone of the house."""

    name: str
    task: Task[..., Any]
    every: timedelta | None = None
    daily_at: time | None = None

    def __post_init__(self) -> None:
        if (self.every is None) == (self.daily_at is None):
            raise ValueError(f"{self.name}: say either every or daily_at")
        if self.every is not None and self.every <= timedelta(0):
            raise ValueError(f"{self.name}: every must be longer than nothing")


def key_of(schedule: str) -> str:
    """Return the key that keeps the jobs of a schedule single."""
    return f"{_SCHEDULE}{schedule}"


def schedule_of(key: str) -> str:
    """Return the schedule whose job has this key; nothing when it is not one's."""
    return key.removeprefix(_SCHEDULE) if key.startswith(_SCHEDULE) else ""


def in_a_sentence(trace: str) -> str:
    """Say what went wrong, without the way there and without long numbers: they may be somebody's.

    What a person was meant to read is Chinese and stands alone; what a program said is named by its kind.
    """
    _, way, last = trace.rpartition("Traceback (most recent call last):\n")
    # The steps of the way are indented; the first line that is not says what was raised.
    said = next((line for line in last.splitlines() if line.strip() and not line.startswith(" ")), "")
    kind, _, message = said.partition(": ") if way else ("", "", said)
    plain = _LONG_NUMBER.sub("…", message).strip()
    if not kind or any("\u4e00" <= letter <= "\u9fff" for letter in plain):
        return plain[:300]
    return f"程序出错({kind.rpartition('.')[2]}){plain and ':' + plain}"[:300]


def retry_delay(attempt: int) -> timedelta:
    """Return the wait after the failed attempt: 15 s, 45 s, 2 min 15 s … eight attempts span four and a half hours."""
    return min(_FIRST_RETRY * int(3 ** min(attempt - 1, 10)), _LONGEST_RETRY)


def first_slot(*, every: timedelta | None, daily_at: time | None, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when a new schedule runs first: at once if it runs every so often."""
    return next_slot(every=every, daily_at=daily_at, previous=now, now=now, zone=zone) if daily_at else now


def next_slot(
    *, every: timedelta | None, daily_at: time | None, previous: datetime, now: datetime, zone: ZoneInfo
) -> datetime:
    """Return the first slot after now. Slots missed while nobody worked are one run, not many."""
    if every is not None:
        return previous + every * ((now - previous) // every + 1)
    assert daily_at is not None
    today = now.astimezone(zone).date()
    slot = datetime.combine(today, daily_at, zone)
    if slot <= now:
        slot = datetime.combine(today + timedelta(days=1), daily_at, zone)
    return slot.astimezone(UTC)
