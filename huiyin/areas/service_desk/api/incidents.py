"""共因事件 by API: what runs and what to say, who asked, and every step of an incident."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.cases import queries as cases
from huiyin.areas.cases.rules import Caller
from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs import queries as repair_queries
from huiyin.areas.repairs.models import Incident, WorkOrder
from huiyin.areas.service_desk import operations, queries
from huiyin.areas.service_desk.models import Channel, IncidentCaller
from huiyin.areas.service_desk.operations import Home
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import Body, Flag, Id, Line, Moment, Number, Text, ValueRefused, Word

routes = Routes("service_desk", title="前台")
Title = Annotated[Word, Field(min_length=1, max_length=60)]
Sentence = Annotated[Line, Field(min_length=1, max_length=200)]


class IncidentLine(TypedDict):
    """One cause that many ask about."""

    number: str
    id: int
    thread: str
    status: str
    title: str
    sentence: str
    where: str
    expected_end: datetime
    opened_at: datetime
    over_at: datetime | None
    over_sentence: str
    leading_order: str | None


class IncidentWhole(IncidentLine):
    """An incident with how many asked, and how many of them still wait to hear the end."""

    callers: int
    wanting: int
    waiting: int


class CallerLine(TypedDict):
    """Somebody who asked about an incident."""

    id: int
    contact: str
    case: str | None
    unit: str
    wants_telling: bool
    told_at: datetime | None
    told_how: str


class IncidentOpened(TypedDict):
    number: str


class CallerAnswered(TypedDict):
    contact: str
    says: str


class CallersTold(TypedDict):
    told: int


class IncidentsAsked(Asked):
    estate: Number
    status: Literal["", "open", "over"] = ""


class CallersAsked(Asked):
    show: Literal["", "waiting", "told", "cases"] = ""


class IncidentNew(Body):
    """A new incident. Without buildings it is the whole estate's."""

    estate: Number
    title: Title
    sentence: Sentence
    expected_end: Moment
    building_ids: Annotated[list[Id], Field(max_length=200)] = []
    category_id: Id | None = None
    order: Annotated[Word, Field(max_length=44)] = ""


class IncidentRevised(Body):
    sentence: Sentence
    expected_end: Moment


class IncidentLed(Body):
    order: Annotated[Word, Field(min_length=1, max_length=44)]


class IncidentEnded(Body):
    over_sentence: Sentence


class CallerAsks(Body):
    """Somebody asks about the incident: answered with its sentence and counted."""

    channel: Channel = Channel.CALL
    name: Annotated[Word, Field(max_length=60)] = ""
    phone: Annotated[Word, Field(max_length=24)] = ""
    unit: Annotated[Word, Field(max_length=40)] = ""
    text: Text = ""
    wants_telling: Flag = False


class CallersHeard(Body):
    """Who was told how; nobody named: everybody who still waits."""

    how: Annotated[Word, Field(min_length=1, max_length=40)]
    caller_ids: Annotated[list[Id], Field(max_length=500)] = []


class CaseJoins(Body):
    into: Number


@routes.read("/incidents", right="desk.see", says="共因事件列表,新的在前", of=Page[IncidentLine])
def incidents(request: HttpRequest, asked: Query[IncidentsAsked]) -> Page[IncidentLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="desk.see")
    return page_of(repair_queries.incidents(user, estate.pk, status=asked.status), asked, _line)


@routes.read("/incidents/{incident}", right="desk.see", says="一件共因事件", of=IncidentWhole)
def incident(request: HttpRequest, incident: Number) -> IncidentWhole:
    one = _incident(request, incident, "desk.see")
    asked = queries.asked_about([one]).get(one.pk, queries.Asked())
    return {**_line(one), "callers": asked.callers, "wanting": asked.wanting, "waiting": asked.waiting}


@routes.read("/incidents/{incident}/callers", right="desk.see", says="来问的人", of=Page[CallerLine])
def incident_callers(request: HttpRequest, incident: Number, asked: Query[CallersAsked]) -> Page[CallerLine]:
    one = _incident(request, incident, "desk.see")
    return page_of(queries.callers_of(signed_in(request), one, show=asked.show), asked, _caller)


@routes.act("/incidents", right="repairs.incident", says="开共因事件", of=IncidentOpened, status=201)
def incident_open(request: HttpRequest, said: IncidentNew) -> IncidentOpened:
    estate = estates.estate_for(signed_in(request), said.estate, to="repairs.incident")
    category = next((c for c in cases.categories_of("repair", estate.pk) if c.pk == said.category_id), None)
    if said.category_id and category is None:
        raise ValueRefused("没有这个报修分类")
    opened = repairs.open_incident(
        estate,
        title=said.title,
        sentence=said.sentence,
        expected_end=said.expected_end,
        buildings=_buildings(estate, said.building_ids),
        category=category,
        leading_order=_order(request, estate, said.order) if said.order else None,
        **acting(request),
    )
    return {"number": opened.number}


@routes.act("/incidents/{incident}/revise", right="repairs.incident", says="改口径或预计时间")
def incident_revise(request: HttpRequest, incident: Number, said: IncidentRevised) -> None:
    one = _incident(request, incident, "repairs.incident")
    repairs.revise_incident(one, sentence=said.sentence, expected_end=said.expected_end, **acting(request))


@routes.act("/incidents/{incident}/lead", right="repairs.incident", says="定牵头的维修单")
def incident_lead(request: HttpRequest, incident: Number, said: IncidentLed) -> None:
    one = _incident(request, incident, "repairs.incident")
    repairs.lead_incident(one, order=_order(request, one.estate, said.order), **acting(request))


@routes.act("/incidents/{incident}/end", right="repairs.incident", says="结束共因事件")
def incident_end(request: HttpRequest, incident: Number, said: IncidentEnded) -> None:
    one = _incident(request, incident, "repairs.incident")
    repairs.end_incident(one, over_sentence=said.over_sentence, **acting(request))


@routes.act(
    "/incidents/{incident}/asked", right="desk.register", says="有人来问:记下并告知", of=CallerAnswered, status=201
)
def incident_asked(request: HttpRequest, incident: Number, said: CallerAsks) -> CallerAnswered:
    one = _incident(request, incident, "desk.register")
    unit = estates.unit_by_code(one.estate_id, said.unit) if said.unit else None
    card = estates.household_card(unit) if unit else None
    contact = operations.answer_for_incident(
        one.estate,
        incident=one,
        wants_telling=said.wants_telling,
        channel=said.channel.value,
        text=said.text,
        caller=Caller(said.name, said.phone, said.unit),
        home=Home(unit, card.household if card else None),
        **acting(request),
    )
    return {"contact": contact.number, "says": one.sentence}


@routes.act("/incidents/{incident}/told", right="desk.register", says="记下告诉了谁", of=CallersTold)
def incident_told(request: HttpRequest, incident: Number, said: CallersHeard) -> CallersTold:
    user, one = signed_in(request), _incident(request, incident, "desk.register")
    waiting = queries.callers_of(user, one, show="waiting")
    callers = queries.callers_by_id(user, one, said.caller_ids) if said.caller_ids else list(waiting)
    return {"told": operations.tell_callers(callers, how=said.how, **acting(request))}


@routes.act("/cases/{number}/join", right="desk.register", says="刚登记的并到在办的一件")
def join(request: HttpRequest, number: Number, said: CaseJoins) -> None:
    user = signed_in(request)
    case = cases.case_for(user, number, to="desk.register")
    operations.join_matter(case, into=cases.case_for(user, said.into), **acting(request))


def _incident(request: HttpRequest, number: str, right: str) -> Incident:
    return repair_queries.incident_for(signed_in(request), number, to=right)


def _order(request: HttpRequest, estate: Estate, number: str) -> WorkOrder:
    order = repair_queries.order_to_lead(signed_in(request), estate, number)
    if order is None:
        raise ValueRefused("没有这张维修单")
    return order


def _buildings(estate: Estate, ids: list[int]) -> list[Building]:
    known = {row.building.pk: row.building for row in estates.buildings_of(estate)} if ids else {}
    if any(pk not in known for pk in ids):
        raise ValueRefused("本小区没有这栋楼")
    return [known[pk] for pk in dict.fromkeys(ids)]


def _line(one: Incident) -> IncidentLine:
    return {
        "number": one.number,
        "id": one.pk,
        "thread": one.thread,
        "status": one.status,
        "title": one.title,
        "sentence": one.sentence,
        "where": one.where,
        "expected_end": one.expected_end,
        "opened_at": one.opened_at,
        "over_at": one.over_at,
        "over_sentence": one.over_sentence,
        "leading_order": one.leading_order.number if one.leading_order else None,
    }


def _caller(one: IncidentCaller) -> CallerLine:
    return {
        "id": one.pk,
        "contact": one.contact.number,
        "case": one.case.number if one.case else None,
        "unit": one.contact.caller_unit,
        "wants_telling": one.wants_telling,
        "told_at": one.told_at,
        "told_how": one.told_how,
    }
