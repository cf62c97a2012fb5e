"""The contradictions of the manuals are found in the catalogue, not written down."""

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from huiyin.standards.contradictions import UNASKED, asked, contradictions, side_by_side, topics
from huiyin.standards.written import Written, shipped


def test_all_thirty_two_contradictions_are_found() -> None:
    found = contradictions(shipped())
    assert [one.topic.code for one in found] == [f"C{number:02d}" for number in range(1, 33)]
    assert [one.topic.code for one in found if not one.found] == []
    assert all(len(one.sides) >= 2 for one in found)


def test_some_manuals_contradict_themselves() -> None:
    assert [one.topic.code for one in contradictions(shipped()) if one.inside_one] == ["C18", "C26", "C29"]


def test_the_recommended_standard_settles_every_contradiction_with_a_reason() -> None:
    for one in contradictions(shipped()):
        assert one.settled, one.topic.code
        assert any(side.spec.get("because") for side in one.settled), one.topic.code


def test_a_topic_speaks_of_rules_there_are() -> None:
    codes = {spec["code"] for standard in shipped() for spec in standard.rules}
    assert {code for topic in topics() for code in topic.codes} <= codes


def test_the_reply_to_a_complaint_is_one_of_them() -> None:
    (reply,) = [one for one in contradictions(shipped()) if one.topic.code == "C04"]
    said = {(side.standard, side.spec["code"]): side.answer["within"] for side in reply.sides}
    assert said[("s1", "complaint.reply")] == "72 h"
    assert said[("s4", "complaint.reply")] == "24 h"


def test_when_all_say_the_same_there_is_no_contradiction() -> None:
    (s4,) = [standard for standard in shipped() if standard.code == "s4"]
    twin = Written("s9", "另一本", s4.rules)
    for one in contradictions([s4, twin]):
        counts = Counter(repr(sorted(side.answer.items())) for side in one.sides)
        assert all(count % 2 == 0 for count in counts.values())
        assert one.found == (len(counts) > 1)


def _rule(code: str) -> st.SearchStrategy[dict[str, Any] | None]:
    """A rule of this code, or none. Nothing is drawn in vain, and no text of any alphabet is."""
    said = st.fixed_dictionaries(
        {"code": st.just(code), "within": st.sampled_from(["1 h", "2 h"])},
        optional={"who": st.sampled_from(["subject", "receiver"]), "says": st.sampled_from(["", "一", "二"])},
    )
    return st.none() | said


RULES = st.tuples(*map(_rule, ("a.a", "b.b", "c.c", "d.d"))).map(lambda rules: [one for one in rules if one])


@given(left=RULES, right=RULES)
def test_side_by_side_names_exactly_the_values_that_differ(
    left: list[dict[str, Any]], right: list[dict[str, Any]]
) -> None:
    pairs = side_by_side(left, right)
    assert {pair.code for pair in pairs} == {rule["code"] for rule in left + right}
    for pair in pairs:
        ours = next((rule for rule in left if rule["code"] == pair.code), None)
        theirs = next((rule for rule in right if rule["code"] == pair.code), None)
        assert (pair.left, pair.right) == (ours, theirs)
        expected = set()
        if ours and theirs:
            expected = {key for key in {*ours, *theirs} - UNASKED if ours.get(key) != theirs.get(key)}
        assert set(pair.differing) == expected


def test_what_a_rule_is_called_asks_nothing() -> None:
    assert asked({"code": "a.b", "says": "x", "within": "1 h", "because": "y"}) == {"within": "1 h"}
