"""Repair orders of the time before, recorded in sets beside cases that were taken over."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import localdate

from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs.models import PastOrder, Warranty
from huiyin.areas.repairs.rules import PastOrderTold
from huiyin.areas.repairs.rules.warranties import part_of_fault
from huiyin.foundation import bulk
from huiyin.foundation.accounts.models import User
from huiyin.foundation.transactions import command

_ORDER = (
    "id", "case_id", "estate_id", "number", "dispatched_at", "arrived_at", "finished_at", "accepted_at", "closed_at",
    "technician", "charge", "amount", "materials",
)  # fmt: skip
_WARRANTY = (
    "estate_id", "unit_id", "kind", "part", "fault", "from_date", "to_date", "past_order_id", "recorded_at",
    "recorded_by_id",
)  # fmt: skip


@command
def record_past_orders(estate: Estate, told: Sequence[tuple[int, PastOrderTold]], *, actor: User, at: datetime) -> None:
    """Record what these cases (by id) had as orders, and the warranties that were given for them."""
    ids = bulk.reserve_ids(PastOrder, len(told))
    bulk.insert(
        PastOrder,
        _ORDER,
        (
            (
                pk, case_id, estate.pk, one.number, one.dispatched_at, one.arrived_at, one.finished_at, one.accepted_at,
                one.closed_at, one.technician, one.charge, str(one.amount), one.materials,
            )
            for pk, (case_id, one) in zip(ids, told, strict=True)
        ),
    )  # fmt: skip
    bulk.insert(
        Warranty,
        _WARRANTY,
        (
            (
                estate.pk, one.unit_id, "own", part_of_fault(one.fault), one.fault, localdate(one.closed_at),
                one.warranty_to, pk, at, actor.pk,
            )
            for pk, (_, one) in zip(ids, told, strict=True)
            if one.warranty_to and one.closed_at and one.unit_id
        ),
    )  # fmt: skip
