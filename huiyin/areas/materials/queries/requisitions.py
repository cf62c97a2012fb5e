"""Reading requisitions: the list, one slip, what is open on a subject, what was used on it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.http import Http404

from huiyin.areas.materials.models import Item, Movement, Requisition, RequisitionLine
from huiyin.areas.materials.permissions import visible_to
from huiyin.areas.materials.states import RequisitionStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right
from huiyin.foundation.rows import Prepared

LISTED = ("store", "technician", "issued_by")
_WHOLE = ("estate", "store", "technician", "issued_by")


@dataclass(frozen=True)
class OpenLine:
    """So much of an item was issued on a slip and is neither used nor returned."""

    number: str
    technician: str
    name: str
    unit: str
    quantity: Decimal


@dataclass(frozen=True)
class UsedLine:
    """So much of an item was used, at this price a piece (none where it had no price)."""

    name: str
    spec: str
    unit: str
    quantity: Decimal
    unit_price: Decimal | None


def listed_requisitions(
    user: User, estate_id: int, *, status: str = "", technician: str = "", q: str = ""
) -> QuerySet[Requisition]:
    """Return the slips of the estate for the list."""
    found = visible_to(user, Requisition).filter(estate=estate_id).select_related(*LISTED)
    if status == "open":
        found = found.filter(status__in=[RequisitionStatus.ASKED, RequisitionStatus.ISSUED])
    elif status:
        found = found.filter(status=status)
    if technician:
        found = found.filter(technician=int(technician))
    if q:
        found = found.filter(Q(number__icontains=q) | Q(subject_label__icontains=q))
    return found


def requisition_for(user: User, number: str, *, to: str) -> Requisition:
    """Return the slip with its lines; 404 out of sight, 403 without the right in its estate."""
    found = visible_to(user, Requisition).select_related(*_WHOLE).prefetch_related("lines__item")
    requisition = found.filter(number=number).first()
    if requisition is None:
        raise Http404
    require_right(user, to, requisition.estate_id)
    return requisition


def theirs(user: User, number: str, *, to: str) -> Requisition:
    """Return the person's own slip; 404 for anybody else's."""
    requisition = requisition_for(user, number, to=to)
    if requisition.technician_id != user.pk:
        raise Http404
    return requisition


_OF_SUBJECTS = Prepared(
    lambda subject_type, subject_ids: (
        Requisition.objects.filter(subject_type=subject_type, subject_id__in=subject_ids)
        .exclude(status=RequisitionStatus.VOIDED)
        .select_related(*_WHOLE)
        .order_by("id")
    )
)


def requisitions_of(subject_type: str, subject_ids: Iterable[int]) -> list[Requisition]:
    """Return the slips of these subjects that were not voided, oldest first, with their lines."""
    slips = _OF_SUBJECTS.all(subject_type, tuple(subject_ids))
    prefetch_related_objects(slips, "lines__item")
    return slips


def slips_in_hand(estate_id: int, technician: User) -> list[Requisition]:
    """Return the technician's slips that are neither settled nor voided, the newest first."""
    under_way = [RequisitionStatus.ASKED, RequisitionStatus.ISSUED]
    found = Requisition.objects.filter(estate=estate_id, technician=technician, status__in=under_way)
    return list(found.select_related("store").prefetch_related("lines__item").order_by("-id"))


def unsettled_of(subject_type: str, subject_id: int) -> list[OpenLine]:
    """Return what was issued for the subject and is neither used nor returned."""
    lines = RequisitionLine.objects.filter(
        requisition__subject_type=subject_type,
        requisition__subject_id=subject_id,
        requisition__status=RequisitionStatus.ISSUED,
        issued__gt=0,
    )
    # Compared in Python: adding columns of our own kind is not worth an expression of our own.
    return [
        OpenLine(line.requisition.number, line.requisition.technician.name, line.item.title, line.item.unit, line.open)
        for line in lines.select_related("requisition__technician", "item").order_by("id")
        if line.open > 0
    ]


_USED = Prepared(
    lambda subject_type, subject_ids: (
        Movement.objects.filter(kind="use", subject_type=subject_type, subject_id__in=subject_ids)
        .select_related("item")
        .order_by("subject_id", "item_id", "unit_price")
    )
)


def used_on(subject_type: str, subject_ids: Iterable[int]) -> dict[int, list[UsedLine]]:
    """Return what was used on each of these subjects, by item and price. One query."""
    sums: dict[tuple[int, int, Decimal | None], Decimal] = defaultdict(Decimal)
    items: dict[int, Item] = {}
    for one in _USED.all(subject_type, tuple(subject_ids)):
        sums[int(one.subject_id or 0), one.item_id, one.unit_price] += one.quantity
        items[one.item_id] = one.item
    found: dict[int, list[UsedLine]] = {}
    for (subject_id, item_id, price), quantity in sums.items():
        item = items[item_id]
        found.setdefault(subject_id, []).append(UsedLine(item.name, item.spec, item.unit, quantity, price))
    return found
