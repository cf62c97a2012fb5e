"""维修工程 by API: projects, their stages, and acceptance."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.areas.upkeep import operations, queries
from huiyin.areas.upkeep.api.values import Amount, colleague
from huiyin.areas.upkeep.models import Project, Stage
from huiyin.areas.upkeep.operations import StagePlan
from huiyin.areas.upkeep.states import ACCEPT, DO, EDIT, SEE, ProjectStatus
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import AskedId, Body, Day, Id, Line, Note, Number, Text, Upload, ValueRefused, Word

routes = Routes("upkeep", title="维修工程")
Remarks = Annotated[Text, Field(max_length=1000)]


class ProjectLine(TypedDict):
    """A project in the list."""

    number: str
    title: str
    place: str
    contractor: str
    budget: str | None
    responsible: str
    begins_on: date
    ends_on: date
    status: str
    started_at: datetime | None
    completed_at: datetime | None


class StageLine(TypedDict):
    position: int
    title: str
    begins_on: date
    ends_on: date
    responsible: str
    status: str
    started_at: datetime | None
    handed_in_at: datetime | None
    accepted_at: datetime | None


class AcceptanceLine(TypedDict):
    """What somebody said at an acceptance: of a stage, or of the whole."""

    stage: int | None
    result: str
    remarks: str
    by: str
    at: datetime


class ProjectWhole(ProjectLine):
    text: str
    stages: list[StageLine]
    acceptances: list[AcceptanceLine]
    homes: list[str]


class ProjectMade(TypedDict):
    number: str


class ProjectsAsked(Asked):
    estate: Number
    text: Annotated[Word, Field(max_length=40)] = ""
    status: ProjectStatus | Literal["running"] | None = None


class StageSaid(Body):
    title: Annotated[Word, Field(min_length=1, max_length=60)]
    begins_on: Day
    ends_on: Day
    responsible_id: Id


class ProjectSaid(Body):
    """`homes` are the units it touches, by their codes."""

    estate: Number
    title: Annotated[Word, Field(min_length=1, max_length=80)]
    place: Annotated[Word, Field(min_length=1, max_length=80)]
    text: Text = ""
    contractor: Annotated[Word, Field(max_length=80)] = ""
    budget: Amount | None = None
    responsible_id: Id
    begins_on: Day
    ends_on: Day
    stages: Annotated[list[StageSaid], Field(min_length=1, max_length=20)]
    homes: Annotated[list[Annotated[Word, Field(max_length=40)]], Field(max_length=600)] = []


class Remarked(Body):
    note: Line = ""


class Completed(Body):
    note: Remarks = ""
    attachments: Annotated[list[Upload], Field(max_length=3)] = []


class Rejected(Body):
    note: Remarks
    redo_by: Day


class SentBack(Rejected):
    stage: Annotated[int, Field(ge=1, le=20)]


@routes.read("/upkeep/projects", right=SEE, says="维修工程,新的在前", of=Page[ProjectLine])
def projects(request: HttpRequest, asked: Query[ProjectsAsked]) -> Page[ProjectLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to=SEE)
    found = queries.listed_projects(user, estate.pk, q=asked.text, status=asked.status or "")
    return page_of(found.order_by("-id"), asked, _line)


@routes.read("/upkeep/projects/{number}", right=SEE, says="一个维修工程", of=ProjectWhole)
def project(request: HttpRequest, number: Number) -> ProjectWhole:
    one = queries.project_for(signed_in(request), number, to=SEE)
    return {
        **_line(one),
        "text": one.text,
        "stages": [_stage(stage) for stage in queries.stages_of(one)],
        "acceptances": [
            {
                "stage": kept.stage.position if kept.stage else None,
                "result": kept.result,
                "remarks": kept.remarks,
                "by": kept.by.name,
                "at": kept.at,
            }
            for kept in queries.acceptances_of(one)
        ],
        "homes": [home.unit.code for home in queries.homes_of(one)],
    }


@routes.act("/upkeep/projects", right=EDIT, says="工程立项", of=ProjectMade)
def open_project(request: HttpRequest, said: ProjectSaid) -> ProjectMade:
    estate = estates.estate_for(signed_in(request), said.estate, to=EDIT)
    units, unknown = queries.units_named(estate.pk, said.homes)
    if unknown:
        raise ValueRefused(f"没有找到这几户:{'、'.join(unknown[:10])}")
    stages = [
        StagePlan(one.title, one.begins_on, one.ends_on, colleague(estate.pk, one.responsible_id))
        for one in said.stages
    ]
    made = operations.open_project(
        estate,
        title=said.title,
        place=said.place,
        text=said.text,
        contractor=said.contractor,
        budget=None if said.budget is None else Decimal(said.budget),
        responsible=colleague(estate.pk, said.responsible_id),
        begins_on=said.begins_on,
        ends_on=said.ends_on,
        stages=stages,
        homes=units,
        **acting(request),
    )
    return {"number": made.number}


@routes.act("/upkeep/projects/{number}/hand-in", right=DO, says="报竣工")
def hand_in_project(request: HttpRequest, number: Number, said: Remarked) -> None:
    operations.hand_in_project(_project(request, number, DO), note=said.note, **acting(request))


@routes.act("/upkeep/projects/{number}/complete", right=ACCEPT, says="竣工验收合格")
def complete_project(request: HttpRequest, number: Number, said: Completed) -> None:
    found = _project(request, number, ACCEPT)
    attached = [one.file() for one in said.attachments]
    operations.complete_project(found, remarks=said.note, attachments=attached, **acting(request))


@routes.act("/upkeep/projects/{number}/send-back", right=ACCEPT, says="竣工验收不合格")
def send_back_project(request: HttpRequest, number: Number, said: SentBack) -> None:
    found = _project(request, number, ACCEPT)
    stage = queries.stage_for(found, said.stage)
    operations.send_back_project(found, stage=stage, remarks=said.note, redo_by=said.redo_by, **acting(request))


@routes.act("/upkeep/projects/{number}/void", right=EDIT, says="作废工程")
def void_project(request: HttpRequest, number: Number, said: Note) -> None:
    operations.void_project(_project(request, number, EDIT), note=said.note, **acting(request))


@routes.act("/upkeep/projects/{number}/stages/{position}/start", right=DO, says="开始一道工序")
def start_stage(request: HttpRequest, number: Number, position: AskedId) -> None:
    operations.start_stage(_of(request, number, position, DO), **acting(request))


@routes.act("/upkeep/projects/{number}/stages/{position}/hand-in", right=DO, says="工序报验")
def hand_in_stage(request: HttpRequest, number: Number, position: AskedId, said: Remarked) -> None:
    operations.hand_in_stage(_of(request, number, position, DO), note=said.note, **acting(request))


@routes.act("/upkeep/projects/{number}/stages/{position}/accept", right=ACCEPT, says="工序验收合格")
def accept_stage(request: HttpRequest, number: Number, position: AskedId, said: Remarked) -> None:
    operations.accept_stage(_of(request, number, position, ACCEPT), remarks=said.note, **acting(request))


@routes.act("/upkeep/projects/{number}/stages/{position}/reject", right=ACCEPT, says="工序退回返工")
def reject_stage(request: HttpRequest, number: Number, position: AskedId, said: Rejected) -> None:
    stage = _of(request, number, position, ACCEPT)
    operations.reject_stage(stage, remarks=said.note, redo_by=said.redo_by, **acting(request))


def _project(request: HttpRequest, number: str, right: str) -> Project:
    return queries.project_for(signed_in(request), number, to=right)


def _of(request: HttpRequest, number: str, position: int, right: str) -> Stage:
    return queries.stage_for(_project(request, number, right), position)


def _line(one: Project) -> ProjectLine:
    return {
        "number": one.number,
        "title": one.title,
        "place": one.place,
        "contractor": one.contractor,
        "budget": None if one.budget is None else str(one.budget),
        "responsible": one.responsible.name,
        "begins_on": one.begins_on,
        "ends_on": one.ends_on,
        "status": one.status,
        "started_at": one.started_at,
        "completed_at": one.completed_at,
    }


def _stage(one: Stage) -> StageLine:
    return {
        "position": one.position,
        "title": one.title,
        "begins_on": one.begins_on,
        "ends_on": one.ends_on,
        "responsible": one.responsible.name,
        "status": one.status,
        "started_at": one.started_at,
        "handed_in_at": one.handed_in_at,
        "accepted_at": one.accepted_at,
    }
