"""收费 by API: waivers and refunds, asked for by one and decided by another."""

from decimal import Decimal

from django.http import HttpRequest
from ninja import Query
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.areas.fees import operations, queries
from huiyin.areas.fees.api.values import Amount
from huiyin.areas.fees.models import Waiver
from huiyin.areas.fees.states import WaiverStatus
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import AskedId, Body, Flag, Note, Number, Text

routes = Routes("fees", title="收费")


class MoneyWaiverLine(TypedDict):
    """A waiver or a refund that was asked for."""

    id: int
    charge: str
    kind: str
    receipt: str | None
    amount: str
    reason: str
    status: str
    asked_by: str
    decided_by: str | None


class WaiversAsked(Asked):
    """What the list is narrowed to; those that wait unless said otherwise."""

    estate: Number
    status: WaiverStatus = WaiverStatus.ASKED


class WaiverAsking(Note):
    amount: Amount


class RefundAsking(WaiverAsking):
    owed_again: Flag = False


class MoneyWaiverDecided(Body):
    note: Text = ""


@routes.act("/fees/charges/{number}/waiver", right="fees.collect", says="申请减免")
def waiver_ask(request: HttpRequest, number: Number, said: WaiverAsking) -> None:
    one = queries.charge_for(signed_in(request), number, to="fees.collect")
    operations.ask_waiver(one, amount=Decimal(said.amount), reason=said.note, **acting(request))


@routes.act("/fees/receipts/{number}/refund", right="fees.void", says="申请退款")
def refund(request: HttpRequest, number: Number, said: RefundAsking) -> None:
    one = queries.receipt_for(signed_in(request), number, to="fees.void")
    operations.ask_refund(
        one, amount=Decimal(said.amount), reason=said.note, owed_again=said.owed_again, **acting(request)
    )


@routes.read("/fees/waivers", right="fees.see", says="减免和退款申请", of=Page[MoneyWaiverLine])
def waivers(request: HttpRequest, asked: Query[WaiversAsked]) -> Page[MoneyWaiverLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="fees.see")
    return page_of(queries.waivers(user, estate.pk, status=asked.status), asked, _waiver)


@routes.act("/fees/waivers/{waiver_id}/approve", right="fees.waive", says="批准减免或退款")
def approve(request: HttpRequest, waiver_id: AskedId, said: MoneyWaiverDecided) -> None:
    one = queries.waiver_for(signed_in(request), waiver_id, to="fees.waive")
    operations.approve_waiver(one, note=said.note, **acting(request))


@routes.act("/fees/waivers/{waiver_id}/refuse", right="fees.waive", says="不批准")
def refuse(request: HttpRequest, waiver_id: AskedId, said: Note) -> None:
    one = queries.waiver_for(signed_in(request), waiver_id, to="fees.waive")
    operations.refuse_waiver(one, reason=said.note, **acting(request))


@routes.act("/fees/waivers/{waiver_id}/take-back", right="fees.collect", says="撤回自己的申请")
def take_back(request: HttpRequest, waiver_id: AskedId) -> None:
    one = queries.waiver_for(signed_in(request), waiver_id, to="fees.collect")
    operations.take_back_waiver(one, **acting(request))


def _waiver(one: Waiver) -> MoneyWaiverLine:
    return {
        "id": one.pk,
        "charge": one.charge.number,
        "kind": one.kind,
        "receipt": one.receipt.number if one.receipt else None,
        "amount": str(one.amount),
        "reason": one.reason,
        "status": one.status,
        "asked_by": one.asked_by.name,
        "decided_by": one.decided_by.name if one.decided_by else None,
    }
