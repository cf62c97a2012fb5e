"""What the technician does: takes the order, arrives, holds, finishes, works on it again.

`at` is when it happened; with `keyed_at` it was sent later and both times are kept. A repeated `key` does nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import File

from huiyin.areas.cases import operations as cases
from huiyin.areas.materials import operations as materials
from huiyin.areas.repairs import events, rules, states
from huiyin.areas.repairs.models import LocationKind, PhotoStage, WorkOrder
from huiyin.areas.repairs.operations import visits
from huiyin.areas.repairs.operations.board import hand_to_lead
from huiyin.areas.repairs.operations.fitness import end_asking
from huiyin.areas.repairs.operations.shared import CannotWait, case_moves_on, in_time, mine, of, sent_before, wake_case
from huiyin.areas.repairs.operations.starting import may_finish
from huiyin.areas.repairs.rules import Entering, Leaving
from huiyin.foundation.accounts.models import User
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards

EMERGENCY = "急修还没人到现场,不能挂起;只有要等住户才能进门的,可以选「等住户」"


@command
def accept(order: WorkOrder, *, actor: User, at: datetime, keyed_at: datetime | None = None, key: str = "") -> None:
    """Record that the technician takes the order. Refused for somebody else's order."""
    if sent_before(key, "accept", order=order, actor=actor, at=at):
        return
    mine(order, actor)
    in_time(order, "接单", at=at, keyed_at=keyed_at)
    entry = perform(
        order,
        states.ACCEPT,
        actor=actor,
        at=at,
        fact=of(order, events.OrderAccepted, keyed_at=keyed_at),
        accepted_at=at,
    )
    case_moves_on(order, entry=entry, actor=actor, at=at, step="上门维修")


@command
def return_order(
    order: WorkOrder, *, reason: str, actor: User, at: datetime, keyed_at: datetime | None = None, key: str = ""
) -> None:
    """Give the order back to the lead, with the reason. Refused without one or for somebody else's order."""
    if sent_before(key, "return", order=order, actor=actor, at=at):
        return
    mine(order, actor)
    in_time(order, "退单", at=at, keyed_at=keyed_at)
    entry = perform(
        order,
        states.RETURN,
        actor=actor,
        at=at,
        note=reason,
        fact=of(order, events.OrderReturned, keyed_at=keyed_at),
        technician=None,
        dispatched_at=None,
        accepted_at=None,
    )
    end_asking(order, at=at)
    hand_to_lead(order, at=at)
    case_moves_on(order, entry=entry, actor=actor, at=at, step="重新派单")


@command
def arrive(
    order: WorkOrder,
    *,
    actor: User,
    at: datetime,
    entry: Entering | None = None,
    keyed_at: datetime | None = None,
    key: str = "",
) -> None:
    """Record that the technician is on site; `at` is the true time, also when it is sent later.

    `entry` is what he said at the door; whoever stands there says it, for a slip keyed in later there is none.
    Refused for somebody else's order, before it was taken, with a true time before the last step, or into a unit
    without consent and what the standard asks for at the door.
    """
    if sent_before(key, "arrive", order=order, actor=actor, at=at):
        return
    mine(order, actor)
    in_time(order, "到达", at=at, keyed_at=keyed_at)
    moved = perform(
        order,
        states.ARRIVE,
        actor=actor,
        at=at,
        fact=of(order, events.OrderArrived, keyed_at=keyed_at),
        arrived_at=at,
    )
    if entry is not None and order.location_kind == LocationKind.IN_UNIT:
        visits.enter(order, entry, actor=actor, at=at, keyed_at=keyed_at)
    case_moves_on(order, entry=moved, actor=actor, at=at, step="完工")


@command
def hold(
    order: WorkOrder,
    *,
    reason: str,
    wakes_at: datetime,
    actor: User,
    at: datetime,
    why: str = "other",
    keyed_at: datetime | None = None,
    key: str = "",
) -> None:
    """Put the order and its case on hold until a time to look again; clocks pause. `why` is of `rules.HOLD_REASONS`.

    Refused for 其他 without words, with a time to look again that has passed, for somebody else's order, and for an
    emergency nobody has reached that waits for anything but its resident.
    """
    if sent_before(key, "hold", order=order, actor=actor, at=at):
        return
    mine(order, actor)
    in_time(order, "挂起", at=at, keyed_at=keyed_at)
    if not rules.may_wait(urgency=order.urgency, reached=order.arrived_at is not None, why=why):
        raise CannotWait(EMERGENCY)
    reason = rules.hold_words(why, reason)
    if order.case.status != "on_hold":
        cases.hold_case(order.case, reason=reason, wakes_at=wakes_at, actor=actor, at=at)
    perform(
        order,
        states.HOLD,
        actor=actor,
        at=at,
        note=reason,
        fact=of(order, events.OrderHeld, wakes_at=wakes_at, why=why, keyed_at=keyed_at),
    )
    end_asking(order, at=at)


def check_waiting(case_id: int, *, reason: str) -> None:
    """Refuse that a matter waits whose emergency nobody has reached, unless it waits for its resident."""
    why = "resident" if reason.startswith(rules.HOLD_REASONS["resident"]) else "other"
    unreached = WorkOrder.objects.filter(case=case_id, status__in=states.RUNNING, arrived_at=None)
    urgencies = unreached.exclude(status=states.OrderStatus.ON_HOLD).values_list("urgency", flat=True)
    if not all(rules.may_wait(urgency=one, reached=False, why=why) for one in urgencies):
        raise CannotWait(EMERGENCY)


@command
def resume(
    order: WorkOrder,
    *,
    actor: User,
    at: datetime,
    note: str = "",
    keyed_at: datetime | None = None,
    key: str = "",
) -> None:
    """Take the order and its case off hold; the clocks run on. Refused when the order is not on hold."""
    if sent_before(key, "resume", order=order, actor=actor, at=at):
        return
    in_time(order, "恢复", at=at, keyed_at=keyed_at)
    entry = perform(
        order, states.RESUME, actor=actor, at=at, note=note, fact=of(order, events.OrderResumed, keyed_at=keyed_at)
    )
    wake_case(order.case, actor=actor, at=at)
    case_moves_on(order, entry=entry, actor=actor, at=at, step="上门维修")


@command
def finish(
    order: WorkOrder,
    *,
    work_done: str,
    actor: User,
    at: datetime,
    photos: Sequence["File[bytes]"] = (),
    leaving: Leaving | None = None,
    keyed_at: datetime | None = None,
    key: str = "",
) -> None:
    """Record what was done, with photos; the resident's acceptance is next. A soiled floor sends cleaning.

    Refused without words, for somebody else's order, with a photo that is none, for a paid order that was not begun
    under the resident's consent, or without what the standard asks for before leaving a unit. `leaving` is what the
    technician said; for a slip keyed in later there is none.
    """
    if sent_before(key, "finish", order=order, actor=actor, at=at):
        return
    mine(order, actor)
    in_time(order, "完工", at=at, keyed_at=keyed_at)
    finish_work(order, work_done=work_done, actor=actor, at=at, told={"keyed_at": keyed_at})
    visits.keep_photos(order, stage=PhotoStage.AFTER, photos=photos, actor=actor, at=keyed_at or at)
    if leaving is not None:
        visits.leave(order, leaving, photos=len(photos), actor=actor, at=at, reached_at=keyed_at or at)


def finish_work(order: WorkOrder, *, work_done: str, actor: User, at: datetime, told: dict[str, Any]) -> None:
    """Move the order to the resident's acceptance, for whoever may write it down; `told` says who told it when."""
    charge = may_finish(order)
    values = {"work_done": work_done.strip(), "charge": charge}
    standards.require("repairs.order.finish", estate_id=order.estate_id, values=values, at=at)
    materials.require_settled(order.journal_name, order.pk)
    entry = perform(
        order,
        states.FINISH,
        actor=actor,
        at=at,
        note=work_done,
        fact=of(order, events.OrderFinished, **told),
        work_done=work_done.strip(),
        finished_at=at,
    )
    end_asking(order, at=at)
    case_moves_on(order, entry=entry, actor=actor, at=at, step="请客户验收签字")


@command
def rework(
    order: WorkOrder, *, reason: str, actor: User, at: datetime, keyed_at: datetime | None = None, key: str = ""
) -> None:
    """Record that the resident does not accept the work; it goes on. Refused without a reason or before the finish."""
    if sent_before(key, "rework", order=order, actor=actor, at=at):
        return
    mine(order, actor)
    in_time(order, "返工", at=at, keyed_at=keyed_at)
    entry = perform(
        order,
        states.REWORK,
        actor=actor,
        at=at,
        note=reason,
        fact=of(order, events.OrderReworked, keyed_at=keyed_at),
    )
    case_moves_on(order, entry=entry, actor=actor, at=at, step="返工并完工")
