"""The Chinese table against two independent packages, and against published facts where those lie beside the tree."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar as package
import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import huiyin
from huiyin.foundation.calendar.chinese import chinese_calendar, published_until, statutory_days
from huiyin.foundation.calendar.hours import hours_of
from huiyin.foundation.calendar.tests.calendars import at

CALENDAR = chinese_calendar()
SHARED = Path(huiyin.__file__).parents[2] / "shared" / "data"
YEARS = range(2010, 2027)


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=count) for count in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_chinesecalendar(year: int) -> None:
    assert [day for day in days_of(year) if CALENDAR.is_workday(day) != package.is_workday(day)] == []


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_holidays(year: int) -> None:
    others = holidays.country_holidays("CN", years=year)
    assert [day for day in days_of(year) if CALENDAR.is_workday(day) != others.is_working_day(day)] == []


def test_the_table_holds_what_it_says() -> None:
    days = statutory_days()
    assert (min(days).year, max(days).year, published_until()) == (2010, 2026, date(2026, 12, 31))
    assert days[date(2026, 2, 17)].name == "春节"
    assert days[date(2026, 2, 28)].kind == "work"
    assert {said.kind for said in days.values()} == {"off", "work"}
    assert all(day.weekday() >= 5 for day, said in days.items() if said.kind == "work")


def test_make_up_days_keep_the_hours_of_a_normal_working_day() -> None:
    hours = [("08:30", "12:00"), ("13:30", "17:30")]
    calendar = chinese_calendar(hours)
    assert calendar.hours_on(date(2026, 2, 28)) == calendar.hours_on(date(2026, 3, 2)) == hours_of(hours)
    assert calendar.hours_on(date(2026, 2, 20)) == calendar.hours_on(date(2026, 3, 1)) == ()


def test_a_complaint_before_the_spring_festival_is_due_after_it() -> None:
    friday_evening = at("2026-02-13T18:30+08:00")
    assert CALENDAR.add_workdays_end_of_day(friday_evening, 1) == at("2026-02-14T18:00+08:00")
    assert CALENDAR.add_workdays_end_of_day(friday_evening, 2) == at("2026-02-24T18:00+08:00")
    assert CALENDAR.add_seconds(friday_evening, 9 * 3600) == at("2026-02-24T09:00+08:00")
    assert CALENDAR.nth_workday(date(2026, 2, 13), 3) == date(2026, 2, 25)


def test_an_override_of_the_estate_wins_over_the_state_council() -> None:
    duty = hours_of([("09:00", "12:00")])
    calendar = chinese_calendar(overrides={date(2026, 10, 1): duty, date(2026, 2, 28): ()})
    assert calendar.hours_on(date(2026, 10, 1)) == duty
    assert not calendar.is_workday(date(2026, 2, 28))
    assert not calendar.is_workday(date(2026, 10, 2))


def test_next_year_is_provisional_until_it_is_published() -> None:
    assert CALENDAR.is_provisional(at("2027-01-01T00:00+08:00"))
    assert not CALENDAR.is_provisional(at("2026-12-31T23:59+08:00"))


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(at("2020-01-01").replace(tzinfo=None), at("2026-11-30").replace(tzinfo=None)), st.integers(1, 400_000)
)
def test_a_deadline_never_falls_on_a_holiday(start: object, seconds: int) -> None:
    due = CALENDAR.add_seconds(at(str(start)), seconds)
    assert package.is_workday(CALENDAR.local_date(due))


@pytest.mark.parametrize("path", sorted(SHARED.glob("cn_holidays_*.csv")), ids=lambda path: path.name)
def test_the_published_days_are_ours(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        published = {date.fromisoformat(row["date"]): row["kind"] for row in csv.DictReader(file)}
    assert {day: kind for day, kind in published.items() if CALENDAR.is_workday(day) is not (kind == "work")} == {}
    years = {day.year for day in published if day.year > min(published).year}
    ours = {day for day, said in statutory_days().items() if day.year in years and _unlike_the_week(day, said.kind)}
    assert ours - set(published) == set()


@pytest.mark.parametrize("path", sorted(SHARED.glob("cn_workdays_per_month.csv")), ids=lambda path: path.name)
def test_every_month_has_its_working_days(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        published = {(int(row["year"]), int(row["month"])): int(row["workdays"]) for row in csv.DictReader(file)}
    years = {year for year, _ in published}
    ours = Counter((day.year, day.month) for year in years for day in days_of(year) if CALENDAR.is_workday(day))
    assert {month: ours[month] for month in published} == published
    for (year, month), count in published.items():
        following = date(year + month // 12, month % 12 + 1, 1)
        assert CALENDAR.workdays_between(date(year, month, 1), following) == count


def _unlike_the_week(day: date, kind: str) -> bool:
    return (day.weekday() < 5) is (kind == "off")
