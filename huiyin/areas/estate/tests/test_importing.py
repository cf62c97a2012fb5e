"""Taking in sheets: what is added, changed, left alone; all or nothing; twice is once."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.areas.estate import operations, queries
from huiyin.areas.estate.models import Building, Entrance, Estate, Household, Occupancy, Person, Phone, Unit
from huiyin.areas.estate.operations import NewResident, SheetWrong
from huiyin.areas.estate.queries import Plan, Tally
from huiyin.areas.estate.tests.factories import TODAY, family_in, sheet_of
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.journal.models import Entry

WANG = "9栋,1单元,101,1,89.5,王丽,女士,业主,13800138000,2024-05-01,"
LI = "9栋,1单元,101,1,89.5,李明,先生,家庭成员,13900139000、010-65551234,2024-05-01,"
EMPTY = "9栋,1单元,102,1,120,,,,,,"
TOWER = "A座,,1203,12,65.32,赵刚,,租户,,,"


@pytest.fixture
def actor(estate: Estate) -> User:
    return system_actor()


@pytest.fixture
def take(estate: Estate, at: datetime, actor: User):
    def take_in(*lines: str, today: date = TODAY) -> Plan:
        sheet = sheet_of(*lines, today=today)
        return operations.import_sheet(estate, sheet, actor=actor, at=at, today=today, source="住户.xlsx")

    return take_in


def everything() -> dict[str, list[tuple[object, ...]]]:
    models = (Building, Entrance, Unit, Household, Person, Phone, Occupancy)
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in models}


def people_of(code: str) -> list[tuple[str, str, str, tuple[str, ...], str]]:
    card = queries.household_card(Unit.objects.get(code=code))
    return [
        (one.person.name, one.person.salutation, one.kind, one.phones, one.since_date.isoformat())
        for one in card.people
    ]


def test_a_first_sheet_opens_units_and_moves_people_in(take, estate: Estate) -> None:
    plan = take(WANG, LI, EMPTY, TOWER)
    assert (plan.rows, plan.units, plan.people) == (4, Tally(added=3), Tally(added=3))
    assert plan.left_alone == 1
    assert people_of("9-1-101") == [
        ("王丽", "女士", "owner", ("13800138000",), "2024-05-01"),
        ("李明", "先生", "family", ("13900139000", "010-65551234"), "2024-05-01"),
    ]
    assert people_of("A-1203") == [("赵刚", "", "tenant", (), "2026-11-25")]
    unit = Unit.objects.get(code="9-1-102")
    assert (unit.floor, unit.gross_area, unit.entrance.code, unit.entrance.building.code) == (
        1,
        Decimal("120.00"),
        "1",
        "9",
    )
    assert not Household.objects.filter(unit=unit).exists()
    assert Person.objects.get(name="李明").initials == "LM"
    assert Phone.objects.get(number="010-65551234").tail == "1234"
    assert Unit.objects.get(code="A-1203").entrance.code == ""


def test_the_same_sheet_twice_changes_nothing(take) -> None:
    take(WANG, LI, EMPTY, TOWER)
    before, journal = everything(), Entry.objects.count()
    again = take(WANG, LI, EMPTY, TOWER, today=TODAY + timedelta(days=30))
    assert (again.units, again.people) == (Tally(unchanged=3), Tally(unchanged=3))
    assert again.does_nothing
    assert (everything(), Entry.objects.count()) == (before, journal)


def test_past_residents_twice_change_nothing(take) -> None:
    past = "9栋,1单元,101,,,陈旧,,租户,,2020-01-01,2023-06-30"
    assert take(WANG, past).people == Tally(added=2)
    before = everything()
    assert take(WANG, past).people == Tally(unchanged=2)
    assert everything() == before


def test_who_lived_there_before_is_an_earlier_household(take) -> None:
    take(WANG, "9栋,1单元,101,,,陈旧,,业主,,2019-01-01,2023-06-30", "9栋,1单元,101,,,陈小,,家庭成员,,,2023-06-30")
    card = queries.household_card(Unit.objects.get(code="9-1-101"))
    (earlier,) = card.earlier
    assert (earlier.household.since_date, earlier.household.until_date) == (date(2019, 1, 1), date(2023, 6, 30))
    assert [(one.person.name, one.until_date) for one in earlier.people] == [
        ("陈旧", date(2023, 6, 30)),
        ("陈小", date(2023, 6, 30)),
    ]
    assert [one.person.name for one in card.people] == ["王丽"]


def test_changes_are_taken_over_and_what_is_left_open_stays(take) -> None:
    take(WANG, LI)
    plan = take("9,1,101,,90,王丽,,租户,13700137000,,", "9,1,101,,,李明,,,,,")
    assert (plan.units, plan.people) == (Tally(changed=1), Tally(changed=1, unchanged=1))
    assert people_of("9-1-101") == [
        ("王丽", "女士", "tenant", ("13800138000", "13700137000"), "2024-05-01"),
        ("李明", "先生", "family", ("13900139000", "010-65551234"), "2024-05-01"),
    ]
    unit = Unit.objects.get(code="9-1-101")
    assert (unit.floor, unit.gross_area) == (1, Decimal("90.00"))


def test_the_household_begins_when_the_first_of_its_people_came(take) -> None:
    take(WANG, LI)
    take("9,1,101,,,王丽,,,,2022-02-02,")
    assert Household.objects.get(unit__code="9-1-101").since_date == date(2022, 2, 2)
    take("9,1,101,,,王丽,,,,2025-02-02,", "9,1,101,,,李明,,,,2025-03-03,")
    assert Household.objects.get(unit__code="9-1-101").since_date == date(2025, 2, 2)


def test_a_sale_ends_one_household_and_begins_the_next(take) -> None:
    take(WANG, LI)
    plan = take(
        "9,1,101,,,王丽,,,,,2026-10-31", "9,1,101,,,李明,,,,,2026-10-31", "9,1,101,,,孙新,,业主,13600136000,2026-11-01,"
    )
    assert plan.people == Tally(added=1, changed=2)
    card = queries.household_card(Unit.objects.get(code="9-1-101"))
    assert [one.person.name for one in card.people] == ["孙新"]
    assert card.household is not None
    assert card.household.since_date == date(2026, 11, 1)
    assert [(past.household.until_date, len(past.people)) for past in card.earlier] == [(date(2026, 10, 31), 2)]


def test_one_of_two_leaves_and_the_household_stays(take) -> None:
    take(WANG, LI)
    take("9,1,101,,,李明,,,,,2026-10-31")
    card = queries.household_card(Unit.objects.get(code="9-1-101"))
    assert card.household is not None
    assert ([one.person.name for one in card.people], [one.person.name for one in card.gone]) == (["王丽"], ["李明"])


def test_who_came_back_has_two_stays(take) -> None:
    take("9,1,101,,,王丽,,,,2015-01-01,2020-01-01", WANG)
    card = queries.household_card(Unit.objects.get(code="9-1-101"))
    assert [one.since_date for one in card.people] == [date(2024, 5, 1)]
    assert [past.household.until_date for past in card.earlier] == [date(2020, 1, 1)]


def test_a_new_owner_beside_an_unnamed_one_is_asked_about(take) -> None:
    take(WANG)
    before = everything()
    with pytest.raises(SheetWrong) as refused:
        take(EMPTY, "9,1,101,,,孙新,,业主,,,")
    assert refused.value.sentence == (
        "第 3 行「姓名」:9-1-101 登记的业主是王丽;换了业主,请给原业主也写一行并填迁出日期。共 1 处要改,什么都没有导入"
    )
    assert everything() == before
    assert take(WANG, "9,1,101,,,孙新,,业主,,,").people == Tally(added=1, unchanged=1)


def test_leaving_before_coming_is_asked_about(take) -> None:
    take(WANG)
    with pytest.raises(SheetWrong, match="登记的入住日期是 2024-05-01;请把入住日期也写上"):
        take("9,1,101,,,王丽,,,,,2023-01-01")
    assert take("9,1,101,,,王丽,,,,2020-01-01,2023-01-01").people == Tally(changed=1)
    household = Household.objects.get(unit__code="9-1-101")
    assert (household.since_date, household.until_date) == (date(2020, 1, 1), date(2023, 1, 1))


def test_one_wrong_row_keeps_the_whole_sheet_out(take) -> None:
    before, journal = everything(), Entry.objects.count()
    with pytest.raises(SheetWrong) as refused:
        take(WANG, "9,1,102,一,,,,,,,", "9,,,,,,,,,,")
    assert [problem.row for problem in refused.value.plan.problems] == [3, 4]
    assert (everything(), Entry.objects.count()) == (before, journal)


def test_the_check_alone_changes_nothing(take, estate: Estate) -> None:
    take(WANG)
    before = everything()
    plan = queries.compare(estate, sheet_of(WANG, LI, EMPTY), today=TODAY)
    assert (plan.units, plan.people, plan.left_alone) == (Tally(added=1, unchanged=1), Tally(added=1, unchanged=1), 1)
    assert everything() == before


def test_what_the_desk_recorded_is_found_again(take, estate: Estate) -> None:
    family_in(estate, "9-1-101", NewResident("王丽", "owner", "女士", ("13800138000",)))
    assert take(WANG).people == Tally(unchanged=1)


def test_every_touched_unit_has_its_journal_line_without_names(take, actor: User) -> None:
    take(WANG, EMPTY)
    take(LI, "9,1,102,,121,,,,,,", "9,1,101,,,王丽,,租户,,,")
    unit = Unit.objects.get(code="9-1-101")
    wang = Person.objects.get(name="王丽")
    first, second = Entry.objects.filter(thread=f"unit:{unit.pk}").order_by("id")
    assert first.kind == second.kind == "estate.unit.imported"
    assert first.values == {"code": "9-1-101", "new": True, "arrived": "1 人"}
    assert second.values == {"code": "9-1-101", "arrived": "1 人", "people": f"#{wang.pk}:owner → tenant"}
    assert second.actor == actor
    other = Entry.objects.filter(thread=f"unit:{Unit.objects.get(code='9-1-102').pk}").latest("id")
    assert other.values["changed"] == "120.00 → 121.00"
    whole = Entry.objects.filter(kind="estate.estate.units_imported").latest("id")
    assert whole.values == {
        "source": "住户.xlsx",
        "units_added": 0,
        "units_changed": 1,
        "people_added": 1,
        "people_changed": 1,
    }


def test_another_estate_is_not_touched(take, cast: object) -> None:
    other = Estate.objects.get(code="BJ")
    before = list(Unit.objects.filter(estate=other).values())
    assert take("3,2,1501,3,,王丽,,,,,").units == Tally(changed=1)
    assert list(Unit.objects.filter(estate=other).values()) == before


def test_the_ids_go_on_after_an_import(take, estate: Estate) -> None:
    take(WANG, LI)
    family_in(estate, "9-1-103", NewResident("周末"))
    take("9,1,104,,,吴起,,,,,")
    assert [one[0] for one in people_of("9-1-104")] == ["吴起"]
    assert Person.objects.count() == 4


def test_the_number_of_queries_does_not_follow_the_rows(estate: Estate, at: datetime, actor: User) -> None:
    counts = []
    for rows in (1, 300):
        sheet = sheet_of(
            *(f"{rows}栋,1,{row},1,80,王{row},,业主,13{rows:03d}{row:06d},," for row in range(1, rows + 1))
        )
        with CaptureQueriesContext(connection) as asked:
            operations.import_sheet(estate, sheet, actor=actor, at=at, today=TODAY)
        counts.append(len(asked))
    # The first import also opens the chain of the estate; PostgreSQL is told of the command and asked for the ids.
    assert counts == {"sqlite": [31, 29], "postgresql": [33, 31]}[connection.vendor]


def test_many_changes_at_once(take) -> None:
    rows = range(1, 1201)
    take(*(f"9,1,{row},1,80,王{row},,业主,,2024-01-01," for row in rows))
    plan = take(*(f"9,1,{row},2,81,王{row},先生,租户,137{row:08d},2023-01-01," for row in rows))
    assert (plan.units, plan.people) == (Tally(changed=1200), Tally(changed=1200))
    assert people_of("9-1-1200") == [("王1200", "先生", "tenant", ("13700001200",), "2023-01-01")]
    gone = take(*(f"9,1,{row},,,王{row},,,,,2026-01-01" for row in rows))
    assert gone.people == Tally(changed=1200)
    assert not Household.objects.filter(until_date=None).exists()
