"""What follows an accepted order: its copies come back, the talk with the resident is written down, contacts are confirmed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import Caller
from huiyin.areas.repairs import events
from huiyin.areas.repairs.models import Attitude, CommunicationNote, Materials, OrderCopies, WorkOrder
from huiyin.areas.repairs.operations.board import open_order
from huiyin.areas.repairs.states import OrderStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.idempotency.operations import earlier_result, remember
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command

FOLLOW_UP_KINDS = ("repair", "enquiry", "suggestion", "special_service")


class FollowRefused(Refused):
    """What follows the order cannot be recorded so."""


@dataclass(frozen=True)
class FollowUp:
    """What is still to be done after a talk: a matter of its own, or the next step of the one that is open."""

    text: str
    kind: str = "enquiry"
    next_at: datetime | None = None


def expect_copies(order: WorkOrder, *, actor: User, at: datetime) -> OrderCopies:
    """Note that the order was accepted, so that its copies are expected: the second at the desk, the first by the lead."""
    copies = OrderCopies.objects.create(order=order, estate_id=order.estate_id, expected_at=at)
    journal.announce(events.CopiesExpected(**_frame(copies, order)), actor=actor, at=at)
    return copies


@command
def take_copy_back(copies: OrderCopies, *, materials: str, actor: User, at: datetime, note: str = "") -> None:
    """Record that the second copy is at the desk and was held against the materials issued.

    Refused when it is back already, and without words when the materials differ.
    """
    if materials not in Materials.values:
        raise FollowRefused("请选择用料核对的结果")
    if materials == Materials.DIFFER and not note.strip():
        raise FollowRefused("用料不符的,请写明差在哪里")
    waiting = OrderCopies.objects.filter(pk=copies.pk, back_at=None)
    if not waiting.update(back_at=at, back_by=actor, materials=materials, materials_note=note.strip()):
        raise FollowRefused("第二联已经交回了")
    copies.refresh_from_db()
    fact = events.CopyReturned(**_frame(copies, copies.order), materials=materials)
    journal.announce(fact, actor=actor, at=at, note=note.strip())


@command
def look_at_copy(
    copies: OrderCopies,
    *,
    actor: User,
    at: datetime,
    note: str = "",
    training: bool = False,
    training_note: str = "",
) -> None:
    """Record that the foreman has checked the work on the first copy, and whether it serves for training.

    Refused when it was looked at already, when the work was one's own, and for training without saying what it teaches.
    """
    if copies.order.technician_id == actor.pk:
        raise FollowRefused("自己干的活,请别的负责人核对第一联")
    if training and not training_note.strip():
        raise FollowRefused("作培训材料的,请写明教什么")
    values = {
        "seen_note": note.strip(),
        "training": training,
        "training_note": training_note.strip() if training else "",
    }
    if not OrderCopies.objects.filter(pk=copies.pk, seen_at=None).update(seen_at=at, seen_by=actor, **values):
        raise FollowRefused("第一联已经核对过了")
    copies.refresh_from_db()
    fact = events.CopySeen(**_frame(copies, copies.order), training=training)
    journal.announce(fact, actor=actor, at=at, note=note.strip())


@command
def enter_talk(
    order: WorkOrder,
    *,
    told_by: User,
    talked_at: datetime,
    points: str,
    actor: User,
    at: datetime,
    attitude: str = Attitude.CALM,
    needs: str = "",
    follow_up: FollowUp | None = None,
    key: str = "",
) -> CommunicationNote:
    """Enter what was talked about with the resident, as the technician tells it; what is still to be done is owed at once.

    A repeated key enters nothing anew. Refused without points, before the report or ahead of now, or for a voided order.
    """
    if earlier := earlier_result(key, "repairs.enter_talk", actor=actor):
        return CommunicationNote.objects.get(pk=earlier)
    if not points.strip():
        raise FollowRefused("请写下跟业户说了什么")
    if talked_at > at or talked_at < order.opened_at.replace(second=0, microsecond=0):
        raise FollowRefused("沟通的时间要在报修之后、现在之前")
    if order.status == OrderStatus.VOIDED:
        raise FollowRefused("这张维修单已经作废")
    owed = _follow_up(order, follow_up, actor=actor, at=at) if follow_up and follow_up.text.strip() else None
    note = CommunicationNote.objects.create(
        order=order,
        estate_id=order.estate_id,
        talked_at=talked_at,
        told_by=told_by,
        entered_by=actor,
        entered_at=at,
        points=points.strip(),
        attitude=attitude,
        needs=needs.strip(),
        follow_up=follow_up.text.strip() if follow_up and owed else "",
        follow_up_case=owed,
    )
    journal.record(
        events.TALKED,
        subject=(note.journal_name, note.pk),
        estate_id=order.estate_id,
        actor=actor,
        at=at,
        thread=order.thread,
        values={"told_by": told_by.name, "order": order.number, "case": owed.number if owed else ""},
    )
    remember(key, "repairs.enter_talk", actor=actor, at=at, result=note.pk)
    return note


def _follow_up(order: WorkOrder, wanted: FollowUp, *, actor: User, at: datetime) -> Case:
    """Owe what is still to be done: in the open matter by a time, or as a matter of its own raised by this one."""
    if wanted.next_at is not None:
        text = wanted.text.strip()
        cases.promise_time(order.case, promised_at=wanted.next_at, does="按沟通跟进", note=text, actor=actor, at=at)
        return order.case
    if wanted.kind not in FOLLOW_UP_KINDS:
        raise FollowRefused("请选择后续的事是哪一类")
    about = order.case
    raised = cases.register_case(
        about.estate,
        kind=wanted.kind,
        text=wanted.text,
        caller=Caller(about.caller_name, about.caller_phone, about.caller_unit),
        unit=about.unit,
        household=about.household,
        person=about.person,
        channel="heard",
        place=about.place,
        raised_by=about,
        actor=actor,
        at=at,
    )
    if wanted.kind == "repair":
        open_order(raised, location_kind=order.location_kind, actor=actor, at=at)
    return raised


def _frame(copies: OrderCopies, order: WorkOrder) -> dict[str, Any]:
    return {
        "subject_id": copies.pk,
        "estate_id": order.estate_id,
        "thread": order.thread,
        "case_id": order.case_id,
        "order": order.number,
        "responsible_id": order.technician_id,
        "responsible_post": "technician" if order.technician_id else "",
    }
