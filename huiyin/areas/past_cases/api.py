"""以前的维修单 by API: sheets handed in, checked, and taken in."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.areas.past_cases import operations, queries
from huiyin.areas.past_cases.models import OrderSheet
from huiyin.foundation.accounts.permissions import require_whole, signed_in
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import AskedId, Body, Number, Upload

routes = Routes("past_cases", title="以前的维修单")
RIGHT = "repairs.set_up"


class PastOrderSheet(TypedDict):
    """A sheet that was handed in: how far it is, and what was found."""

    id: int
    status: str
    made_at: datetime
    rows: int
    done_rows: int
    report: dict[str, Any]


class PastOrderSheetNew(Body):
    estate: Number
    sheet: Upload


@routes.act("/past-orders/sheets", right=RIGHT, says="交一张以前的维修单", of=PastOrderSheet, status=201)
def import_(request: HttpRequest, said: PastOrderSheetNew) -> PastOrderSheet:
    user = signed_in(request)
    estate = estates.estate_for(user, said.estate, to=RIGHT)
    require_whole(user, estate.pk)
    told = acting(request)
    sheet = operations.hand_in_orders(estate, said.sheet.file(), **told)
    operations.begin_check(sheet, actor=told["actor"], at=told["at"])
    return _sheet(sheet)


@routes.read("/past-orders/sheets/{number}", right=RIGHT, says="以前的维修单导入的进展和结果", of=PastOrderSheet)
def import_report(request: HttpRequest, number: AskedId) -> PastOrderSheet:
    return _sheet(queries.sheet_for(signed_in(request), number))


@routes.act("/past-orders/sheets/{number}/confirm", right=RIGHT, says="确认导入以前的维修单")
def import_confirm(request: HttpRequest, number: AskedId) -> None:
    operations.confirm_orders(queries.sheet_for(signed_in(request), number), **acting(request))


def _sheet(one: OrderSheet) -> PastOrderSheet:
    return {
        "id": one.pk,
        "status": one.status,
        "made_at": one.made_at,
        "rows": one.rows,
        "done_rows": one.done_rows,
        "report": one.report,
    }
