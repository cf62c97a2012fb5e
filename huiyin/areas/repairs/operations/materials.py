"""Material for an order: asked for, accounted for, used out of the bag; nothing stays open when the order ends.

`at` is when it happened; with `keyed_at` the phone sent it later, and both are kept, as with every step.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from huiyin.areas.materials import operations as materials
from huiyin.areas.materials.models import Item, Place, Requisition
from huiyin.areas.materials.rules import Subject, Want
from huiyin.areas.repairs import queries
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.operations.shared import NotYourOrder, OrderUnderWay, TimesCrossed, in_time, mine
from huiyin.foundation.accounts.models import User
from huiyin.foundation.transactions import command


@command
def ask_materials(
    order: WorkOrder,
    *,
    store: Place,
    wants: Sequence[Want],
    actor: User,
    at: datetime,
    note: str = "",
    keyed_at: datetime | None = None,
    key: str = "",
) -> Requisition:
    """Ask the store for material for the order. Refused for somebody else's order, or before it is taken or after it ends."""
    _under_way(order, actor)
    in_time(order, "领料", at=at, keyed_at=keyed_at)
    return materials.ask(
        order.case.estate,
        technician=actor,
        store=store,
        wants=wants,
        subject=subject_of(order),
        note=note,
        actor=actor,
        at=at,
        keyed_at=keyed_at,
        key=key,
    )


@command
def account_materials(
    order: WorkOrder,
    slip: Requisition,
    accounted: Mapping[int, materials.Accounted],
    *,
    actor: User,
    at: datetime,
    keyed_at: datetime | None = None,
    key: str = "",
) -> None:
    """Record what of the issued was used on the order and what went back. Refused for somebody else's slip."""
    if slip.technician_id != actor.pk:
        raise NotYourOrder(f"{slip.number} 是{slip.technician.name}领的,请本人或仓管员来填")
    if keyed_at and at > keyed_at:
        raise TimesCrossed("用料的时间不能晚于现在")
    materials.account(slip, accounted, actor=actor, at=at, keyed_at=keyed_at, key=key)


@command
def use_own_material(
    order: WorkOrder,
    item: Item,
    quantity: Decimal,
    *,
    actor: User,
    at: datetime,
    keyed_at: datetime | None = None,
    key: str = "",
) -> None:
    """Record that something out of the technician's bag was used on the order. Refused as `ask_materials` is."""
    _under_way(order, actor)
    in_time(order, "用料", at=at, keyed_at=keyed_at)
    materials.use_from_bag(item, quantity, subject=subject_of(order), actor=actor, at=at, keyed_at=keyed_at, key=key)


def close_materials(order: WorkOrder, *, actor: User, at: datetime) -> None:
    """Let the order's material end with it: what was not issued is voided. Refused while something issued is open."""
    materials.wait_for(order.journal_name, order.pk)
    reason = f"{order.number} 已结束,不再需要"
    materials.drop_asked_of(order.journal_name, order.pk, reason=reason, actor=actor, at=at)
    materials.require_settled(order.journal_name, order.pk)


def subject_of(order: WorkOrder) -> Subject:
    return Subject(order.journal_name, order.pk, order.number, order.thread)


def _under_way(order: WorkOrder, actor: User) -> None:
    """Refuse whoever does not hold the order, and an order not yet taken or already over; nobody ends it meanwhile."""
    mine(order, actor)
    materials.wait_for(order.journal_name, order.pk)
    if queries.status_of(order) not in queries.WITH_MATERIAL:
        raise OrderUnderWay("接单以后、完工以前才能领料和用料")
