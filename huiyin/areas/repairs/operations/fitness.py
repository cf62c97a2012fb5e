"""What giving out an order and agreeing a visit must heed, and what ends once an order moves."""

from datetime import datetime
from typing import Any

from huiyin.areas.repairs import queries
from huiyin.areas.repairs.models import Offer, OfferState, Transfer, TransferState, WorkOrder
from huiyin.foundation.accounts.models import User
from huiyin.foundation.kit.words import people_slot
from huiyin.foundation.refusals import Refused


class NotFit(Refused):
    """Something speaks against giving the order to this person, and no reason was written."""


class NoRoom(Refused):
    """The slot is full, or the technician has agreed on another visit then, and no reason was written."""


def must_fit(order: WorkOrder, technician: User, *, note: str, at: datetime) -> None:
    """Refuse somebody with something against them unless a reason is written."""
    if note.strip():
        return
    candidate = queries.crew_of(order.estate_id, at=at).judge(order, technician.pk)
    if candidate and not candidate.fit:
        raise NotFit(f"{technician.name}{candidate.why_not};仍要派给{technician.name},请写明原因")


def must_have_room(order: WorkOrder, visit: tuple[datetime, datetime], *, note: str, at: datetime) -> None:
    """Refuse a full slot, and a visit while the technician is at another, unless a reason is written."""
    if note.strip():
        return
    if order.technician and (other := queries.visit_crossed(order, visit)):
        assert other.appointment_from and other.appointment_to
        when = people_slot(other.appointment_from, other.appointment_to, at)
        where = other.case.caller_unit or other.case.place
        raise NoRoom(f"{order.technician.name}{when} 已约了{where};仍要约这个时间,请写明原因")
    if slot := queries.full_slot(order, visit, at=at):
        when = people_slot(slot.start, slot.end, at)
        raise NoRoom(f"{when} 已约满(能约 {slot.capacity} 家,已约 {slot.taken} 家);仍要约这个时间,请写明原因")


def end_asking(order: WorkOrder, *, at: datetime) -> None:
    """End what asked somebody to take the order: it has moved."""
    Offer.objects.filter(order=order, state=OfferState.OPEN).update(state=OfferState.WITHDRAWN, ended_at=at)
    Transfer.objects.filter(order=order, state=TransferState.ASKED).update(state=TransferState.ENDED, ended_at=at)


def lock_if(order_id: int, **where: Any) -> bool:
    """Lock the order for this transaction if it is still so; tell whether it is. Whatever moves it waits, or has gone on."""
    return WorkOrder.objects.select_for_update().filter(pk=order_id, **where).first() is not None
