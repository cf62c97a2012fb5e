"""Gates against the sentence: everything needed is there, nothing forbidden is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.standards.rules.requirement import unmet

NAMES = st.lists(st.sampled_from("abcd"), max_size=3)
VALUES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from([None, "", False, 0, [], "x", 1, True, ["x"]]))


@given(needs=NAMES, forbids=NAMES, values=VALUES)
def test_the_gate_opens_when_nothing_is_missing_and_nothing_in_the_way(
    needs: list[str], forbids: list[str], values: dict[str, Any]
) -> None:
    there = [name for name in "abcd" if values.get(name)]
    opens = all(name in there for name in needs) and not any(name in there for name in forbids)
    assert (unmet(needs, forbids, values) == "") is opens


@pytest.mark.parametrize(
    ("needs", "forbids", "values", "name"),
    [
        (["a", "b"], [], {"a": 1}, "b"),
        (["a"], ["c"], {"a": 1, "c": True}, "c"),
        (["a"], ["c"], {"c": True}, "a"),
        (["a"], [], {"a": []}, "a"),
    ],
)
def test_the_first_that_keeps_it_shut_is_named(
    needs: list[str], forbids: list[str], values: dict[str, Any], name: str
) -> None:
    assert unmet(needs, forbids, values) == name
