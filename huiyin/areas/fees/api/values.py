"""Amounts as they are sent: as text, so that nothing is rounded on the way. And what several answers share."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from huiyin.areas.fees.models import Charge, Receipt
from huiyin.areas.fees.operations import Payment
from huiyin.foundation.api.values import Body, Flag, Word

Amount = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,10}(\.[0-9]{1,2})?$", max_length=13)]
Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", max_length=7)]
Paying = Literal["cash", "transfer"]


class ReceiptLine(TypedDict):
    """A receipt. One in red has a negative amount and names what it refunds."""

    number: str
    charge: str
    status: str
    payer: str
    amount: str
    capitals: str
    mode: str
    reference: str
    invoice: str
    cashier: str
    at: datetime
    handover: str | None
    refunds: str | None
    void_reason: str


class ChargeLineListed(TypedDict):
    """A charge."""

    number: str
    title: str
    unit: str
    payer: str
    amount: str
    paid: str
    waived: str
    owed: str
    status: str
    settlement: str
    collector: str | None
    slip: str | None
    subject_type: str
    subject_id: int
    thread: str
    opened_at: datetime
    closed_at: datetime | None


class MoneyTaken(Body):
    """How somebody pays; a transfer names its voucher."""

    mode: Paying
    payer: Annotated[Word, Field(max_length=60)] = ""
    reference: Annotated[Word, Field(max_length=64)] = ""
    invoice: Annotated[Word, Field(max_length=40)] = ""
    invoice_asked: Flag = False

    def payment(self) -> Payment:
        return Payment(self.mode, self.payer, self.reference, self.invoice, self.invoice_asked)


def charge_line(one: Charge) -> ChargeLineListed:
    return {
        "number": one.number,
        "title": one.title,
        "unit": one.unit,
        "payer": one.payer,
        "amount": str(one.amount),
        "paid": str(one.paid),
        "waived": str(one.waived),
        "owed": str(one.owed),
        "status": one.status,
        "settlement": one.settlement,
        "collector": one.collector.name if one.collector else None,
        "slip": one.slip.number if one.slip else None,
        "subject_type": one.subject_type,
        "subject_id": one.subject_id,
        "thread": one.thread,
        "opened_at": one.opened_at,
        "closed_at": one.closed_at,
    }


def receipt_line(one: Receipt) -> ReceiptLine:
    return {
        "number": one.number,
        "charge": one.charge.number,
        "status": one.status,
        "payer": one.payer,
        "amount": str(one.amount),
        "capitals": one.capitals,
        "mode": one.mode,
        "reference": one.reference,
        "invoice": one.invoice,
        "cashier": one.cashier.name,
        "at": one.at,
        "handover": one.handover.number if one.handover else None,
        "refunds": one.refunds.number if one.refunds else None,
        "void_reason": one.void_reason,
    }
