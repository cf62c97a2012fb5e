"""收费 by API: cash on its way to the till."""

from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest
from ninja import Query
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.areas.fees import operations, queries
from huiyin.areas.fees.api.values import (
    Amount,
)
from huiyin.areas.fees.models import CashHandover
from huiyin.areas.fees.states import HandoverStatus
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import Body, Note, Number, Text

routes = Routes("fees", title="收费")


class HandoverLine(TypedDict):
    """Cash handed over: what the receipts say, and what was counted."""

    number: str
    status: str
    giver: str
    receiver: str | None
    expected: str
    counted: str | None
    note: str
    remark: str
    offered_at: datetime


class HandoversAsked(Asked):
    """What the list is narrowed to."""

    estate: Number
    status: HandoverStatus | None = None


class CashOffered(Body):
    estate: Number
    note: Text = ""


class CashCounted(Body):
    counted: Amount
    note: Text = ""


@routes.act("/fees/hand-over", right="fees.collect", says="交出手里的现金")
def hand_over(request: HttpRequest, said: CashOffered) -> None:
    estate = estates.estate_for(signed_in(request), said.estate, to="fees.collect")
    operations.hand_over(estate.pk, note=said.note, **acting(request))


@routes.read("/fees/handovers", right="fees.see", says="现金交接,新的在前", of=Page[HandoverLine])
def handovers(request: HttpRequest, asked: Query[HandoversAsked]) -> Page[HandoverLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="fees.see")
    return page_of(queries.handovers(user, estate.pk, status=asked.status or ""), asked, _handover)


@routes.act("/fees/handovers/{number}/receive", right="fees.receive_cash", says="清点收讫")
def receive(request: HttpRequest, number: Number, said: CashCounted) -> None:
    one = queries.handover_for(signed_in(request), number, to="fees.receive_cash")
    operations.receive_cash(one, counted=Decimal(said.counted), note=said.note, **acting(request))


@routes.act("/fees/handovers/{number}/send-back", right="fees.receive_cash", says="退回交接单")
def send_back(request: HttpRequest, number: Number, said: Note) -> None:
    one = queries.handover_for(signed_in(request), number, to="fees.receive_cash")
    operations.send_back(one, reason=said.note, **acting(request))


def _handover(one: CashHandover) -> HandoverLine:
    return {
        "number": one.number,
        "status": one.status,
        "giver": one.giver.name,
        "receiver": one.receiver.name if one.receiver else None,
        "expected": str(one.expected),
        "counted": str(one.counted) if one.counted is not None else None,
        "note": one.note,
        "remark": one.remark,
        "offered_at": one.offered_at,
    }
