"""回访 by API: whom to call, what came of it, and every step of a visit."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Query
from pydantic import BeforeValidator, Field
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.areas.return_visits import operations, queries, words
from huiyin.areas.return_visits.models import Attempt, ExcuseReason, Mode, ReturnVisit
from huiyin.areas.return_visits.rules import Evaluation
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import (
    AskedId,
    Body,
    Day,
    Id,
    Line,
    Moment,
    Number,
    Text,
    Upload,
    ValueRefused,
    Word,
    a_number,
    whole_between,
)
from huiyin.foundation.kit.words import mask_phone

routes = Routes("return_visits", title="回访")
GradeGiven = Annotated[int, Field(ge=1, le=4), BeforeValidator(a_number), whole_between(1, 4)]
Short = Annotated[Text, Field(max_length=2000)]


class VisitLine(TypedDict):
    """A return visit: the window it is to be made in, and what came of it."""

    id: int
    case: str
    thread: str
    status: str
    type: str
    round: int
    window_from: datetime
    window_to: datetime
    assigned: str | None
    visitor: str | None
    visited_at: datetime | None
    mode: str
    quality: int | None
    effect: int | None
    satisfaction: int | None
    verdict: str
    excuse: str
    raised_case: str | None


class TriedLine(TypedDict):
    at: datetime
    by: str
    mode: str
    result: str
    note: str


class VisitWhole(VisitLine):
    """A visit with whom to reach, how it may be made, and the attempts so far."""

    caller_name: str
    caller_phone: str
    unit: str
    text: str
    modes: list[str]
    shortcomings: str
    opinions: str
    attempts: list[TriedLine]


class Recorded(TypedDict):
    """What the record led to: after a bad answer, the complaint that was raised and the next visit."""

    verdict: str
    raised_case: str | None
    next_visit: int | None


class CallsAsked(Asked):
    estate: Number
    type: Annotated[Word, Field(max_length=20)] = ""
    whose: Literal["", "mine", "nobody"] = ""


class MadeAsked(Asked):
    estate: Number
    verdict: Literal["", "pass", "fail", "exempt"] = ""
    type: Annotated[Word, Field(max_length=20)] = ""
    mode: Mode | None = None
    since: Day | None = None
    until: Day | None = None


@routes.read("/visits/calls", right="return_visits.see", says="现在该回访的", of=Page[VisitLine])
def calls(request: HttpRequest, asked: Query[CallsAsked]) -> Page[VisitLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="return_visits.see")
    found = queries.call_list(user, at=now(), estate_id=estate.pk, type=asked.type, whose=asked.whose)
    return page_of(found, asked, _line)


@routes.read("/visits/made", right="return_visits.see", says="做过的回访,新的在前", of=Page[VisitLine])
def made(request: HttpRequest, asked: Query[MadeAsked]) -> Page[VisitLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="return_visits.see")
    found = queries.made_list(
        user,
        estate.pk,
        verdict=asked.verdict,
        type=asked.type,
        mode=asked.mode or "",
        since=asked.since,
        until=asked.until,
    )
    return page_of(found, asked, _line)


@routes.read("/visits/{visit_id}", right="return_visits.see", says="一次回访", of=VisitWhole)
def visit(request: HttpRequest, visit_id: AskedId) -> VisitWhole:
    one = queries.visit_for(signed_in(request), visit_id, to="return_visits.see")
    return {
        **_line(one),
        "caller_name": one.about.caller_name,
        "caller_phone": mask_phone(one.about.caller_phone),
        "unit": one.about.caller_unit,
        "text": one.about.text,
        "modes": queries.modes_of(one),
        "shortcomings": one.shortcomings,
        "opinions": one.opinions,
        "attempts": [
            {"at": tried.at, "by": tried.by.name, "mode": tried.mode, "result": tried.result, "note": tried.note}
            for tried in queries.attempts_of([one]).get(one.pk, [])
        ],
    }


class Record(Body):
    """The five items of the record; grades from 4 (很满意) to 1 (不满意). A visit at the door is signed."""

    mode: Mode
    quality: GradeGiven
    effect: GradeGiven
    satisfaction: GradeGiven
    shortcomings: Short = ""
    opinions: Short = ""
    visited_at: Moment | None = None
    next_visit_at: Moment | None = None
    signer: Annotated[Word, Field(max_length=60)] = ""
    drawing: Annotated[str, Field(max_length=300_000, pattern=r"^[A-Za-z0-9+/=:;,]*$")] = ""
    signed_paper: Upload | None = None


class Tried(Body):
    result: Attempt.Result
    note: Line = ""


class Excuse(Body):
    reason: ExcuseReason
    note: Text


class Assignee(Body):
    person_id: Id


class Words(Body):
    text: Text


@routes.act("/visits/{visit_id}/record", right="return_visits.visit", says="记录回访", of=Recorded)
def record(request: HttpRequest, visit_id: AskedId, said: Record) -> Recorded:
    one = _visit(request, visit_id, "return_visits.visit")
    if said.mode.value not in queries.modes_of(one):
        raise ValueRefused("标准不允许用这种方式回访")
    at_door = said.mode == Mode.DOOR
    second = operations.record_visit(
        one,
        mode=said.mode.value,
        evaluation=Evaluation(said.quality, said.effect, said.satisfaction, said.shortcomings, said.opinions),
        drawing=said.drawing if at_door else "",
        signed_paper=said.signed_paper.file() if said.signed_paper and at_door else None,
        signer=said.signer if at_door else "",
        visited_at=said.visited_at,
        next_visit_at=said.next_visit_at,
        **acting(request),
    )
    now_it_is = _visit(request, visit_id, "return_visits.visit")
    return {
        "verdict": now_it_is.verdict,
        "raised_case": now_it_is.raised_case.number if now_it_is.raised_case else None,
        "next_visit": second.pk if second else None,
    }


@routes.act("/visits/{visit_id}/attempt", right="return_visits.visit", says="记一次没联系上")
def attempt(request: HttpRequest, visit_id: AskedId, said: Tried) -> None:
    one, result = _visit(request, visit_id, "return_visits.visit"), said.result.value
    operations.record_attempt(one, mode=words.TRIED_BY[result], result=result, note=said.note, **acting(request))


@routes.act("/visits/{visit_id}/excuse", right="return_visits.excuse", says="免回访")
def excuse(request: HttpRequest, visit_id: AskedId, said: Excuse) -> None:
    one = _visit(request, visit_id, "return_visits.excuse")
    operations.excuse(one, reason=said.reason.value, note=said.note, **acting(request))


@routes.act("/visits/{visit_id}/assign", right="return_visits.review", says="指定回访人")
def assign(request: HttpRequest, visit_id: AskedId, said: Assignee) -> None:
    one = _visit(request, visit_id, "return_visits.review")
    to = next((person for person in queries.visitors_for(one) if person.pk == said.person_id), None)
    if to is None:
        raise ValueRefused("这个人不能做这次回访")
    operations.assign(one, to=to, **acting(request))


@routes.act("/visits/{visit_id}/review", right="return_visits.review", says="审阅回访")
def review(request: HttpRequest, visit_id: AskedId, said: Words) -> None:
    operations.review(_visit(request, visit_id, "return_visits.review"), opinion=said.text, **acting(request))


@routes.act("/visits/{visit_id}/rectify", right="return_visits.visit", says="发整改通知")
def rectify(request: HttpRequest, visit_id: AskedId, said: Words) -> None:
    operations.send_rectification(_visit(request, visit_id, "return_visits.visit"), text=said.text, **acting(request))


def _line(one: ReturnVisit) -> VisitLine:
    return {
        "id": one.pk,
        "case": one.about.number,
        "thread": one.thread,
        "status": one.status,
        "type": one.type,
        "round": one.round,
        "window_from": one.window_from,
        "window_to": one.window_to,
        "assigned": one.assigned.name if one.assigned else None,
        "visitor": one.visitor.name if one.visitor else None,
        "visited_at": one.visited_at,
        "mode": one.mode,
        "quality": one.quality,
        "effect": one.effect,
        "satisfaction": one.satisfaction,
        "verdict": one.verdict,
        "excuse": one.excuse,
        "raised_case": one.raised_case.number if one.raised_case else None,
    }


def _visit(request: HttpRequest, visit_id: int, right: str) -> ReturnVisit:
    return queries.visit_for(signed_in(request), visit_id, to=right)
