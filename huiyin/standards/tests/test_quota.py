"""Quotas against a naive count."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.standards.rules import RuleInvalid
from huiyin.standards.rules.quota import Coverage, Member, Quota, read, stratum_of

WRITTEN = {
    "counts": "household_visits.visit.done",
    "of": "households",
    "every": "week",
    "at_least": "10 %",
    "who": "post.butler",
    "does": "走访住户",
}
HOMES = st.lists(st.tuples(st.integers(0, 30), st.sampled_from("东西"), st.booleans()), max_size=40)
REACHED = st.lists(st.integers(0, 35), max_size=60)


def quota(**keys: Any) -> Quota:
    return read({name: value for name, value in (WRITTEN | keys).items() if value is not None})


def members(homes: list[tuple[int, str, bool]]) -> list[Member]:
    return [Member(str(number), {"zone": zone, "key": key}) for number, zone, key in homes]


def naive(rule: Quota, homes: list[tuple[int, str, bool]], reached: list[int]) -> set[tuple[str, int, int, int]]:
    """Count stratum by stratum: members, needed, reached."""
    home_of = {number: (zone, key) for number, zone, key in homes}
    wanted = {number: zone for number, (zone, key) in home_of.items() if key or not rule.members}
    found = set()
    for zone in set(wanted.values()):
        here = [number for number, its in wanted.items() if its == zone]
        times = [reached.count(number) for number in here]
        if rule.share is not None:
            needed = next(n for n in range(len(here) + 1) if Fraction(n) >= rule.share * len(here))
            got = len([n for n in times if n > 0])
        elif rule.events is not None:
            needed, got = rule.events, sum(times)
        else:
            needed, got = len(here), len([n for n in times if n >= (rule.each or 0)])
        found.add((zone, len(here), needed, got))
    return found


RULES = st.sampled_from(
    [
        quota(stratum=["zone"], at_least=least, each=each, members=chosen)
        for least, each in [("10 %", None), ("33 %", None), ("100 %", None), (3, None), (None, 1), (None, 2)]
        for chosen in ([], [{"field": "key", "op": "is", "value": True}])
    ]
)


@given(rule=RULES, homes=HOMES, reached=REACHED)
def test_coverage_is_what_a_count_by_hand_gives(
    rule: Quota, homes: list[tuple[int, str, bool]], reached: list[int]
) -> None:
    found = rule.coverage(members(homes), [str(number) for number in reached])
    assert {(one.stratum, one.members, one.needed, one.reached) for one in found} == naive(rule, homes, reached)
    assert len({one.stratum for one in found}) == len(found)
    assert all(one.short == max(one.needed - one.reached, 0) for one in found)


@given(rule=RULES, homes=HOMES, reached=REACHED, more=REACHED)
def test_another_event_never_makes_it_worse(
    rule: Quota, homes: list[tuple[int, str, bool]], reached: list[int], more: list[int]
) -> None:
    few = rule.coverage(members(homes), [str(number) for number in reached])
    many = rule.coverage(members(homes), [str(number) for number in reached + more])
    assert all(after.short <= before.short for before, after in zip(few, many, strict=True))


def test_a_tenth_is_rounded_up_so_that_the_share_is_at_least_the_rate() -> None:
    eleven = [Member(str(n), {}) for n in range(11)]
    assert quota().coverage(eleven, ["1"]) == [Coverage("", 11, 2, 1)]
    assert quota().coverage(eleven, ["1", "1", "99"])[0].short == 1
    assert quota().coverage([], ["1"]) == []


def test_a_stratum_without_a_value_has_an_empty_name() -> None:
    assert stratum_of(("zone", "class"), {"zone": None, "class": "key"}) == "|key"


def test_the_events_of_another_fact_can_be_the_population() -> None:
    assert quota(of="events:repairs.order.closed").of_events == "repairs.order.closed"
    assert quota().of_events == ""


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"each": 1}, "at_least: at_least 与 each 写且只写一项"),
        ({"at_least": None}, "at_least: at_least 与 each 写且只写一项"),
        ({"at_least": "many"}, "at_least: 「many」应是 1 以上的整数"),
        ({"at_least": 0}, "at_least: 「0」应是 1 以上的整数"),
        ({"at_least": "120 %"}, "at_least: 应在 0 % 与 100 % 之间"),
        ({"at_least": None, "each": "twice"}, "each: 「twice」应是 1 以上的整数"),
        ({"of": "dogs"}, "of: 「dogs」不是 households、units、staff 或 events:事实代码"),
        ({"counts": "visits"}, "counts: 「visits」不是事实的代码,写成 区域.名词.动词"),
        ({"every": "decade"}, "every: 「decade」不是 day、week、month、quarter、half_year、year 之一"),
        ({"who": None}, "who: 缺少"),
        ({"does": None}, "does: 缺少"),
        ({"members": [{"field": "key", "op": "like"}]}, "members: 不认识的比较「like」"),
    ],
)
def test_a_quota_that_cannot_be_read_names_its_key(keys: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RuleInvalid) as refusal:
        quota(**keys)
    assert str(refusal.value) == sentence
