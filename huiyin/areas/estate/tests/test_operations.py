"""Opening units and keeping who lives in them: what is recorded, and every refusal."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from huiyin.areas.estate import operations
from huiyin.areas.estate.models import Building, Company, Estate, Household, Occupancy, Person, Phone, Unit
from huiyin.areas.estate.operations import HouseholdInvalid, NewResident, NotOpened, PersonInvalid
from huiyin.areas.estate.tests.factories import family_in, unit_in
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused

MAY = date(2024, 5, 1)
WANG = NewResident("王丽", "owner", "女士", ("138 0013 8000",))


@pytest.fixture
def by(estate: Estate, at: datetime) -> dict[str, Any]:
    return {"actor": system_actor(), "at": at}


@pytest.fixture
def unit(estate: Estate) -> Unit:
    return Unit.objects.get(estate=estate, code="3-2-1501")


@pytest.fixture
def household(unit: Unit, by: dict[str, Any]) -> Household:
    return operations.move_in(unit, people=[WANG, NewResident("李明", "family", "先生")], since_date=MAY, **by)


def lines(unit: Unit) -> list[str]:
    return list(Entry.objects.filter(thread=f"unit:{unit.pk}").order_by("id").values_list("kind", flat=True))


def everything() -> list[list[tuple[object, ...]]]:
    models = (Company, Estate, Building, Unit, Household, Person, Phone, Occupancy, Entry)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def refuses(error: type[Refused], says: str, act: Callable[[], object]) -> None:
    before = everything()
    with pytest.raises(error) as refused:
        act()
    assert says in refused.value.sentence
    assert everything() == before


def test_opening_twice_finds_the_first(estate: Estate, by: dict[str, Any]) -> None:
    company = operations.open_company(name=" 回音物业 ")
    assert company == estate.company
    assert operations.open_estate(company, code="yh", name="云河苑", **by) == estate
    first = operations.open_building(estate, code="8号楼", **by)
    assert operations.open_building(estate, code="08", **by) == first
    door = operations.open_entrance(first, code="一单元")
    assert operations.open_entrance(first, code="1") == door
    unit = operations.open_unit(door, unit_no="101室", floor=1, gross_area=Decimal("80.5"), **by)
    assert operations.open_unit(door, unit_no="101", **by) == unit
    assert (unit.code, unit.unit_no, unit.floor) == ("8-1-101", "101", 1)
    assert lines(unit) == ["estate.unit.opened"]


def test_a_building_without_entrances_has_short_codes(estate: Estate, by: dict[str, Any]) -> None:
    tower = operations.open_building(estate, code="A座", **by)
    assert operations.open_unit_in(tower, entrance="", unit_no="1203", **by).code == "A-1203"


def test_what_cannot_be_opened_is_refused(estate: Estate, by: dict[str, Any]) -> None:
    building = operations.open_building(estate, code="8", **by)
    door = operations.open_entrance(building, code="1")
    other = operations.open_company(name="别家物业")
    for says, act in (
        ("请写公司名称", lambda: operations.open_company(name=" ")),
        ("请写小区的代码和名称", lambda: operations.open_estate(other, code="", name="x", **by)),
        ("代码 YH 已被别的公司使用", lambda: operations.open_estate(other, code="YH", name="云河苑", **by)),
        ("楼栋「!」看不懂", lambda: operations.open_building(estate, code="!", **by)),
        ("单元「!」看不懂", lambda: operations.open_entrance(building, code="!")),
        ("房号「」看不懂", lambda: operations.open_unit(door, unit_no="", **by)),
        ("建筑面积要大于 0", lambda: operations.open_unit(door, unit_no="1", gross_area=Decimal(0), **by)),
    ):
        refuses(NotOpened, says, act)


def test_one_code_is_one_unit(estate: Estate, by: dict[str, Any]) -> None:
    building = operations.open_building(estate, code="8", **by)
    operations.open_unit_in(building, entrance="1", unit_no="2", **by)
    odd = operations.open_building(estate, code="8", **by)
    no_entrance = operations.open_entrance(odd, code="")
    Building.objects.filter(pk=odd.pk).update(code="8-1")
    no_entrance.refresh_from_db()
    refuses(NotOpened, "8-1-2 已经是另一个单元里的房屋", lambda: operations.open_unit(no_entrance, unit_no="2", **by))


def test_the_hint_of_a_building_keeps_old_and_new(estate: Estate, by: dict[str, Any]) -> None:
    building = Building.objects.get(estate=estate, code="3")
    operations.describe_building(building, name="听雨楼", hint="电梯检修", **by)
    operations.describe_building(building, name="听雨楼", hint="电梯检修", **by)
    operations.describe_building(building, name="听雨楼", hint="", **by)
    said = Entry.objects.filter(thread=f"building:{building.pk}").order_by("id").values_list("values", flat=True)
    assert list(said) == [
        {"name": "听雨楼", "hint": "电梯检修"},
        {"old_name": "听雨楼", "old_hint": "电梯检修", "name": "听雨楼"},
    ]


def test_floor_and_area_are_corrected(unit: Unit, by: dict[str, Any]) -> None:
    operations.correct_unit(unit, floor=14, gross_area=Decimal("99.10"), **by)
    operations.correct_unit(unit, floor=14, gross_area=Decimal("99.10"), **by)
    unit.refresh_from_db()
    assert (unit.floor, unit.gross_area) == (14, Decimal("99.10"))
    assert [entry.values for entry in Entry.objects.filter(kind="estate.unit.corrected")] == [
        {"old_floor": 15, "floor": 14, "gross_area": "99.10"}
    ]
    refuses(NotOpened, "建筑面积", lambda: operations.correct_unit(unit, floor=1, gross_area=Decimal(-1), **by))


def test_a_household_moves_in(household: Household, unit: Unit) -> None:
    assert [(str(one.person), one.kind, one.since_date) for one in household.occupancies.order_by("id")] == [
        ("王丽女士", "owner", MAY),
        ("李明先生", "family", MAY),
    ]
    phone = Phone.objects.get()
    assert (phone.number, phone.tail, phone.person.initials) == ("13800138000", "8000", "WL")
    entry = Entry.objects.get(kind="estate.household.moved_in")
    assert entry.thread == f"unit:{unit.pk}"
    assert entry.values == {
        "household_id": household.pk,
        "unit_id": unit.pk,
        "since_date": "2024-05-01",
        "people": "2 人",
    }


def test_moving_in_is_refused(unit: Unit, estate: Estate, household: Household, by: dict[str, Any]) -> None:
    empty = unit_in(estate, "8-1-101")

    def into(unit: Unit, *people: NewResident, since: date = MAY) -> Callable[[], object]:
        return lambda: operations.move_in(unit, people=people, since_date=since, **by)

    refuses(HouseholdInvalid, "3-2-1501 现在住着王丽女士、李明先生一户,请先办迁出", into(unit, WANG))
    refuses(HouseholdInvalid, "请至少写一位住户的姓名", into(empty))
    refuses(PersonInvalid, "请写姓名", into(empty, NewResident("  ")))
    refuses(PersonInvalid, "姓名太长", into(empty, NewResident("王" * 61)))
    refuses(PersonInvalid, "电话「138」看起来不对", into(empty, NewResident("王丽", phones=("138",))))
    refuses(PersonInvalid, "身份只能是", into(empty, NewResident("王丽", kind="friend")))
    operations.move_out(household, until_date=date(2026, 1, 1), **by)
    refuses(HouseholdInvalid, "上一户 2026-01-01 才迁出", into(unit, WANG, since=date(2025, 12, 31)))
    assert operations.move_in(unit, people=[WANG], since_date=date(2026, 1, 1), **by).pk != household.pk


def test_moving_in_twice_with_one_key_is_once(unit: Unit, by: dict[str, Any]) -> None:
    first = operations.move_in(unit, people=[WANG], since_date=MAY, key="k", **by)
    assert operations.move_in(unit, people=[WANG], since_date=MAY, key="k", **by) == first
    assert Person.objects.count() == 1


def test_a_household_moves_out_with_everybody(household: Household, unit: Unit, by: dict[str, Any]) -> None:
    operations.move_out(household, until_date=date(2026, 10, 31), note="卖房", **by)
    assert set(household.occupancies.values_list("until_date", flat=True)) == {date(2026, 10, 31)}
    entry = Entry.objects.get(kind="estate.household.moved_out")
    assert (entry.note, entry.values["people"]) == ("卖房", "2 人")
    refuses(HouseholdInvalid, "已经迁出", lambda: operations.move_out(household, until_date=date(2026, 11, 1), **by))


def test_moving_out_before_anybody_came_is_refused(household: Household, by: dict[str, Any]) -> None:
    operations.add_person(household, NewResident("孙子"), since_date=date(2025, 1, 1), **by)
    refuses(
        HouseholdInvalid,
        "不能早于入住日期 2025-01-01",
        lambda: operations.move_out(household, until_date=date(2024, 12, 31), **by),
    )


def test_a_person_is_added_and_leaves(household: Household, unit: Unit, by: dict[str, Any]) -> None:
    person = operations.add_person(household, NewResident("孙小", "family"), since_date=date(2025, 1, 1), key="k", **by)
    again = operations.add_person(household, NewResident("孙小", "family"), since_date=date(2025, 1, 1), key="k", **by)
    assert again == person
    stay = Occupancy.objects.get(person=person)
    operations.person_leaves(stay, until_date=date(2026, 1, 1), note="上学", **by)
    assert lines(unit) == ["estate.household.moved_in", "estate.person.added", "estate.person.left"]
    refuses(
        HouseholdInvalid, "孙小已经迁出了", lambda: operations.person_leaves(stay, until_date=date(2026, 1, 2), **by)
    )


def test_adding_a_person_is_refused(household: Household, by: dict[str, Any]) -> None:
    def add(new: NewResident, since: date = MAY) -> Callable[[], object]:
        return lambda: operations.add_person(household, new, since_date=since, **by)

    refuses(PersonInvalid, "这一户已经登记了王丽", add(NewResident(" 王丽 ")))
    refuses(HouseholdInvalid, "这一户 2024-05-01 才入住", add(NewResident("孙"), date(2024, 4, 30)))
    operations.move_out(household, until_date=date(2026, 1, 1), **by)
    refuses(HouseholdInvalid, "已经迁出,不能再添人", add(NewResident("孙")))


def test_the_last_person_and_too_early_a_day_are_refused(estate: Estate, by: dict[str, Any]) -> None:
    stay = family_in(estate, "8-1-101", WANG).occupancies.get()
    refuses(HouseholdInvalid, "最后一个人,请办整户迁出", lambda: operations.person_leaves(stay, until_date=MAY, **by))
    refuses(
        HouseholdInvalid, "不能早于入住日期", lambda: operations.person_leaves(stay, until_date=date(2024, 1, 1), **by)
    )


def test_name_and_kind_are_corrected(household: Household, by: dict[str, Any]) -> None:
    stay = household.occupancies.get(kind="owner")
    operations.correct_person(stay, name="单丽", salutation="太太", kind="tenant", **by)
    operations.correct_person(stay, name="单丽", salutation="太太", kind="tenant", **by)
    person = Person.objects.get(pk=stay.person_id)
    assert (person.name, person.salutation, person.initials) == ("单丽", "太太", "SL")
    said = Entry.objects.filter(kind="estate.person.corrected").order_by("id").values_list("values", flat=True)
    assert list(said) == [{"changed": "姓名、称呼"}, {"old": "业主", "new": "租户"}]
    refuses(PersonInvalid, "请写姓名", lambda: operations.correct_name(stay, name=" ", salutation="", **by))
    refuses(PersonInvalid, "已经登记了李明", lambda: operations.correct_name(stay, name="李明", salutation="", **by))
    refuses(PersonInvalid, "身份只能是", lambda: operations.correct_kind(stay, kind="friend", **by))


def test_phones_are_added_changed_and_dropped(household: Household, by: dict[str, Any]) -> None:
    stay = household.occupancies.get(kind="owner")
    operations.add_phone(stay, number="010-65551234", **by)
    operations.change_phone(stay, old="13800138000", new="139 0013 9000", **by)
    operations.change_phone(stay, old="13900139000", new="13900139000", **by)
    operations.drop_phone(stay, number="010-65551234", note="已停机", **by)
    assert list(Phone.objects.values_list("number", "tail")) == [("13900139000", "9000")]
    said = Entry.objects.filter(kind__startswith="estate.phone").order_by("id")
    assert [(one.kind, one.values, one.subject_id, one.note) for one in said] == [
        ("estate.phone.added", {}, stay.person_id, ""),
        ("estate.phone.changed", {}, stay.person_id, ""),
        ("estate.phone.dropped", {}, stay.person_id, "已停机"),
    ]


def test_phones_are_refused(household: Household, by: dict[str, Any]) -> None:
    stay = household.occupancies.get(kind="owner")
    operations.add_phone(stay, number="13700137000", **by)
    for says, act in (
        ("电话「12」看起来不对", lambda: operations.add_phone(stay, number="12", **by)),
        ("13800138000 已经登记过了", lambda: operations.add_phone(stay, number="138 0013 8000", **by)),
        ("看起来不对", lambda: operations.change_phone(stay, old="13800138000", new="12", **by)),
        ("已经登记过了", lambda: operations.change_phone(stay, old="13800138000", new="13700137000", **by)),
        ("没有登记 13600136000", lambda: operations.change_phone(stay, old="13600136000", new="13500135000", **by)),
        ("请写明为什么", lambda: operations.drop_phone(stay, number="13800138000", note=" ", **by)),
        ("没有登记 13600136000", lambda: operations.drop_phone(stay, number="13600136000", note="x", **by)),
    ):
        refuses(PersonInvalid, says, act)
