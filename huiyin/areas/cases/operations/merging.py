"""One event told several times: merged by pointer while open, and taken apart again."""

from datetime import datetime

from huiyin.areas.cases import events, rules, states
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.operations.steps import end_of_next_workday, frame, owe_step, responsible_again
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards


class CannotMerge(Refused):
    """The two cases cannot be one."""


@command
def merge_case(case: Case, *, into: Case, actor: User, at: datetime) -> None:
    """Let the case be one with another that is open: its promises end, its callers count there.

    What was merged into it before stays with it, so that every merge can be undone by `unmerge_case`.
    Refused for another estate or kind, a case that is over, or itself.
    """
    if case.pk == into.pk:
        raise CannotMerge("不能并入自己")
    if case.estate_id != into.estate_id or case.kind != into.kind:
        raise CannotMerge("只能并入本小区同一类别的事项")
    # Both rows are locked in one order, so that two people merging them crosswise wait instead of blocking.
    locked = Case.objects.select_for_update().filter(pk__in=[case.pk, into.pk]).order_by("pk")
    statuses = dict(locked.values_list("pk", "status"))
    if statuses.get(into.pk) not in states.OPEN:
        raise CannotMerge(f"{into.number} 已经结束,不能并入;如是同一问题再次发生,请登记为重复")
    perform(
        case,
        states.MERGE,
        actor=actor,
        at=at,
        fact=events.CaseMerged(**frame(case), into=into.number),
        merged_into=into,
        next_step="",
        next_at=None,
    )
    standards.settle(case.thread, at=at, reason=f"并入 {into.number}"[:80])
    _tell_survivor("cases.case.joined", case, into, actor=actor, at=at)


@command
def unmerge_case(case: Case, *, reason: str, actor: User, at: datetime) -> None:
    """Undo a merge: the case is open on its own again, with new promises. Refused without a reason."""
    survivor = case.merged_into
    case.responsible_post, case.responsible = responsible_again(case, at=at)
    entry = perform(
        case,
        states.UNMERGE,
        actor=actor,
        at=at,
        note=reason,
        fact=events.CaseUnmerged(**frame(case)),
        merged_into=None,
        responsible_post=case.responsible_post,
        responsible=case.responsible,
        next_step=rules.FIRST_STEP[case.kind],
        next_at=end_of_next_workday(case.estate_id, at),
    )
    if survivor:
        _tell_survivor("cases.case.parted", case, survivor, actor=actor, at=at)
    owe_step(case, step=case.next_step, entry=entry, at=at)
    standards.link_reopened(case.thread, at=at)


def _tell_survivor(kind: str, case: Case, survivor: Case, *, actor: User, at: datetime) -> None:
    journal.record(
        kind,
        subject=(survivor.journal_name, survivor.pk),
        estate_id=survivor.estate_id,
        actor=actor,
        at=at,
        thread=survivor.thread,
        values={"number": case.number, "caller": case.caller},
    )
