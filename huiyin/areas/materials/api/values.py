"""Quantities and amounts as they are sent: as text, so that nothing is rounded on the way. And what several answers share."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest
from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import queries
from huiyin.areas.materials.models import Place, Requisition
from huiyin.areas.materials.rules import Want
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.values import Body, Id, ValueRefused

Quantity = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}(\.[0-9]{1,2})?$")]
Amount = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}(\.[0-9]{1,2})?$")]
MOST_LINES = 200


class Wanted(Body):
    """So much of an item."""

    item_id: Id
    quantity: Quantity


Wants = Annotated[list[Wanted], Field(min_length=1, max_length=MOST_LINES)]


class StockSlipLine(TypedDict):
    """One item of a slip."""

    line_id: int
    item_id: int
    name: str
    unit: str
    asked: str
    issued: str
    used: str
    returned: str
    unit_price: str | None


class SlipShort(TypedDict):
    """A slip in the list."""

    number: str
    id: int
    status: str
    technician: str
    technician_id: int
    subject: str
    store: str
    asked_at: str
    issued_at: str | None
    settled_at: str | None


class StockSlipWhole(SlipShort):
    """A slip with its lines."""

    lines: list[StockSlipLine]


class StockSlipMade(TypedDict):
    number: str


def wants_of(said: Sequence[Wanted]) -> list[Want]:
    return [Want(one.item_id, Decimal(one.quantity)) for one in said]


def estate_of(request: HttpRequest, code: str, right: str) -> Estate:
    return estates.estate_for(signed_in(request), code, to=right)


def store_of(estate_id: int, store_id: int) -> Place:
    store = queries.store_with(estate_id, store_id)
    if store is None:
        raise ValueRefused("本小区没有这个库房")
    return store


def short(one: Requisition) -> SlipShort:
    return {
        "number": one.number,
        "id": one.pk,
        "status": one.status,
        "technician": one.technician.name,
        "technician_id": one.technician_id,
        "subject": one.subject_label,
        "store": one.store.title,
        "asked_at": one.asked_at.isoformat(),
        "issued_at": one.issued_at.isoformat() if one.issued_at else None,
        "settled_at": one.settled_at.isoformat() if one.settled_at else None,
    }


def whole(one: Requisition) -> StockSlipWhole:
    return {
        **short(one),
        "lines": [
            {
                "line_id": line.pk,
                "item_id": line.item_id,
                "name": line.item.title,
                "unit": line.item.unit,
                "asked": str(line.asked),
                "issued": str(line.issued),
                "used": str(line.used),
                "returned": str(line.returned),
                "unit_price": None if line.unit_price is None else str(line.unit_price),
            }
            for line in one.lines.all()
        ],
    }
