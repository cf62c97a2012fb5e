"""Whatever the calendar, the engine agrees with walking day by day."""

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.foundation.calendar import walking
from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.foundation.calendar.tests.calendars import calendars, dates, instants, later, spans

quick = settings(max_examples=20, deadline=None)


@quick
@given(calendars(), instants, spans)
def test_adding_agrees_with_walking(calendar: WorkingCalendar, start: datetime, seconds: int) -> None:
    due = calendar.add_seconds(start, seconds)
    assert due == walking.add_seconds(calendar, start, seconds)
    assert calendar.add_seconds(start, -seconds) == walking.take_seconds(calendar, start, seconds)
    assert calendar.add_seconds_many([int(start.timestamp())], seconds) == [int(due.timestamp())]


@quick
@given(calendars(), instants, spans)
def test_added_time_has_elapsed_and_not_a_second_sooner(
    calendar: WorkingCalendar, start: datetime, seconds: int
) -> None:
    due = calendar.add_seconds(start, seconds)
    assert calendar.elapsed_seconds(start, due) == seconds
    assert calendar.elapsed_seconds(start, later(due, -1)) == seconds - 1


@quick
@given(calendars(), instants, spans)
def test_a_deadline_never_falls_outside_open_hours(calendar: WorkingCalendar, start: datetime, seconds: int) -> None:
    due = calendar.add_seconds(start, seconds)
    assert calendar.is_open(later(due, -1))
    assert calendar.is_workday(calendar.local_date(later(due, -1)))
    assert calendar.prev_open(due) == due


@quick
@given(calendars(), instants, st.integers(0, 500_000), spans, spans)
def test_later_or_longer_is_never_due_sooner(
    calendar: WorkingCalendar, start: datetime, wait: int, seconds: int, more: int
) -> None:
    due = calendar.add_seconds(start, seconds)
    assert calendar.add_seconds(later(start, wait), seconds) >= due
    assert calendar.add_seconds(start, seconds + more) > due


@quick
@given(calendars(), instants, st.integers(0, 5_000_000))
def test_elapsed_time_agrees_with_walking_and_adds_up(calendar: WorkingCalendar, start: datetime, wait: int) -> None:
    end, middle = later(start, wait), later(start, wait // 3)
    elapsed = calendar.elapsed_seconds(start, end)
    assert elapsed == walking.elapsed_seconds(calendar, start, end)
    assert elapsed == calendar.elapsed_seconds(start, middle) + calendar.elapsed_seconds(middle, end)


@quick
@given(calendars(), instants, spans, st.lists(st.tuples(st.integers(-99_999, 400_000), spans), max_size=4))
def test_pauses_give_back_what_they_took(
    calendar: WorkingCalendar, start: datetime, seconds: int, said: list[tuple[int, int]]
) -> None:
    pauses = [(later(start, after), later(start, after + length)) for after, length in said]
    due = calendar.add_seconds(start, seconds, pauses)
    assert calendar.elapsed_seconds(start, due, pauses) == seconds
    assert calendar.elapsed_seconds(start, later(due, -1), pauses) == seconds - 1
    back = calendar.add_seconds(start, -seconds, pauses)
    assert calendar.elapsed_seconds(back, start, pauses) == seconds


@quick
@given(calendars(), instants)
def test_the_nearest_open_instants(calendar: WorkingCalendar, instant: datetime) -> None:
    ahead, behind = calendar.next_open(instant), calendar.prev_open(instant)
    assert behind <= instant <= ahead
    assert calendar.is_open(ahead)
    assert calendar.elapsed_seconds(behind, ahead) == 0
    assert (ahead == instant) == calendar.is_open(instant)


@quick
@given(calendars(), instants)
def test_an_instant_is_open_when_its_wall_clock_is_in_a_slot(calendar: WorkingCalendar, instant: datetime) -> None:
    wall = instant.astimezone(calendar.zone)
    seconds = wall.hour * 3600 + wall.minute * 60 + wall.second
    assert calendar.is_open(instant) == any(a <= seconds < b for a, b in calendar.hours_on(wall.date()))


@quick
@given(calendars(), dates, st.integers(-400, 400))
def test_working_days_agree_with_walking_and_come_back(calendar: WorkingCalendar, day: date, days: int) -> None:
    there = calendar.nth_workday(day, days)
    assert there == walking.nth_workday(calendar, day, days)
    if days and calendar.is_workday(day):
        assert calendar.add_workdays_date(day, days) == there
        assert calendar.add_workdays_date(there, -days) == day
    if days > 0:
        assert calendar.workdays_between(day + timedelta(days=1), there + timedelta(days=1)) == days


@quick
@given(calendars(), instants, st.integers(1, 30))
def test_working_day_deadlines_fall_on_working_days(calendar: WorkingCalendar, start: datetime, days: int) -> None:
    closing = calendar.add_workdays_end_of_day(start, days)
    assert closing > start or calendar.local_date(start) == calendar.local_date(closing)
    assert calendar.prev_open(closing) == closing
    assert not calendar.is_open(closing) or closing == calendar.end_of_day(later(closing, -1))
    assert calendar.is_open(calendar.add_workdays_then_snap(start, days))


@quick
@given(calendars(), instants, st.integers(1, 999_999), spans)
def test_fractions_of_a_second_are_kept(
    calendar: WorkingCalendar, start: datetime, fraction: int, seconds: int
) -> None:
    exact = start.replace(microsecond=fraction)
    due = calendar.add_seconds(exact, seconds)
    if calendar.is_open(start):
        assert due.microsecond == fraction
        assert calendar.elapsed_seconds(exact, due) == seconds
    else:
        assert due == calendar.add_seconds(start, seconds)
