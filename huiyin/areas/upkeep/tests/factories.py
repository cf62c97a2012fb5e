"""A pump, a plan for it, and a project in two stages, brought where a test needs them by the operations."""

from datetime import date, datetime, timedelta
from typing import Any

from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing.models import Post
from huiyin.areas.upkeep import operations, queries
from huiyin.areas.upkeep.models import Equipment, Plan, Project, Round, Stage
from huiyin.areas.upkeep.operations import StagePlan
from tests.cast import AT, Cast

TODAY = date(2026, 11, 25)


def pump(estate: Estate, cast: Cast, *, code: str = "SB-01", **more: Any) -> Equipment:
    told: dict[str, Any] = {"name": "生活水泵", "kind": "water", "place": "地下室泵房", **more}
    made = operations.enter_equipment(estate, code=code, actor=cast.lead, at=AT, **told)
    return Equipment.objects.select_related("estate", "building").get(pk=made.pk)


def plan_for(equipment: Equipment, cast: Cast, *, at: datetime = AT, **more: Any) -> Plan:
    """Every month from today on, by the technicians' post."""
    told: dict[str, Any] = {
        "task": "月度保养",
        "every": 1,
        "unit": "month",
        "first_on": TODAY,
        "post": Post.objects.get(estate=equipment.estate_id, code="technician"),
        "checklist": ["测温度、电流", "加油润滑"],
        **more,
    }
    return operations.make_plan(equipment, actor=cast.lead, at=at, **told)


def round_of(plan: Plan) -> Round:
    """The round that falls due first and is still owed."""
    related = ("plan__equipment__estate", "plan__equipment__building", "plan__post", "plan__person")
    return Round.objects.filter(plan=plan, status="due").select_related(*related).order_by("due_on")[0]


def project(estate: Estate, cast: Cast, *, at: datetime = AT, **more: Any) -> Project:
    """The lead runs it; two stages, of the two technicians; it touches 3-2-1501."""
    until = TODAY + timedelta(days=9)
    told: dict[str, Any] = {
        "title": "3 栋外墙维修",
        "place": "3 栋外墙",
        "responsible": cast.lead,
        "begins_on": TODAY,
        "ends_on": until,
        "stages": [
            StagePlan("搭脚手架", TODAY, TODAY + timedelta(days=3), cast.technician),
            StagePlan("补漏刷漆", TODAY + timedelta(days=4), until, cast.second_technician),
        ],
        "homes": list(estate.units.filter(code="3-2-1501")),
        **more,
    }
    made = operations.open_project(estate, actor=cast.supervisor, at=at, **told)
    return fresh(made)


def fresh(made: Project) -> Project:
    return Project.objects.select_related("estate", "responsible").get(pk=made.pk)


def stage(of: Project, position: int) -> Stage:
    return queries.stage_for(fresh(of), position)


def through(of: Project, cast: Cast, *positions: int, at: datetime = AT) -> None:
    """Do these stages and have them accepted by the lead."""
    for position in positions:
        operations.start_stage(stage(of, position), actor=cast.lead, at=at)
        operations.hand_in_stage(stage(of, position), note="做完了", actor=cast.technician, at=at)
        operations.accept_stage(stage(of, position), remarks="合格", actor=cast.lead, at=at)


def project_in(status: str, estate: Estate, cast: Cast, *, at: datetime = AT) -> Project:
    made = project(estate, cast, at=at)
    if status == "voided":
        operations.void_project(made, note="不做了", actor=cast.supervisor, at=at)
    elif status == "working":
        operations.start_stage(stage(made, 1), actor=cast.lead, at=at)
    elif status in ("handed_in", "completed"):
        through(made, cast, 1, 2, at=at)
        operations.hand_in_project(fresh(made), note="", actor=cast.lead, at=at)
    if status == "completed":
        operations.complete_project(fresh(made), remarks="合格", actor=cast.director, at=at)
    return fresh(made)


def stage_in(status: str, estate: Estate, cast: Cast) -> Stage:
    made = project(estate, cast)
    if status != "waiting":
        operations.start_stage(stage(made, 1), actor=cast.lead, at=AT)
    if status in ("handed_in", "accepted"):
        operations.hand_in_stage(stage(made, 1), note="", actor=cast.technician, at=AT)
    if status == "accepted":
        operations.accept_stage(stage(made, 1), remarks="", actor=cast.lead, at=AT)
    return stage(made, 1)
