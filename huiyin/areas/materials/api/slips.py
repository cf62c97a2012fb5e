"""材料 by API: 领料单 of the storekeeper, and the bag of whoever asks."""

from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.materials import operations, queries
from huiyin.areas.materials.api.values import (
    MOST_LINES,
    Quantity,
    SlipShort,
    StockSlipMade,
    StockSlipWhole,
    Wants,
    estate_of,
    short,
    store_of,
    wants_of,
    whole,
)
from huiyin.areas.materials.operations import Accounted
from huiyin.areas.materials.permissions import ASK, ISSUE, SEE
from huiyin.areas.materials.states import RequisitionStatus
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import Body, Id, Line, Note, Number, Word

routes = Routes("materials", title="材料")


class StockSlipsAsked(Asked):
    """What the list is narrowed to. `text` is a part of a number of a slip or of what it is for."""

    estate: Number
    status: RequisitionStatus | Literal["open"] | None = None
    text: Annotated[Word, Field(max_length=40)] = ""


class InBag(TypedDict):
    """So much of an item in the bag; `free` belongs to no slip."""

    item_id: int
    name: str
    unit: str
    quantity: str
    free: str


class Bag(TypedDict):
    items: list[InBag]
    slips: list[str]


class LineIssued(Body):
    line_id: Id
    quantity: Quantity


class Issued(Body):
    lines: Annotated[list[LineIssued], Field(min_length=1, max_length=MOST_LINES)]


class LineAccounted(Body):
    line_id: Id
    used: Quantity = "0"
    returned: Quantity = "0"


class LinesAccounted(Body):
    lines: Annotated[list[LineAccounted], Field(min_length=1, max_length=MOST_LINES)]

    def by_line(self) -> dict[int, Accounted]:
        return {one.line_id: Accounted(Decimal(one.used), Decimal(one.returned)) for one in self.lines}


class TopUp(Body):
    estate: Number
    store_id: Id
    lines: Wants
    note: Line = ""


class PutBack(Body):
    estate: Number
    store_id: Id
    item_id: Id
    quantity: Quantity


@routes.read("/requisitions", right=SEE, says="领料单列表,新的在前", of=Page[SlipShort])
def requisitions(request: HttpRequest, asked: Query[StockSlipsAsked]) -> Page[SlipShort]:
    estate = estate_of(request, asked.estate, SEE)
    found = queries.listed_requisitions(signed_in(request), estate.pk, status=asked.status or "", q=asked.text)
    return page_of(found, asked, short)


@routes.read("/requisitions/{number}", right=SEE, says="一张领料单", of=StockSlipWhole)
def requisition(request: HttpRequest, number: Number) -> StockSlipWhole:
    return whole(queries.requisition_for(signed_in(request), number, to=SEE))


@routes.act("/requisitions/{number}/issue", right=ISSUE, says="发料")
def issue(request: HttpRequest, number: Number, said: Issued) -> None:
    slip = queries.requisition_for(signed_in(request), number, to=ISSUE)
    operations.issue(slip, {one.line_id: Decimal(one.quantity) for one in said.lines}, **acting(request))


@routes.act("/requisitions/{number}/account", right=ISSUE, says="代填用了还是退了")
def account(request: HttpRequest, number: Number, said: LinesAccounted) -> None:
    slip = queries.requisition_for(signed_in(request), number, to=ISSUE)
    operations.account(slip, said.by_line(), **acting(request))


@routes.act("/requisitions/{number}/void", right=ISSUE, says="作废领料单")
def void(request: HttpRequest, number: Number, said: Note) -> None:
    slip = queries.requisition_for(signed_in(request), number, to=ISSUE)
    operations.void_requisition(slip, reason=said.note, **acting(request))


@routes.read("/bag", right=ASK, says="我的随身料", of=Bag)
def bag(request: HttpRequest, estate: Number) -> Bag:
    user, place = signed_in(request), estate_of(request, estate, ASK)
    own = queries.bag_of(place.pk, user)
    free = queries.unclaimed_in(own) if own else {}
    return {
        "items": [
            {
                "item_id": one.item_id,
                "name": one.item.title,
                "unit": one.item.unit,
                "quantity": str(one.quantity),
                "free": str(free.get(one.item_id, 0)),
            }
            for one in (queries.holdings_in(own) if own else [])
        ],
        "slips": [slip.number for slip in queries.slips_in_hand(place.pk, user)],
    }


@routes.act("/bag/ask", right=ASK, says="补随身料", of=StockSlipMade)
def top_up(request: HttpRequest, said: TopUp) -> StockSlipMade:
    user, estate = signed_in(request), estate_of(request, said.estate, ASK)
    store, wants = store_of(estate.pk, said.store_id), wants_of(said.lines)
    slip = operations.ask(estate, technician=user, store=store, wants=wants, note=said.note, **acting(request))
    return {"number": slip.number}


@routes.act("/bag/put-back", right=ASK, says="把随身料退回库房")
def put_back(request: HttpRequest, said: PutBack) -> None:
    estate = estate_of(request, said.estate, ASK)
    item, store = queries.item_in(estate.pk, said.item_id), store_of(estate.pk, said.store_id)
    operations.put_back(item, Decimal(said.quantity), store=store, **acting(request))
