"""Every clause of the five manuals is carried by something, and what carries it exists."""

from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import NoReverseMatch, get_resolver, reverse

from huiyin.areas.service_desk import scripts
from huiyin.areas.staffing.words import POSTS
from huiyin.foundation.journal.facts import Fact
from huiyin.standards.coverage import CARRIED, PARTS_TO_COME, Carried, coverage, uncovered, written_twice
from huiyin.standards.vocabulary import vocabulary
from huiyin.standards.waiting import PLANNED, TO_COME, built_areas, lacks, waiting_area
from huiyin.standards.written import shipped

HOUSE = Path(__file__).parents[1] / "huiyin"


def names() -> set[str]:
    """Every address of the house by its name."""
    found = set()
    for prefix, (_, resolver) in get_resolver().namespace_dict.items():
        found |= {f"{prefix}:{name}" for name in resolver.reverse_dict if isinstance(name, str)}
    return found


def test_all_clauses_are_listed_and_none_is_left_open() -> None:
    assert len(coverage()) == 587
    assert len({one.clause.id for one in coverage()}) == 587
    assert uncovered() == []


def test_what_a_rule_carries_is_not_written_by_hand_as_well() -> None:
    assert written_twice() == []


def test_every_way_of_carrying_is_one_of_the_list() -> None:
    assert {one.how for one in coverage()} <= set(CARRIED)
    assert Counter(one.how for one in coverage())["not_software"] < 60


@pytest.mark.parametrize("one", coverage(), ids=lambda one: one.clause.id)
def test_what_carries_a_clause_exists(one: Carried) -> None:
    codes = {
        spec["code"]: spec for standard in shipped() for spec in standard.rules if one.clause.id in spec["clauses"]
    }
    match one.how:
        case "rule" | "gate":
            assert one.by and set(one.by) <= set(codes)
            assert all(not waiting_area(codes[code]) for code in one.by)
        case "area":
            assert one.area in set(PLANNED) - built_areas() or one.area in PARTS_TO_COME
            assert set(one.by) == set(codes)
            assert one.by or one.why
        case "page":
            assert one.by and set(one.by) <= names()
        case "record":
            assert one.by and all(apps.get_model(label) for label in one.by)
        case "script":
            assert one.by and set(one.by) <= {moment.code for moment in scripts.moments()}
        case "not_software":
            assert not one.by and len(one.why) >= 6
        case other:
            pytest.fail(f"nothing ships {other} yet")


def test_a_page_that_does_not_exist_would_be_found() -> None:
    assert "web:control" in names() and "web:gone" not in names()
    with pytest.raises(NoReverseMatch):
        reverse("web:gone")


def test_the_words_of_the_built_areas_are_those_of_their_facts() -> None:
    """A rule may ask only for values that the fact really carries."""
    facts = {kind.code: kind for kind in _kinds(Fact) if kind.__module__.startswith("huiyin.")}
    for code, word in vocabulary().facts.items():
        if not lacks(code):
            assert code in facts, code
            carried = set(facts[code].__dataclass_fields__)
            assert word.values <= carried | {"receiver"}, (code, word.values - carried)


def test_every_gate_of_the_built_areas_is_asked() -> None:
    """A requirement that no operation asks about would hold nobody."""
    source = "\n".join(
        file.read_text() for file in sorted(HOUSE.rglob("operations/*.py")) + sorted(HOUSE.rglob("operations.py"))
    )
    gates = [code for code in vocabulary().gates if not lacks(code)]
    assert len(gates) == 14
    assert [code for code in gates if f'"{code}"' not in source] == []


def test_what_a_part_is_still_to_bring_nobody_announces_yet() -> None:
    source = "\n".join(file.read_text() for file in HOUSE.glob("areas/*/**/*.py"))
    assert [name for name in TO_COME if f'"{name}' in source] == []


def test_every_post_of_the_house_is_a_word() -> None:
    assert set(POSTS) <= set(vocabulary().posts)


def _kinds(kind: type[Fact]) -> list[type[Fact]]:
    return [one for sub in kind.__subclasses__() for one in (sub, *_kinds(sub)) if "code" in one.__dict__]
