"""Work on an open case: taken, handed over, told about, promised, answered, held, resumed."""

from datetime import datetime

from django.core.files.base import File

from huiyin.areas.cases import events, rules, states
from huiyin.areas.cases.models import Case, Urgency
from huiyin.areas.cases.operations.steps import (
    NEXT_STEP,
    CaseIncomplete,
    NotYours,
    end_of_next_workday,
    first_responsible,
    frame,
    go_on,
    owe_step,
    owner_now,
    promise_by_word,
    refresh_next_step,
)
from huiyin.areas.staffing import queries as staffing
from huiyin.areas.staffing.queries import Responsible
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files import operations as files
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.files.rules import DOCUMENTS
from huiyin.foundation.idempotency.operations import earlier_result, remember
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards
from huiyin.standards import queries as promises
from huiyin.standards.models import CommitmentState
from huiyin.standards.operations import Owner


@command
def take_case(case: Case, *, actor: User, at: datetime) -> None:
    """Record that the person takes the case: from now on it is theirs by name.

    When taking it was all that was promised, its first step is owed from now on.
    """
    was = owner_now(case)
    entry = perform(
        case,
        states.TAKE,
        actor=actor,
        at=at,
        fact=events.CaseTaken(**frame(case)),
        responsible=actor,
    )
    standards.hand_over(case.thread, owner=Owner(actor.pk, was.post), was=was)
    owe_step(case, step=rules.FIRST_STEP[case.kind], entry=entry, at=at)


@command
def begin_case(case: Case, *, actor: User, at: datetime) -> None:
    """Record that work on the case has begun, without changing who is responsible for it."""
    perform(case, states.TAKE, actor=actor, at=at, fact=events.CaseTaken(**frame(case)))


@command
def transfer_case(case: Case, *, to: Responsible, actor: User, at: datetime, note: str) -> None:
    """Hand the case to another post or person, with the reason. Promises that follow the case follow.

    Refused when the case is over, without a reason, or when it is there already.
    """
    if not note.strip():
        raise CaseIncomplete("请写明转办的原因")
    if to.post.estate_id != case.estate_id:
        raise CaseIncomplete("只能转给本小区的岗位")
    if to.post.pk == case.responsible_post_id and (to.user.pk if to.user else None) == case.responsible_id:
        raise CaseIncomplete("事项已经在这里,不需要再转")
    if to.user and not accounts.keep_user(to.user):
        raise CaseIncomplete(f"{to.user.name}已经离岗,请另选一位同事")
    was = owner_now(case)
    moved = Case.objects.filter(pk=case.pk, status__in=states.OPEN).update(
        responsible_post=to.post, responsible=to.user
    )
    if not moved:
        raise NotYours("事项已经结束,不能再转办")
    case.responsible_post, case.responsible = to.post, to.user
    entry = journal.announce(
        events.CaseTransferred(**frame(case), to_post=to.post.title, to_person=to.user.name if to.user else ""),
        actor=actor,
        at=at,
        note=note.strip(),
    )
    standards.hand_over(case.thread, owner=Owner(case.responsible_id, to.post.code), was=was)
    owe_step(case, step=rules.FIRST_STEP[case.kind], entry=entry, at=at)


@command
def return_case(case: Case, *, actor: User, at: datetime, note: str) -> None:
    """Send the case back to the first-contact owner, with the reason. Refused as a transfer is."""
    home = staffing.post_of(case.first_contact_owner, case.estate_id) or case.responsible_post
    if home is None:
        raise NotYours("首问责任人不在岗,请直接转办")
    back = case.first_contact_owner if case.first_contact_owner.is_active else None
    transfer_case(case, to=Responsible(home, back), actor=actor, at=at, note=note)


@command
def comment(case: Case, *, text: str, actor: User, at: datetime, told_caller: bool = False, key: str = "") -> Entry:
    """Add a line to the case. With `told_caller` it is progress told to the caller, which a promise may ask for.

    A repeated key adds nothing. Refused without a text, or as progress of a case that is over.
    Never starts or stops a clock otherwise.
    """
    if earlier := earlier_result(key, "cases.comment", actor=actor):
        return Entry.objects.get(pk=earlier)
    if not text.strip():
        raise CaseIncomplete("请写下要记录的内容")
    if told_caller:
        entry = _tell_progress(case, text=text.strip(), actor=actor, at=at)
    else:
        entry = _record(case, "cases.case.commented", note=text.strip(), actor=actor, at=at)
    remember(key, "cases.comment", actor=actor, at=at, result=entry.pk)
    return entry


def _tell_progress(case: Case, *, text: str, actor: User, at: datetime) -> Entry:
    if not Case.objects.filter(pk=case.pk, status__in=states.OPEN).exists():
        raise NotYours("事项已经结束,不再有进度;可以记一笔")
    entry = journal.announce(events.ProgressTold(**frame(case)), actor=actor, at=at, note=text)
    go_on(case, step=rules.FIRST_STEP[case.kind], entry=entry, at=at)
    return entry


@command
def attach_file(case: Case, *, upload: "File[bytes]", actor: User, at: datetime, key: str = "") -> StoredFile:
    """Keep a photo or a document with the case. A repeated key keeps nothing. Refused as `files` refuses."""
    if earlier := earlier_result(key, "cases.attach", actor=actor):
        return StoredFile.objects.get(pk=earlier)
    stored = files.store_upload(
        upload,
        actor=actor,
        at=at,
        estate_id=case.estate_id,
        subject_type=case.journal_name,
        subject_id=case.pk,
        allowed=DOCUMENTS,
    )
    _record(
        case, "cases.case.file_attached", values={"name": stored.original_name, "file": stored.pk}, actor=actor, at=at
    )
    remember(key, "cases.attach", actor=actor, at=at, result=stored.pk)
    return stored


@command
def promise_time(
    case: Case, *, promised_at: datetime, does: str, actor: User, at: datetime, note: str = "", key: str = ""
) -> None:
    """Record a time agreed with the caller; it is owed by whoever is responsible.

    A time agreed anew, while the earlier one has not passed, takes its place. A repeated key changes nothing.
    Refused when the time has passed or the case is over.
    """
    if earlier_result(key, "cases.promise", actor=actor):
        return
    if promised_at <= at:
        raise CaseIncomplete("约定的时间要晚于现在")
    if not Case.objects.filter(pk=case.pk, status__in=states.OPEN).update(promised_at=promised_at):
        raise NotYours("事项已经结束,请先重开")
    _release_earlier_time(case, actor=actor, at=at)
    case.promised_at = promised_at
    entry = journal.announce(events.CasePromised(**frame(case), promised_at=promised_at), actor=actor, at=at, note=note)
    if not promises.of_entry(entry):
        promise_by_word(case, does, due_at=promised_at, entry=entry, at=at)
    refresh_next_step(case)
    remember(key, "cases.promise", actor=actor, at=at, result=entry.pk)


def _release_earlier_time(case: Case, *, actor: User, at: datetime) -> None:
    for owed in promises.of_subject(case.journal_name, case.pk):
        by_agreement = owed.opened_by.kind == events.CasePromised.code
        if by_agreement and owed.state != CommitmentState.MISSED and owed.due_at >= at:
            standards.waive(owed, reason="与客户改约", actor=actor, at=at)


@command
def change_urgency(case: Case, *, urgency: str, actor: User, at: datetime, note: str) -> None:
    """Record that the matter is more or less urgent than it was taken for; the promises follow, their time used is kept.

    Refused without a reason, when it is that urgent already, or when the case is over.
    """
    if not note.strip():
        raise CaseIncomplete("请写明为什么改紧急程度")
    if urgency not in Urgency.values:
        raise CaseIncomplete("请选择紧急程度")
    was = case.urgency
    if urgency == was:
        raise CaseIncomplete(f"这件事项已经是「{case.get_urgency_display()}」")
    changed = Case.objects.filter(pk=case.pk, urgency=was, status__in=states.OPEN).update(urgency=urgency)
    if not changed:
        raise NotYours("事项已经结束,或刚刚有人改过紧急程度,请看现在的情况")
    case.urgency = urgency
    journal.announce(
        events.CaseUrgencyChanged(**frame(case), urgency=urgency, was=was), actor=actor, at=at, note=note.strip()
    )
    reason = f"紧急程度由{Urgency(was).label}改为{Urgency(urgency).label}"
    standards.revise(case.thread, {"urgency": urgency}, actor=actor, at=at, reason=reason)
    refresh_next_step(case)


@command
def answer_case(case: Case, *, answer: str, actor: User, at: datetime) -> None:
    """Record what was answered to the caller; the case stays open until it is closed.

    Refused without words or when the case is over.
    """
    entry = record_answer(case, answer=answer, actor=actor, at=at)
    go_on(case, step="请客户确认并办结", entry=entry, at=at)


@command
def record_answer(case: Case, *, answer: str, actor: User, at: datetime) -> Entry:
    """Record the answer for the area that owns the matter and knows its next step. Refused as `answer_case` is."""
    if not answer.strip():
        raise CaseIncomplete("请写下答复了什么")
    if not Case.objects.filter(pk=case.pk, status__in=states.OPEN).update(answer=answer.strip(), answered_at=at):
        raise NotYours("事项已经结束,请先重开")
    case.answer, case.answered_at = answer.strip(), at
    entry = journal.announce(events.CaseAnswered(**frame(case)), actor=actor, at=at, note=answer.strip())
    standards.keep_subject((case.journal_name, case.pk), codes=[standards.BY_WORD, NEXT_STEP], entry=entry, at=at)
    refresh_next_step(case)
    return entry


@command
def decide_suggestion(case: Case, *, adopted: bool, note: str, actor: User, at: datetime) -> None:
    """Record whether a suggestion is adopted, with the reason.

    Refused for other kinds, without a reason, or when the case is over.
    """
    if case.kind != "suggestion":
        raise NotYours("只有建议需要决定是否采纳")
    if not note.strip():
        raise CaseIncomplete("请写明采纳或不采纳的理由")
    if not Case.objects.filter(pk=case.pk, status__in=states.OPEN).exists():
        raise NotYours("事项已经结束,请先重开")
    entry = journal.announce(events.CaseDecided(**frame(case), adopted=adopted), actor=actor, at=at, note=note.strip())
    go_on(case, step="把决定告诉建议人", entry=entry, at=at)


@command
def hold_case(case: Case, *, reason: str, wakes_at: datetime, actor: User, at: datetime) -> None:
    """Put the case on hold with a reason and a time to look again; running promises pause.

    Refused without a reason, with a time that has passed, or when the case is not open.
    """
    standards.pause(case.thread, reason=reason, wakes_at=wakes_at, at=at)
    entry = perform(
        case,
        states.HOLD,
        actor=actor,
        at=at,
        note=reason,
        fact=events.CaseHeld(**frame(case), wakes_at=wakes_at),
        next_step="恢复处理",
        next_at=wakes_at,
    )
    promise_by_word(case, "恢复处理", due_at=wakes_at, entry=entry, at=at, code=standards.WAKE_UP)


@command
def resume_case(case: Case, *, actor: User, at: datetime, note: str = "") -> None:
    """Take the case off hold; each promise runs on with the time that was left."""
    standards.resume(case.thread, at=at)
    entry = perform(
        case,
        states.RESUME,
        actor=actor,
        at=at,
        note=note,
        fact=events.CaseResumed(**frame(case)),
        next_step=rules.FIRST_STEP[case.kind],
        next_at=end_of_next_workday(case.estate_id, at),
    )
    standards.keep_subject((case.journal_name, case.pk), codes=[standards.WAKE_UP], entry=entry, at=at)
    owe_step(case, step=case.next_step, entry=entry, at=at)


@command
def rehome_cases_of(person: User, *, actor: User, at: datetime) -> int:
    """Give the open cases of somebody who left back to their posts; return how many. None is left without anybody."""
    count = 0
    for case in Case.objects.filter(responsible=person, status__in=states.OPEN).select_related("responsible_post"):
        post = case.responsible_post or first_responsible(case.estate_id, case.kind, case.category, at=at).post
        was = owner_now(case)
        Case.objects.filter(pk=case.pk).update(responsible=None, responsible_post=post)
        case.responsible, case.responsible_post = None, post
        entry = journal.announce(
            events.CaseTransferred(**frame(case), to_post=post.title),
            actor=actor,
            at=at,
            note=f"{person.name}离岗,事项转回岗位",
        )
        standards.hand_over(case.thread, owner=Owner(None, post.code), was=was)
        owe_step(case, step=rules.FIRST_STEP[case.kind], entry=entry, at=at)
        count += 1
    return count


def _record(
    case: Case,
    kind: str,
    *,
    actor: User,
    at: datetime,
    note: str = "",
    values: dict[str, str | int] | None = None,
) -> Entry:
    return journal.record(
        kind,
        subject=(case.journal_name, case.pk),
        estate_id=case.estate_id,
        actor=actor,
        at=at,
        thread=case.thread,
        note=note,
        values=values,
    )
