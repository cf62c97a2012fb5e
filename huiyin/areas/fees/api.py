"""收费 by API: charges, receipts, codes, cash on its way, waivers and monthly slips. Amounts are texts: 80.00."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.areas.fees import operations, queries
from huiyin.areas.fees.models import CashHandover, Charge, Mode, MonthlySlip, PaymentIntent, Receipt, Settlement, Waiver
from huiyin.areas.fees.operations import Payment
from huiyin.areas.fees.states import ChargeStatus, HandoverStatus, SlipStatus, WaiverStatus
from huiyin.foundation.accounts.permissions import require_right, signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import AskedId, Body, Day, Flag, Note, Number, Text, Word

routes = Routes("fees", title="收费")

Amount = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,10}(\.[0-9]{1,2})?$", max_length=13)]
Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", max_length=7)]
Paying = Literal["cash", "transfer"]


class ChargeLineShown(TypedDict):
    """One line of a charge."""

    title: str
    quantity: str
    unit: str
    unit_price: str
    amount: str


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


class ChargeWhole(ChargeLineListed):
    """A charge with its lines and receipts."""

    lines: list[ChargeLineShown]
    receipts: list[ReceiptLine]


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


class SlipLine(TypedDict):
    """A monthly slip."""

    number: str
    month: str
    status: str
    unit: str
    payer: str
    amount: str
    signer: str


class SlipWhole(SlipLine):
    """A monthly slip with its charges."""

    charges: list[ChargeLineListed]


class Collecting(TypedDict):
    """What is mine to collect, and the cash in my hand."""

    charges: list[ChargeLineListed]
    in_hand: list[ReceiptLine]


class ChargesAsked(Asked):
    """What the list is narrowed to. `text` is a part of a number, a unit, a payer or what it is for."""

    estate: Number
    status: ChargeStatus | None = None
    settlement: Settlement | None = None
    since: Day | None = None
    until: Day | None = None
    text: Annotated[Word, Field(max_length=40)] = ""


class ReceiptsAsked(Asked):
    """What the register is narrowed to."""

    estate: Number
    status: Literal["issued", "voided", "red"] | None = None
    mode: Mode | None = None
    cashier_id: AskedId | None = None
    since: Day | None = None
    until: Day | None = None
    text: Annotated[Word, Field(max_length=40)] = ""


class HandoversAsked(Asked):
    """What the list is narrowed to."""

    estate: Number
    status: HandoverStatus | None = None


class WaiversAsked(Asked):
    """What the list is narrowed to; those that wait unless said otherwise."""

    estate: Number
    status: WaiverStatus = WaiverStatus.ASKED


class SlipsAsked(Asked):
    """What the list is narrowed to."""

    estate: Number
    month: Month | None = None
    status: SlipStatus | None = None


class MoneyTaken(Body):
    """How somebody pays; a transfer names its voucher."""

    mode: Paying
    payer: Annotated[Word, Field(max_length=60)] = ""
    reference: Annotated[Word, Field(max_length=64)] = ""
    invoice: Annotated[Word, Field(max_length=40)] = ""
    invoice_asked: Flag = False

    def payment(self) -> Payment:
        return Payment(self.mode, self.payer, self.reference, self.invoice, self.invoice_asked)


class ChargePaid(MoneyTaken):
    amount: Amount


class AmountAsked(Body):
    amount: Amount


class WaiverAsking(Note):
    amount: Amount


class RefundAsking(WaiverAsking):
    owed_again: Flag = False


class InvoiceNoted(Body):
    invoice: Annotated[Word, Field(max_length=40)]


class SettlementChosen(Body):
    settlement: Settlement


class CashOffered(Body):
    estate: Number
    note: Text = ""


class CashCounted(Body):
    counted: Amount
    note: Text = ""


class MoneyWaiverDecided(Body):
    note: Text = ""


class SlipsMade(Body):
    estate: Number
    month: Month


class SlipSigning(Body):
    """The drawn signature as `data:image/png;base64,…`, or the paper slip that was signed instead."""

    signer: Annotated[Word, Field(max_length=60)]
    drawing: Annotated[str, Field(max_length=300_000, pattern=r"^[A-Za-z0-9+/=:;,]*$")] = ""
    paper_slip: Annotated[Word, Field(max_length=40)] = ""


@routes.read("/fees/charges", right="fees.see", says="收费单列表,新的在前", of=Page[ChargeLineListed])
def charges(request: HttpRequest, asked: Query[ChargesAsked]) -> Page[ChargeLineListed]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="fees.see")
    found = queries.listed(
        user,
        estate.pk,
        status=asked.status or "",
        settlement=asked.settlement or "",
        since=asked.since,
        until=asked.until,
        q=asked.text,
    )
    return page_of(found.select_related("collector", "slip"), asked, _charge)


@routes.read("/fees/charges/{number}", right="fees.see", says="一张收费单", of=ChargeWhole)
def charge(request: HttpRequest, number: Number) -> ChargeWhole:
    one = queries.charge_for(signed_in(request), number)
    lines: list[ChargeLineShown] = [
        {
            "title": item.title,
            "quantity": str(item.quantity),
            "unit": item.unit,
            "unit_price": str(item.unit_price),
            "amount": str(item.amount),
        }
        for item in queries.items_of(one)
    ]
    return {**_charge(one), "lines": lines, "receipts": [_receipt(each) for each in queries.receipts_of(one)]}


@routes.read("/fees/mine", right="fees.collect", says="我要收的款和手里的现金", of=Collecting)
def mine(request: HttpRequest, estate: Number) -> Collecting:
    user = signed_in(request)
    place = estates.estate_for(user, estate, to="fees.collect")
    return {
        "charges": [_charge(one) for one in queries.to_collect(user, place.pk)],
        "in_hand": [_receipt(one) for one in queries.cash_in_hand(user, place.pk)],
    }


@routes.act("/fees/charges/{number}/pay", right="fees.collect", says="收款,开收据")
def pay(request: HttpRequest, number: Number, said: ChargePaid) -> None:
    one = queries.charge_for(signed_in(request), number, to="fees.collect")
    operations.take_payment(one, payment=said.payment(), amount=Decimal(said.amount), **acting(request))


@routes.act("/fees/charges/{number}/withdraw", right="fees.charge", says="撤销收费单")
def withdraw(request: HttpRequest, number: Number, said: Note) -> None:
    one = queries.charge_for(signed_in(request), number, to="fees.charge")
    operations.drop_charge(one, reason=said.note, **acting(request))


@routes.act("/fees/charges/{number}/settlement", right="fees.charge", says="改结算方式")
def settlement(request: HttpRequest, number: Number, said: SettlementChosen) -> None:
    one = queries.charge_for(signed_in(request), number, to="fees.charge")
    operations.settle_by(one, settlement=said.settlement, **acting(request))


@routes.act("/fees/charges/{number}/waiver", right="fees.collect", says="申请减免")
def waiver_ask(request: HttpRequest, number: Number, said: WaiverAsking) -> None:
    one = queries.charge_for(signed_in(request), number, to="fees.collect")
    operations.ask_waiver(one, amount=Decimal(said.amount), reason=said.note, **acting(request))


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


@routes.read("/fees/receipts", right="fees.see", says="收据登记,新的在前", of=Page[ReceiptLine])
def receipts(request: HttpRequest, asked: Query[ReceiptsAsked]) -> Page[ReceiptLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="fees.see")
    found = queries.receipts(
        user,
        estate.pk,
        status=asked.status or "",
        mode=asked.mode or "",
        cashier=str(asked.cashier_id or ""),
        since=asked.since,
        until=asked.until,
        q=asked.text,
    )
    return page_of(found, asked, _receipt)


@routes.act("/fees/receipts/{number}/void", right="fees.void", says="作废收据")
def void(request: HttpRequest, number: Number, said: Note) -> None:
    one = queries.receipt_for(signed_in(request), number, to="fees.void")
    operations.void_receipt(one, reason=said.note, **acting(request))


@routes.act("/fees/receipts/{number}/refund", right="fees.void", says="申请退款")
def refund(request: HttpRequest, number: Number, said: RefundAsking) -> None:
    one = queries.receipt_for(signed_in(request), number, to="fees.void")
    operations.ask_refund(
        one, amount=Decimal(said.amount), reason=said.note, owed_again=said.owed_again, **acting(request)
    )


@routes.act("/fees/receipts/{number}/invoice", right="fees.collect", says="登记发票号码")
def invoice(request: HttpRequest, number: Number, said: InvoiceNoted) -> None:
    one = queries.receipt_for(signed_in(request), number, to="fees.collect")
    operations.note_invoice(one, invoice=said.invoice, **acting(request))


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


@routes.read("/fees/slips", right="fees.see", says="月结单,新的在前", of=Page[SlipLine])
def slips(request: HttpRequest, asked: Query[SlipsAsked]) -> Page[SlipLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="fees.see")
    return page_of(queries.slips(user, estate.pk, month=asked.month or "", status=asked.status or ""), asked, _slip)


@routes.act("/fees/slips/make", right="fees.charge", says="出一个月的月结单")
def slips_make(request: HttpRequest, said: SlipsMade) -> None:
    user = signed_in(request)
    estate = estates.estate_for(user, said.estate, to="fees.charge")
    require_right(user, "fees.charge", estate.pk)
    operations.make_slips(estate, month=said.month, **acting(request))


@routes.read("/fees/slips/{number}", right="fees.see", says="一张月结单", of=SlipWhole)
def slip(request: HttpRequest, number: Number) -> SlipWhole:
    one = queries.slip_for(signed_in(request), number)
    return {**_slip(one), "charges": [_charge(each) for each in queries.charges_on(one)]}


@routes.act("/fees/slips/{number}/sign", right="fees.collect", says="客户签认月结单")
def slip_sign(request: HttpRequest, number: Number, said: SlipSigning) -> None:
    one = queries.slip_for(signed_in(request), number, to="fees.collect")
    operations.sign_slip(one, signer=said.signer, drawing=said.drawing, paper_slip=said.paper_slip, **acting(request))


@routes.act("/fees/slips/{number}/pay", right="fees.collect", says="收月结单的款")
def slip_pay(request: HttpRequest, number: Number, said: MoneyTaken) -> None:
    one = queries.slip_for(signed_in(request), number, to="fees.collect")
    operations.pay_slip(one, payment=said.payment(), **acting(request))


@routes.act("/fees/slips/{number}/void", right="fees.charge", says="作废月结单")
def slip_void(request: HttpRequest, number: Number, said: Note) -> None:
    operations.void_slip(
        queries.slip_for(signed_in(request), number, to="fees.charge"), reason=said.note, **acting(request)
    )


def _charge(one: Charge) -> ChargeLineListed:
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


def _receipt(one: Receipt) -> ReceiptLine:
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


def _slip(one: MonthlySlip) -> SlipLine:
    return {
        "number": one.number,
        "month": one.month,
        "status": one.status,
        "unit": one.unit,
        "payer": one.payer,
        "amount": str(one.amount),
        "signer": one.signer,
    }
