"""What differs between two states of a standard, and which promises may bind less: held against brute force."""

from datetime import datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.foundation.calendar.chinese import chinese_calendar
from huiyin.standards.rules import Condition, all_hold, within
from huiyin.standards.rules.comparing import (
    KeyChange,
    RuleChange,
    composed,
    covers,
    difference,
    loosened_promises,
    looser,
    no_later,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = chinese_calendar()
limits = st.one_of(
    st.tuples(st.integers(0, 9), st.sampled_from(["d", "working d", "working d same time", "month", "working h"])),
    st.tuples(st.integers(0, 100), st.sampled_from(["min", "h"])),
).map(lambda pair: f"{pair[0]} {pair[1]}") | st.sampled_from(["end of day", "at 09:00", "at 16:00", "240 working min"])
moments = st.integers(0, 700 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=minutes)
)


@given(limits, limits, moments)
def test_a_limit_called_no_later_never_falls_later(new: str, old: str, start: datetime) -> None:
    after, before = within(new, "within"), within(old, "within")
    if no_later(after, before):
        due, was_due = after.due(start, {}, CALENDAR), before.due(start, {}, CALENDAR)
        assert due is not None and was_due is not None
        assert due <= was_due


@pytest.mark.parametrize(
    ("new", "old", "expected"),
    [
        ("24 h", "24 h", True),
        ("60 min", "1 h", True),
        ("25 h", "24 h", False),
        ("end of day", "24 h", True),
        ("24 h", "end of day", False),
        ("3 d", "3 working d", True),
        ("2 working d same time", "3 working d", True),
        ("3 working d same time", "3 working d", False),
        ("2 working d", "3 working d same time", True),
        ("3 working d", "3 working d same time", False),
        ("3 working d same time", "3 working d same time", True),
        ("3 working d", "3 d", False),
        ("4 h", "4 working h", True),
        ("4 working h", "4 h", False),
        ("240 working min", "4 working h", True),
        ("27 d", "1 month", True),
        ("28 d", "1 month", False),
        ("at 15:00", "at 16:00", False),
        ("promised: promised_at", "24 h", False),
        ("24 h", "promised: promised_at", False),
    ],
)
def test_limits_are_compared(new: str, old: str, expected: bool) -> None:
    assert no_later(within(new, "within"), within(old, "within")) is expected


KINDS = ["urgent", "normal", "minor"]
ROUNDS = [1, 2, 3]
conditions = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"field": st.just("urgency"), "op": st.sampled_from(["is", "is_not"]), "value": st.sampled_from(KINDS)}
        ),
        st.fixed_dictionaries(
            {
                "field": st.just("urgency"),
                "op": st.sampled_from(["in", "not_in"]),
                "value": st.lists(st.sampled_from(KINDS), min_size=1, unique=True),
            }
        ),
        st.fixed_dictionaries(
            {
                "field": st.just("round"),
                "op": st.sampled_from(["at_least", "at_most"]),
                "value": st.sampled_from(ROUNDS),
            }
        ),
        st.fixed_dictionaries(
            {"field": st.sampled_from(["urgency", "round"]), "op": st.sampled_from(["present", "absent"])}
        ),
    ),
    max_size=3,
)


def hold(written: list[dict[str, Any]], values: dict[str, Any]) -> bool:
    return all_hold([Condition(row["field"], row["op"], row.get("value")) for row in written], values)


@given(conditions, conditions)
def test_conditions_said_to_cover_hold_wherever_the_old_ones_did(
    new: list[dict[str, Any]], old: list[dict[str, Any]]
) -> None:
    if covers(new, old):
        for urgency, number in product([None, *KINDS], [None, *ROUNDS]):
            values = {"urgency": urgency, "round": number}
            assert hold(new, values) or not hold(old, values)


def test_fewer_conditions_cover_and_wider_ones_do() -> None:
    urgent = {"field": "urgency", "op": "is", "value": "urgent"}
    either = {"field": "urgency", "op": "in", "value": ["urgent", "emergency"]}
    assert covers([], [urgent]) and covers([either], [urgent]) and covers([urgent], [urgent])
    assert not covers([urgent], []) and not covers([urgent], [either])


specs = st.dictionaries(
    st.sampled_from(["a.one", "a.two", "b.one", "b.two"]),
    st.fixed_dictionaries({"kind": st.just("deadline"), "within": limits, "says": st.sampled_from(["甲", "乙"])}),
)


@given(specs, specs)
def test_the_difference_is_exactly_what_turns_one_into_the_other(old: dict[str, Any], new: dict[str, Any]) -> None:
    found = difference(old, new)
    assert composed(old, {change.code: change.new for change in found}) == new
    assert {change.code for change in found} == {c for c in {*old, *new} if old.get(c) != new.get(c)}
    for change in found:
        if change.old is not None and change.new is not None:
            assert {one.key for one in change.values} == {
                key for key in change.old if change.old[key] != change.new[key]
            }


def test_a_change_names_its_values_and_keeps_the_order() -> None:
    old = {"a": {"says": "甲", "within": "24 h"}, "b": {"says": "乙"}, "c": {"says": "丙"}}
    new = composed(old, {"a": {"says": "甲", "within": "12 h"}, "b": None, "d": {"says": "丁"}})
    assert list(new) == ["a", "c", "d"]
    assert difference(old, new) == [
        RuleChange("a", old["a"], new["a"], (KeyChange("within", "24 h", "12 h"),)),
        RuleChange("d", None, new["d"]),
        RuleChange("b", old["b"], None),
    ]


DEADLINE = {"kind": "deadline", "opens": "a.b.c", "keeps": ["a.b.d"], "within": "24 h", "says": "一", "public": True}
SAMPLING = {
    "kind": "sampling", "opens": "a.b.c", "rate": "50 %", "window": "1 d .. 3 d", "visit": "repair",
    "stratum": ["severity"], "exempt": ["anonymous"], "modes": ["door"], "signature": "door", "cap": "2 within 30 d",
}  # fmt: skip
QUOTA = {"kind": "quota", "counts": "a.b.c", "of": "households", "every": "month", "at_least": "10 %"}
PERIODIC = {"kind": "periodic", "every": "month", "on": "day 5", "by": "16:00", "per": "zone"}
THRESHOLD = {
    "kind": "threshold", "counts": "a.b.c", "same": ["unit"], "reaches": "3 within 90 d", "raises": "nonconformity",
    "within": "3 d",
}  # fmt: skip
ESCALATION = {
    "kind": "escalation",
    "of": ["complaint.*"],
    "steps": [{"at": "2 h before due", "who": "subject"}, {"at": "24 h after due", "who": "post.estate_director"}],
}
RETENTION = {"kind": "retention", "records": "a.b", "keep": "36 month", "from": "closed", "hold": ["dispute"]}
REQUIREMENT = {"kind": "requirement", "gates": "a.b.c", "needs": ["signature"], "forbids": ["doer"]}


@pytest.mark.parametrize(
    ("old", "changed", "expected"),
    [
        (DEADLINE, {"within": "48 h"}, ("within",)),
        (DEADLINE, {"within": "12 h"}, ()),
        (DEADLINE, {"within": "2 working d"}, ("within",)),
        (DEADLINE, {"keeps": ["a.b.d", "a.b.e"]}, ("keeps",)),
        (DEADLINE, {"keeps": "a.b.d"}, ()),
        (DEADLINE, {"when": [{"field": "x", "op": "present"}]}, ("when",)),
        (DEADLINE, {"public": False}, ("public",)),
        (DEADLINE, {"says": "二", "who": "post.x"}, ()),
        (DEADLINE, {"kind": "requirement"}, ("kind",)),
        (SAMPLING, {"rate": "49 %"}, ("rate",)),
        (SAMPLING, {"rate": "100 %"}, ()),
        (SAMPLING, {"window": "1 d .. 7 d"}, ("window",)),
        (SAMPLING, {"window": "0 d .. 3 d"}, ("window",)),
        (SAMPLING, {"window": "2 d .. 3 d"}, ()),
        (SAMPLING, {"stratum": [], "exempt": ["anonymous", "letter"]}, ("stratum", "exempt")),
        (SAMPLING, {"modes": ["door", "sms"], "signature": None}, ("modes", "signature")),
        (SAMPLING, {"cap": "1 within 30 d"}, ("cap",)),
        (SAMPLING, {"cap": "3 within 30 d"}, ()),
        (SAMPLING, {"cap": "2 within 60 d"}, ("cap",)),
        (QUOTA, {"at_least": "9 %"}, ("at_least",)),
        (QUOTA, {"at_least": 3}, ("at_least",)),
        (QUOTA, {"every": "quarter"}, ("every",)),
        (QUOTA, {"every": "week"}, ("every",)),
        (QUOTA, {"every": "day", "at_least": "12 %"}, ()),
        (PERIODIC, {"every": "year"}, ("every",)),
        (PERIODIC, {"by": "17:00"}, ("by",)),
        (PERIODIC, {"by": "15:00"}, ()),
        (PERIODIC, {"on": "day 10", "per": "estate"}, ("on", "per")),
        (THRESHOLD, {"reaches": "4 within 90 d"}, ("reaches",)),
        (THRESHOLD, {"reaches": "3 within 60 d"}, ("reaches",)),
        (THRESHOLD, {"reaches": "2 within 120 d", "within": "2 d"}, ()),
        (THRESHOLD, {"raises": "attention", "within": "5 d"}, ("raises", "within")),
        (ESCALATION, {"steps": [{"at": "3 h before due", "who": "subject"}]}, ("steps",)),
        (ESCALATION, {"steps": [{"at": "3 h before due", "who": "subject"}, *ESCALATION["steps"][1:]]}, ()),
        (ESCALATION, {"of": ["repair.*"]}, ("of",)),
        (RETENTION, {"keep": "24 month"}, ("keep",)),
        (RETENTION, {"keep": "60 month"}, ()),
        (RETENTION, {"hold": []}, ("hold",)),
        (REQUIREMENT, {"needs": [], "forbids": []}, ("needs", "forbids")),
        (REQUIREMENT, {"needs": ["signature", "mode"]}, ()),
    ],
)  # fmt: skip
def test_what_is_looser(old: dict[str, Any], changed: dict[str, Any], expected: tuple[str, ...]) -> None:
    new = {key: value for key, value in {**old, **changed}.items() if value is not None}
    assert looser(old, new) == expected
    assert looser(old, old) == ()


def test_only_public_promises_are_named() -> None:
    old = {"a": DEADLINE, "b": {**DEADLINE, "public": False}, "c": DEADLINE}
    new = {"a": {**DEADLINE, "within": "48 h"}, "b": {**DEADLINE, "public": False, "within": "48 h"}}
    assert [(one.code, one.says, one.keys) for one in loosened_promises(old, new)] == [
        ("a", "一", ("within",)),
        ("c", "一", ("left_out",)),
    ]
