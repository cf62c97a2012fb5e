"""Days: which a period has, how they are cut, and when something can be said of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.areas.figures import rules
from huiyin.areas.figures.rules import MONTHS, WEEKS, Period

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        (rules.THIS_MONTH, date(2026, 11, 1), date(2026, 11, 30)),
        (rules.LAST_MONTH, date(2026, 10, 1), date(2026, 10, 31)),
        (rules.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        (rules.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_by_its_name(name: str, first: date, last: date) -> None:
    assert rules.period_of(name, date(2026, 11, 25)) == Period(first, last)


@given(days, st.sampled_from([rules.THIS_MONTH, rules.LAST_MONTH, rules.QUARTER, rules.YEAR]))
def test_a_period_is_whole_months(today: date, name: str) -> None:
    period = rules.period_of(name, today)
    assert period.first.day == 1
    assert (period.last + timedelta(days=1)).day == 1
    assert name == rules.LAST_MONTH or period.first <= today <= period.last


@given(days, st.integers(0, 400), days, st.sampled_from([WEEKS, MONTHS]))
def test_the_parts_are_the_period_up_to_today_without_gap(first: date, length: int, today: date, step: str) -> None:
    period = Period(first, first + timedelta(days=length))
    parts = rules.parts_of(period, step, today=today)
    lived = [first + timedelta(days=n) for n in range(length + 1) if first + timedelta(days=n) <= today]
    told = [part.first + timedelta(days=n) for part in parts for n in range((part.last - part.first).days + 1)]
    assert told == lived
    for part in parts[1:]:
        assert part.first.weekday() == 0 if step == WEEKS else part.first.day == 1
    assert len({part.label for part in parts}) == len(parts)


def test_of_a_day_nothing_is_said_before_its_days_have_passed_for_the_last_hour_of_it() -> None:
    last = date(2026, 11, 1)
    assert not rules.is_old(last, 7, today=date(2026, 11, 8))
    assert rules.is_old(last, 7, today=date(2026, 11, 9))


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_share_is_whole_only_when_all_is(part: int, more: int) -> None:
    whole = part + more
    share = rules.percent(part, whole)
    assert share is not None and 0 <= share < 100
    assert rules.percent(whole, whole) == 100
    assert rules.percent(0, 0) is None


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (date(2026, 11, 2), date(2026, 11, 1), "最后一天不能早于第一天"),
        (date(2020, 11, 2), date(2026, 11, 1), "一次最多看五年"),
        (date(1999, 1, 1), date(1999, 1, 2), "年份不对,请核对"),
        (date(2026, 11, 1), date(2026, 11, 1), ""),
    ],
)
def test_what_is_wrong_with_days(first: date, last: date, says: str) -> None:
    assert rules.problem(first, last) == says


def test_many_days_are_cut_into_months() -> None:
    assert rules.step_of(rules.period_of(rules.QUARTER, date(2026, 11, 25))) == WEEKS
    assert rules.step_of(rules.period_of(rules.YEAR, date(2026, 11, 25))) == MONTHS
    assert rules.step_of(rules.period_of(rules.YEAR, date(2026, 11, 25)), WEEKS) == WEEKS
