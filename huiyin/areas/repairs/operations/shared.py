"""What the operations of work orders share: refusals, what every fact carries, how the case moves on."""

from datetime import datetime
from typing import Any

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import class_of
from huiyin.areas.repairs import queries, rules
from huiyin.areas.repairs.models import WorkOrder
from huiyin.foundation.accounts.models import User
from huiyin.foundation.idempotency.operations import earlier_result, remember
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused


class OrderIncomplete(Refused):
    """What the step needs was not given."""


class NotYourOrder(Refused):
    """The order is in the hands of somebody else."""


class OrderUnderWay(Refused):
    """Somebody is working on it, so its matter cannot be merged or voided."""


class CannotWait(Refused):
    """An emergency nobody has reached does not wait."""


class TimesCrossed(Refused):
    """A true time lies in the future or before the step it follows."""


def mine(order: WorkOrder, actor: User) -> None:
    """Refuse whoever does not hold the order."""
    if order.technician_id != actor.pk:
        holder = f"现在由{order.technician.name}负责" if order.technician else "还没有派出"
        raise NotYourOrder(f"这张维修单{holder},不能由您操作")


def in_time(order: WorkOrder, step: str, *, at: datetime, keyed_at: datetime | None) -> None:
    """Refuse a step sent later whose true time lies in the future or before the order's last step."""
    if keyed_at is None:
        return
    last = queries.last_step_at(order) or order.opened_at
    if wrong := rules.wrong_order([("上一步", last), (step, at)], now=keyed_at):
        raise TimesCrossed(wrong)


def sent_before(key: str, step: str, *, order: WorkOrder, actor: User, at: datetime) -> bool:
    """Tell whether this very sending was taken already; otherwise remember it. A phone may send twice."""
    name = f"repairs.{step}"
    if earlier_result(key, name, actor=actor) is not None:
        return True
    remember(key, name, actor=actor, at=at, result=order.pk)
    return False


def case_moves_on(order: WorkOrder, *, entry: Entry, actor: User, at: datetime, step: str) -> None:
    """Let the case follow its order: the step owed by name is done with the act of `entry`, the next one is owed."""
    if order.case.status == "new":
        cases.begin_case(order.case, actor=actor, at=at)
    cases.go_on(order.case, step=step, entry=entry, at=at, by=order.appointment_to)


def wake_case(case: Case, *, actor: User, at: datetime) -> None:
    """Take the case off hold when its order is worked on again."""
    if case.status == "on_hold":
        cases.resume_case(case, actor=actor, at=at)


def of(order: WorkOrder, fact: Any, **values: Any) -> Any:
    """Make a fact about an order that was there before: unlike one being registered, it may be charged."""
    return fact(**(frame(order, order.case) | {"charge": queries.charge_of(order.pk)} | values))


def frame(order: WorkOrder, case: Case) -> dict[str, Any]:
    """Return what every fact about the order carries."""
    shared = cases.frame(case)
    shared.pop("kind")
    return shared | {
        "subject_id": order.pk,
        "urgency": order.urgency,
        "location_kind": order.location_kind,
        "fault": class_of(case.category.code) if case.category else "",
        "size": "large" if order.large else "ordinary",
        "unit": case.caller_unit,
        "household_id": case.household_id,
        "doer_id": order.technician_id,
        "responsible_id": order.technician_id or shared["responsible_id"],
        "responsible_post": "technician" if order.technician_id else shared["responsible_post"],
    }
