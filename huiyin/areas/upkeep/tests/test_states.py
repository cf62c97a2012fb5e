"""Every cell of every status table: what may be done is done, everything else is refused and changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model

from huiyin.areas.estate.models import Estate
from huiyin.areas.upkeep import operations, states
from huiyin.areas.upkeep.models import Equipment, Plan, Project, Round, Stage
from huiyin.areas.upkeep.tests.factories import (
    TODAY,
    fresh,
    plan_for,
    project_in,
    pump,
    round_of,
    stage,
    stage_in,
    through,
)
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import Move
from tests.cast import AT, Cast

pytestmark = pytest.mark.usefixtures("standard", "home")


def equipment_in(status: str, estate: Estate, cast: Cast) -> Equipment:
    made = pump(estate, cast)
    if status == "stopped":
        operations.stop_equipment(made, note="检修", actor=cast.lead, at=AT)
    elif status == "scrapped":
        operations.scrap_equipment(made, note="太旧", actor=cast.lead, at=AT)
    return made


def plan_in(status: str, estate: Estate, cast: Cast) -> Plan:
    made = plan_for(pump(estate, cast), cast)
    if status == "ended":
        operations.end_plan(made, note="外包了", actor=cast.lead, at=AT)
    return made


def round_in(status: str, estate: Estate, cast: Cast) -> Round:
    one = round_of(plan_for(pump(estate, cast), cast))
    if status == "dropped":
        operations.drop_round(one, note="停电", actor=cast.lead, at=AT)
    elif status != "due":
        record(one, cast, fine=status == "fine")
    return one


def record(one: Round, cast: Cast, *, fine: bool) -> None:
    operations.record_round(one, fine=fine, checked=[0, 1], note="轴封渗水", actor=cast.technician, at=AT)


def send_back(one: Project, cast: Cast) -> None:
    told: dict[str, Any] = {"remarks": "掉漆", "actor": cast.director, "at": AT}
    operations.send_back_project(one, stage=stage(one, 2), redo_by=TODAY, **told)


def redo(one: Stage, cast: Cast) -> None:
    """A stage is done again when the whole is sent back for it."""
    made = fresh(one.project)
    if made.status == "working":
        through(made, cast, 2)
        operations.hand_in_project(fresh(made), note="", actor=cast.lead, at=AT)
    told: dict[str, Any] = {"remarks": "掉漆", "redo_by": TODAY, "actor": cast.director, "at": AT}
    operations.send_back_project(fresh(made), stage=stage(made, 1), **told)


Act = Callable[[Any, Cast], object]
EQUIPMENT: dict[Move, Act] = {
    states.STOP: lambda one, cast: operations.stop_equipment(one, note="检修", actor=cast.lead, at=AT),
    states.RESTART: lambda one, cast: operations.restart_equipment(one, actor=cast.lead, at=AT),
    states.SCRAP: lambda one, cast: operations.scrap_equipment(one, note="太旧", actor=cast.lead, at=AT),
}
PLANS: dict[Move, Act] = {states.END: lambda one, cast: operations.end_plan(one, note="外包了", actor=cast.lead, at=AT)}
ROUNDS: dict[Move, Act] = {
    states.PASS: lambda one, cast: record(one, cast, fine=True),
    states.FAULT: lambda one, cast: record(one, cast, fine=False),
    states.DROP: lambda one, cast: operations.drop_round(one, note="停电", actor=cast.lead, at=AT),
}
PROJECTS: dict[Move, Act] = {
    states.START: lambda one, cast: operations.start_stage(stage(one, 1), actor=cast.lead, at=AT),
    states.HAND_IN: lambda one, cast: operations.hand_in_project(one, note="", actor=cast.lead, at=AT),
    states.COMPLETE: lambda one, cast: operations.complete_project(one, remarks="", actor=cast.director, at=AT),
    states.SEND_BACK: send_back,
    states.VOID: lambda one, cast: operations.void_project(one, note="不做了", actor=cast.supervisor, at=AT),
}
STAGES: dict[Move, Act] = {
    states.START_STAGE: lambda one, cast: operations.start_stage(one, actor=cast.lead, at=AT),
    states.HAND_IN_STAGE: lambda one, cast: operations.hand_in_stage(one, note="", actor=cast.lead, at=AT),
    states.ACCEPT_STAGE: lambda one, cast: operations.accept_stage(one, remarks="", actor=cast.lead, at=AT),
    states.REJECT_STAGE: lambda one, cast: operations.reject_stage(
        one, remarks="不平", redo_by=TODAY + timedelta(days=1), actor=cast.lead, at=AT
    ),
    states.REDO_STAGE: redo,
}
Make = Callable[[str, Estate, Cast], Any]
TABLES: list[tuple[str, Any, tuple[Move, ...], dict[Move, Act], Make]] = [
    ("equipment", states.EquipmentStatus, states.EQUIPMENT_MOVES, EQUIPMENT, equipment_in),
    ("plan", states.PlanStatus, states.PLAN_MOVES, PLANS, plan_in),
    ("round", states.RoundStatus, states.ROUND_MOVES, ROUNDS, round_in),
    ("project", states.ProjectStatus, states.PROJECT_MOVES, PROJECTS, project_in),
    ("stage", states.StageStatus, states.STAGE_MOVES, STAGES, stage_in),
]
CELLS = [
    pytest.param(move, status, acts[move], make, id=f"{name}-{move.code}-{status}")
    for name, statuses, moves, acts, make in TABLES
    for move in moves
    for status in statuses.values
]
WHOLE: tuple[type[Model], ...] = (Equipment, Plan, Round, Project, Stage, Entry)


def rows() -> list[Any]:
    return [list(model._default_manager.order_by("pk").values()) for model in WHOLE]


@pytest.mark.parametrize(("move", "status", "act", "make"), CELLS)
def test_every_cell(move: Move, status: str, act: Act, make: Make, estate: Estate, cast: Cast) -> None:
    row = make(status, estate, cast)
    if status in move.sources and not (move is states.HAND_IN and status == "working"):
        act(row, cast)
        assert type(row)._default_manager.get(pk=row.pk).status == move.target
        return
    # A project may be handed in only once its stages are accepted: the cell that waits for its stages is refused too.
    before = rows()
    with pytest.raises(Refused), transaction.atomic():
        act(row, cast)
    assert rows() == before


def test_a_working_project_is_handed_in_when_its_stages_are_accepted(estate: Estate, cast: Cast) -> None:
    made = project_in("working", estate, cast)
    operations.hand_in_stage(stage(made, 1), note="", actor=cast.technician, at=AT)
    operations.accept_stage(stage(made, 1), remarks="", actor=cast.lead, at=AT)
    through(made, cast, 2)
    operations.hand_in_project(fresh(made), note="", actor=cast.lead, at=AT)
    assert fresh(made).status == "handed_in"


def test_every_status_can_be_reached(estate: Estate, cast: Cast) -> None:
    for name, statuses, moves, _, _ in TABLES:
        reached = {statuses.values[0], *(move.target for move in moves)}
        assert reached == set(statuses.values), name
