"""材料 by API: the catalogue, what lies where, and what comes and goes."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.materials import operations, queries
from huiyin.areas.materials.api.values import Amount, Quantity, estate_of, store_of
from huiyin.areas.materials.models import Item, Place
from huiyin.areas.materials.permissions import EDIT, ISSUE, SEE
from huiyin.areas.materials.rules import Band
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import AskedId, Body, Day, Flag, Id, Line, Number, ValueRefused, Word

routes = Routes("materials", title="材料")
Code = Annotated[Number, Field(max_length=30)]
Name = Annotated[Number, Field(max_length=60)]
Unit = Annotated[Number, Field(max_length=10)]
Spec = Annotated[Word, Field(max_length=60)]


class ItemLine(TypedDict):
    """A material with what the stores hold and what is in bags."""

    id: int
    code: str
    name: str
    spec: str
    unit: str
    least: str
    up_to: str | None
    active: bool
    stock: str
    carried: str
    low: bool


class Lying(TypedDict):
    """So much in one place."""

    place_id: int
    place: str
    quantity: str


class BandLine(TypedDict):
    from_quantity: str
    cost: str
    charge: str


class PriceListLine(TypedDict):
    valid_from: date
    bands: list[BandLine]


class MovementLine(TypedDict):
    """One movement; it never changes."""

    id: int
    kind: str
    quantity: str
    from_place: str
    to_place: str
    subject: str
    note: str
    actor: str
    at: str


class ItemWhole(ItemLine):
    """A material with its places, prices and last movements."""

    places: list[Lying]
    prices: list[PriceListLine]
    movements: list[MovementLine]


class ItemMade(TypedDict):
    id: int


class StockAsked(Asked):
    """What the list is narrowed to. `text` is a part of code, name or spec."""

    estate: Number
    text: Annotated[Word, Field(max_length=40)] = ""


@routes.read("/materials", right=SEE, says="材料和库存", of=Page[ItemLine])
def stock(request: HttpRequest, asked: Query[StockAsked]) -> Page[ItemLine]:
    estate = estate_of(request, asked.estate, SEE)
    return page_of(queries.listed_items(signed_in(request), estate.pk, q=asked.text), asked, _line)


@routes.read("/materials/items/{item_id}", right=SEE, says="一样材料:库存、价格、进出", of=ItemWhole)
def item(request: HttpRequest, item_id: AskedId) -> ItemWhole:
    one = queries.item_for(signed_in(request), item_id, to=SEE)
    return {
        **_line(one),
        "places": [
            {"place_id": held.place_id, "place": held.place.title, "quantity": str(held.quantity)}
            for held in queries.holdings_of(one)
        ],
        "prices": [
            {
                "valid_from": made.valid_from,
                "bands": [
                    {"from_quantity": str(band.from_quantity), "cost": str(band.cost), "charge": str(band.charge)}
                    for band in made.bands.all()
                ],
            }
            for made in queries.lists_of(one)
        ],
        "movements": [_movement(moved) for moved in queries.movements_of(one)],
    }


class StoreNew(Body):
    estate: Number
    name: Annotated[Number, Field(max_length=40)]


class ItemNew(Body):
    estate: Number
    code: Code
    name: Name
    unit: Unit
    spec: Spec = ""
    least: Quantity = "0"
    up_to: Quantity | None = None


class ItemChange(Body):
    name: Name
    spec: Spec = ""
    least: Quantity = "0"
    up_to: Quantity | None = None
    active: Flag = True


class BandSaid(Body):
    from_quantity: Quantity
    cost: Amount
    charge: Amount


class PricesSaid(Body):
    valid_from: Day
    bands: Annotated[list[BandSaid], Field(min_length=1, max_length=20)]


class Moved(Body):
    store_id: Id
    quantity: Quantity
    note: Line = ""


class Received(Moved):
    cost: Amount | None = None


class HandedOut(Moved):
    taker: Name


class Transferred(Body):
    from_store_id: Id
    to_store_id: Id
    quantity: Quantity
    note: Line = ""


class WrittenOff(Body):
    place_id: Id
    quantity: Quantity
    note: Line


@routes.act("/materials/stores", right=EDIT, says="建立库房", of=ItemMade)
def open_store(request: HttpRequest, said: StoreNew) -> ItemMade:
    estate = estate_of(request, said.estate, EDIT)
    return {"id": operations.open_store(estate, name=said.name, **acting(request)).pk}


@routes.act("/materials/items", right=EDIT, says="添一样材料", of=ItemMade)
def set_up_item(request: HttpRequest, said: ItemNew) -> ItemMade:
    estate = estate_of(request, said.estate, EDIT)
    named: dict[str, Any] = {"code": said.code, "name": said.name, "unit": said.unit, "spec": said.spec}
    made = operations.set_up_item(estate, **named, **_levels(said), **acting(request))
    return {"id": made.pk}


@routes.act("/materials/items/{item_id}/change", right=EDIT, says="改材料资料")
def change_item(request: HttpRequest, item_id: AskedId, said: ItemChange) -> None:
    named: dict[str, Any] = {"name": said.name, "spec": said.spec, "active": said.active}
    operations.change_item(_item(request, item_id, EDIT), **named, **_levels(said), **acting(request))


@routes.act("/materials/items/{item_id}/prices", right=EDIT, says="定新价")
def set_prices(request: HttpRequest, item_id: AskedId, said: PricesSaid) -> None:
    bands = [Band(Decimal(one.from_quantity), Decimal(one.cost), Decimal(one.charge)) for one in said.bands]
    operations.set_prices(_item(request, item_id, EDIT), bands, valid_from=said.valid_from, **acting(request))


@routes.act("/materials/items/{item_id}/receive", right=ISSUE, says="入库")
def receive(request: HttpRequest, item_id: AskedId, said: Received) -> None:
    one = _item(request, item_id, ISSUE)
    told: dict[str, Any] = {"note": said.note, "cost": None if said.cost is None else Decimal(said.cost)}
    operations.receive(one, store_of(one.estate_id, said.store_id), Decimal(said.quantity), **told, **acting(request))


@routes.act("/materials/items/{item_id}/hand-out", right=ISSUE, says="登记领用")
def hand_out(request: HttpRequest, item_id: AskedId, said: HandedOut) -> None:
    one = _item(request, item_id, ISSUE)
    told: dict[str, Any] = {"note": said.note, "taker": said.taker}
    operations.hand_out(one, store_of(one.estate_id, said.store_id), Decimal(said.quantity), **told, **acting(request))


@routes.act("/materials/items/{item_id}/transfer", right=ISSUE, says="调拨")
def transfer(request: HttpRequest, item_id: AskedId, said: Transferred) -> None:
    one = _item(request, item_id, ISSUE)
    origin, to = (store_of(one.estate_id, pk) for pk in (said.from_store_id, said.to_store_id))
    operations.transfer(one, Decimal(said.quantity), origin=origin, to=to, note=said.note, **acting(request))


@routes.act("/materials/items/{item_id}/write-off", right=EDIT, says="报废")
def write_off(request: HttpRequest, item_id: AskedId, said: WrittenOff) -> None:
    one = _item(request, item_id, EDIT)
    place: Place | None = queries.place_for(signed_in(request), said.place_id)
    if place is None:
        raise ValueRefused("没有这个存放处")
    operations.write_off(one, place, Decimal(said.quantity), reason=said.note, **acting(request))


def _item(request: HttpRequest, item_id: int, right: str) -> Item:
    return queries.item_for(signed_in(request), item_id, to=right)


def _levels(said: ItemNew | ItemChange) -> dict[str, Any]:
    return {"least": Decimal(said.least), "up_to": None if said.up_to is None else Decimal(said.up_to)}


def _line(one: Any) -> ItemLine:
    return {
        "id": one.pk,
        "code": one.code,
        "name": one.name,
        "spec": one.spec,
        "unit": one.unit,
        "least": str(one.least),
        "up_to": None if one.up_to is None else str(one.up_to),
        "active": one.active,
        "stock": str(one.stock),
        "carried": str(one.carried),
        "low": one.enough == 0,
    }


def _movement(one: Any) -> MovementLine:
    return {
        "id": one.pk,
        "kind": one.kind,
        "quantity": str(one.quantity),
        "from_place": one.from_place.title if one.from_place else "",
        "to_place": one.to_place.title if one.to_place else one.taker,
        "subject": one.subject_label,
        "note": one.note,
        "actor": one.actor.name,
        "at": one.at.isoformat(),
    }
