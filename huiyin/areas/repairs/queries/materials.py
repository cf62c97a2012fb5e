"""What an order needs of the store, for the technician's phone and for the page of the matter."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import Http404

from huiyin.areas.materials import queries as materials
from huiyin.areas.materials.models import Item, Place, Requisition
from huiyin.areas.materials.queries import UsedLine
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.states import OrderStatus
from huiyin.foundation.accounts.models import User

# While an order is in these, material may be asked for and used.
WITH_MATERIAL = (OrderStatus.ACCEPTED, OrderStatus.WORKING, OrderStatus.ON_HOLD)


@dataclass(frozen=True)
class JobMaterials:
    """The slips of an order and what was used on it; for its technician also what may be asked for or is in the bag."""

    slips: Sequence[Requisition] = ()
    used: Sequence[UsedLine] = ()
    stores: Sequence[Place] = ()
    items: Sequence[Item] = ()
    bag: Sequence[tuple[Item, Decimal]] = field(default_factory=tuple)


def materials_of(order: WorkOrder, user: User, *, ahead: bool = False) -> JobMaterials:
    """Return the material of the order as this person may work with it; `ahead`: as if it were under way.

    So a phone keeps the forms of an order that is only taken without a signal, and a step that comes too late is refused by
    its operation, in words.
    """
    slips = materials.requisitions_of(order.journal_name, [order.pk])
    used = materials.used_on(order.journal_name, [order.pk]).get(order.pk, [])
    if order.technician_id != user.pk or (order.status not in WITH_MATERIAL and not ahead):
        return JobMaterials(slips, used)
    stores = materials.stores_of(order.estate_id)
    items = materials.items_to_ask(order.estate_id) if stores else []
    return JobMaterials(slips, used, stores, items, bag_free(order.estate_id, user))


def slips_open(order: WorkOrder) -> int:
    """Count the slips of the order of which something is still to be said, or that wait to be issued."""
    slips = Requisition.objects.filter(subject_type=order.journal_name, subject_id=order.pk)
    return slips.filter(status__in=("asked", "issued")).count()


def materials_by_order(orders: Sequence[WorkOrder]) -> dict[int, JobMaterials]:
    """Return the slips and the used material of these orders, those alone that have any."""
    ids = [order.pk for order in orders]
    if not ids:
        return {}
    slips: dict[int, list[Requisition]] = {}
    for slip in materials.requisitions_of(WorkOrder.journal_name, ids):
        slips.setdefault(int(slip.subject_id or 0), []).append(slip)
    used = materials.used_on(WorkOrder.journal_name, ids)
    return {pk: JobMaterials(slips.get(pk, []), used.get(pk, [])) for pk in ids if pk in slips or pk in used}


def bag_free(estate_id: int, user: User) -> list[tuple[Item, Decimal]]:
    """Return what is in the technician's bag and belongs to no slip."""
    bag = materials.bag_of(estate_id, user)
    if bag is None:
        return []
    free = materials.unclaimed_in(bag)
    held = [(one.item, free.get(one.item_id, Decimal(0))) for one in materials.holdings_in(bag)]
    return [(item, quantity) for item, quantity in held if quantity > 0]


def slip_of(order: WorkOrder, number: str) -> Requisition:
    """Return the slip of the order with this number; 404 for one of another order."""
    slips = materials.requisitions_of(order.journal_name, [order.pk])
    found = next((slip for slip in slips if slip.number == number), None)
    if found is None:
        raise Http404
    return found


def status_of(order: WorkOrder) -> str:
    """Return the status of the order as it is now, whatever was read before."""
    return WorkOrder.objects.values_list("status", flat=True).get(pk=order.pk)
