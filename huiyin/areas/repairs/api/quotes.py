"""收费和报价 by API: posted prices, warranties, the terms of an order, its quotes and the resident's consent."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import localdate, now
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import LocationKind, TariffItem, TariffSheet, WorkOrder
from huiyin.areas.repairs.rules.quotes import MOST_LINES
from huiyin.foundation.accounts.permissions import require_whole, signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import AskedId, Body, Day, Flag, Id, Line, Moment, Number, Upload, ValueRefused, Word

routes = Routes("repairs", title="维修收费")
Amount = Annotated[str, Field(max_length=10, pattern=r"^[0-9]{1,6}(\.[0-9]{1,2})?$")]


class PriceLine(TypedDict):
    """A posted price: only what was posted may be charged."""

    id: int
    code: str
    title: str
    category: str
    unit: str
    price: str
    valid_from: date
    valid_to: date | None
    published_date: date


class PricesAsked(Asked):
    """Which prices: in force today, to come, or all there ever were."""

    estate: Number
    state: Literal["coming", "all"] | None = None
    text: Annotated[Word, Field(max_length=40)] = ""


class SheetLine(TypedDict):
    id: int
    file: str
    made_at: datetime
    taken_at: datetime | None
    added: int


class SheetList(TypedDict):
    items: list[SheetLine]


class PriceSheetProblem(TypedDict):
    row: int
    column: str
    says: str


class SheetWhole(SheetLine):
    """A sheet of prices with what taking it in would do now."""

    to_add: int
    unchanged: int
    problems: list[PriceSheetProblem]


class WarrantyLine(TypedDict):
    building: str
    handed_over: date | None
    parts: dict[str, date]


class WarrantyList(TypedDict):
    items: list[WarrantyLine]


class QuotedLine(TypedDict):
    code: str
    title: str
    unit: str
    quantity: str
    unit_price: str
    discount: str
    amount: str


class ConsentLine(TypedDict):
    mode: str
    given_at: datetime


class QuoteWhole(TypedDict):
    """The quote that counts; `content_hash` is what the consent is bound to."""

    version: int
    total: str
    quoted_at: datetime
    content_hash: str
    lines: list[QuotedLine]
    consent: ConsentLine | None
    started_at: datetime | None


class OrderCharge(TypedDict):
    """What an order costs: `waits_for` terms, quote, consent, start; empty when its work may go on."""

    number: str
    location_kind: str | None
    part: str | None
    outcome: str | None
    warranty_until: date | None
    charge: str | None
    reason: str
    supplied: str
    survey: bool
    waits_for: str
    quote: QuoteWhole | None


class Handover(Body):
    """When a building, or one unit of it alone, was handed over."""

    estate: Number
    handed_over: Day
    building: Annotated[Word, Field(max_length=12)] = ""
    unit: Annotated[Word, Field(max_length=40)] = ""


class PriceSheet(Body):
    estate: Number
    sheet: Upload


class TermsCheck(Body):
    """`basis`: how somebody has seen that the builder's warranty is over, where no handover is known."""

    location_kind: LocationKind
    part: Annotated[Word, Field(max_length=20)]
    basis: Line = ""
    supplied: Line = ""
    survey: Flag = False


class ChargeDecision(Body):
    charge: Literal["free", "paid"]
    reason: Line = ""


class Override(Body):
    reason: Annotated[Line, Field(min_length=1)]


class QuoteLineAsked(Body):
    item_id: Id
    quantity: Amount
    discount: Amount = "0"


class QuoteAsked(Body):
    lines: Annotated[list[QuoteLineAsked], Field(min_length=1, max_length=MOST_LINES)]
    note: Line = ""


class ConsentGiven(Body):
    """Exactly one of the drawn signature, the code that was told, or the signed slip with its time."""

    version: Id
    signer: Annotated[Word, Field(max_length=60)]
    drawing: Annotated[str, Field(max_length=300_000, pattern=r"^[A-Za-z0-9+/=:;,]*$")] = ""
    code: Annotated[Word, Field(max_length=8)] = ""
    paper_slip: Annotated[Word, Field(max_length=40)] = ""
    written_at: Moment | None = None


class ConsentAnswer(TypedDict):
    """Whether the resident has agreed. A wrong code is counted and answered, not refused."""

    agreed: bool


class ConsentCode(TypedDict):
    """To be told to the resident by telephone; it is told here once."""

    code: str


@routes.read("/tariff", right="today.see", says="收费标准", of=Page[PriceLine])
def tariff(request: HttpRequest, asked: Query[PricesAsked]) -> Page[PriceLine]:
    estate = estates.estate_for(signed_in(request), asked.estate, to="today.see")
    found = queries.prices_listed(estate.pk, day=localdate(now()), q=asked.text, state=asked.state or "")
    return page_of(found, asked, _price)


@routes.read("/tariff/sheets", right="repairs.set_up", says="交上来的收费标准", of=SheetList)
def tariff_import(request: HttpRequest, estate: Number) -> SheetList:
    place = estates.estate_for(signed_in(request), estate, to="repairs.set_up")
    return {"items": [_sheet(one) for one in queries.sheets_of(place)]}


@routes.act("/tariff/sheets", right="repairs.set_up", says="交一份收费标准(先检查,不写入)", of=SheetLine, status=201)
def tariff_hand_in(request: HttpRequest, said: PriceSheet) -> SheetLine:
    user = signed_in(request)
    place = estates.estate_for(user, said.estate, to="repairs.set_up")
    require_whole(user, place.pk)
    return _sheet(operations.hand_in_prices(place, said.sheet.file(), **acting(request)))


@routes.read("/tariff/sheets/{sheet_id}", right="repairs.set_up", says="一份收费标准导入后会怎样", of=SheetWhole)
def tariff_report(request: HttpRequest, sheet_id: AskedId) -> SheetWhole:
    sheet = queries.sheet_for(signed_in(request), sheet_id)
    _, found = queries.compared(sheet.estate_id, queries.sheet_tables(sheet))
    problems: list[PriceSheetProblem] = [
        {"row": one.row, "column": one.column, "says": one.says} for one in found.problems[:200]
    ]
    return {**_sheet(sheet), "to_add": len(found.added), "unchanged": found.unchanged, "problems": problems}


@routes.act("/tariff/sheets/{sheet_id}/confirm", right="repairs.set_up", says="导入收费标准,全部或全不")
def tariff_take_in(request: HttpRequest, sheet_id: AskedId) -> None:
    operations.take_in_prices(queries.sheet_for(signed_in(request), sheet_id), **acting(request))


@routes.read("/warranties", right="repairs.set_up", says="各楼的交付日期和开发商保修", of=WarrantyList)
def warranties(request: HttpRequest, estate: Number) -> WarrantyList:
    place = estates.estate_for(signed_in(request), estate, to="repairs.set_up")
    return {
        "items": [
            {
                "building": one.building.code,
                "handed_over": one.handed_over,
                "parts": {each.part: each.to_date for each in one.warranties},
            }
            for one in queries.handovers(place)
        ]
    }


@routes.act("/warranties", right="repairs.set_up", says="登记交付日期")
def hand_over(request: HttpRequest, said: Handover) -> None:
    user = signed_in(request)
    place = estates.estate_for(user, said.estate, to="repairs.set_up")
    require_whole(user, place.pk)
    unit = estates.unit_by_code(place.pk, said.unit) if said.unit else None
    if said.unit and unit is None:
        raise ValueRefused("没有这一户")
    building = queries.building_of(place, said.building) if said.building and unit is None else None
    operations.record_handover(place, building=building, unit=unit, handed_over=said.handed_over, **acting(request))


@routes.read("/orders/{number}/charge", right="repairs.charge", says="一张维修单的收费、报价和同意", of=OrderCharge)
def charge(request: HttpRequest, number: Number) -> OrderCharge:
    return _charge(_order(request, number))


@routes.act("/orders/{number}/charge/check", right="repairs.charge", says="查部位和保修", of=OrderCharge)
def check_terms(request: HttpRequest, number: Number, said: TermsCheck) -> OrderCharge:
    one = _order(request, number)
    operations.check_terms(one, **said.model_dump(), **acting(request))
    return _charge(one)


@routes.act("/orders/{number}/charge/decide", right="repairs.charge", says="定有偿无偿")
def decide_charge(request: HttpRequest, number: Number, said: ChargeDecision) -> None:
    operations.decide_charge(_order(request, number), charge=said.charge, reason=said.reason, **acting(request))


@routes.act("/orders/{number}/charge/override", right="repairs.override", says="保修期内仍收费,写明原因")
def override_charge(request: HttpRequest, number: Number, said: Override) -> None:
    one = _order(request, number, "repairs.override")
    operations.decide_charge(one, charge="paid", over=True, reason=said.reason, **acting(request))


@routes.act("/orders/{number}/charge/quote", right="repairs.charge", says="报价;再报就是新的一版", of=OrderCharge)
def quote(request: HttpRequest, number: Number, said: QuoteAsked) -> OrderCharge:
    one = _order(request, number)
    lines = [operations.LineAsked(line.item_id, Decimal(line.quantity), Decimal(line.discount)) for line in said.lines]
    operations.quote(one, lines=lines, note=said.note, **acting(request))
    return _charge(one)


@routes.act("/orders/{number}/charge/consent", right="repairs.charge", says="录客户对报价的同意", of=ConsentAnswer)
def consent(request: HttpRequest, number: Number, said: ConsentGiven) -> ConsentAnswer:
    one = _order(request, number)
    about: dict[str, Any] = {"version": said.version, "signer": said.signer} | acting(request)
    if said.code:
        return {"agreed": operations.consent_by_code(one, code=said.code, **about)}
    if said.paper_slip:
        if said.written_at is None:
            raise ValueRefused("请写明纸单上的签字时间")
        operations.consent_on_paper(one, paper_slip=said.paper_slip, written_at=said.written_at, **about)
    else:
        operations.consent_by_signature(one, drawing=said.drawing, **about)
    return {"agreed": True}


@routes.act(
    "/orders/{number}/charge/code",
    right="repairs.charge",
    says="取同意码,打电话告诉客户",
    of=ConsentCode,
    told_once="code",
)
def tell_code(request: HttpRequest, number: Number) -> ConsentCode:
    return {"code": operations.tell_code(_order(request, number), **acting(request))}


@routes.act("/orders/{number}/start", right="repairs.work", says="有偿维修开工")
def start(request: HttpRequest, number: Number) -> None:
    operations.start_work(_order(request, number, "repairs.work"), **acting(request))


def _order(request: HttpRequest, number: str, right: str = "repairs.charge") -> WorkOrder:
    return queries.order_for(signed_in(request), number, to=right)


def _price(one: TariffItem) -> PriceLine:
    return {
        "id": one.pk,
        "code": one.code,
        "title": one.title,
        "category": one.category,
        "unit": one.unit,
        "price": str(one.price),
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "published_date": one.published_date,
    }


def _sheet(one: TariffSheet) -> SheetLine:
    return {
        "id": one.pk,
        "file": one.file.original_name if one.file else "",
        "made_at": one.made_at,
        "taken_at": one.taken_at,
        "added": one.added,
    }


def _charge(one: WorkOrder) -> OrderCharge:
    money = queries.money_of(one)
    terms = money.terms
    return {
        "number": one.number,
        "location_kind": terms.location_kind if terms else None,
        "part": terms.part if terms else None,
        "outcome": terms.outcome if terms else None,
        "warranty_until": terms.warranty.to_date if terms and terms.warranty else None,
        "charge": (terms.charge or None) if terms else None,
        "reason": terms.reason if terms else "",
        "supplied": terms.supplied if terms else "",
        "survey": terms.survey if terms else False,
        "waits_for": money.waits_for,
        "quote": _quote(money),
    }


def _quote(money: queries.Money) -> QuoteWhole | None:
    if money.quote is None:
        return None
    given, begun = money.consent, money.start
    return {
        "version": money.quote.version,
        "total": str(money.quote.total),
        "quoted_at": money.quote.quoted_at,
        "content_hash": money.quote.content_hash,
        "lines": [
            {
                "code": one.code,
                "title": one.title,
                "unit": one.unit,
                "quantity": str(one.quantity),
                "unit_price": str(one.unit_price),
                "discount": str(one.discount),
                "amount": str(one.amount),
            }
            for one in money.lines
        ],
        "consent": {"mode": given.mode, "given_at": given.given_at} if given else None,
        "started_at": begun.started_at if begun else None,
    }
