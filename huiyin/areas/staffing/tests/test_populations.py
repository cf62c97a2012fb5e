"""The standards learn from here who belongs to each population on a day."""

from datetime import timedelta

import pytest

from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.staffing.models import Assignment, Zone
from huiyin.standards import populations
from huiyin.standards.rules.quota import Member
from huiyin.standards.waiting import waiting_area
from tests.cast import AT, Cast, open_estate

TODAY = AT.date()
DAY = timedelta(days=1)


def members(name: str, estate: Estate, day_offset: int = 0) -> list[Member]:
    found = populations.members_of(name, estate.pk, TODAY + day_offset * DAY)
    assert found is not None
    return found


@pytest.fixture
def east(estate: Estate, cast: Cast) -> Zone:
    """A zone of the building in which the home lies."""
    zone = Zone.objects.create(estate=estate, name="东区", butler=cast.butler)
    zone.buildings.add(estate.units.get(code="3-2-1501").entrance.building)
    return zone


def test_households_are_those_who_live_there_that_day(estate: Estate, home: Household, east: Zone) -> None:
    assert members("households", estate) == [
        Member(str(home.pk), {"unit": "3-2-1501", "building": "3", "zone": "东区"})
    ]
    assert members("households", estate, -1) == []
    Household.objects.filter(pk=home.pk).update(until_date=TODAY + 3 * DAY)
    assert len(members("households", estate, 2)) == 1
    assert members("households", estate, 3) == []


def test_units_are_there_whoever_lives_in_them(estate: Estate, cast: Cast) -> None:
    codes = [one.key for one in members("units", estate)]
    assert codes == list(estate.units.order_by("pk").values_list("code", flat=True))
    assert {one.values["zone"] for one in members("units", estate)} == {None}


def test_staff_are_who_holds_a_post_each_once(estate: Estate, cast: Cast) -> None:
    found = {one.key: one.values["post"] for one in members("staff", estate)}
    assert found[str(cast.butler.pk)] == "butler"
    assert str(cast.outsider.pk) not in found and str(cast.auditor.pk) not in found
    Assignment.objects.filter(user=cast.butler).update(until_date=TODAY)
    assert str(cast.butler.pk) not in {one.key for one in members("staff", estate)}
    assert str(cast.butler.pk) in {one.key for one in members("staff", estate, -1)}


def test_zones_name_their_butler(estate: Estate, cast: Cast, east: Zone) -> None:
    Zone.objects.create(estate=estate, name="西区")
    assert members("zones", estate) == [
        Member("东区", {"zone": "东区", "butler_id": cast.butler.pk}),
        Member("西区", {"zone": "西区", "butler_id": None}),
    ]


def test_posts_say_whether_somebody_holds_them_and_to_which_they_fall(estate: Estate, cast: Cast) -> None:
    found = {one.key: one.values for one in members("posts", estate)}
    assert (found["duty_clerk"]["held"], found["duty_clerk"]["falls_to"]) == (False, "front_desk")
    assert (found["front_desk"]["held"], found["estate_manager"]["falls_to"]) == (True, "")


def test_another_estate_has_its_own(estate: Estate, cast: Cast, home: Household, east: Zone) -> None:
    elsewhere = open_estate("第三家", "DS", "第三苑")
    assert members("households", elsewhere) == members("zones", elsewhere) == members("staff", elsewhere) == []


def test_who_has_which_class_is_not_known_yet(db: None) -> None:
    assert populations.members_of("household_classes", 1, TODAY) is None
    per_class = {"kind": "periodic", "per": "household_class"}
    assert waiting_area(per_class) == "household_visits"
    assert waiting_area(per_class | {"per": "zone"}) == ""
