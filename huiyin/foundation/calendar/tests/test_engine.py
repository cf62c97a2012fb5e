from datetime import UTC, date, datetime, time, timedelta

import pytest

from huiyin.foundation.calendar.engine import NoWorkingTime, WorkingCalendar
from huiyin.foundation.calendar.hours import MalformedCalendar, hours_of
from huiyin.foundation.calendar.tests.calendars import ALL_DAY, CLOSED, NINE_TO_FIVE, at, weekly

HOUR = 3600
OFFICE = weekly(NINE_TO_FIVE)
ALWAYS = weekly(ALL_DAY, ALL_DAY)
NEVER = weekly(CLOSED)

# 2024-03-01 is a Friday.
FRIDAY_NOON = at("2024-03-01T12:00")


@pytest.mark.parametrize(
    ("start", "seconds", "due"),
    [
        ("2024-03-01T12:00", HOUR, "2024-03-01T13:00"),
        ("2024-03-01T12:00", 5 * HOUR, "2024-03-01T17:00"),
        ("2024-03-01T12:00", 5 * HOUR + 1, "2024-03-04T09:00:01"),
        ("2024-03-01T17:00", 1, "2024-03-04T09:00:01"),
        ("2024-03-02T12:00", 8 * HOUR, "2024-03-04T17:00"),
        ("2024-03-01T09:00", 40 * HOUR, "2024-03-07T17:00"),
        ("2024-03-01T09:00", 2000 * HOUR, "2025-02-13T17:00"),
        ("2024-03-01T12:00:00.250000", 5 * HOUR, "2024-03-04T09:00:00.250000"),
        ("2024-03-02T12:00:00.250000", HOUR, "2024-03-04T10:00"),
        ("2024-03-02T12:00", 0, "2024-03-04T09:00"),
        ("2024-03-01T17:00", 0, "2024-03-04T09:00"),
        ("2024-03-01T16:59:59", 0, "2024-03-01T16:59:59"),
        ("2024-03-04T10:00", -2 * HOUR, "2024-03-01T16:00"),
        ("2024-03-04T10:00", -HOUR, "2024-03-04T09:00"),
        ("2024-03-02T12:00", -8 * HOUR, "2024-03-01T09:00"),
        ("2024-03-01T20:00+08:00", HOUR, "2024-03-01T13:00"),
    ],
)
def test_working_time_is_added_and_taken(start: str, seconds: int, due: str) -> None:
    assert OFFICE.add_seconds(at(start), seconds) == at(due)


def test_answers_are_in_utc() -> None:
    start = at("2024-03-01T20:00+08:00")
    answers = [
        OFFICE.add_seconds(start, HOUR),
        OFFICE.next_open(start),
        OFFICE.prev_open(start),
        OFFICE.add_workdays_then_snap(start, 1),
        OFFICE.add_workdays_end_of_day(start, 1),
        OFFICE.end_of_day(start),
    ]
    assert [answer.tzinfo for answer in answers] == [UTC] * 6


@pytest.mark.parametrize(
    ("start", "seconds", "pauses", "due"),
    [
        ("09:00", 2, [("10:00", "10:30")], "11:30"),
        ("09:00", 1, [("10:00", "10:30")], "10:00"),
        ("10:15", 2, [("10:00", "10:30")], "12:30"),
        ("09:00", 2, [("11:00", "12:00"), ("09:30", "10:00"), ("09:45", "10:30")], "13:00"),
        ("09:00", 0, [("08:00", "10:30")], "10:30"),
        ("12:00", -2, [("10:30", "11:00")], "09:30"),
        ("12:00", -1, [("09:00", "10:00"), ("13:00", "14:00")], "11:00"),
    ],
)
def test_pauses_do_not_count(start: str, seconds: int, pauses: list[tuple[str, str]], due: str) -> None:
    def moment(clock: str) -> datetime:
        return at(f"2024-03-04T{clock}")

    spans = [(moment(since), moment(until)) for since, until in pauses]
    assert OFFICE.add_seconds(moment(start), seconds * HOUR, spans) == moment(due)


def test_a_pause_over_night_costs_only_open_time() -> None:
    pause = [(at("2024-03-01T16:00"), at("2024-03-04T10:00"))]
    assert OFFICE.add_seconds(at("2024-03-01T15:00"), 2 * HOUR, pause) == at("2024-03-04T11:00")
    assert OFFICE.elapsed_seconds(at("2024-03-01T15:00"), at("2024-03-04T11:00"), pause) == 2 * HOUR


def test_a_pause_that_ends_before_it_starts_is_a_bug() -> None:
    with pytest.raises(ValueError, match="ends before"):
        OFFICE.add_seconds(FRIDAY_NOON, HOUR, [(FRIDAY_NOON, at("2024-03-01T11:00"))])


def test_elapsed_time_counts_full_seconds_and_never_backwards() -> None:
    assert OFFICE.elapsed_seconds(FRIDAY_NOON, at("2024-03-04T10:00:00.900000")) == 6 * HOUR
    assert OFFICE.elapsed_seconds(at("2024-03-04T10:00"), FRIDAY_NOON) == 0
    assert OFFICE.elapsed_seconds(at("2024-03-02T00:00"), at("2024-03-04T00:00")) == 0


def test_the_closing_instant_is_closed_but_is_the_last_open_one() -> None:
    closing = at("2024-03-01T17:00")
    assert (OFFICE.is_open(closing), OFFICE.is_open(at("2024-03-01T09:00"))) == (False, True)
    assert OFFICE.prev_open(closing) == closing
    assert OFFICE.prev_open(at("2024-03-03T05:00")) == closing
    assert OFFICE.next_open(closing) == at("2024-03-04T09:00")


@pytest.mark.parametrize("closing", ["00:00", "24:00"])
def test_closing_at_midnight_loses_no_minute(closing: str) -> None:
    late = weekly(hours_of([("18:00", closing)]))
    assert late.elapsed_seconds(at("2024-03-01T18:00"), at("2024-03-02T00:00")) == 6 * HOUR
    assert late.add_seconds(at("2024-03-01T23:59:59"), 1) == at("2024-03-02T00:00")
    assert late.is_open(at("2024-03-01T23:59:59"))
    assert not late.is_open(at("2024-03-02T00:00"))
    assert late.add_workdays_end_of_day(at("2024-03-01T19:00"), 1) == at("2024-03-05T00:00")


def test_day_and_night_runs_by_the_clock_across_years() -> None:
    start = at("2024-12-31T23:59:58")
    assert ALWAYS.add_seconds(start, 400 * 24 * HOUR) == start + timedelta(days=400)
    assert ALWAYS.add_seconds(start, -400 * 24 * HOUR) == start - timedelta(days=400)
    assert ALWAYS.elapsed_seconds(start, start + timedelta(days=3650)) == 3650 * 24 * HOUR
    assert ALWAYS.next_open(start) == ALWAYS.prev_open(start) == start


@pytest.mark.parametrize(
    "ask",
    [
        lambda calendar: calendar.add_seconds(FRIDAY_NOON, HOUR),
        lambda calendar: calendar.add_seconds(FRIDAY_NOON, -HOUR),
        lambda calendar: calendar.next_open(FRIDAY_NOON),
        lambda calendar: calendar.prev_open(FRIDAY_NOON),
        lambda calendar: calendar.nth_workday(date(2024, 3, 1), 1),
        lambda calendar: calendar.add_workdays_date(date(2024, 3, 1), -1),
        lambda calendar: calendar.add_workdays_then_snap(FRIDAY_NOON, 1),
        lambda calendar: calendar.add_workdays_end_of_day(FRIDAY_NOON, 0),
        lambda calendar: calendar.add_seconds_many([1_700_000_000], HOUR),
    ],
)
def test_a_calendar_that_never_opens_refuses_with_a_sentence(ask: object) -> None:
    with pytest.raises(NoWorkingTime, match="日历里没有任何工作时间"):
        ask(NEVER)


def test_a_calendar_that_never_opens_still_says_so() -> None:
    assert not NEVER.is_open(FRIDAY_NOON)
    assert not NEVER.is_workday(date(2024, 3, 1))
    assert NEVER.elapsed_seconds(FRIDAY_NOON, at("2025-03-01")) == 0
    assert NEVER.workdays_between(date(2024, 1, 1), date(2025, 1, 1)) == 0


def test_a_calendar_of_single_days_ends_with_the_last_of_them() -> None:
    fair = weekly(CLOSED, overrides={date(2031, 5, 1): NINE_TO_FIVE, date(2031, 5, 2): ALL_DAY})
    assert fair.next_open(FRIDAY_NOON) == at("2031-05-01T09:00")
    assert fair.add_seconds(FRIDAY_NOON, 32 * HOUR) == at("2031-05-03T00:00")
    assert fair.prev_open(at("2040-01-01")) == at("2031-05-03T00:00")
    assert fair.nth_workday(date(2050, 1, 1), -2) == date(2031, 5, 1)
    with pytest.raises(NoWorkingTime, match="没有这么多工作时间"):
        fair.add_seconds(FRIDAY_NOON, 32 * HOUR + 1)
    with pytest.raises(NoWorkingTime, match="没有这么多工作时间"):
        fair.prev_open(at("2031-05-01T08:59"))


def test_far_away_is_refused_not_computed() -> None:
    with pytest.raises(NoWorkingTime, match="1900 年到 2299 年"):
        OFFICE.add_seconds(at("2300-01-01"), HOUR)
    with pytest.raises(NoWorkingTime, match="没有哪个日历"):
        OFFICE.add_seconds(FRIDAY_NOON, 10**15)


def test_a_naive_instant_stays_a_bug() -> None:
    naive = datetime(2024, 3, 1, 12)
    for ask in (OFFICE.next_open, OFFICE.is_open, OFFICE.local_date, lambda when: OFFICE.add_seconds(when, HOUR)):
        with pytest.raises(TypeError):
            ask(naive)


def test_what_is_said_of_a_date_has_an_order() -> None:
    monday, tuesday, wednesday = date(2024, 3, 4), date(2024, 3, 5), date(2024, 3, 6)
    short = hours_of([("10:00", "12:00"), ("14:00", "15:00")])
    calendar = weekly(
        NINE_TO_FIVE,
        overrides={monday: short, tuesday: short, date(2024, 3, 9): short, date(2024, 3, 7): CLOSED},
        breaks={monday: hours_of([("11:30", "14:30")]), wednesday: hours_of([("00:00", "24:00")])},
        holidays=frozenset({tuesday}),
    )
    assert calendar.hours_on(monday) == hours_of([("10:00", "11:30"), ("14:30", "15:00")])
    worked = [day for day in range(4, 11) if calendar.is_workday(date(2024, 3, day))]
    assert worked == [4, 8, 9]
    assert calendar.elapsed_seconds(at("2024-03-04"), at("2024-03-05")) == 2 * HOUR


@pytest.mark.parametrize(
    ("day", "days", "moved", "nth"),
    [
        (1, 1, 4, 4),
        (1, -1, date(2024, 2, 29), date(2024, 2, 29)),
        (2, 1, 5, 4),
        (2, 5, 11, 8),
        (3, -1, date(2024, 2, 29), 1),
        (2, 0, 2, 2),
    ],
)
def test_working_days_are_counted_from_a_date(day: int, days: int, moved: int | date, nth: int | date) -> None:
    def march(said: int | date) -> date:
        return said if isinstance(said, date) else date(2024, 3, said)

    assert OFFICE.add_workdays_date(march(day), days) == march(moved)
    assert OFFICE.nth_workday(march(day), days) == march(nth)


def test_working_days_between_two_dates() -> None:
    assert OFFICE.workdays_between(date(2024, 3, 1), date(2024, 3, 4)) == 1
    assert OFFICE.workdays_between(date(2024, 1, 1), date(2025, 1, 1)) == 262
    assert OFFICE.workdays_between(date(2024, 3, 4), date(2024, 3, 1)) == 0


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2024-03-01T12:00", 2, "2024-03-05T12:00"),
        ("2024-03-01T08:00", 1, "2024-03-04T09:00"),
        ("2024-03-01T20:00", 1, "2024-03-05T09:00"),
        ("2024-03-02T12:00", 1, "2024-03-04T12:00"),
        ("2024-03-04T20:00", -1, "2024-03-01T17:00"),
        ("2024-03-02T12:00", 0, "2024-03-04T09:00"),
    ],
)
def test_the_same_time_some_working_days_on(start: str, days: int, due: str) -> None:
    assert OFFICE.add_workdays_then_snap(at(start), days) == at(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2024-03-01T12:00", 1, "2024-03-04T17:00"),
        ("2024-03-02T12:00", 3, "2024-03-06T17:00"),
        ("2024-03-01T12:00", 0, "2024-03-01T17:00"),
        ("2024-03-01T17:00", 0, "2024-03-04T17:00"),
        ("2024-03-02T12:00", 0, "2024-03-04T17:00"),
    ],
)
def test_the_close_of_a_working_day(start: str, days: int, due: str) -> None:
    assert OFFICE.add_workdays_end_of_day(at(start), days) == at(due)


def test_an_hour_that_is_skipped_or_repeated() -> None:
    paris = weekly(CLOSED, ALL_DAY, tz="Europe/Paris")
    spring, autumn = date(2020, 3, 29), date(2020, 10, 25)
    for day, hours in ((spring, 23), (autumn, 25)):
        start, end = paris.at_local(day, time()), paris.at_local(day + timedelta(days=1), time())
        assert paris.elapsed_seconds(start, end) == hours * HOUR
        assert paris.end_of_day(start) == end
        assert paris.add_seconds(start, hours * HOUR) == end


def test_opening_and_closing_inside_a_skipped_or_repeated_hour() -> None:
    night = hours_of([("01:00", "02:30")])
    paris = weekly(CLOSED, night, tz="Europe/Paris")
    assert paris.add_workdays_end_of_day(at("2020-03-28T12:00"), 1) == at("2020-03-29T01:00")
    assert paris.elapsed_seconds(at("2020-03-28T12:00"), at("2020-03-29T12:00")) == HOUR
    assert paris.elapsed_seconds(at("2020-10-24T12:00"), at("2020-10-25T12:00")) == 2 * HOUR
    assert paris.add_workdays_end_of_day(at("2020-10-24T12:00"), 1) == at("2020-10-25T01:30")
    assert paris.at_local(date(2020, 3, 29), time(2, 30)) == at("2020-03-29T01:30")
    assert paris.at_local(date(2020, 10, 25), time(2, 30)) == at("2020-10-25T00:30")


def test_china_once_had_summer_time() -> None:
    shanghai = weekly(NINE_TO_FIVE, tz="Asia/Shanghai")
    assert shanghai.next_open(at("1990-07-02T20:00")) == at("1990-07-03T00:00")
    assert shanghai.next_open(at("1992-07-02T20:00")) == at("1992-07-03T01:00")


def test_a_day_the_zone_left_out() -> None:
    samoa = weekly(NINE_TO_FIVE, tz="Pacific/Apia")
    before, after = samoa.at_local(date(2011, 12, 29), time()), samoa.at_local(date(2011, 12, 31), time())
    assert samoa.elapsed_seconds(before, after) == 8 * HOUR


def test_deadlines_beyond_the_published_holidays_are_provisional() -> None:
    calendar = weekly(NINE_TO_FIVE, tz="Asia/Shanghai", published_until=date(2026, 12, 31))
    assert not calendar.is_provisional(at("2026-12-31T15:59:59"))
    assert calendar.is_provisional(at("2026-12-31T16:00"))
    assert not OFFICE.is_provisional(at("2199-01-01"))


def test_many_at_once_answers_as_one_by_one() -> None:
    start = int(FRIDAY_NOON.timestamp())
    epochs = [start + step * 7919 for step in range(2000)]
    for seconds in (1, 8 * HOUR, 100 * HOUR, 0, -5 * HOUR):
        one_by_one = [
            int(OFFICE.add_seconds(datetime.fromtimestamp(epoch, UTC), seconds).timestamp()) for epoch in epochs
        ]
        assert OFFICE.add_seconds_many(epochs, seconds) == one_by_one
    assert OFFICE.add_seconds_many([], HOUR) == []


def test_what_was_asked_before_does_not_change_the_answer() -> None:
    asked = [at("2024-03-01T12:00"), at("1990-05-05T12:00"), at("2090-05-05T12:00"), at("2024-03-01T12:00")]
    warm = weekly(NINE_TO_FIVE)
    for instant in asked:
        fresh = weekly(NINE_TO_FIVE)
        assert warm.add_seconds(instant, 30 * HOUR) == fresh.add_seconds(instant, 30 * HOUR)
        assert warm.nth_workday(instant.date(), 300) == fresh.nth_workday(instant.date(), 300)


def test_calendars_are_values() -> None:
    same, other = weekly(NINE_TO_FIVE), weekly(NINE_TO_FIVE, tz="Asia/Shanghai")
    same.next_open(FRIDAY_NOON)
    assert (same == OFFICE, other == OFFICE, len({same, OFFICE, other})) == (True, False, 2)
    with pytest.raises(TypeError):
        same.overrides[date(2024, 3, 1)] = CLOSED
    with pytest.raises(AttributeError):
        same.tz = "UTC"


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(MalformedCalendar, match="Mars/Base"):
        WorkingCalendar(tz="Mars/Base", week=(CLOSED,) * 7)
