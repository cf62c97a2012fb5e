"""When a plan falls due: strictly later, never drifting, the end of the month kept."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import count, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.areas.upkeep import rules
from huiyin.areas.upkeep.rules import MOST_AHEAD, Cycle

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@st.composite
def cycles(draw: st.DrawFn) -> Cycle:
    unit = draw(st.sampled_from(list(rules.UNITS)))
    return Cycle(draw(st.integers(1, min(rules.MOST[unit], 24))), unit, draw(DAYS))


@given(cycles(), DAYS)
def test_the_next_is_strictly_later_and_the_first_that_is(cycle: Cycle, day: date) -> None:
    following = cycle.after(day)
    assert following > day
    earlier = takewhile(lambda due: due < following, map(cycle.nth, count()))
    assert all(due <= day for due in earlier)
    assert cycle.after(following - timedelta(days=1)) == following


@given(cycles(), st.integers(0, 60))
def test_it_never_drifts(cycle: Cycle, n: int) -> None:
    """Going on step by step comes to the same dates as counting from the first one."""
    due = cycle.first
    for _ in range(n):
        due = cycle.after(due)
    assert due == cycle.nth(n)


@given(cycles(), st.integers(0, 60))
def test_a_month_has_the_day_or_its_last_one(cycle: Cycle, n: int) -> None:
    if cycle.unit in ("day", "week"):
        return
    due = cycle.nth(n)
    assert due.day == min(cycle.first.day, monthrange(due.year, due.month)[1])


@given(cycles(), st.integers(0, 200))
def test_nothing_between_two_days_is_left_out(cycle: Cycle, span: int) -> None:
    until = cycle.first + timedelta(days=span)
    found = list(cycle.due_until(cycle.first, until))
    assert found == sorted(set(found))
    assert all(cycle.first <= due <= until for due in found)
    assert cycle.after(until) not in found and cycle.nth(len(found)) > until


@given(cycles())
def test_a_round_is_never_opened_before_the_one_before_it_is_due(cycle: Cycle) -> None:
    assert 0 <= cycle.days_ahead <= MOST_AHEAD
    assert cycle.nth(1) - timedelta(days=cycle.days_ahead) > cycle.first or cycle.days_ahead == 0


def test_the_thirty_first_comes_back_after_february() -> None:
    cycle = Cycle(1, "month", date(2027, 1, 31))
    assert [cycle.nth(n) for n in (1, 2, 3)] == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]
    assert Cycle(1, "year", date(2024, 2, 29)).nth(4) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("every", "unit", "words"),
    [
        (1, "day", "每天"),
        (1, "month", "每月"),
        (2, "month", "每 2 个月"),
        (2, "quarter", "每 2 个季度"),
        (3, "year", "每 3 年"),
    ],
)
def test_it_is_said_as_people_do(every: int, unit: str, words: str) -> None:
    assert Cycle(every, unit, date(2026, 1, 1)).words == words


@pytest.mark.parametrize(("every", "unit"), [(0, "day"), (1, "hour"), (121, "month")])
def test_a_cycle_that_cannot_be_is_said(every: int, unit: str) -> None:
    assert rules.cycle_wrong(every, unit)
    assert not rules.cycle_wrong(1, "day")


def test_stages_go_one_after_the_other() -> None:
    assert rules.may_start([]) and rules.may_start(["accepted"])
    assert not rules.may_start(["accepted", "handed_in"])
    assert not rules.is_over([]) and rules.is_over(["accepted"]) and not rules.is_over(["accepted", "working"])
