"""Reading written rules, conditions, and when a limit falls due, against a naive way of counting."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.foundation.calendar.chinese import chinese_calendar
from huiyin.standards.rules import (
    OPERATORS,
    CompiledRule,
    Condition,
    RuleInvalid,
    Within,
    add_months,
    all_hold,
    compile_rule,
    day_end,
    percentage,
    within,
)

KINDS_WRITTEN = "deadline、sampling、requirement、quota、periodic、threshold、escalation、retention"
SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = chinese_calendar()
DEADLINE = {
    "code": "case.reply",
    "kind": "deadline",
    "clauses": ["S1-21"],
    "says": "24 小时内答复",
    "opens": "cases.case.registered",
    "keeps": "cases.case.answered",
    "within": "24 h",
    "does": "答复",
}
SAMPLING = {
    "code": "visit",
    "kind": "sampling",
    "clauses": ["S0-18"],
    "says": "抽 30% 回访",
    "opens": "repairs.order.closed",
    "rate": "30 %",
    "window": "0 d .. 3 d",
    "visit": "repair",
}
REQUIREMENT = {
    "code": "close",
    "kind": "requirement",
    "clauses": ["S0-06"],
    "says": "先答复再关闭",
    "gates": "cases.case.close",
    "needs": ["answer"],
}
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 1), timezones=st.sampled_from([SHANGHAI, UTC]))
AMOUNTS = st.integers(0, 40)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due(limit: str, start: str, **values: Any) -> datetime | None:
    return within(limit, "within").due(at(start), values, CALENDAR)


# Reading


def without(spec: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in spec.items() if name != key}


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        (DEADLINE | {"kind": "wish"}, f"kind: 「wish」不是 {KINDS_WRITTEN} 之一"),
        (without(DEADLINE, "kind"), f"kind: 「None」不是 {KINDS_WRITTEN} 之一"),
        (DEADLINE | {"rate": "30 %"}, "rate: deadline 规则没有这一项"),
        (SAMPLING | {"within": "3 d", "needs": ["x"]}, "needs: sampling 规则没有这一项"),
        (REQUIREMENT | {"opens": "x"}, "opens: requirement 规则没有这一项"),
        (without(DEADLINE, "code"), "code: 缺少"),
        (without(DEADLINE, "says"), "says: 缺少"),
        (without(DEADLINE, "clauses"), "clauses: 缺少"),
        (without(DEADLINE, "opens"), "opens: 缺少"),
        (DEADLINE | {"does": ""}, "does: 缺少"),
        (without(DEADLINE, "within"), "within: 缺少"),
        (DEADLINE | {"who": "manager"}, "who: 「manager」应为 subject、receiver 或 post.岗位代码"),
        (DEADLINE | {"who": "post."}, "who: 「post.」应为 subject、receiver 或 post.岗位代码"),
        (
            DEADLINE | {"within": "soon"},
            "within: 读不懂时限「soon」,可写 30 min、24 h、3 d、3 working d、3 working d same time、end of day、at 16:00",
        ),
        (
            DEADLINE | {"not_before": "-1 d"},
            "not_before: 读不懂时限「-1 d」,可写 30 min、24 h、3 d、3 working d、3 working d same time、end of day、at 16:00",
        ),
        (DEADLINE | {"when": [{"field": "kind", "op": "like"}]}, "when: 不认识的比较「like」"),
        (DEADLINE | {"when": [{"op": "is", "value": 1}]}, "when: 缺少 field"),
        (without(SAMPLING, "opens"), "opens: 缺少"),
        (without(SAMPLING, "window"), "window: 缺少"),
        (SAMPLING | {"window": "3 d"}, "window: 写成「0 d .. 3 d」"),
        (without(SAMPLING, "rate"), "rate: 缺少"),
        (SAMPLING | {"rate": "a third"}, "rate: 读不懂「a third」,写成「30 %」"),
        (SAMPLING | {"rate": "101 %"}, "rate: 应在 0 % 与 100 % 之间"),
        (without(SAMPLING, "visit"), "visit: 缺少"),
        (without(REQUIREMENT, "gates"), "gates: 缺少"),
    ],
)
def test_a_rule_that_cannot_be_read_names_its_key(spec: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RuleInvalid) as refusal:
        compile_rule(spec)
    assert str(refusal.value) == sentence


def test_a_deadline_is_read() -> None:
    rule = compile_rule(DEADLINE | {"who": "post.cs_manager", "keeps": ["a.b", "c.d"], "not_before": "1 d"}, rule_id=7)
    assert (rule.id, rule.code, rule.kind, rule.does, rule.who) == (
        7,
        "case.reply",
        "deadline",
        "答复",
        "post.cs_manager",
    )
    assert (rule.keeps, rule.within, rule.not_before) == ({"a.b", "c.d"}, Within("h", 24), Within("d", 1))
    assert compile_rule(DEADLINE).keeps == {"cases.case.answered"}
    assert compile_rule(DEADLINE).who == "subject"


def test_only_follow_ups_outlive_the_matter() -> None:
    assert not compile_rule(DEADLINE).after_closing
    assert compile_rule(DEADLINE | {"opens": "return_visits.visit.failed"}).after_closing
    assert compile_rule(SAMPLING).after_closing


def test_sampling_is_read_and_who_visits_follows_the_conditions() -> None:
    written = SAMPLING | {
        "by": ["butler"],
        "by_when": [{"when": [{"field": "severity", "op": "is", "value": "major"}], "by": ["centre_director"]}],
        "never_by": "doer",
        "exempt": "anonymous",
        "stratum": ["severity"],
    }
    rule: CompiledRule = compile_rule(written)
    assert (rule.rate, rule.window, rule.exempt, rule.stratum, rule.never_by_doer) == (
        Fraction(3, 10),
        (Within("d", 0), Within("d", 3)),
        ("anonymous",),
        ("severity",),
        True,
    )
    assert rule.visitors({"severity": "major"}) == ("centre_director",)
    assert rule.visitors({"severity": "minor"}) == ("butler",)


@pytest.mark.parametrize(("text", "rate"), [("30 %", "3/10"), ("100%", "1"), ("0 %", "0"), ("12.5 %", "1/8")])
def test_percentages(text: str, rate: str) -> None:
    assert percentage(text) == Fraction(rate)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("30 min", Within("min", 30)),
        ("24 h", Within("h", 24)),
        ("3 d", Within("d", 3)),
        ("2 months", Within("month", 2)),
        ("1 month", Within("month", 1)),
        ("30 working min", Within("working min", 30)),
        ("4 working h", Within("working h", 4)),
        ("5 working d", Within("working d", 5)),
        ("5 working d same time", Within("working d same time", 5)),
        ("end of day", Within("d", 0)),
        ("at 16:00", Within("at", at=time(16))),
        ("promised: promised_at", Within("promised", promised="promised_at")),
    ],
)
def test_limits_are_read(text: str, limit: Within) -> None:
    assert within(text, "within") == limit


# Conditions


@pytest.mark.parametrize(
    ("op", "value", "found", "holds"),
    [
        ("is", "a", "a", True),
        ("is", "a", "b", False),
        ("is", "a", None, False),
        ("is_not", "a", "a", False),
        ("is_not", "a", "b", True),
        ("is_not", "a", None, True),
        ("in", ["a", "b"], "a", True),
        ("in", ["a", "b"], "c", False),
        ("in", ["a", "b"], None, False),
        ("not_in", ["a", "b"], "a", False),
        ("not_in", ["a", "b"], "c", True),
        ("not_in", ["a", "b"], None, True),
        ("at_least", 2, 2, True),
        ("at_least", 2, 1, False),
        ("at_least", 2, None, False),
        ("at_most", 2, 2, True),
        ("at_most", 2, 3, False),
        ("at_most", 2, None, False),
        ("present", None, "a", True),
        ("present", None, 0, False),
        ("present", None, "", False),
        ("present", None, False, False),
        ("present", None, [], False),
        ("present", None, None, False),
        ("absent", None, "a", False),
        ("absent", None, "", True),
        ("absent", None, False, True),
        ("absent", None, None, True),
    ],
)
def test_conditions(op: str, value: Any, found: Any, holds: bool) -> None:
    assert Condition("x", op, value).holds({"x": found}) is holds
    if found is None:
        assert Condition("x", op, value).holds({}) is holds


def test_every_operator_was_tried_and_no_other_is_known() -> None:
    tried = {mark.args[1][n][0] for mark in test_conditions.pytestmark for n in range(len(mark.args[1]))}
    assert tried == set(OPERATORS)
    with pytest.raises(RuleInvalid, match="不认识的比较「like」"):
        Condition("x", "like").holds({})


def test_conditions_hold_together() -> None:
    both = (Condition("a", "is", 1), Condition("b", "present"))
    assert all_hold(both, {"a": 1, "b": "x"})
    assert not all_hold(both, {"a": 1})
    assert all_hold((), {})


# Due


@pytest.mark.parametrize(
    ("limit", "start", "expected"),
    [
        ("30 min", "2026-11-25T23:45", "2026-11-26T00:15"),
        ("24 h", "2026-02-13T10:00", "2026-02-14T10:00"),
        ("end of day", "2026-11-25T00:00", "2026-11-26T00:00"),
        ("end of day", "2026-11-25T23:59", "2026-11-26T00:00"),
        ("3 d", "2026-11-25T10:00", "2026-11-29T00:00"),
        ("1 month", "2026-01-31T10:00", "2026-03-01T00:00"),
        ("1 month", "2024-01-31T10:00", "2024-03-01T00:00"),
        ("2 months", "2026-12-31T10:00", "2027-03-01T00:00"),
        ("1 month", "2026-04-30T10:00", "2026-05-31T00:00"),
        ("1 working d", "2026-11-27T10:00", "2026-12-01T00:00"),
        ("0 working d", "2026-11-28T10:00", "2026-11-29T00:00"),
        ("2 working d same time", "2026-11-26T10:05", "2026-11-30T10:05"),
        ("1 working d same time", "2026-11-27T22:00", "2026-12-01T08:00"),
        ("1 working d same time", "2026-11-25T13:00", "2026-11-26T14:00"),
        ("2 working h", "2026-11-25T11:00", "2026-11-25T15:00"),
        ("30 working min", "2026-11-25T22:00", "2026-11-26T08:30"),
        ("at 16:00", "2026-11-25T15:59", "2026-11-25T16:00"),
        ("at 16:00", "2026-11-25T16:00", "2026-11-26T16:00"),
        ("at 16:00", "2026-11-25T16:01", "2026-11-26T16:00"),
    ],
)
def test_limits_fall_due(limit: str, start: str, expected: str) -> None:
    assert due(limit, start) == at(expected)


def test_a_promised_moment_is_due_as_promised_and_without_one_never() -> None:
    promised = at("2026-11-26T09:30")
    assert due("promised: promised_at", "2026-11-25T10:00", promised_at=promised) == promised
    assert due("promised: promised_at", "2026-11-25T10:00") is None
    assert due("promised: promised_at", "2026-11-25T10:00", promised_at="morning") is None


def test_an_unknown_unit_is_loud() -> None:
    with pytest.raises(RuleInvalid, match="不认识的时限单位「fortnight」"):
        Within("fortnight", 1).due(at("2026-11-25T10:00"), {}, CALENDAR)


@given(start=MOMENTS, amount=AMOUNTS, unit=st.sampled_from(["min", "h"]))
def test_elapsed_limits_run_day_and_night(start: datetime, amount: int, unit: str) -> None:
    found = Within(unit, amount).due(start, {}, CALENDAR)
    assert found == start + amount * {"min": timedelta(minutes=1), "h": timedelta(hours=1)}[unit]


@given(start=MOMENTS, amount=AMOUNTS)
def test_days_end_at_local_midnight_after_so_many_whole_days(start: datetime, amount: int) -> None:
    day = start.astimezone(SHANGHAI).date()
    naive = datetime.combine(day, time.min, SHANGHAI) + timedelta(days=amount + 1)
    assert Within("d", amount).due(start, {}, CALENDAR) == naive


@given(start=MOMENTS, amount=st.integers(0, 20))
def test_working_days_are_walked_and_never_end_on_a_holiday(start: datetime, amount: int) -> None:
    day, left = start.astimezone(SHANGHAI).date(), amount
    while left:
        day += timedelta(days=1)
        left -= CALENDAR.is_workday(day)
    found = Within("working d", amount).due(start, {}, CALENDAR)
    assert found == datetime.combine(day, time.min, SHANGHAI) + timedelta(days=1)
    assert amount == 0 or CALENDAR.is_workday(day)


@given(start=MOMENTS, amount=st.integers(1, 12))
def test_months_keep_the_day_or_take_the_last(start: datetime, amount: int) -> None:
    day = start.astimezone(SHANGHAI).date()
    found = add_months(day, amount)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == amount
    assert found.day == day.day or (found + timedelta(days=1)).day == 1 and found.day < day.day
    assert Within("month", amount).due(start, {}, CALENDAR) == day_end(CALENDAR, found)


@given(start=MOMENTS, clock=st.times())
def test_a_time_of_the_day_is_the_next_one(start: datetime, clock: time) -> None:
    found = Within("at", at=clock).due(start, {}, CALENDAR)
    assert found is not None
    assert found.astimezone(SHANGHAI).time() == clock
    assert timedelta(0) < found - start <= timedelta(days=1)


@given(
    start=MOMENTS,
    limit=st.builds(
        Within,
        st.sampled_from(["min", "h", "d", "month", "working min", "working h", "working d", "working d same time"]),
        AMOUNTS,
    ),
)
def test_nothing_is_due_before_it_began_and_longer_limits_are_due_later(start: datetime, limit: Within) -> None:
    found = limit.due(start, {}, CALENDAR)
    longer = Within(limit.unit, limit.amount + 1).due(start, {}, CALENDAR)
    assert found is not None and longer is not None
    assert start <= found < longer
    assert limit.begins(start, CALENDAR) >= start or limit.unit in ("d", "month")


@given(start=MOMENTS, amount=st.integers(1, 600))
def test_working_minutes_are_all_spent_in_working_time(start: datetime, amount: int) -> None:
    found = Within("working min", amount).due(start, {}, CALENDAR)
    assert found is not None
    assert CALENDAR.elapsed_seconds(start, found) == amount * 60
    assert CALENDAR.is_workday(found.astimezone(SHANGHAI).date())


@pytest.mark.parametrize(
    ("limit", "begins"),
    [
        ("0 d", "2026-11-25T10:00"),
        ("30 d", "2026-12-25T00:00"),
        ("1 month", "2026-12-25T00:00"),
        ("24 h", "2026-11-26T10:00"),
    ],
)
def test_windows_open_with_their_day(limit: str, begins: str) -> None:
    assert within(limit, "window").begins(at("2026-11-25T10:00"), CALENDAR) == at(begins)


def test_measures() -> None:
    units = ("min", "h", "d", "working h", "working min", "working d", "working d same time")
    assert [u for u in units if Within(u).counts_working_time] == ["working h", "working min", "working d same time"]
    assert [u for u in ("min", "h", "d", "month", "working d", "at", "promised") if Within(u).counts_days] == [
        "d",
        "month",
        "working d",
        "at",
    ]


def test_the_last_day_of_every_month_is_found() -> None:
    assert [add_months(date(2026, 1, 31), n).day for n in range(12)] == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
