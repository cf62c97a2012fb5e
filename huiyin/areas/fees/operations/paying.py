"""Money comes in: a receipt is written in the same step, from the one series of the estate and year."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.timezone import localdate

from huiyin.areas.fees import events, queries, rules, states
from huiyin.areas.fees.models import Charge, Mode, PaymentIntent, Receipt
from huiyin.areas.fees.operations.shared import PaymentRefused, about_receipt, in_turn, recount
from huiyin.areas.fees.permissions import holds_till
from huiyin.areas.fees.states import IntentStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.idempotency.operations import earlier_result, remember
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.money import capitals
from huiyin.foundation.numbers.operations import next_number
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards

TAKE = "fees.payment.take"


@dataclass(frozen=True)
class Payment:
    """How somebody pays: `reference` is the voucher of a transfer, `invoice` the number of the invoice given besides."""

    mode: str
    payer: str = ""
    reference: str = ""
    invoice: str = ""
    invoice_asked: bool = False


@command
def take_payment(
    charge: Charge, *, payment: Payment, actor: User, at: datetime, amount: Decimal | None = None, key: str = ""
) -> Receipt:
    """Take money for a charge, all that is owed unless an amount is named, and write the receipt.

    Of two people taking the same money one writes a receipt, the other reads what is left. A repeated `key` returns the
    receipt of the first sending. Refused when nothing is owed or it waits for its monthly slip, when the amount is more
    than is owed, for a payment by code (which the gateway reports), and for a transfer without its voucher.
    """
    known = earlier_result(key, TAKE, actor=actor)
    if known is not None:
        return Receipt.objects.select_related("charge").get(pk=known)
    in_turn(charge)
    _may_be_taken(charge, payment)
    asked = charge.owed if amount is None else amount
    if wrong := rules.wrong_amount(asked, owed=charge.owed):
        raise PaymentRefused(wrong)
    _as_the_standard_asks(charge, payment, at=at)
    receipt = write_receipt(charge, amount=asked, payment=payment, cashier=actor, actor=actor, at=at)
    journal.announce(about_receipt(receipt, events.ReceiptIssued), actor=actor, at=at)
    recount(charge, paid=asked, actor=actor, at=at)
    drop_codes(charge, actor=actor, at=at)
    remember(key, TAKE, actor=actor, at=at, result=receipt.pk)
    return receipt


def write_receipt(
    charge: Charge,
    *,
    amount: Decimal,
    payment: Payment,
    cashier: User,
    actor: User,
    at: datetime,
    intent: PaymentIntent | None = None,
    refunds: Receipt | None = None,
) -> Receipt:
    """Write the next receipt of the estate's series; a negative amount is one in red. Called in turn."""
    year = localdate(at).year
    series = f"{charge.estate.code}-SJ{year % 100:02d}"
    serial = next_number(charge.estate_id, "fees.receipt", date(year, 1, 1))
    till = refunds.in_till or refunds.handover_id is not None if refunds else holds_till(actor, charge.estate_id)
    return Receipt.objects.create(
        charge=charge,
        estate_id=charge.estate_id,
        series=series,
        serial=serial,
        number=f"{series}-{serial:06d}",
        payer=payment.payer.strip() or charge.payer or charge.unit or "未留姓名",
        amount=amount,
        capitals=capitals(amount),
        mode=payment.mode,
        reference=payment.reference.strip(),
        invoice=payment.invoice.strip(),
        cashier=cashier,
        at=at,
        in_till=payment.mode == Mode.CASH and till,
        intent=intent,
        refunds=refunds,
    )


def drop_codes(charge: Charge, *, actor: User, at: datetime) -> None:
    """Let the code that waits lapse when it asks for more than is owed now. Money that comes all the same is not lost."""
    for intent in charge.intents.filter(status=IntentStatus.PENDING, amount__gt=charge.owed):
        fact = events.IntentLapsed(
            subject_id=intent.pk,
            estate_id=intent.estate_id,
            thread=charge.thread,
            charge=charge.number,
            amount=str(intent.amount),
            gateway=intent.gateway,
        )
        perform(intent, states.LAPSE, actor=actor, at=at, fact=fact, ended_at=at)


@command
def note_invoice(receipt: Receipt, *, invoice: str, actor: User, at: datetime) -> None:
    """Note the number of the invoice given for a receipt, once. Refused for one that is voided or has a number."""
    in_turn(receipt.charge)
    receipt.refresh_from_db()
    if not invoice.strip():
        raise PaymentRefused("请写发票号码")
    if not receipt.is_valid or receipt.invoice:
        raise PaymentRefused("这张收据已经作废,或已经登记过发票号码")
    receipt.invoice = invoice.strip()
    receipt.save(update_fields=["invoice"])
    journal.record(
        "fees.receipt.invoiced",
        subject=(receipt.journal_name, receipt.pk),
        estate_id=receipt.estate_id,
        actor=actor,
        at=at,
        thread=receipt.thread,
        values={"number": receipt.number, "invoice": receipt.invoice},
    )


def _may_be_taken(charge: Charge, payment: Payment) -> None:
    if not charge.is_open:
        raise PaymentRefused(f"收费单 {charge.number} 现在是「{charge.get_status_display()}」,没有要收的钱")
    if not queries.may_be_taken(charge):
        raise PaymentRefused("这张收费单走月结,等月结单签认后再收;要当场付的,先改成当场结")
    if payment.mode not in (Mode.CASH, Mode.TRANSFER):
        raise PaymentRefused("扫码的钱由收款通道通知到账,不用手工登记")
    if payment.mode == Mode.TRANSFER and not payment.reference.strip():
        raise PaymentRefused("转账请写银行回单号或流水号")


def _as_the_standard_asks(charge: Charge, payment: Payment, *, at: datetime) -> None:
    said = {
        "receipt": True,
        "receipt_or_invoice": True,
        "invoice": payment.invoice.strip(),
        "invoice_asked": payment.invoice_asked,
    }
    standards.require("fees.payment.record", estate_id=charge.estate_id, values=said, at=at)
