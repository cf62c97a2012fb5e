"""扫码付款: a code is made for what is owed, and the gateway's notice makes the receipt, once, whenever it comes."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from huiyin.areas.fees import events, gateways, queries, rules, states
from huiyin.areas.fees.gateways import Notice
from huiyin.areas.fees.models import Charge, Mode, PaymentIntent
from huiyin.areas.fees.operations.paying import Payment, write_receipt
from huiyin.areas.fees.operations.shared import PaymentRefused, about_receipt, in_turn, recount
from huiyin.areas.fees.states import IntentStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.money import figures
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command

_OPEN = (IntentStatus.PENDING, IntentStatus.LAPSED)


class UnknownReference(Refused):
    """A notice about a code that was never made."""


@command
def make_code(charge: Charge, *, actor: User, at: datetime, amount: Decimal | None = None) -> PaymentIntent:
    """Make a code for what is owed, or for so much of it; one that waits already for as much is returned again.

    Refused when codes are switched off, when nothing is owed, or when the charge waits for its monthly slip.
    """
    gateway = gateways.chosen()
    if gateway is None:
        raise PaymentRefused("没有开通扫码收款,请收现金或转账")
    in_turn(charge)
    if not queries.may_be_taken(charge):
        raise PaymentRefused("现在没有要收的钱,或者要等月结单签认")
    asked = charge.owed if amount is None else amount
    if wrong := rules.wrong_amount(asked, owed=charge.owed):
        raise PaymentRefused(wrong)
    waiting = queries.waiting_intent(charge)
    if waiting and waiting.amount == asked and waiting.gateway == gateway.code:
        return waiting
    if waiting:
        cancel_code(waiting, actor=actor, at=at)
    return _begin(charge, asked, gateway, actor=actor, at=at)


@command
def cancel_code(intent: PaymentIntent, *, actor: User, at: datetime) -> None:
    """Let the code lapse. Money that comes for it all the same is taken when it is still owed. Refused once it was paid."""
    perform(intent, states.LAPSE, actor=actor, at=at, fact=_about(intent, events.IntentLapsed), ended_at=at)


@command
def take_notice(gateway: str, notice: Notice, *, actor: User, at: datetime) -> PaymentIntent:
    """Record that money came to the company for a code, and write the receipt in the name of whoever showed the code.

    Repeatable: the same payment told twice makes one receipt. What is not owed any more, or not the amount asked for,
    makes none and waits to be given back. Refused for a reference that was never given.
    """
    intent = (
        PaymentIntent.objects.filter(reference=notice.reference, gateway=gateway)
        .select_related("charge__estate", "charge__slip", "made_by")
        .first()
    )
    if intent is None:
        raise UnknownReference(f"没有这个付款编号:{notice.reference[:40]}")
    charge = intent.charge
    in_turn(charge)
    known = PaymentIntent.objects.filter(gateway=gateway, transaction=notice.transaction).first()
    if known is not None:
        return known
    intent.refresh_from_db()
    if intent.status not in _OPEN:
        intent = _second(intent, notice, at=at)
    if why := _not_owed(charge, intent, notice):
        fact = _about(intent, events.IntentSurplus)
        perform(intent, states.OVERPAY, actor=actor, at=at, note=why, fact=fact, **_arrived(notice, at))
        return intent
    _take(intent, notice, actor=actor, at=at)
    return intent


@command
def pay_back(intent: PaymentIntent, *, reason: str, actor: User, at: datetime) -> None:
    """Record that what came too much was given back, and how. Refused without words, or when nothing came too much."""
    perform(intent, states.PAY_BACK, actor=actor, at=at, note=reason, fact=_about(intent, events.IntentPaidBack))


def _begin(charge: Charge, amount: Decimal, gateway: gateways.Gateway, *, actor: User, at: datetime) -> PaymentIntent:
    reference = f"{charge.number}-{charge.intents.count() + 1}"
    intent = PaymentIntent.objects.create(
        charge=charge,
        estate_id=charge.estate_id,
        reference=reference,
        gateway=gateway.code,
        payload=gateway.payload(reference, amount, charge.title),
        amount=amount,
        made_by=actor,
        made_at=at,
    )
    journal.announce(_about(intent, events.IntentMade), actor=actor, at=at)
    return intent


def _take(intent: PaymentIntent, notice: Notice, *, actor: User, at: datetime) -> None:
    charge = intent.charge
    perform(
        intent, states.CONFIRM, actor=actor, at=at, fact=_about(intent, events.IntentConfirmed), **_arrived(notice, at)
    )
    receipt = write_receipt(
        charge,
        amount=notice.amount,
        payment=Payment(mode=Mode.QR, reference=notice.transaction),
        cashier=intent.made_by,
        actor=actor,
        at=at,
        intent=intent,
    )
    journal.announce(about_receipt(receipt, events.ReceiptIssued), actor=actor, at=at)
    recount(charge, paid=notice.amount, actor=actor, at=at)


def _arrived(notice: Notice, at: datetime) -> dict[str, Any]:
    return {"transaction": notice.transaction, "received": notice.amount, "ended_at": at}


def _second(intent: PaymentIntent, notice: Notice, *, at: datetime) -> PaymentIntent:
    """Somebody paid the same code once more: the money gets a row of its own, for the row of the first says what it says."""
    return PaymentIntent.objects.create(
        charge=intent.charge,
        estate_id=intent.estate_id,
        reference=f"{intent.charge.number}-{intent.charge.intents.count() + 1}",
        gateway=intent.gateway,
        payload=intent.payload,
        amount=intent.amount,
        made_by=intent.made_by,
        made_at=at,
        status=IntentStatus.LAPSED,
    )


def _not_owed(charge: Charge, intent: PaymentIntent, notice: Notice) -> str:
    if notice.amount != intent.amount:
        return f"应付 {figures(intent.amount)} 元,到账 {figures(notice.amount)} 元"
    if not charge.is_open or notice.amount > charge.owed:
        return f"收费单已经不欠这笔钱(待收 {figures(charge.owed)} 元)"
    return ""


def _about(intent: PaymentIntent, fact: type[events.IntentFact]) -> events.IntentFact:
    return fact(
        subject_id=intent.pk,
        estate_id=intent.estate_id,
        thread=intent.charge.thread,
        responsible_id=intent.made_by_id,
        charge=intent.charge.number,
        amount=figures(intent.received if intent.received is not None else intent.amount),
        gateway=intent.gateway,
    )
