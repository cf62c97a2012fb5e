"""Reading what follows an order: copies, talks, contact details."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from huiyin.areas.cases.rules import class_of
from huiyin.areas.estate import queries as homes
from huiyin.areas.estate.queries import HouseholdCard, Resident
from huiyin.areas.repairs.models import CommunicationNote, ContactChange, OrderCopies, WorkOrder
from huiyin.areas.repairs.permissions import seen_by, visible_changes
from huiyin.areas.repairs.queries import repeats
from huiyin.areas.repairs.queries.orders import order_for
from huiyin.areas.repairs.queries.repeats import Earlier
from huiyin.areas.repairs.rules import Repeats
from huiyin.areas.repairs.states import ContactChangeStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right
from huiyin.standards.models import Commitment


@dataclass(frozen=True)
class Followed:
    """Everything that followed one order."""

    order: WorkOrder
    copies: OrderCopies | None
    talks: Sequence[CommunicationNote]
    contacts: Sequence[ContactChange]
    people: Sequence[Resident]
    lived_in: bool
    earlier: Sequence[Earlier]
    repeats: Repeats
    standing: Sequence[Commitment]

    @property
    def waiting(self) -> ContactChange | None:
        return next((one for one in self.contacts if one.status == ContactChangeStatus.PROPOSED), None)


def followed(user: User, number: str, *, at: datetime) -> Followed:
    """Return what followed the order; 404 out of sight, 403 without the board's right."""
    order = order_for(user, number, to="repairs.see")
    case = order.case
    fault = class_of(case.category.code) if case.category else ""
    earlier = repeats.earlier_repairs(case.unit_id, fault, at=at) if case.unit_id and fault else []
    before = [one for one in earlier if one.case_id != case.pk]
    card = card_of(order)
    return Followed(
        order=order,
        copies=copies_of(order),
        talks=list(order.talks.select_related("told_by", "entered_by", "follow_up_case").order_by("-talked_at")),
        contacts=list(order.contact_changes.select_related("confirmed_by", "decided_by", "person").order_by("-id")),
        people=card.people if card else (),
        lived_in=card is not None,
        earlier=before[: repeats.SHOWN],
        repeats=repeats.counted(before, at=at),
        standing=repeats.standing(order.estate_id, case.caller_unit, fault) if fault and case.caller_unit else [],
    )


def card_of(order: WorkOrder) -> HouseholdCard | None:
    """Return who lives where the order was: None once the household it was for has left, or without a home."""
    case = order.case
    unit = case.household.unit if case.household else case.unit
    card = homes.household_card(unit) if unit else None
    if card is None or card.household is None or case.household_id not in (None, card.household.pk):
        return None
    return card


def copies_of(order: WorkOrder) -> OrderCopies | None:
    return OrderCopies.objects.filter(order=order).select_related("back_by", "seen_by").first()


def copies_for(user: User, number: str, *, to: str) -> OrderCopies:
    """Return the copies of the order; 404 out of sight or before it was accepted, 403 without the right."""
    order = order_for(user, number, to=to)
    copies = copies_of(order)
    if copies is None:
        raise Http404
    copies.order = order
    return copies


def copies_listed(
    user: User,
    estate_id: int,
    *,
    show: str | None = None,
    technician: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[OrderCopies]:
    """Return copies of accepted orders: `back` those not back at the desk, `seen` not looked at, `training`, `differ`."""
    found = OrderCopies.objects.filter(seen_by(user, of="order__"), estate_id=estate_id)
    wanted: dict[str, dict[str, Any]] = {
        "back": {"back_at": None},
        "seen": {"seen_at": None},
        "training": {"training": True},
        "differ": {"materials": "differ"},
    }
    found = found.filter(**wanted.get(show or "", {}))
    if technician:
        found = found.filter(order__technician=int(technician))
    if since:
        found = found.filter(expected_at__date__gte=since)
    if until:
        found = found.filter(expected_at__date__lte=until)
    return found.select_related("order__technician", "order__case", "back_by", "seen_by")


def talks_listed(
    user: User,
    estate_id: int,
    *,
    attitude: str | None = None,
    technician: str | None = None,
    since: date | None = None,
    until: date | None = None,
    q: str | None = None,
) -> QuerySet[CommunicationNote]:
    """Return the talks with residents of the estate; days are of the estate, the last one included."""
    found = CommunicationNote.objects.filter(seen_by(user, of="order__"), estate_id=estate_id)
    if attitude:
        found = found.filter(attitude=attitude)
    if technician:
        found = found.filter(told_by=int(technician))
    if since:
        found = found.filter(talked_at__date__gte=since)
    if until:
        found = found.filter(talked_at__date__lte=until)
    if q:
        found = found.filter(Q(order__number__icontains=q) | Q(order__case__caller_unit__icontains=q))
    return found.select_related("order__case", "told_by", "entered_by", "follow_up_case")


def talks_with(user: User, ids: Collection[int]) -> QuerySet[CommunicationNote]:
    """Return these talks as they are printed, among those the user may see."""
    found = CommunicationNote.objects.filter(seen_by(user, of="order__"), pk__in=ids)
    return found.select_related("order__case__estate", "told_by", "entered_by", "follow_up_case")


def changes_listed(user: User, estate_id: int, *, status: str | None = None) -> QuerySet[ContactChange]:
    """Return contact details confirmed on orders of the estate: those that wait, or of the status asked for."""
    found = visible_changes(user).filter(estate_id=estate_id)
    if status != "all":
        found = found.filter(status=status or ContactChangeStatus.PROPOSED)
    return found.select_related("order__case", "household__unit", "person", "confirmed_by", "decided_by")


def change_for(user: User, number: int, *, to: str) -> ContactChange:
    """Return contact details confirmed on an order; 404 out of sight, 403 without the right."""
    found = visible_changes(user).select_related("order__case", "household__unit", "person", "confirmed_by")
    change = found.filter(pk=number).first()
    if change is None:
        raise Http404
    require_right(user, to, change.estate_id)
    return change
