"""Every write of complaints: verify the same day, decide, reply, close. Handler and judge are different people."""

from datetime import datetime
from typing import Any

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.complaints import events, states
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.staffing.models import Department
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards

SPOKEN = frozenset({"call", "visit", "heard"})


class ComplaintIncomplete(Refused):
    """What the step needs was not given."""


class NotTheRightPerson(Refused):
    """Somebody complained about may not decide or close, nor may one person do all of a major complaint."""


@command
def open_complaint(
    case: Case,
    *,
    actor: User,
    at: datetime,
    severity: str = "minor",
    responsibility: str = "internal",
    about_department: Department | None = None,
    about_person: User | None = None,
    reply_letter_only: bool = False,
    taken_over: bool = False,
) -> Complaint:
    """Open the complaint of a case just registered; its clocks begin. A spoken one is acknowledged by its number,
    unless it was taken over from another book, where nobody was told ours.

    Refused for a case of another kind.
    """
    if case.kind != "complaint":
        raise ComplaintIncomplete("只有投诉类事项才有投诉处理")
    complaint = Complaint.objects.create(
        case=case,
        estate_id=case.estate_id,
        severity=severity,
        responsibility=responsibility,
        about_department=about_department,
        about_person=about_person,
        reply_letter_only=reply_letter_only,
    )
    journal.announce(events.ComplaintRegistered(**_frame(complaint, case), channel=case.channel), actor=actor, at=at)
    if case.channel in SPOKEN and not taken_over:
        acknowledge(complaint, actor=actor, at=at)
    else:
        cases.refresh_next_step(case)
    return complaint


@command
def acknowledge(complaint: Complaint, *, actor: User, at: datetime) -> None:
    """Record that the complainant was told the number. Refused when it was done already, or when the case is over."""
    _case_runs(complaint.case)
    if not Complaint.objects.filter(pk=complaint.pk, acknowledged_at=None).update(acknowledged_at=at):
        raise ComplaintIncomplete("已经告知过受理编号")
    complaint.acknowledged_at = at
    case = complaint.case
    journal.announce(events.ComplaintAcknowledged(**_frame(complaint, case)), actor=actor, at=at)
    cases.refresh_next_step(case)


@command
def verify(complaint: Complaint, *, finding: str, validity: str, actor: User, at: datetime) -> None:
    """Record what the investigation found and whether the complaint stands.

    Refused without a finding, by the person complained about, when it was verified already, or when the case is over.
    """
    _not_the_complained(complaint, actor, "核实")
    _case_runs(complaint.case)
    if not finding.strip():
        raise ComplaintIncomplete("请写下核实的情况")
    if not validity:
        raise ComplaintIncomplete("请判断投诉是否成立")
    _begin(complaint.case, actor=actor, at=at)
    entry = perform(
        complaint,
        states.VERIFY,
        actor=actor,
        at=at,
        note=finding,
        fact=events.ComplaintVerified(**_frame(complaint, complaint.case)),
        finding=finding.strip(),
        validity=validity,
        verified_at=at,
        verified_by=actor,
    )
    cases.go_on(complaint.case, step="决定处理办法", entry=entry, at=at)


@command
def decide(
    complaint: Complaint,
    *,
    method: str,
    department: Department | None,
    actor: User,
    at: datetime,
    resolve_by: datetime | None = None,
    severity: str = "",
    responsibility: str = "",
) -> None:
    """Decide the method and the responsible department, and by when it will be solved.

    Refused without both, by the person complained about, with a time that has passed, before verification, or when
    the case is over.
    """
    _not_the_complained(complaint, actor, "决定")
    _case_runs(complaint.case)
    if not method.strip() or department is None:
        raise ComplaintIncomplete("请写明处理办法并指定责任部门")
    if resolve_by is not None and resolve_by <= at:
        raise ComplaintIncomplete("解决时间要晚于现在")
    case = complaint.case
    judged = {
        "severity": severity or complaint.severity,
        "responsibility": responsibility or complaint.responsibility,
    }
    standards.require(
        "complaints.complaint.decide",
        estate_id=case.estate_id,
        values={
            "decider_is_complained": False,
            "method": method.strip(),
            "department": department.name,
            "urgency": case.urgency,
            **judged,
        },
        at=at,
    )
    regraded = {name: value for name, value in judged.items() if value != getattr(complaint, name)}
    entry = perform(
        complaint,
        states.DECIDE,
        actor=actor,
        at=at,
        note=method,
        fact=events.ComplaintDecided(**(_frame(complaint, case) | judged)),
        method=method.strip(),
        department=department,
        decided_at=at,
        decided_by=actor,
        resolve_by=resolve_by,
        **judged,
    )
    if regraded:
        standards.revise(complaint.thread, regraded, actor=actor, at=at, reason="决定时重新定级")
    if resolve_by:
        journal.announce(events.ResolvePromised(**_frame(complaint, case), promised_at=resolve_by), actor=actor, at=at)
    cases.go_on(case, step="处理并答复", entry=entry, at=at, by=resolve_by)


@command
def reply(complaint: Complaint, *, reply: str, actor: User, at: datetime) -> None:
    """Record the reply given to the complainant. Refused without words, before a decision, or when the case is over."""
    case = complaint.case
    _case_runs(case)
    if not reply.strip():
        raise ComplaintIncomplete("请写下怎么答复的")
    entry = perform(
        complaint,
        states.REPLY,
        actor=actor,
        at=at,
        note=reply,
        fact=events.ComplaintReplied(**_frame(complaint, case)),
        reply=reply.strip(),
        replied_at=at,
        replied_by=actor,
    )
    cases.record_answer(case, answer=reply, actor=actor, at=at)
    cases.go_on(case, step="确认满意并办结", entry=entry, at=at, by=complaint.resolve_by)


@command
def reject_reply(complaint: Complaint, *, reason: str, actor: User, at: datetime) -> None:
    """Record that the complainant does not accept the reply; the complaint is being handled again.

    Refused without the reason, before a reply, or when the case is over.
    """
    case = complaint.case
    _case_runs(case)
    entry = perform(
        complaint,
        states.REJECT,
        actor=actor,
        at=at,
        note=reason,
        fact=events.ComplaintRejected(**_frame(complaint, case)),
    )
    cases.go_on(case, step="重新处理并答复", entry=entry, at=at)


@command
def close(complaint: Complaint, *, actor: User, at: datetime) -> None:
    """Close the complaint and its case; the return visit is drawn in the same transaction.

    Refused before the reply, by the person complained about, and of a major complaint by the one who decided it
    and replied to it alone.
    """
    _not_the_complained(complaint, actor, "办结")
    case = complaint.case
    alone = {complaint.verified_by_id, complaint.decided_by_id, complaint.replied_by_id} == {actor.pk}
    if complaint.severity == "major" and alone:
        raise NotTheRightPerson("重大投诉不能由一个人从头办到尾,请另一位同事办结")
    standards.require(
        "complaints.complaint.close",
        estate_id=case.estate_id,
        values={
            "replied": complaint.replied_at is not None,
            "closer_is_complained": False,
            "closer_is_sole_handler": alone,
            "severity": complaint.severity,
        },
        at=at,
    )
    perform(
        complaint,
        states.CLOSE,
        actor=actor,
        at=at,
        fact=events.ComplaintClosed(
            **_frame(complaint, case),
            reply_letter_only=complaint.reply_letter_only,
            unit=case.caller_unit,
            household_id=case.household_id,
            category=case.category.code if case.category else "",
        ),
    )
    cases.settle_case(case, answer=complaint.reply, actor=actor, at=at)


@command
def reopen(complaint: Complaint, *, reason: str, actor: User, at: datetime) -> None:
    """Open a closed complaint and its case again; verification begins anew with new promises."""
    cases.reopen_case(complaint.case, reason=reason, actor=actor, at=at)
    perform(
        complaint,
        states.REOPEN,
        actor=actor,
        at=at,
        note=reason,
        fact=events.ComplaintReopened(**_frame(complaint, complaint.case)),
    )
    restart_clocks(complaint, actor=actor, at=at)
    standards.link_reopened(complaint.thread, at=at)


def restart_clocks(complaint: Complaint, *, actor: User, at: datetime) -> None:
    """Announce the complaint anew, so that new promises are opened, linked to the same matter."""
    journal.announce(
        events.ComplaintRegistered(**_frame(complaint, complaint.case), channel=complaint.case.channel),
        actor=actor,
        at=at,
    )
    # Whoever asked to have it opened again has the number already.
    journal.announce(events.ComplaintAcknowledged(**_frame(complaint, complaint.case)), actor=actor, at=at)
    cases.refresh_next_step(complaint.case)


def _begin(case: Case, *, actor: User, at: datetime) -> None:
    if case.status == "new":
        cases.take_case(case, actor=actor, at=at)


def _case_runs(case: Case) -> None:
    # Merged and voided cases keep their complaint as it was: it runs again when they do.
    case.refresh_from_db(fields=["status"])
    if not case.is_open:
        raise ComplaintIncomplete(f"事项现在是「{case.get_status_display()}」,投诉不能再往下办")


def _not_the_complained(complaint: Complaint, actor: User, step: str) -> None:
    if complaint.about_person_id == actor.pk:
        raise NotTheRightPerson(f"您是被投诉人,不能{step}这件投诉,请转给其他同事")


def _frame(complaint: Complaint, case: Case) -> dict[str, Any]:
    shared = cases.frame(case)
    shared.pop("kind")
    return shared | {
        "subject_id": complaint.pk,
        "severity": complaint.severity,
        "responsibility": complaint.responsibility,
        "urgency": case.urgency,
    }
