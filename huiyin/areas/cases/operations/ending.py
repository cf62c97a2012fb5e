"""How a case ends, and how it is opened again."""

from datetime import datetime

from django.db.models import F

from huiyin.areas.cases import events, rules, states
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.operations.steps import (
    NEXT_STEP,
    CaseIncomplete,
    NotYours,
    end_of_next_workday,
    frame,
    owe_step,
    responsible_again,
)
from huiyin.areas.cases.operations.working import record_answer
from huiyin.foundation.accounts.models import User
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards


@command
def close_case(case: Case, *, answer: str, actor: User, at: datetime) -> None:
    """Close a case of the plain kinds with what was answered.

    Refused for complaints and repairs (they end by their own steps), without an answer, or when it is not open.
    """
    _plain_only(case, "办结")
    settle_case(case, answer=answer or case.answer, actor=actor, at=at)


@command
def settle_case(case: Case, *, answer: str, actor: User, at: datetime) -> None:
    """Close the case of any kind; for the area that owns the matter. Refused when the standard asks for more."""
    standards.require(
        "cases.case.close",
        estate_id=case.estate_id,
        values={"answer": answer, "kind": case.kind, "anonymous": case.anonymous},
        at=at,
    )
    if not answer.strip():
        raise CaseIncomplete("请写下怎么答复客户的")
    if answer.strip() != case.answer:
        record_answer(case, answer=answer, actor=actor, at=at)
    entry = perform(
        case,
        states.CLOSE,
        actor=actor,
        at=at,
        note=answer,
        fact=events.CaseClosed(**frame(case), unit=case.caller_unit),
        closed_at=at,
        next_step="",
        next_at=None,
    )
    # What was owed by word is kept by the end itself, which needs an answer; the rest has lost its matter.
    standards.keep_subject((case.journal_name, case.pk), codes=[standards.BY_WORD, NEXT_STEP], entry=entry, at=at)
    standards.settle(case.thread, at=at, reason="事项办结")


@command
def open_again(case: Case, *, reason: str, actor: User, at: datetime) -> None:
    """Open a closed case of the plain kinds again.

    Refused for complaints and repairs (they are opened again where they were closed), without a reason, or when the
    case is not closed.
    """
    _plain_only(case, "重开")
    reopen_case(case, reason=reason, actor=actor, at=at)
    standards.link_reopened(case.thread, at=at)


@command
def reopen_case(case: Case, *, reason: str, actor: User, at: datetime) -> None:
    """Open a closed case of any kind again with the reason; for the area that owns the matter.

    New promises are opened, old ones stay as they ended; the area links them when all of its own are open.
    """
    case.responsible_post, case.responsible = responsible_again(case, at=at)
    entry = perform(
        case,
        states.REOPEN,
        actor=actor,
        at=at,
        note=reason,
        fact=events.CaseReopened(**frame(case)),
        responsible_post=case.responsible_post,
        responsible=case.responsible,
        closed_at=None,
        reopened=F("reopened") + 1,
        next_step=rules.FIRST_STEP[case.kind],
        next_at=end_of_next_workday(case.estate_id, at),
    )
    case.refresh_from_db(fields=["reopened"])
    owe_step(case, step=case.next_step, entry=entry, at=at)


@command
def void_case(case: Case, *, reason: str, actor: User, at: datetime) -> None:
    """Void a case that should not have been: it keeps its number and the reason.

    Refused without a reason, when the case is over, or while others are merged into it.
    """
    # Whoever merges into it holds it as well: only then does the count below say what will be.
    Case.objects.select_for_update(no_key=True).filter(pk=case.pk).exists()
    if merged := Case.objects.filter(merged_into=case).count():
        raise NotYours(f"有 {merged} 件事项并入了这一件,请先撤销并案再作废")
    perform(
        case,
        states.VOID,
        actor=actor,
        at=at,
        note=reason,
        fact=events.CaseVoided(**frame(case)),
        next_step="",
        next_at=None,
    )
    standards.settle(case.thread, at=at, reason="事项作废")


def _plain_only(case: Case, step: str) -> None:
    if case.kind in rules.ENDED_BY_ITS_AREA:
        raise NotYours(f"{case.get_kind_display()}按自己的步骤{step},请在事项页上完成")
