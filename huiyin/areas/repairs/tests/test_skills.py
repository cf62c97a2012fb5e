"""Which fault needs which skill: as shipped, as the estate says, and as dispatch ranks by it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Category
from huiyin.areas.cases.rules import OwnCategory
from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import FaultSkill
from huiyin.areas.repairs.operations import SkillsRefused
from huiyin.areas.repairs.queries.dispatching import SHIPPED, own_skills
from huiyin.areas.repairs.rules import skill_for
from huiyin.areas.repairs.tests.factories import order_in
from huiyin.areas.staffing import operations as staffing
from huiyin.areas.staffing.words import SKILLS
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from tests.cast import AT, Cast

Browsers = Callable[[User], Client]


@pytest.fixture(autouse=True)
def tree(db: None) -> None:
    cases.load_categories()


NARROWER = [
    ({}, "water.tap", "plumbing"),
    ({}, "water", "plumbing"),
    ({}, "other.x", ""),
    ({"water": "masonry"}, "water.tap", "masonry"),
    ({"water": ""}, "water.tap", ""),
    ({"water": "masonry", "water.tap": "electric"}, "water.tap", "electric"),
    ({"water.tap": "electric"}, "water.shower", "plumbing"),
]


@pytest.mark.parametrize(("own", "fault", "skill"), NARROWER)
def test_the_narrower_word_counts_and_the_estate_before_the_list(own: dict[str, str], fault: str, skill: str) -> None:
    assert skill_for(fault, own=own, shipped={"water": "plumbing"}) == skill


def test_every_shipped_fault_and_skill_is_one_there_is() -> None:
    codes = set(Category.objects.filter(kind="repair", estate=None).values_list("code", flat=True))
    assert set(SHIPPED) <= codes
    assert set(SHIPPED.values()) <= set(SKILLS)


def ranked(estate: Estate, cast: Cast, home: Household, fault: str) -> list[tuple[str, tuple[str, ...]]]:
    order = order_in("new", estate, cast, at=AT, category=Category.objects.get(kind="repair", code=fault))
    return [(one.name, one.against) for one in queries.crew_of(estate.pk, at=AT).candidates(order)]


def test_dispatch_ranks_by_what_the_estate_says(estate: Estate, cast: Cast, home: Household) -> None:
    for person, skill in ((cast.technician, "plumbing"), (cast.second_technician, "electric")):
        staffing.record_skills(person, estate_id=estate.pk, skills=[skill], actor=cast.lead, at=AT)
    assert ranked(estate, cast, home, "water.tap") == [("李强", ()), ("赵刚", ("不会水暖",))]
    operations.set_skills(estate.pk, {"water": "electric"}, actor=cast.lead, at=AT)
    assert ranked(estate, cast, home, "water.tap") == [("赵刚", ()), ("李强", ("不会电工",))]
    operations.set_skills(estate.pk, {"water.tap": ""}, actor=cast.lead, at=AT)
    assert {against for _, against in ranked(estate, cast, home, "water.tap")} == {()}


def test_a_change_is_on_the_record_and_can_be_taken_back(estate: Estate, cast: Cast) -> None:
    assert operations.set_skills(estate.pk, {"water": "masonry", "lift": "lift"}, actor=cast.lead, at=AT) == 2
    assert operations.set_skills(estate.pk, {"water": "masonry"}, actor=cast.lead, at=AT) == 0
    assert operations.set_skills(estate.pk, {"water": None}, actor=cast.lead, at=AT) == 1
    assert dict(FaultSkill.objects.values_list("fault", "skill")) == {"lift": "lift"}
    said = (
        Entry.objects.filter(kind="repairs.fault_skill.changed").order_by("id").values_list("values__says", flat=True)
    )
    assert list(said) == ["给水 水暖 → 泥瓦防水;电梯 电梯 → 电梯", "给水 泥瓦防水 → 水暖"]


@pytest.mark.parametrize(
    ("asked", "says"), [({"没有": "lift"}, "没有「没有」"), ({"water": "魔法"}, "没有「魔法」这项技能")]
)
def test_what_there_is_not_is_refused_whole(
    asked: dict[str, str | None], says: str, estate: Estate, cast: Cast
) -> None:
    with pytest.raises(SkillsRefused, match=says):
        operations.set_skills(estate.pk, {"lift": "electric"} | asked, actor=cast.lead, at=AT)
    assert not FaultSkill.objects.exists()


def test_another_estate_keeps_its_own(estate: Estate, cast: Cast) -> None:
    other = Estate.objects.get(code="BJ")
    own = cases.add_category(other, OwnCategory("repair", "给水", "净水器"), actor=cast.lead, at=AT)
    with pytest.raises(SkillsRefused):
        operations.set_skills(estate.pk, {own.code: "lift"}, actor=cast.lead, at=AT)
    operations.set_skills(other.pk, {own.code: "lift"}, actor=cast.lead, at=AT)
    assert own_skills(estate.pk) == {}


def test_the_page_changes_what_was_chosen_and_nothing_else(estate: Estate, cast: Cast, browser_of: Browsers) -> None:
    lead, where = browser_of(cast.lead), reverse("repairs:skills")
    tap = Category.objects.get(kind="repair", code="water.tap")
    page = lead.get(where).content.decode()
    assert "照默认(水暖)" in page
    lead.post(where, {f"skill_{tap.pk}": "masonry"})
    assert own_skills(estate.pk) == {"water.tap": "masonry"}
    assert "本小区改过" in lead.get(where).content.decode()
    refused = lead.post(where, {f"skill_{tap.pk}": "魔法"})
    assert refused.status_code == 422
    lead.post(where, {f"skill_{tap.pk}": "default"})
    assert own_skills(estate.pk) == {}
    assert browser_of(cast.technician).get(where).status_code == 403
