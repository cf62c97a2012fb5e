"""维修 by API: material for the orders in one's own hands."""

from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest
from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from huiyin.areas.materials import queries as materials
from huiyin.areas.materials.operations import Accounted
from huiyin.areas.materials.rules import Want
from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import WorkOrder
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import Body, Id, Line, Number, ValueRefused

routes = Routes("repairs", title="维修")
Quantity = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}(\.[0-9]{1,2})?$")]


class SlipMade(TypedDict):
    number: str


class MaterialWanted(Body):
    """So much of an item."""

    item_id: Id
    quantity: Quantity


class MaterialAsked(Body):
    store_id: Id
    lines: Annotated[list[MaterialWanted], Field(min_length=1, max_length=50)]
    note: Line = ""


class MaterialLine(Body):
    line_id: Id
    used: Quantity = "0"
    returned: Quantity = "0"


class MaterialAccounted(Body):
    lines: Annotated[list[MaterialLine], Field(min_length=1, max_length=50)]


@routes.act("/orders/mine/{number}/materials/ask", right="repairs.work", says="为维修单领料", of=SlipMade)
def ask_materials(request: HttpRequest, number: Number, said: MaterialAsked) -> SlipMade:
    one = _order(request, number)
    store = materials.store_with(one.estate_id, said.store_id)
    if store is None:
        raise ValueRefused("本小区没有这个库房")
    wants = [Want(line.item_id, Decimal(line.quantity)) for line in said.lines]
    slip = operations.ask_materials(one, store=store, wants=wants, note=said.note, **acting(request))
    return {"number": slip.number}


@routes.act("/orders/mine/{number}/materials/use", right="repairs.work", says="用了包里的材料")
def use_own_material(request: HttpRequest, number: Number, said: MaterialWanted) -> None:
    one = _order(request, number)
    item = materials.item_in(one.estate_id, said.item_id)
    operations.use_own_material(one, item, Decimal(said.quantity), **acting(request))


@routes.act("/orders/mine/{number}/materials/{slip}", right="repairs.work", says="说明领的材料用了还是退了")
def account_materials(request: HttpRequest, number: Number, slip: Number, said: MaterialAccounted) -> None:
    one = _order(request, number)
    found = queries.slip_of(one, slip)
    accounted = {line.line_id: Accounted(Decimal(line.used), Decimal(line.returned)) for line in said.lines}
    operations.account_materials(one, found, accounted, **acting(request))


def _order(request: HttpRequest, number: str) -> WorkOrder:
    return queries.order_for(signed_in(request), number, to="repairs.work")
