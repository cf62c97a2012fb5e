"""维保 by API: plans, and each time one falls due."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.areas.staffing import queries as staffing
from huiyin.areas.upkeep import operations, queries
from huiyin.areas.upkeep.api.values import colleague
from huiyin.areas.upkeep.models import EquipmentKind, Round
from huiyin.areas.upkeep.states import DO, EDIT, SEE, PlanStatus
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import AskedId, Body, Day, Flag, Id, Line, Note, Number, ValueRefused, Word

routes = Routes("upkeep", title="设备和维保")


class PlanLine(TypedDict):
    """A plan: what is done how often, and when next."""

    id: int
    equipment: str
    task: str
    checklist: list[str]
    every: int
    unit: str
    first_on: date
    to_do_on: date
    post: str
    person: str | None
    status: str


class RoundLine(TypedDict):
    """One due date of a plan, and what came of it."""

    id: int
    plan_id: int
    equipment: str
    task: str
    due_on: date
    due_at: datetime
    status: str
    done_at: datetime | None
    done_by: str | None
    late: bool
    left_out: list[str]
    remarks: str
    case: str | None


class UpkeepPlanWhole(PlanLine):
    rounds: list[RoundLine]
    in_time: int
    late: int
    missed: int


class PlanMade(TypedDict):
    id: int


class RoundRecorded(TypedDict):
    """`case` is the matter a defect was made."""

    case: str | None


class PlansAsked(Asked):
    estate: Number
    text: Annotated[Word, Field(max_length=40)] = ""
    kind: EquipmentKind | None = None
    state: PlanStatus | None = None


class RoundsAsked(Asked):
    estate: Number
    text: Annotated[Word, Field(max_length=40)] = ""
    show: Literal["", "owed", "overdue", "late", "fine", "defect", "dropped"] = ""
    since: Day | None = None
    until: Day | None = None


class Planned(Body):
    """A task every so many days, weeks, months, quarters or years, counted from the first date."""

    task: Annotated[Word, Field(max_length=60)]
    every: Annotated[int, Field(ge=1, le=366)] = 1
    unit: Literal["day", "week", "month", "quarter", "year"]
    first_on: Day
    post: Annotated[Word, Field(max_length=30)]
    person_id: Id | None = None
    checklist: Annotated[list[Annotated[Word, Field(max_length=60)]], Field(max_length=30)] = []


class RoundDoneSaid(Body):
    """`checked` numbers the items of the checklist that were done, from 0."""

    fine: Flag
    checked: Annotated[list[Annotated[int, Field(ge=0, le=99)]], Field(max_length=30)] = []
    note: Line = ""


@routes.act("/upkeep/equipment/{equipment_id}/plans", right=EDIT, says="排维保计划", of=PlanMade)
def make_plan(request: HttpRequest, equipment_id: AskedId, said: Planned) -> PlanMade:
    one = queries.equipment_for(signed_in(request), equipment_id, to=EDIT)
    post = staffing.posts_of(one.estate_id).get(said.post)
    if post is None:
        raise ValueRefused("本小区没有这个岗位")
    told = said.model_dump(exclude={"post", "person_id"})
    person = colleague(one.estate_id, said.person_id) if said.person_id else None
    return {"id": operations.make_plan(one, **told, post=post, person=person, **acting(request)).pk}


@routes.read("/upkeep/plans", right=SEE, says="维保计划", of=Page[PlanLine])
def plans(request: HttpRequest, asked: Query[PlansAsked]) -> Page[PlanLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to=SEE)
    found = queries.listed_plans(user, estate.pk, q=asked.text, kind=asked.kind or "", state=asked.state or "")
    return page_of(found.order_by("to_do_on", "id"), asked, plan_line)


@routes.read("/upkeep/plans/{plan_id}", right=SEE, says="一项维保计划", of=UpkeepPlanWhole)
def plan(request: HttpRequest, plan_id: AskedId) -> UpkeepPlanWhole:
    one = queries.plan_for(signed_in(request), plan_id, to=SEE)
    tally = queries.tally_of(one, at=now())
    rounds = [_round(done) for done in queries.rounds_of(one)]
    return {**plan_line(one), "rounds": rounds, "in_time": tally.in_time, "late": tally.late, "missed": tally.missed}


@routes.act("/upkeep/plans/{plan_id}/end", right=EDIT, says="停止维保计划")
def end_plan(request: HttpRequest, plan_id: AskedId, said: Note) -> None:
    operations.end_plan(queries.plan_for(signed_in(request), plan_id, to=EDIT), note=said.note, **acting(request))


@routes.read("/upkeep/rounds", right=SEE, says="到期的维保", of=Page[RoundLine])
def rounds(request: HttpRequest, asked: Query[RoundsAsked]) -> Page[RoundLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to=SEE)
    span = {"since": asked.since, "until": asked.until}
    found = queries.listed_rounds(user, estate.pk, at=now(), show=asked.show, q=asked.text, **span)
    return page_of(found.order_by("-due_at", "-id"), asked, _round)


@routes.read("/upkeep/rounds/{round_id}", right=SEE, says="一次维保", of=RoundLine)
def round_(request: HttpRequest, round_id: AskedId) -> RoundLine:
    return _round(queries.round_for(signed_in(request), round_id, to=SEE))


@routes.act("/upkeep/rounds/{round_id}/record", right=DO, says="登记维保结果", of=RoundRecorded)
def record_round(request: HttpRequest, round_id: AskedId, said: RoundDoneSaid) -> RoundRecorded:
    one = queries.round_for(signed_in(request), round_id, to=DO)
    case = operations.record_round(one, fine=said.fine, checked=said.checked, note=said.note, **acting(request))
    return {"case": case.number if case else None}


@routes.act("/upkeep/rounds/{round_id}/drop", right=EDIT, says="取消一次维保")
def drop_round(request: HttpRequest, round_id: AskedId, said: Note) -> None:
    operations.drop_round(queries.round_for(signed_in(request), round_id, to=EDIT), note=said.note, **acting(request))


def plan_line(one: Any) -> PlanLine:
    return {
        "id": one.pk,
        "equipment": one.equipment.code,
        "task": one.task,
        "checklist": one.checklist,
        "every": one.every,
        "unit": one.unit,
        "first_on": one.first_on,
        "to_do_on": one.to_do_on,
        "post": one.post.code,
        "person": one.person.name if one.person else None,
        "status": one.status,
    }


def _round(one: Round) -> RoundLine:
    return {
        "id": one.pk,
        "plan_id": one.plan_id,
        "equipment": one.plan.equipment.code,
        "task": one.plan.task,
        "due_on": one.due_on,
        "due_at": one.due_at,
        "status": one.status,
        "done_at": one.done_at,
        "done_by": one.done_by.name if one.done_by else None,
        "late": one.was_late,
        "left_out": one.left_out,
        "remarks": one.remarks,
        "case": one.case.number if one.case else None,
    }
