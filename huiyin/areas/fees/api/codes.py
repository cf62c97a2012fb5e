"""收费 by API: codes a customer pays by."""

from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest
from typing_extensions import TypedDict

from huiyin.areas.fees import operations, queries
from huiyin.areas.fees.api.values import (
    Amount,
)
from huiyin.areas.fees.models import PaymentIntent
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import Body, Note, Number

routes = Routes("fees", title="收费")


class CodeShown(TypedDict):
    """A code to be paid: `payload` is what the QR code holds."""

    reference: str
    charge: str
    gateway: str
    payload: str
    amount: str
    status: str
    transaction: str
    received: str | None
    made_at: datetime


class AmountAsked(Body):
    amount: Amount


@routes.act("/fees/charges/{number}/code", right="fees.collect", says="出收款码", of=CodeShown)
def code_make(request: HttpRequest, number: Number, said: AmountAsked) -> CodeShown:
    one = queries.charge_for(signed_in(request), number, to="fees.collect")
    return _code(operations.make_code(one, amount=Decimal(said.amount), **acting(request)))


@routes.read("/fees/codes/{number}", right="fees.collect", says="一个收款码", of=CodeShown)
def code(request: HttpRequest, number: Number) -> CodeShown:
    return _code(queries.intent_for(signed_in(request), number, to="fees.collect"))


@routes.act("/fees/codes/{number}/cancel", right="fees.collect", says="取消收款码")
def code_cancel(request: HttpRequest, number: Number) -> None:
    operations.cancel_code(queries.intent_for(signed_in(request), number, to="fees.collect"), **acting(request))


@routes.act("/fees/codes/{number}/pay-back", right="fees.void", says="退还多收的")
def code_pay_back(request: HttpRequest, number: Number, said: Note) -> None:
    one = queries.intent_for(signed_in(request), number, to="fees.void")
    operations.pay_back(one, reason=said.note, **acting(request))


def _code(one: PaymentIntent) -> CodeShown:
    return {
        "reference": one.reference,
        "charge": one.charge.number,
        "gateway": one.gateway,
        "payload": one.payload,
        "amount": str(one.amount),
        "status": one.status,
        "transaction": one.transaction,
        "received": str(one.received) if one.received is not None else None,
        "made_at": one.made_at,
    }
