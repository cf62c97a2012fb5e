"""Plans and their rounds: opened by the calendar, done with a result; a defect becomes a repair."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import NOBODY
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.staffing.models import Post
from huiyin.areas.upkeep import events, rules, states
from huiyin.areas.upkeep.models import Equipment, Plan, Round
from huiyin.areas.upkeep.operations.shared import BY_PLAN, UpkeepRefused, end_of, local_date, require_colleague
from huiyin.areas.upkeep.states import EquipmentStatus, PlanStatus, RoundStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.idempotency.operations import earlier_result, remember
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards
from huiyin.standards import queries as promises
from huiyin.standards.operations import Owner

MOST_CHECKS = 30


@command
def make_plan(
    equipment: Equipment,
    *,
    task: str,
    every: int,
    unit: str,
    first_on: date,
    post: Post,
    actor: User,
    at: datetime,
    person: User | None = None,
    checklist: Sequence[str] = (),
    key: str = "",
) -> Plan:
    """Plan a task on a piece of equipment every so often; what is due soon is opened at once. A repeated key does nothing.

    Refused without a task, for a cycle that cannot be, a first date in the past, equipment out of use, or an executor
    of another estate.
    """
    if earlier := earlier_result(key, "upkeep.plan", actor=actor):
        return Plan.objects.get(pk=earlier)
    if equipment.status != EquipmentStatus.IN_USE:
        raise UpkeepRefused(f"{equipment.title}没有在用,不能排维保计划")
    if not task.strip():
        raise UpkeepRefused("请写维保任务")
    if wrong := rules.cycle_wrong(every, unit):
        raise UpkeepRefused(wrong)
    if first_on < local_date(equipment.estate_id, at):
        raise UpkeepRefused("首次日期不能早于今天")
    if post.estate_id != equipment.estate_id:
        raise UpkeepRefused("这个岗位不在本小区")
    if person:
        require_colleague(equipment.estate_id, person, what="执行人")
    checks = [one.strip() for one in checklist if one.strip()]
    if len(checks) > MOST_CHECKS or len(set(checks)) < len(checks):
        raise UpkeepRefused(f"检查项最多 {MOST_CHECKS} 条,而且不要重复")
    plan = Plan.objects.create(
        estate_id=equipment.estate_id,
        equipment=equipment,
        task=task.strip(),
        checklist=checks,
        every=every,
        unit=unit,
        first_on=first_on,
        next_on=first_on,
        post=post,
        person=person,
    )
    journal.record(
        events.PLAN_MADE,
        subject=(Plan.journal_name, plan.pk),
        estate_id=plan.estate_id,
        actor=actor,
        at=at,
        thread=plan.thread,
        values={"task": plan.task, "cycle": plan.cycle.words, "equipment": equipment.title},
    )
    open_rounds(plan, actor=actor, at=at)
    remember(key, "upkeep.plan", actor=actor, at=at, result=plan.pk)
    return plan


@command
def open_rounds(plan: Plan, *, actor: User, at: datetime) -> int:
    """Open every round that is due soon or was due while nobody looked; return how many. Repeatable."""
    cycle, opened = plan.cycle, 0
    until = local_date(plan.estate_id, at) + timedelta(days=cycle.days_ahead)
    for due_on in cycle.due_until(plan.next_on, until):
        following = cycle.after(due_on)
        going_on = Plan.objects.filter(pk=plan.pk, status=PlanStatus.RUNNING, next_on=due_on)
        if not going_on.update(next_on=following):
            break
        plan.next_on = following
        _open(plan, due_on, actor=actor, at=at)
        opened += 1
    return opened


def _open(plan: Plan, due_on: date, *, actor: User, at: datetime) -> None:
    due_at = end_of(due_on, estate_id=plan.estate_id)
    one = Round.objects.create(estate_id=plan.estate_id, plan=plan, due_on=due_on, due_at=due_at)
    fact = events.RoundOpened(**_frame(one), due_at=due_at)
    entry = journal.announce(fact, actor=actor, at=at)
    if promises.of_entry(entry):
        return
    standards.promise(
        "做设备维保",
        estate_id=one.estate_id,
        subject=(one.journal_name, one.pk),
        thread=one.thread,
        entry=entry,
        due_at=due_at,
        owner=Owner(fact.responsible_id, fact.responsible_post),
        at=at,
        code=BY_PLAN,
    )


@command
def record_round(
    one: Round,
    *,
    fine: bool,
    checked: Sequence[int],
    note: str,
    actor: User,
    at: datetime,
    key: str = "",
) -> Case | None:
    """Record that a round was done and what came of it; a defect becomes a repair with its order, which is returned.

    `checked` numbers the items of the checklist from 0. A repeated key does nothing. Refused when the round is over, for a
    defect or an item left out without words.
    """
    if earlier_result(key, "upkeep.round", actor=actor):
        return Round.objects.select_related("case").get(pk=one.pk).case
    items: list[str] = one.plan.checklist
    left_out = [item for n, item in enumerate(items) if n not in set(checked)]
    note = note.strip()
    if left_out and not note:
        raise UpkeepRefused(f"还有 {len(left_out)} 项没有勾:{left_out[0]}。没做的请写明原因")
    if not fine and not note:
        raise UpkeepRefused("有问题请写明是什么问题,好开维修单")
    if one.status != RoundStatus.DUE:
        raise UpkeepRefused(f"这次维保已经是「{one.get_status_display()}」,不能再登记;您填写的内容还在")
    case = None if fine else _raise_repair(one, note, actor=actor, at=at)
    fact = events.RoundDone(**_frame(one), result="fine" if fine else "defect", case=case.number if case else "")
    told: dict[str, Any] = {"done_at": at, "done_by": actor, "left_out": left_out, "remarks": note[:400], "case": case}
    entry = perform(one, states.PASS if fine else states.FAULT, actor=actor, at=at, note=note, fact=fact, **told)
    standards.keep_subject((one.journal_name, one.pk), entry=entry, at=at)
    remember(key, "upkeep.round", actor=actor, at=at, result=one.pk)
    return case


def _raise_repair(one: Round, note: str, *, actor: User, at: datetime) -> Case:
    equipment = one.plan.equipment
    case = cases.register_case(
        equipment.estate,
        kind="repair",
        text=f"维保发现问题:{equipment.title} {one.plan.task}:{note}",
        caller=NOBODY,
        place=equipment.where[:80],
        channel="heard",
        actor=actor,
        at=at,
    )
    repairs.open_order(case, location_kind="common_part", actor=actor, at=at)
    return case


@command
def drop_round(one: Round, *, note: str, actor: User, at: datetime) -> None:
    """Let a round go that will not be done; it stays listed with the reason. Refused without one, or when it is over."""
    fact = events.RoundDropped(**_frame(one))
    perform(one, states.DROP, actor=actor, at=at, note=note, fact=fact, remarks=note.strip()[:400])
    for owed in promises.of_subject(one.journal_name, one.pk):
        standards.waive(owed, reason=one.remarks, actor=actor, at=at)


@command
def end_plan(plan: Plan, *, note: str, actor: User, at: datetime) -> None:
    """Stop a plan: what is not due yet is dropped, what was missed stays to be done. Refused without a reason."""
    fact = events.PlanEnded(
        subject_id=plan.pk,
        estate_id=plan.estate_id,
        thread=plan.thread,
        equipment=plan.equipment.title,
        task=plan.task,
    )
    perform(plan, states.END, actor=actor, at=at, note=note, fact=fact)
    for one in plan.rounds.filter(status=RoundStatus.DUE, due_at__gt=at).select_related("plan__equipment"):
        drop_round(one, note=note, actor=actor, at=at)


def _frame(one: Round) -> dict[str, Any]:
    plan = one.plan
    person = plan.person if plan.person and plan.person.is_active else None
    return {
        "subject_id": one.pk,
        "estate_id": one.estate_id,
        "thread": one.thread,
        "responsible_id": person.pk if person else None,
        "responsible_post": plan.post.code,
        "equipment": plan.equipment.title,
        "task": plan.task,
        "due_on": one.due_on,
    }
