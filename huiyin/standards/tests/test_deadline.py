"""Deadlines against a naive clerk who walks the wall calendar minute by minute and day by day."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.foundation.calendar.chinese import chinese_calendar
from huiyin.standards.rules import Within, within
from huiyin.standards.rules.deadline import Promised, promised

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = chinese_calendar()
MINUTE = timedelta(minutes=1)
LIMITS = st.one_of(
    st.builds(Within, st.sampled_from(["min", "working min"]), st.integers(0, 700)),
    st.builds(Within, st.sampled_from(["h", "working h"]), st.integers(0, 12)),
    st.builds(Within, st.sampled_from(["d", "working d", "working d same time"]), st.integers(0, 12)),
    st.builds(Within, st.just("at"), at=st.times().map(lambda clock: clock.replace(second=0, microsecond=0))),
)
STARTS = st.datetimes(datetime(2025, 9, 20), datetime(2026, 11, 20)).map(
    lambda wall: wall.replace(second=0, microsecond=0, tzinfo=SHANGHAI)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def walked(start: datetime, limit: Within) -> datetime:
    """Count as a clerk does who ticks off minutes and days on the wall."""
    if limit.unit.endswith(("min", "h")):
        left = limit.amount * (60 if limit.unit.endswith("h") else 1)
        working = limit.unit.startswith("working")
        moment = start
        while working and not left and not CALENDAR.is_open(moment):
            moment += MINUTE
        while left:
            left -= not working or CALENDAR.is_open(moment)
            moment += MINUTE
        return moment
    if limit.unit == "at":
        moment = start + MINUTE
        while moment.time() != limit.at:
            moment += MINUTE
        return moment
    counted = start
    while limit.unit.endswith("same time") and not CALENDAR.is_open(counted):
        counted += MINUTE
    day, left = counted.date(), limit.amount
    while left:
        day += timedelta(days=1)
        left -= limit.unit == "d" or CALENDAR.is_workday(day)
    if limit.unit.endswith("same time"):
        return datetime.combine(day, counted.time(), SHANGHAI)
    return datetime.combine(day + timedelta(days=1), time.min, SHANGHAI)


def made(limit: Within, start: datetime, not_before: Within | None = None, **values: Any) -> Promised | None:
    return promised(limit, not_before, start=start, values=values, calendar=CALENDAR)


@given(start=STARTS, limit=LIMITS)
def test_a_deadline_falls_due_when_the_clerk_has_walked_there(start: datetime, limit: Within) -> None:
    found = made(limit, start)
    assert found is not None and found.due_at == walked(start, limit)
    assert found.not_before is None


@given(start=STARTS, limit=LIMITS, second=st.integers(1, 59))
def test_who_is_in_time_to_the_last_second_is_in_time(start: datetime, limit: Within, second: int) -> None:
    found = made(limit, start + timedelta(seconds=second))
    assert found is not None and found.due_at >= start + timedelta(seconds=second)


@given(start=STARTS, earliest=st.integers(0, 30), length=st.integers(0, 30))
def test_a_window_opens_on_the_day_it_says_and_never_after_it_closes(
    start: datetime, earliest: int, length: int
) -> None:
    found = made(Within("d", earliest + length), start, Within("d", earliest))
    assert found is not None and found.not_before is not None
    opens = datetime.combine(start.date() + timedelta(days=earliest), time.min, SHANGHAI)
    assert found.not_before == (opens if earliest else start)
    assert found.not_before <= found.due_at


@pytest.mark.parametrize(
    ("limit", "start", "due_at"),
    [
        # Spring Festival 2026: off from 15 to 23 February, at work on Saturday the 14th and the 28th.
        ("1 working d", "2026-02-14T10:00", "2026-02-25T00:00"),
        ("1 working d same time", "2026-02-14T10:00", "2026-02-24T10:00"),
        ("2 working h", "2026-02-14T17:00", "2026-02-24T09:00"),
        ("3 working d", "2026-02-25T10:00", "2026-03-01T00:00"),
        ("3 d", "2026-02-14T10:00", "2026-02-18T00:00"),
        ("24 h", "2026-02-14T10:00", "2026-02-15T10:00"),
    ],
)
def test_holidays_count_for_days_but_not_for_working_days(limit: str, start: str, due_at: str) -> None:
    found = made(within(limit, "within"), at(start))
    assert found == Promised(None, at(due_at), False)


def test_a_promised_time_is_kept_as_given_and_one_in_the_past_is_due_at_once() -> None:
    limit, start = within("promised: promised_at", "within"), at("2026-11-20T10:00")
    assert made(limit, start, promised_at=at("2026-11-21T09:00")) == Promised(None, at("2026-11-21T09:00"), False)
    assert made(limit, start, promised_at=at("2026-11-19T09:00")) == Promised(None, start, False)
    assert made(limit, start) is None


def test_a_deadline_beyond_the_published_holidays_is_provisional() -> None:
    start = at("2026-12-30T10:00")
    assert made(within("1 d", "within"), start) == Promised(None, at("2027-01-01T00:00").astimezone(UTC), True)
    near = made(within("1 h", "within"), start)
    assert near is not None and near.provisional is False
