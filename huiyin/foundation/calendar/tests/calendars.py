"""Calendars and strategies that several test files draw from."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.foundation.calendar.hours import Hours, hours_of, union

NINE_TO_FIVE = hours_of([("09:00", "17:00")])
ALL_DAY = hours_of([("00:00", "24:00")])
CLOSED: Hours = ()

# The clocks change in all of these but the first two; Lord Howe moves by half an hour, Havana at midnight.
ZONES = ("UTC", "Asia/Shanghai", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "America/Havana")


def weekly(monday_to_friday: Hours, weekend: Hours = CLOSED, tz: str = "UTC", **more: object) -> WorkingCalendar:
    """Make a calendar whose working days are all alike."""
    day = monday_to_friday
    return WorkingCalendar(tz=tz, week=(day, day, day, day, day, weekend, weekend), **more)


def at(text: str) -> datetime:
    """Read an instant, in UTC unless it says otherwise."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _day_hours() -> st.SearchStrategy[Hours]:
    slot = st.tuples(st.integers(0, 95), st.integers(1, 50))  # in quarters of an hour
    return st.lists(slot, max_size=3).map(
        lambda slots: union((start * 900, min(start + length, 96) * 900) for start, length in slots)
    )


# Instants lie in 2020 and 2021, so dated exceptions near their middle are met often.
dates = st.dates(date(2020, 1, 1), date(2021, 12, 31))
near_dates = st.dates(date(2020, 3, 20), date(2020, 4, 20))
instants = st.one_of(
    st.datetimes(datetime(2020, 1, 1), datetime(2021, 12, 31)),
    st.datetimes(datetime(2020, 3, 20), datetime(2020, 4, 20)),
).map(lambda naive: naive.replace(microsecond=0, tzinfo=UTC))
spans = st.integers(1, 40 * 3600)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Draw a calendar that opens every week, with dated exceptions in spring 2020."""
    week = draw(st.lists(_day_hours(), min_size=7, max_size=7))
    week[2] = union((*week[2], *NINE_TO_FIVE))
    return WorkingCalendar(
        tz=draw(st.sampled_from(ZONES)),
        week=tuple(week),
        overrides=draw(st.dictionaries(near_dates, _day_hours(), max_size=4)),
        breaks=draw(st.dictionaries(near_dates, _day_hours(), max_size=3)),
        holidays=frozenset(draw(st.sets(near_dates, max_size=4))),
    )


def later(instant: datetime, seconds: int) -> datetime:
    """Move an instant by the clock, not by working time."""
    return instant + timedelta(seconds=seconds)
