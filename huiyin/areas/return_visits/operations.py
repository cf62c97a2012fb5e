"""Every write of return visits: opened by a draw, attempted, made, failed with a new case and a second visit."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import File

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import Caller
from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.queries import severity_of
from huiyin.areas.return_visits import events, queries, states
from huiyin.areas.return_visits.models import Attempt, ExcuseReason, Mode, ReturnVisit
from huiyin.areas.return_visits.rules import Evaluation
from huiyin.areas.staffing import queries as staffing
from huiyin.areas.upkeep.models import ProjectHome
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files import operations as files
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.idempotency.operations import earlier_result, remember
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards
from huiyin.standards import queries as promises
from huiyin.standards.operations import Drawn, Owner

SECOND_VISIT_AFTER = timedelta(days=3)


class VisitIncomplete(Refused):
    """What the record of a visit needs was not given."""


class NotTheVisitor(Refused):
    """Whoever did the work does not ask how it was."""


@command
def open_drawn_visit(
    drawn: Drawn,
    *,
    about: Case | ProjectHome,
    doer_id: int | None,
    values: dict[str, Any],
    entry: Entry,
    actor: User,
    at: datetime,
) -> ReturnVisit:
    """Open the visit a draw asks for; somebody on the rule's first manned post owes it within the window.

    It is about a matter, or about a home that a project touched.
    """
    estate_id = about.estate_id if isinstance(about, Case) else about.project.estate_id
    posts = drawn.rule.visitors(values) or ("duty_clerk",)
    visit = ReturnVisit.objects.create(
        case=about if isinstance(about, Case) else None,
        home=about if isinstance(about, ProjectHome) else None,
        estate_id=estate_id,
        type=drawn.rule.visit,
        rule_id=drawn.rule.id,
        draw=drawn.draw,
        window_from=drawn.draw.window_from,
        window_to=drawn.draw.window_to,
        visitor_post=staffing.first_existing(estate_id, posts),
        doer_id=doer_id,
    )
    _owe(visit, entry=_announce_opened(visit, actor=actor, at=at), at=at)
    return visit


@command
def record_attempt(
    visit: ReturnVisit, *, mode: str, result: str, note: str, actor: User, at: datetime, key: str = ""
) -> Attempt:
    """Record an attempt that did not reach the resident. A repeated key returns the first one.

    Refused when the visit is over or for the doer.
    """
    if earlier := earlier_result(key, "return_visits.attempt", actor=actor):
        return Attempt.objects.get(pk=earlier)
    _may_visit(visit, actor)
    if visit.status != states.VisitStatus.DUE:
        raise VisitIncomplete("这次回访已经结束")
    attempt = Attempt.objects.create(visit=visit, at=at, by=actor, mode=mode, result=result, note=note)
    journal.announce(
        events.VisitAttempted(**_frame(visit), result=attempt.get_result_display()), actor=actor, at=at, note=note
    )
    remember(key, "return_visits.attempt", actor=actor, at=at, result=attempt.pk)
    return attempt


@command
def record_visit(
    visit: ReturnVisit,
    *,
    mode: str,
    evaluation: Evaluation,
    actor: User,
    at: datetime,
    signature: StoredFile | None = None,
    signer: str = "",
    next_visit_at: datetime | None = None,
    visited_at: datetime | None = None,
    drawing: str = "",
    signed_paper: "File[bytes] | None" = None,
    key: str = "",
) -> ReturnVisit | None:
    """Record the visit. A good one ends the matter; a bad one opens a linked complaint and a second visit at once.

    The signature may come as what was drawn on the pad, or as a photo of the signed form; it is kept with the visit
    or not at all. Returns the second visit, if there is one; a repeated key returns that of the first time. Refused
    for the doer, before the window opens, in a mode the rule does not allow, for a door visit without a signature,
    for a bad visit without words or with a next visit in the past.
    """
    if earlier_result(key, "return_visits.record", actor=actor):
        return ReturnVisit.objects.filter(follows=visit).first()
    _may_visit(visit, actor)
    moment = visited_at or at
    if moment > at:
        raise VisitIncomplete("回访时间不能晚于现在")
    if moment < visit.window_from:
        raise VisitIncomplete("还没到回访窗口,不能提前回访")
    if mode not in queries.modes_of(visit):
        raise VisitIncomplete(f"按「{visit.rule.says}」,这次不能用{Mode(mode).label},请换一种方式")
    signature = signature or _keep_signature(visit, drawing, signed_paper, actor=actor, at=at)
    if mode == "door" and signature is None:
        raise VisitIncomplete("上门回访需要客户签字;没有见到客户请记为一次未遇")
    opinion = evaluation.shortcomings.strip() or evaluation.opinions.strip()
    if not evaluation.passes and not opinion:
        raise VisitIncomplete("客户不满意,请写明不足之处或意见,以便登记为投诉")
    standards.require(
        "return_visits.visit.record",
        estate_id=visit.estate_id,
        values={
            "mode": mode,
            "signature": signature is not None,
            "verdict": "pass" if evaluation.passes else "fail",
            "linked_case": not evaluation.passes,
            "visitor_is_doer": False,
            "round": visit.round,
            "severity": _severity(visit),
        },
        at=at,
    )
    remember(key, "return_visits.record", actor=actor, at=at, result=visit.pk)
    fields: dict[str, Any] = {
        "visitor": actor,
        "visited_at": moment,
        "mode": mode,
        "quality": evaluation.quality,
        "effect": evaluation.effect,
        "satisfaction": evaluation.satisfaction,
        "shortcomings": evaluation.shortcomings.strip(),
        "opinions": evaluation.opinions.strip(),
        "signature": signature,
        "signer": signer.strip(),
    }
    if evaluation.passes:
        entry = perform(
            visit,
            states.PASS,
            actor=actor,
            at=at,
            fact=events.VisitMade(**_frame(visit), mode=mode, verdict="pass", visited_at=_earlier(moment, at)),
            verdict="pass",
            **fields,
        )
        _owed_no_more(visit, entry=entry, at=moment)
        return None
    if next_visit_at is not None and next_visit_at <= at:
        raise VisitIncomplete("下次回访的时间要晚于现在")
    return _fail(visit, opinion=opinion, next_visit_at=next_visit_at, actor=actor, at=at, fields=fields)


def _keep_signature(
    visit: ReturnVisit, drawing: str, signed_paper: "File[bytes] | None", *, actor: User, at: datetime
) -> StoredFile | None:
    whose: dict[str, Any] = {
        "actor": actor,
        "at": at,
        "estate_id": visit.estate_id,
        "subject_type": visit.journal_name,
        "subject_id": visit.pk,
    }
    if drawing:
        return files.store_signature(drawing, **whose)
    return files.store_upload(signed_paper, **whose) if signed_paper else None


def _fail(
    visit: ReturnVisit,
    *,
    opinion: str,
    next_visit_at: datetime | None,
    actor: User,
    at: datetime,
    fields: dict[str, Any],
) -> ReturnVisit:
    raised = _raise_case(visit, opinion=opinion, actor=actor, at=at)
    entry = perform(
        visit,
        states.FAIL,
        actor=actor,
        at=at,
        note=opinion,
        fact=events.VisitMade(
            **_frame(visit), mode=fields["mode"], verdict="fail", visited_at=_earlier(fields["visited_at"], at)
        ),
        verdict="fail",
        raised_case=raised,
        **fields,
    )
    _owed_no_more(visit, entry=entry, at=fields["visited_at"])
    journal.announce(events.VisitFailed(**_frame(visit), raised=raised.number), actor=actor, at=at, note=opinion)
    second = ReturnVisit.objects.create(
        case=visit.case,
        home=visit.home,
        estate_id=visit.estate_id,
        type=visit.type,
        rule_id=visit.rule_id,
        round=visit.round + 1,
        follows=visit,
        window_from=at,
        window_to=next_visit_at or at + SECOND_VISIT_AFTER,
        visitor_post=visit.visitor_post,
        assigned=visit.assigned,
        doer_id=visit.doer_id,
    )
    # The next visit has a time from the start: the one agreed, or the last day of the default span.
    journal.announce(events.NextVisitPromised(**_frame(visit), promised_at=second.window_to), actor=actor, at=at)
    entry = _announce_opened(second, actor=actor, at=at)
    if not promises.of_entry(entry):
        _owe(second, entry=entry, at=at)
    return second


def _raise_case(visit: ReturnVisit, *, opinion: str, actor: User, at: datetime) -> Case:
    """Register what the resident is not satisfied with as a complaint linked to the matter."""
    origin = visit.about
    raised = cases.register_case(
        origin.estate,
        kind="complaint",
        text=f"回访不满意({origin.number}):{opinion}",
        caller=Caller(origin.caller_name, origin.caller_phone, origin.caller_unit),
        actor=actor,
        at=at,
        unit=origin.unit,
        household=origin.household,
        person=origin.person,
        channel="visit",
        raised_by=visit.case,
    )
    complaints.open_complaint(raised, actor=actor, at=at)
    return raised


@command
def send_rectification(visit: ReturnVisit, *, text: str, actor: User, at: datetime) -> None:
    """Record that the written rectification notice was given. Refused without words or for a visit that passed."""
    if visit.status != states.VisitStatus.FAILED:
        raise VisitIncomplete("只有不合格的回访才需要整改通知")
    if not text.strip():
        raise VisitIncomplete("请写明要整改什么")
    journal.announce(events.RectificationSent(**_frame(visit)), actor=actor, at=at, note=text.strip())


@command
def review(visit: ReturnVisit, *, opinion: str, actor: User, at: datetime) -> None:
    """Record the supervisor's opinion on a visit. Refused without one, by the visitor, or before the visit."""
    if visit.visitor_id is None:
        raise VisitIncomplete("还没有回访,不能审阅")
    if visit.visitor_id == actor.pk:
        raise NotTheVisitor("不能审阅自己的回访")
    if not opinion.strip():
        raise VisitIncomplete("请写下审阅意见")
    journal.announce(events.VisitReviewed(**_frame(visit)), actor=actor, at=at, note=opinion.strip())


@command
def excuse(visit: ReturnVisit, *, reason: str, note: str, actor: User, at: datetime) -> None:
    """Take a visit out of the work with a coded reason; it stays visible.

    Refused without a reason of the list, without words to it, or when the visit is over.
    """
    if reason not in ExcuseReason.values:
        raise VisitIncomplete("请选择免回访的原因")
    entry = perform(
        visit,
        states.EXCUSE,
        actor=actor,
        at=at,
        note=note,
        fact=events.VisitExcused(**_frame(visit), excuse=reason),
        excuse=reason,
    )
    for commitment in promises.of_subject(visit.journal_name, visit.pk):
        standards.waive(commitment, reason=entry.note or reason, actor=actor, at=at)


@command
def assign(visit: ReturnVisit, *, to: User, actor: User, at: datetime) -> None:
    """Give the visit to somebody by name. Refused for the doer, for somebody who has left, or when it is over."""
    _may_visit(visit, to)
    if not accounts.keep_user(to):
        raise VisitIncomplete(f"{to.name}已经离岗,请另选一位同事")
    if not ReturnVisit.objects.filter(pk=visit.pk, status=states.VisitStatus.DUE).update(assigned=to):
        raise VisitIncomplete("这次回访已经结束")
    visit.assigned = to
    standards.give(visit.journal_name, visit.pk, owner=Owner(to.pk, visit.visitor_post))
    journal.record(
        "return_visits.visit.assigned",
        subject=(visit.journal_name, visit.pk),
        estate_id=visit.estate_id,
        actor=actor,
        at=at,
        thread=visit.thread,
        values={"to_person": to.name},
    )


@command
def rehome_visits_of(person: User, *, actor: User, at: datetime) -> int:
    """Give the visits still to be made by somebody who left back to their posts; return how many."""
    visits = list(ReturnVisit.objects.filter(assigned=person, status=states.VisitStatus.DUE))
    for visit in visits:
        ReturnVisit.objects.filter(pk=visit.pk).update(assigned=None)
        standards.give(visit.journal_name, visit.pk, owner=Owner(None, visit.visitor_post))
        post = staffing.posts_of(visit.estate_id).get(visit.visitor_post)
        journal.record(
            "return_visits.visit.assigned",
            subject=(visit.journal_name, visit.pk),
            estate_id=visit.estate_id,
            actor=actor,
            at=at,
            thread=visit.thread,
            note=f"{person.name}离岗,回访转回岗位",
            values={"to_person": post.title if post else visit.visitor_post},
        )
    return len(visits)


def _owe(visit: ReturnVisit, *, entry: Entry, at: datetime) -> None:
    standards.promise(
        "回访客户" if visit.round == 1 else f"第 {visit.round} 次回访",
        estate_id=visit.estate_id,
        subject=(visit.journal_name, visit.pk),
        thread=visit.thread,
        entry=entry,
        due_at=visit.window_to,
        owner=Owner(visit.assigned_id, visit.visitor_post),
        at=at,
        rule_id=visit.rule_id,
        not_before=visit.window_from,
        after_closing=True,
        code=promises.code_of(visit.rule_id),
    )


def _owed_no_more(visit: ReturnVisit, *, entry: Entry, at: datetime) -> None:
    standards.keep_subject((visit.journal_name, visit.pk), codes=[promises.code_of(visit.rule_id)], entry=entry, at=at)


def _announce_opened(visit: ReturnVisit, *, actor: User, at: datetime) -> Entry:
    promised_at = visit.window_to if visit.round > 1 else None
    return journal.announce(events.VisitOpened(**_frame(visit), promised_at=promised_at), actor=actor, at=at)


def _may_visit(visit: ReturnVisit, person: User) -> None:
    if visit.doer_id == person.pk:
        raise NotTheVisitor("这件事是您经办的,回访要由别人做")


def _severity(visit: ReturnVisit) -> str:
    return severity_of(visit.case_id) if visit.case_id else ""


def _earlier(moment: datetime, at: datetime) -> datetime | None:
    """Return the moment if it came before the one at which it is written down."""
    return moment if moment < at else None


def _frame(visit: ReturnVisit) -> dict[str, Any]:
    return {
        "subject_id": visit.pk,
        "case_id": visit.case_id,
        "estate_id": visit.estate_id,
        "thread": visit.thread,
        "responsible_id": visit.assigned_id,
        "responsible_post": visit.visitor_post,
        "type": visit.type,
        "round": visit.round,
        "severity": _severity(visit),
    }
