"""Duties of the calendar against a naive one that walks day by day."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.foundation.calendar.chinese import chinese_calendar
from huiyin.standards.rules import RuleInvalid
from huiyin.standards.rules.periodic import PER, SHIFTS, WEEKDAYS, Due, Periodic, read
from huiyin.standards.rules.periods import PERIODS, following, named, period_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = chinese_calendar()
DAY = timedelta(days=1)
WRITTEN = {"every": "month", "who": "post.cs_manager", "does": "报月报"}


def duty(**keys: Any) -> Periodic:
    return read(WRITTEN | keys)


def days(first: str, end: str, **keys: Any) -> list[str]:
    found = duty(**keys).due_days(date.fromisoformat(first), date.fromisoformat(end), CALENDAR)
    return [f"{due.period} {due.day}" for due in found]


# The naive calendar: everything is found by looking at one day after another.


def name_of(every: str, day: date) -> str:
    match every:
        case "day":
            return str(day)
        case "week":
            return "{}-W{:02d}".format(*day.isocalendar()[:2])
        case "month":
            return f"{day.year}-{day.month:02d}"
        case "quarter":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        case "half_year":
            return f"{day.year}-H{1 if day.month < 7 else 2}"
    return str(day.year)


def days_of(every: str, day: date) -> list[date]:
    """All days of the period around a day."""
    first = last = day
    while name_of(every, first - DAY) == name_of(every, day):
        first -= DAY
    while name_of(every, last + DAY) == name_of(every, day):
        last += DAY
    return [first + DAY * n for n in range((last - first).days + 1)]


def chosen(on: str, span: list[date]) -> date | None:
    first_month = [day for day in span if (day.year, day.month) == (span[0].year, span[0].month)]
    workdays = [day for day in span if CALENDAR.is_workday(day)]
    kind, _, number = on.partition(" ")
    if on == "last day":
        return span[-1]
    if on == "last workday":
        return workdays[-1] if workdays else None
    if on in WEEKDAYS:
        return next(day for day in span if day.weekday() == WEEKDAYS.index(on))
    if kind == "workday":
        return workdays[int(number) - 1] if len(workdays) >= int(number) else None
    if kind == "day":
        among = first_month if len(span) > 7 else span
        return among[min(int(number), len(among)) - 1]
    wanted = [day for day in span if f"{day:%m-%d}" == on]
    return wanted[0] if wanted else next(day for day in span if f"{day:%m-%d}" == "02-28")


def walked(rule: Periodic, first: date, end: date) -> dict[str, date]:
    """Return period → due day, of all periods around the span, by walking."""
    found = {}
    day = first - 1500 * DAY
    while day < end + 60 * DAY:
        about = days_of(rule.every, day)
        span = about
        if rule.after:
            number, unit = rule.after
            span = days_of(unit, about[-1] + DAY)
            for _ in range(number - 1):
                span = days_of(unit, span[-1] + DAY)
        due = chosen(rule.on, span)
        step = DAY if rule.shift == "next_workday" else -DAY
        while due and rule.shift != "none" and not CALENDAR.is_workday(due):
            due += step
        if due and first <= due < end:
            found[name_of(rule.every, day)] = due
        day = about[-1] + DAY
    return found


ON = {
    "day": ["last day", "workday 1", "last workday", "day 1"],
    "week": ["last day", "monday", "friday", "sunday", "workday 1", "workday 5", "last workday", "day 3"],
    "month": ["last day", "monday", "sunday", "day 5", "day 30", "day 31", "workday 1", "workday 22", "last workday"],
    "year": ["last day", "03-15", "02-29", "12-31", "01-01", "day 31", "workday 1", "last workday", "monday"],
}
UNITS = ("day", "week", "month", "quarter", "half_year", "year")
FITTING = {"day": UNITS[:1], "week": UNITS[:2], "month": ("day", "month"), "quarter": ("day", "month", "quarter")}
FITTING |= {"half_year": ("day", *UNITS[2:5]), "year": ("day", *UNITS[2:])}


@st.composite
def duties(draw: st.DrawFn) -> Periodic:
    every = draw(st.sampled_from(UNITS))
    after = draw(st.none() | st.tuples(st.integers(1, 3), st.sampled_from(FITTING[every])))
    span = after[1] if after else every
    on = draw(st.sampled_from(ON.get(span, ON["month"])))
    return Periodic(every, on, None, after, draw(st.sampled_from(SHIFTS)), "estate", "")


@settings(max_examples=120, deadline=None)
@given(rule=duties(), first=st.dates(date(2025, 6, 1), date(2026, 6, 30)), length=st.integers(1, 200))
def test_duties_are_due_where_the_walker_finds_them(rule: Periodic, first: date, length: int) -> None:
    end = first + timedelta(days=length)
    found = list(rule.due_days(first, end, CALENDAR))
    assert {due.period: due.day for due in found} == walked(rule, first, end)
    assert len({due.period for due in found}) == len(found)


@given(rule=duties(), first=st.dates(date(2025, 6, 1), date(2026, 6, 30)), split=st.integers(1, 90))
def test_two_spans_side_by_side_find_what_one_finds(rule: Periodic, first: date, split: int) -> None:
    middle, end = first + timedelta(days=split), first + timedelta(days=91)
    parts = [*rule.due_days(first, middle, CALENDAR), *rule.due_days(middle, end, CALENDAR)]
    assert {due.period for due in parts} == {due.period for due in rule.due_days(first, end, CALENDAR)}
    assert all(due.begins <= due.day or rule.shift == "previous_workday" for due in parts)


@given(every=st.sampled_from(UNITS), day=st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_periods_are_those_of_the_wall_calendar(every: str, day: date) -> None:
    period, walk = period_of(every, day), days_of(every, day)
    assert (period.name, period.start, period.end) == (name_of(every, day), walk[0], walk[-1] + DAY)
    assert len(period.name) <= 10
    assert named(period.name) == period
    assert following(every, day, 2) == period_of(every, period_of(every, period.end).end)


@pytest.mark.parametrize("every", UNITS)
@pytest.mark.parametrize("unit", UNITS)
def test_what_comes_after_begins_where_the_period_ends(every: str, unit: str) -> None:
    if unit in FITTING[every]:
        assert duty(every=every, after=f"2 {unit}", on="last day").after == (2, unit)
    else:
        with pytest.raises(RuleInvalid, match=f"^after: every: {every} 之后不能写「{unit}」$"):
            duty(every=every, after=f"2 {unit}")


def test_all_periods_are_tried() -> None:
    assert set(UNITS) == set(PERIODS)
    assert PER == ("estate", "zone", "post", "household_class")


@pytest.mark.parametrize(
    ("keys", "span", "expected"),
    [
        ({"on": "day 5"}, ("2026-01-01", "2026-03-01"), ["2026-01 2026-01-05", "2026-02 2026-02-05"]),
        ({"on": "day 30"}, ("2026-02-01", "2026-03-01"), ["2026-02 2026-02-28"]),
        ({}, ("2026-02-01", "2026-03-01"), ["2026-02 2026-02-28"]),
        ({"on": "day 5", "after": "1 month"}, ("2026-01-01", "2026-02-01"), ["2025-12 2026-01-05"]),
        ({"every": "quarter", "on": "day 15", "after": "1 month"}, ("2026-04-01", "2026-05-01"), ["2026-Q1 2026-04-15"]),
        (
            {"every": "half_year", "on": "last day", "after": "1 quarter"},
            ("2026-07-01", "2026-12-31"),
            ["2026-H1 2026-09-30"],
        ),
        # The first of October opens the holiday; the eighth is the first day at work.
        ({"on": "day 1", "shift": "next_workday"}, ("2026-10-01", "2026-11-01"), ["2026-10 2026-10-08"]),
        ({"on": "day 1", "shift": "previous_workday"}, ("2026-09-01", "2026-10-01"), ["2026-09 2026-09-01", "2026-10 2026-09-30"]),
        ({"on": "workday 1"}, ("2026-10-01", "2026-11-01"), ["2026-10 2026-10-08"]),
        ({"every": "week", "on": "friday"}, ("2026-11-16", "2026-11-30"), ["2026-W47 2026-11-20", "2026-W48 2026-11-27"]),
        ({"every": "year", "on": "03-15"}, ("2026-01-01", "2027-01-01"), ["2026 2026-03-15"]),
        ({"every": "year", "on": "02-29"}, ("2026-01-01", "2027-01-01"), ["2026 2026-02-28"]),
        ({"every": "day", "on": "workday 1"}, ("2026-11-20", "2026-11-24"), ["2026-11-20 2026-11-20", "2026-11-23 2026-11-23"]),
    ],
)  # fmt: skip
def test_duties_written_in_the_catalogue(keys: dict[str, str], span: tuple[str, str], expected: list[str]) -> None:
    assert days(*span, **keys) == expected


def test_a_duty_is_due_at_its_time_of_the_day_or_at_the_end_of_it() -> None:
    month = period_of("month", date(2026, 11, 1))
    by = duty(on="day 5", by="16:00").due_of(month, CALENDAR)
    assert by == Due("2026-11", date(2026, 11, 1), date(2026, 11, 5), datetime(2026, 11, 5, 16, tzinfo=SHANGHAI))
    whole = duty(on="day 5").due_of(month, CALENDAR)
    assert whole is not None and whole.due_at == datetime.combine(date(2026, 11, 6), time.min, SHANGHAI)


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"every": "fortnight"}, "every: 「fortnight」不是 day、week、month、quarter、half_year、year 之一"),
        ({"on": "the fifth"}, "on: 读不懂「the fifth」,可写 day 5、last day、monday、workday 1、last workday、03-15"),
        ({"on": "day 32"}, "on: 一个 month 里没有「day 32」"),
        ({"every": "week", "on": "day 8"}, "on: 一个 week 里没有「day 8」"),
        ({"every": "day", "on": "monday"}, "on: 一个 day 里没有「monday」"),
        ({"on": "03-15"}, "on: 「03-15」只能用于 every: year"),
        ({"every": "year", "on": "02-30"}, "on: 没有「02-30」这一天"),
        ({"by": "25:00"}, "by: 读不懂「25:00」,写成「16:00」并加引号"),
        ({"after": "soon"}, "after: 读不懂「soon」,写成「1 month」"),
        ({"shift": "sideways"}, "shift: 「sideways」不是 none、next_workday、previous_workday 之一"),
        ({"per": "floor"}, "per: 「floor」不是 estate、zone、post、household_class 之一"),
        ({"who": "subject"}, "who: 「subject」应为 post.岗位代码"),
        ({"does": ""}, "does: 缺少"),
        ({"keeps": "done"}, "keeps: 「done」不是事实的代码,写成 区域.名词.动词"),
    ],
)
def test_a_duty_that_cannot_be_read_names_its_key(keys: dict[str, str], sentence: str) -> None:
    with pytest.raises(RuleInvalid) as refusal:
        duty(**keys)
    assert str(refusal.value) == sentence
