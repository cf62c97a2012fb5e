"""承诺 by API: the list behind the numbers, one promise with its steps, release from it, duties, confirmations."""

from datetime import datetime
from typing import Annotated, Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.timezone import now
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import AskedId, Body, Flag, Line, Moment, Number, Word
from huiyin.standards import evidence
from huiyin.standards import operations as standards
from huiyin.standards import queries as promises
from huiyin.standards.models import Commitment, Draw, Occurrence, Step
from huiyin.standards.queries import EARLIEST, LATEST
from huiyin.surfaces.api.sight import in_sight, posts_of, seen_by

routes = Routes("web", title="承诺")
State = Literal["", "overdue", "owed", "open", "paused", "met", "late", "missed", "waived"]
Reason = Annotated[Line, Field(max_length=200)]


class PromiseLine(TypedDict):
    """What is or was owed by whom until when. `standing` tells overdue ones as missed, whether noted or not."""

    id: int
    estate: str
    code: str
    does: str
    thread: str
    subject_type: str
    subject_id: int
    opened_at: datetime
    due_at: datetime
    state: str
    standing: str
    owner: str | None
    owner_post: str
    ended_at: datetime | None
    end_reason: str


class StepLine(TypedDict):
    """A step of the ladder: when it comes, and who was told."""

    id: int
    at: datetime
    state: str
    told: str | None
    told_post: str
    received_at: datetime | None


class WaiverLine(TypedDict):
    """A request to be released; `granted` is null until somebody decides."""

    reason: str
    asked_by: str
    asked_at: datetime
    granted: bool | None
    note: str


class PromiseWhole(PromiseLine):
    says: str | None
    revision: int
    steps: list[StepLine]
    waivers: list[WaiverLine]


class WaitingLine(TypedDict):
    """Something one was told and has not confirmed."""

    step_id: int
    taken_at: datetime | None
    promise: PromiseLine


class DutyWhole(TypedDict):
    """A duty that came due by the calendar, a quota or a threshold, and its promise."""

    id: int
    rule: str
    says: str
    period: str
    key: str
    done_note: str
    promise: PromiseLine


class DrawLine(TypedDict):
    """One sampling decision."""

    id: int
    rule: str
    period: str
    stratum: str
    at: datetime
    thread: str
    taken: bool
    reason: str


class NewRevision(TypedDict):
    id: int


class PromisesAsked(Asked):
    estate: Number
    state: State = ""
    code: Word = ""
    due_from: Moment | None = None
    due_to: Moment | None = None


class DrawsAsked(Asked):
    estate: Number
    code: Word = ""
    how: Literal["", "seen", "taken", "left", "capped", "exempt"] = ""


@routes.read("/promises", right="control.see", says="一个小区的承诺,新的在前", of=Page[PromiseLine])
def promise_list(request: HttpRequest, asked: Query[PromisesAsked]) -> Page[PromiseLine]:
    at = now()
    estate = estates.estate_for(signed_in(request), asked.estate, to="control.see")
    span = (asked.due_from or EARLIEST, asked.due_to or LATEST)
    found = promises.promises_for(estate.pk, at=at, state=asked.state, code=asked.code, span=span)
    return page_of(found, asked, lambda one: line(one, estate.code, at=at))


@routes.read("/promises/{commitment_id}", right="cases.see", says="一项承诺", of=PromiseWhole)
def promise(request: HttpRequest, commitment_id: AskedId) -> PromiseWhole:
    user, at = signed_in(request), now()
    one = _promise(request, commitment_id, "cases.see")
    return {
        **line(one, seen_by(user)[one.estate_id], at=at),
        "says": one.rule.says if one.rule else None,
        "revision": one.revision,
        "steps": [_step(step) for step in promises.steps_of(one)],
        "waivers": [
            {
                "reason": waiver.reason,
                "asked_by": waiver.asked_by.name,
                "asked_at": waiver.asked_at,
                "granted": waiver.granted,
                "note": waiver.note,
            }
            for waiver in promises.waivers_of(one)
        ],
    }


@routes.read("/waiting", right="today.see", says="待我确认的提醒,新的在前", of=Page[WaitingLine])
def waiting(request: HttpRequest, asked: Query[Asked]) -> Page[WaitingLine]:
    user, at = signed_in(request), now()
    seen = seen_by(user)
    told = promises.told_to(user.pk, posts_of(user)).filter(commitment__estate_id__in=list(seen))
    return page_of(
        told.select_related("commitment__owner"),
        asked,
        lambda step: {
            "step_id": step.pk,
            "taken_at": step.taken_at,
            "promise": line(step.commitment, seen[step.commitment.estate_id], at=at),
        },
    )


@routes.read("/duties/{duty_id}", right="today.see", says="一项到期的职责", of=DutyWhole)
def duty_shown(request: HttpRequest, duty_id: AskedId) -> DutyWhole:
    user, at = signed_in(request), now()
    one, owed = _duty(user, duty_id)
    return {
        "id": one.pk,
        "rule": one.rule_code,
        "says": one.rule.says,
        "period": one.period,
        "key": one.key,
        "done_note": one.done_note,
        "promise": line(owed, seen_by(user)[one.estate_id], at=at),
    }


@routes.read("/draws", right="control.see", says="抽样的每一次决定,新的在前", of=Page[DrawLine])
def draws(request: HttpRequest, asked: Query[DrawsAsked]) -> Page[DrawLine]:
    estate = estates.estate_for(signed_in(request), asked.estate, to="control.see")
    found = evidence.draws_for(estate.pk, happened=(EARLIEST, LATEST), code=asked.code, how=asked.how)
    return page_of(found, asked, _draw)


class WaiverAsked(Body):
    reason: Reason


class WaiverDecided(Body):
    granted: Flag
    note: Reason = ""


class DutyDone(Body):
    note: Annotated[Line, Field(max_length=400)]


@routes.act("/promises/{commitment_id}/waiver", right="cases.work", says="申请免除")
def ask_waiver(request: HttpRequest, commitment_id: AskedId, said: WaiverAsked) -> None:
    standards.ask_waiver(_promise(request, commitment_id, "cases.work"), reason=said.reason, **acting(request))


@routes.act("/promises/{commitment_id}/waiver/decide", right="promises.decide", says="决定是否免除")
def decide_waiver(request: HttpRequest, commitment_id: AskedId, said: WaiverDecided) -> None:
    one = _promise(request, commitment_id, "promises.decide")
    waiver = next((found for found in promises.waivers_of(one) if found.granted is None), None)
    if waiver is None:
        raise Http404
    standards.decide_waiver(waiver, granted=said.granted, note=said.note, **acting(request))


@routes.act("/promises/{commitment_id}/again", right="promises.decide", says="改按现行标准", of=NewRevision)
def re_promise(request: HttpRequest, commitment_id: AskedId, said: WaiverAsked) -> NewRevision:
    one = _promise(request, commitment_id, "promises.decide")
    return {"id": standards.re_promise(one, reason=said.reason, **acting(request)).pk}


@routes.act("/waiting/{step_id}/received", right="today.see", says="确认收到提醒")
def received(request: HttpRequest, step_id: AskedId) -> None:
    user = signed_in(request)
    step = in_sight(promises.step_by_id(step_id), lambda one: one.commitment.estate_id, user, "today.see")
    standards.confirm_receipt(step, posts=posts_of(user), **acting(request))


@routes.act("/duties/{duty_id}", right="today.see", says="登记职责已办")
def duty(request: HttpRequest, duty_id: AskedId, said: DutyDone) -> None:
    user = signed_in(request)
    one, owed = _duty(user, duty_id)
    if not promises.is_recorded(one) or not _may_record(user, owed):
        raise PermissionDenied
    standards.record_duty(one, note=said.note, **acting(request))


def line(one: Commitment, estate: str, *, at: datetime) -> PromiseLine:
    return {
        "id": one.pk,
        "estate": estate,
        "code": one.code,
        "does": one.does,
        "thread": one.thread,
        "subject_type": one.subject_type,
        "subject_id": one.subject_id,
        "opened_at": one.opened_at,
        "due_at": one.due_at,
        "state": one.state,
        "standing": promises.how(one, at=at),
        "owner": one.owner.name if one.owner else None,
        "owner_post": one.owner_post,
        "ended_at": one.ended_at,
        "end_reason": one.end_reason,
    }


def _step(one: Step) -> StepLine:
    return {
        "id": one.pk,
        "at": one.at,
        "state": one.state,
        "told": one.told.name if one.told else None,
        "told_post": one.told_post,
        "received_at": one.received_at,
    }


def _draw(one: Draw) -> DrawLine:
    return {
        "id": one.pk,
        "rule": one.stratum.rule_code,
        "period": one.stratum.period,
        "stratum": one.stratum.key,
        "at": one.at,
        "thread": one.thread,
        "taken": one.taken,
        "reason": one.reason,
    }


def _promise(request: HttpRequest, commitment_id: int, right: str) -> Commitment:
    return in_sight(promises.promise_by_id(commitment_id), lambda one: one.estate_id, signed_in(request), right)


def _duty(user: User, duty_id: int) -> tuple[Occurrence, Commitment]:
    one = in_sight(promises.duty_by_id(duty_id), lambda found: found.estate_id, user, "today.see")
    owed = promises.promise_of(one)
    if owed is None:
        raise Http404
    return one, owed


def _may_record(user: User, owed: Commitment) -> bool:
    """Who owes it, by name or by post, and whoever leads there; as on the page."""
    on_post = owed.owner_post in posts_of(user).get(owed.estate_id, ())
    return owed.owner_id == user.pk or on_post or access_of(user).may("today.team", owed.estate_id)
