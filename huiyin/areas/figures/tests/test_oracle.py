"""Every number of every figure against a slow count over plain rows, and against the list it opens."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.figures.queries import CODES, COUNT, Asked, Row, Table, span_of, table_of
from huiyin.areas.figures.rules import Period
from huiyin.areas.figures.tests.life import Repair, Stage, repairs
from huiyin.areas.figures.tests.naive import Naive, fault
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.queries.figures import NO_CATEGORY, Place, orders_behind
from huiyin.foundation.accounts.models import User
from tests.cast import AT, Cast

PERIODS = (Period(date(2026, 11, 1), date(2026, 11, 30)), Period(date(2026, 5, 1), date(2026, 12, 31)))
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Undone(Exception):
    """Ends an example and takes its rows back."""


@pytest.fixture
def stage(estate: Estate, cast: Cast) -> Stage:
    return Stage(estate, cast)


def asked_of(stage: Stage, period: Period, *, user: User | None = None, **narrowed: object) -> Asked:
    return Asked(user or stage.cast.director, stage.estate, period, AT, **narrowed)  # type: ignore[arg-type]  # of the test's own making


def told(table: Table, row: Row) -> dict[str, int | Decimal | None]:
    return {column.key: cell.value for column, cell in zip(table.columns, row.cells, strict=True)}


def whole(counts: Mapping[str, Counter[str]]) -> Counter[str]:
    return sum(counts.values(), Counter())


def check_lists(table: Table, asked: Asked) -> None:
    """Every count that has orders behind it is the length of their list."""
    for row in [*table.rows, *([table.total] if table.total else [])]:
        own = Asked(**{**asked.__dict__, "period": row.period}) if row.period else asked
        for column, cell in zip(table.columns, row.cells, strict=True):
            if cell.col and column.kind == COUNT:
                found = orders_behind(own.scope(), Place(table.code, row.key, cell.col))
                assert found.count() == cell.value, (table.code, row.label, column.label)


def check(asked: Asked, naive: Naive, technicians: list[User]) -> None:
    tables = {code: table_of(code, asked) for code in CODES}
    steps = naive.steps()
    assert {row.key for row in tables["on_time"].rows} == {":".join(key) for key in steps}
    for row in tables["on_time"].rows:
        counts = steps[tuple(row.key.split(":"))]  # type: ignore[index]  # a pair
        assert told(tables["on_time"], row) == {
            key: counts[key] for key in ("due", "met", "late", "missed", "paused", "open", "waived")
        }
        judged = counts["met"] + counts["late"] + counts["missed"]
        assert tables["on_time"].cell(row, "met").share == (counts["met"] * 100 // judged if judged else None)
    for row in [*tables["cohorts"].rows, tables["cohorts"].total]:
        assert row is not None and row.period is not None
        assert Counter(told(tables["cohorts"], row)) == naive.cohort(*span_of(row.period)), row.label
    for code, counted in (("rework", naive.reworks()), ("first_fix", naive.fixes()), ("costs", naive.costs())):
        rows = {row.key: row for row in tables[code].rows}
        assert set(rows) == {name or NO_CATEGORY for name in counted}
        for key, row in [*rows.items(), *([("", tables[code].total)] if counted else [])]:
            counts = whole(counted) if key == "" else counted["" if key == NO_CATEGORY else key]
            said = {name: value for name, value in told(tables[code], row).items() if not name.startswith("average")}
            assert said == {name: counts[name] for name in said}, (code, key)
    for row in tables["load"].rows:
        counts = naive.load(int(row.key))
        said = told(tables["load"], row)
        said.pop("took")
        assert said == {name: counts[name] for name in said}, row.label
    assert {int(row.key) for row in tables["load"].rows} >= {one.pk for one in technicians}
    for table in tables.values():
        check_lists(table, asked)


@pytest.mark.slow
@FEW
@given(life=st.lists(repairs, max_size=14), period=st.sampled_from(PERIODS))
def test_every_number_is_what_a_slow_count_finds(life: list[Repair], period: Period, stage: Stage) -> None:
    with pytest.raises(Undone), transaction.atomic():
        stage.live(life)
        check(
            asked_of(stage, period),
            Naive.of(*span_of(period), AT, lambda order: True),
            [stage.cast.technician, stage.cast.second_technician],
        )
        raise Undone


@pytest.mark.slow
@FEW
@given(life=st.lists(repairs, min_size=4, max_size=12), of=st.sampled_from(["water", "water.tap", NO_CATEGORY]))
def test_narrowed_to_a_building_and_a_fault(life: list[Repair], of: str, stage: Stage) -> None:
    building = Building.objects.get(estate=stage.estate, code="3")

    def keep(order: WorkOrder) -> bool:
        code = order.case.category.code if order.case.category else NO_CATEGORY
        return (
            order.case.unit is not None
            and order.case.unit.entrance.building_id == building.pk
            and (code == of or code.startswith(f"{of}."))
        )

    with pytest.raises(Undone), transaction.atomic():
        stage.live(life)
        check(
            asked_of(stage, PERIODS[1], building_id=building.pk, fault=of),
            Naive.of(*span_of(PERIODS[1]), AT, keep),
            [],
        )
        raise Undone


def test_the_share_of_all_cohorts_is_that_of_the_old_ones(stage: Stage) -> None:
    stage.live([Repair(20 * 24, 1, "closed"), Repair(20 * 24, 50, "closed"), Repair(1, 0, "new")])
    table = table_of("cohorts", asked_of(stage, PERIODS[0]))
    assert table.total is not None
    assert [(cell.value, cell.share, cell.note) for cell in table.total.cells[:4]] == [
        (3, None, ""),
        (1, 50, ""),
        (2, 100, ""),
        (2, 100, ""),
    ]
    assert (table.total.cells[5].share, table.total.cells[5].note) == (None, "未到期")
    assert table.rows[0].cells[1].note == "未到期"


def test_the_classes_of_a_life_are_told_apart(stage: Stage) -> None:
    stage.live([Repair(60 * 24, 1, "closed", fault="water"), Repair(40 * 24, 1, "closed", fault="water.tap")])
    first, second = WorkOrder.objects.order_by("id")
    assert (fault(first), fault(second)) == ("water", "water")
    table = table_of("rework", asked_of(stage, PERIODS[1]))
    assert told(table, table.rows[0]) == {"all": 2, "short": 1, "long": 0, "warranty": 0, "again": 1}
