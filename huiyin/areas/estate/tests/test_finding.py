"""The desk's one search box."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.areas.estate import operations, queries
from huiyin.areas.estate.models import Estate, Household, Unit
from huiyin.areas.estate.operations import NewResident
from huiyin.foundation.accounts.queries import system_actor

PEOPLE = {
    "3-2-1501": [NewResident("王丽", "owner", "女士", ("13800138000",)), NewResident("单小明", "family")],
    "3-2-1502": [NewResident("王丽华", "tenant", "", ("010-65551234转801",))],
    "3-1-1501": [NewResident("尉迟恭", "owner", "先生", ("13911112222", "65557777"))],
    "12-1-201": [NewResident("张小明", "owner", "先生", ("13800138001",))],
    "A-1203": [NewResident("Anna Lee", "tenant", "", ("+1 650-253-0000",))],
    "8-1-0101": [],
}


@pytest.fixture
def homes(estate: Estate, at: datetime) -> Estate:
    actor = system_actor()
    for code, people in PEOPLE.items():
        building, *entrance, unit_no = code.split("-")
        door = operations.open_entrance(
            operations.open_building(estate, code=building, actor=actor, at=at), code="".join(entrance)
        )
        unit = operations.open_unit(door, unit_no=unit_no, actor=actor, at=at)
        if people:
            operations.move_in(unit, people=people, since_date=date(2024, 5, 1), actor=actor, at=at)
    return estate


def codes(estate: Estate, text: str, limit: int = 12) -> list[str]:
    return [home.unit.code for home in queries.find_homes(estate, text, limit)]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("3-2-1501", ["3-2-1501"]),
        ("3栋2单元1501室", ["3-2-1501"]),
        ("三栋二单元一五〇一", ["3-2-1501"]),
        ("３－２－１５０１", ["3-2-1501"]),
        ("3-2-15", ["3-2-1501", "3-2-1502"]),
        ("3-2", ["3-2-1501", "3-2-1502"]),
        ("3栋2单元", ["3-2-1501", "3-2-1502"]),
        ("3栋", ["3-1-1501", "3-2-1501", "3-2-1502"]),
        ("三栋1501", ["3-1-1501", "3-2-1501"]),
        ("3-1501", ["3-1-1501", "3-2-1501"]),
        ("1501", ["3-1-1501", "3-2-1501"]),
        ("15", ["3-1-1501", "3-2-1501", "3-2-1502"]),
        ("A座1203", ["A-1203"]),
        ("a-12", ["A-1203"]),
        ("8-1-101", ["8-1-0101"]),
        ("101", ["8-1-0101"]),
        ("2单元1502", ["3-2-1502"]),
        ("9-9-999", []),
        ("13800138000", ["3-2-1501"]),
        ("138 0013 8000", ["3-2-1501"]),
        ("1380", ["12-1-201", "3-2-1501"]),
        ("8000", ["3-2-1501"]),
        ("01065551234", ["3-2-1502"]),
        ("010-6555", ["3-2-1502"]),
        ("65551234", ["3-2-1502"]),
        ("010-65551234转801", ["3-2-1502"]),
        ("6555", ["3-1-1501"]),
        ("王丽", ["3-2-1501", "3-2-1502"]),
        ("王女士", ["3-2-1501", "3-2-1502"]),
        ("王丽华", ["3-2-1502"]),
        ("小明", ["3-2-1501", "12-1-201"]),
        ("wl", ["3-2-1501", "3-2-1502"]),
        ("WLH", ["3-2-1502"]),
        ("sxm", ["3-2-1501"]),
        ("ycg", ["3-1-1501"]),
        ("anna", ["A-1203"]),
        ("Anna", ["A-1203"]),
        ("李", []),
        ("", []),
        ("%", []),
        ("138", []),
    ],
)
def test_homes_are_found_however_they_are_said(homes: Estate, said: str, found: list[str]) -> None:
    assert codes(homes, said) == found


def test_a_found_home_tells_who_lives_there(homes: Estate) -> None:
    (home,) = queries.find_homes(homes, "3-2-1501")
    assert [(str(one.person), one.kind.label, one.phones) for one in home.people] == [
        ("王丽女士", "业主", ("13800138000",)),
        ("单小明", "家庭成员", ()),
    ]
    assert home.household == Household.objects.get(unit=home.unit)


def test_an_empty_home_is_found_without_people(homes: Estate) -> None:
    (home,) = queries.find_homes(homes, "8-1-0101")
    assert (home.household, home.people) == (None, ())


def test_the_search_stays_in_its_estate(homes: Estate, cast: object) -> None:
    other = Estate.objects.exclude(pk=homes.pk).get()
    assert codes(other, "王丽") == []
    assert [home.unit.estate_id for home in queries.find_homes(other, "1501")] == [other.pk]


@pytest.mark.parametrize(
    ("said", "found"),
    [("1501", ["3-1-1501", "3-2-1501"]), ("小明", ["3-2-1501"]), ("1380", ["3-2-1501"]), ("12-1-201", []), ("张", [])],
)
def test_the_search_stays_in_the_buildings_that_are_somebodys(homes: Estate, said: str, found: list[str]) -> None:
    three = homes.buildings.get(code="3")
    assert [home.unit.code for home in queries.find_homes(homes, said, only=[three.pk])] == found


def test_who_moved_out_is_not_found(homes: Estate, at: datetime) -> None:
    unit = Unit.objects.get(estate=homes, code="12-1-201")
    operations.move_out(Household.objects.get(unit=unit), until_date=date(2026, 10, 31), actor=system_actor(), at=at)
    assert codes(homes, "张小明") == []
    assert codes(homes, "13800138001") == []


def test_the_limit_holds(homes: Estate) -> None:
    assert codes(homes, "3栋", limit=2) == ["3-1-1501", "3-2-1501"]


@pytest.mark.parametrize(
    ("one", "three", "cost"),
    [
        ("13911112222", "1380013", 5),
        ("ycg", "wl", 6),
        ("3-2-1502", "3栋2单元", 5),
        ("3-1501", "三栋15", 6),
        ("尉迟", "王", 5),
    ],
)
def test_three_homes_cost_what_one_costs(homes: Estate, one: str, three: str, cost: int) -> None:
    for said, at_least in ((one, 1), (three, 2)):
        with CaptureQueriesContext(connection) as asked:
            assert len(queries.find_homes(homes, said)) >= at_least
        assert len(asked) == cost, said
