"""材料 by API: stocktaking, purchase plans, taking in a sheet."""

from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest
from django.utils.timezone import localdate
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.materials import operations, queries, rules
from huiyin.areas.materials.api.values import Quantity, Wants, estate_of, wants_of
from huiyin.areas.materials.models import Count, ItemSheet
from huiyin.areas.materials.operations.counting import Counted
from huiyin.areas.materials.permissions import COUNT, EDIT, ISSUE, SEE
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import AskedId, Body, Id, Line, Note, Number, Upload, ValueRefused

routes = Routes("materials", title="材料")


class CountShort(TypedDict):
    """A stocktaking of one place."""

    number: str
    status: str
    place: str
    begun_by: str
    begun_at: str
    ended_at: str | None


class CountedLine(TypedDict):
    line_id: int
    item_id: int
    name: str
    unit: str
    expected: str
    counted: str | None
    reason: str


class CountWhole(CountShort):
    """A stocktaking with its lines."""

    lines: list[CountedLine]


class Numbered(TypedDict):
    number: str


class LowLine(TypedDict):
    """A material below its least, and how much to buy."""

    item_id: int
    name: str
    unit: str
    stock: str
    least: str
    suggested: str


class LowList(TypedDict):
    items: list[LowLine]


class PlannedLine(TypedDict):
    item_id: int
    name: str
    unit: str
    stock: str
    least: str
    quantity: str
    cost: str | None


class PlanWhole(TypedDict):
    """A purchase plan as it was decided."""

    number: str
    made_by: str
    made_at: str
    lines: list[PlannedLine]


class SheetProblem(TypedDict):
    row: int
    column: str
    says: str


class SheetReport(TypedDict):
    """What the check of a sheet found, or the import did."""

    id: int
    status: str
    unreadable: str
    rows: int
    problems: list[SheetProblem]


class EstateAsked(Asked):
    estate: Number


class CountNew(Body):
    estate: Number
    place_id: Id


class LineCounted(Body):
    line_id: Id
    counted: Quantity | None = None
    reason: Line = ""


class LinesCounted(Body):
    lines: Annotated[list[LineCounted], Field(min_length=1, max_length=5000)]

    def by_line(self) -> dict[int, Counted]:
        return {
            one.line_id: Counted(None if one.counted is None else Decimal(one.counted), one.reason)
            for one in self.lines
        }


class PlanNew(Body):
    estate: Number
    lines: Wants


class SheetNew(Body):
    estate: Number
    sheet: Upload


@routes.read("/counts", right=COUNT, says="盘点列表,新的在前", of=Page[CountShort])
def counts(request: HttpRequest, asked: Query[EstateAsked]) -> Page[CountShort]:
    estate = estate_of(request, asked.estate, COUNT)
    return page_of(queries.counts_of(signed_in(request), estate.pk), asked, _short)


@routes.read("/counts/{number}", right=COUNT, says="一次盘点", of=CountWhole)
def count(request: HttpRequest, number: Number) -> CountWhole:
    found = _count(request, number)
    return {
        **_short(found),
        "lines": [
            {
                "line_id": line.pk,
                "item_id": line.item_id,
                "name": line.item.title,
                "unit": line.item.unit,
                "expected": str(line.expected),
                "counted": None if line.counted is None else str(line.counted),
                "reason": line.reason,
            }
            for line in queries.count_lines(found)
        ],
    }


@routes.act("/counts", right=COUNT, says="开始清点", of=Numbered)
def begin_count(request: HttpRequest, said: CountNew) -> Numbered:
    estate = estate_of(request, said.estate, COUNT)
    place = queries.place_for(signed_in(request), said.place_id)
    if place is None or place.estate_id != estate.pk:
        raise ValueRefused("本小区没有这个存放处")
    return {"number": operations.begin_count(place, **acting(request)).number}


@routes.act("/counts/{number}/save", right=COUNT, says="先记下数到的")
def write_down(request: HttpRequest, number: Number, said: LinesCounted) -> None:
    operations.write_down(_count(request, number), said.by_line(), **acting(request))


@routes.act("/counts/{number}/post", right=COUNT, says="盘点过账")
def post_count(request: HttpRequest, number: Number, said: LinesCounted) -> None:
    operations.post_count(_count(request, number), said.by_line(), **acting(request))


@routes.act("/counts/{number}/drop", right=COUNT, says="放弃清点")
def drop_count(request: HttpRequest, number: Number, said: Note) -> None:
    operations.drop_count(_count(request, number), reason=said.note, **acting(request))


@routes.read("/plans/low", right=SEE, says="低于最低库存的材料和建议采购数量", of=LowList)
def plan(request: HttpRequest, estate: Number) -> LowList:
    place = estate_of(request, estate, SEE)
    return {
        "items": [
            {
                "item_id": one.pk,
                "name": one.title,
                "unit": one.unit,
                "stock": str(one.stock),  # type: ignore[attr-defined]  # annotated by the query
                "least": str(one.least),
                "suggested": str(rules.suggested(stock=one.stock, least=one.least, up_to=one.up_to)),  # type: ignore[attr-defined]  # as above
            }
            for one in queries.low_items(place.pk)
        ]
    }


@routes.act("/plans", right=ISSUE, says="定下采购计划", of=Numbered)
def make_plan(request: HttpRequest, said: PlanNew) -> Numbered:
    estate = estate_of(request, said.estate, ISSUE)
    return {"number": operations.make_plan(estate, wants_of(said.lines), **acting(request)).number}


@routes.read("/plans/{number}", right=SEE, says="一份采购计划", of=PlanWhole)
def purchase_plan(request: HttpRequest, number: Number) -> PlanWhole:
    found = queries.plan_for(signed_in(request), number, to=SEE)
    return {
        "number": found.number,
        "made_by": found.made_by.name,
        "made_at": found.made_at.isoformat(),
        "lines": [
            {
                "item_id": line.item_id,
                "name": line.item.title,
                "unit": line.item.unit,
                "stock": str(line.stock),
                "least": str(line.least),
                "quantity": str(line.quantity),
                "cost": None if line.cost is None else str(line.cost),
            }
            for line in found.lines.all()
        ],
    }


@routes.act("/materials/sheets", right=EDIT, says="上传材料表并检查", of=SheetReport)
def import_(request: HttpRequest, said: SheetNew) -> SheetReport:
    estate = estate_of(request, said.estate, EDIT)
    return _report(operations.hand_in(estate, said.sheet.file(), today=localdate(), **acting(request)))


@routes.read("/materials/sheets/{sheet_id}", right=EDIT, says="材料表检查或导入的结果", of=SheetReport)
def import_report(request: HttpRequest, sheet_id: AskedId) -> SheetReport:
    return _report(queries.sheet_for(signed_in(request), sheet_id, to=EDIT))


@routes.act("/materials/sheets/{sheet_id}/confirm", right=EDIT, says="确认导入材料表", of=SheetReport)
def import_confirm(request: HttpRequest, sheet_id: AskedId) -> SheetReport:
    sheet = queries.sheet_for(signed_in(request), sheet_id, to=EDIT)
    operations.confirm_sheet(sheet, today=localdate(), **acting(request))
    return _report(sheet)


def _report(sheet: ItemSheet) -> SheetReport:
    said = sheet.report
    return {
        "id": sheet.pk,
        "status": sheet.status,
        "unreadable": said.get("unreadable", ""),
        "rows": said.get("rows", 0),
        "problems": said.get("problems", []),
    }


def _count(request: HttpRequest, number: str) -> Count:
    return queries.count_for(signed_in(request), number, to=COUNT)


def _short(one: Count) -> CountShort:
    return {
        "number": one.number,
        "status": one.status,
        "place": one.place.title,
        "begun_by": one.begun_by.name,
        "begun_at": one.begun_at.isoformat(),
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
    }
