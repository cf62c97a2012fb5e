"""减免和退款: one person asks with a reason, another decides. Nobody decides what they asked for."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from huiyin.areas.fees import events, rules, states
from huiyin.areas.fees.models import Charge, Mode, Receipt, Waiver, WaiverKind
from huiyin.areas.fees.operations.paying import Payment, drop_codes, write_receipt
from huiyin.areas.fees.operations.shared import WaiverRefused, about_receipt, in_turn, recount
from huiyin.areas.fees.states import WaiverStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.money import figures
from huiyin.foundation.states.moves import Move, NoteNeeded, perform
from huiyin.foundation.transactions import command


@command
def ask_waiver(charge: Charge, *, reason: str, actor: User, at: datetime, amount: Decimal | None = None) -> Waiver:
    """Ask that what is owed, or so much of it, be waived. Refused without a reason, for more than is owed, or while
    another request is open.
    """
    in_turn(charge)
    if not charge.is_open:
        raise WaiverRefused(f"收费单现在是「{charge.get_status_display()}」,没有可减免的")
    asked = charge.owed if amount is None else amount
    if wrong := rules.wrong_amount(asked, owed=charge.owed):
        raise WaiverRefused(wrong.replace("收 ", "减免 "))
    return _ask(Waiver(charge=charge, kind=WaiverKind.WAIVE, amount=asked), reason=reason, actor=actor, at=at)


@command
def ask_refund(
    receipt: Receipt,
    *,
    reason: str,
    actor: User,
    at: datetime,
    amount: Decimal | None = None,
    owed_again: bool = False,
) -> Waiver:
    """Ask that money of a receipt be given back; with `owed_again` it is to be paid once more, else the claim is dropped.

    Refused without a reason, for more than is left of the receipt, while another request is open, and while the cash is
    not at the till.
    """
    in_turn(receipt.charge)
    receipt.refresh_from_db()
    asked = left_of(receipt) if amount is None else amount
    _refundable(receipt, asked)
    waiver = Waiver(charge=receipt.charge, kind=WaiverKind.REFUND, receipt=receipt, amount=asked, owed_again=owed_again)
    return _ask(waiver, reason=reason, actor=actor, at=at)


@command
def approve_waiver(waiver: Waiver, *, actor: User, at: datetime, note: str = "") -> None:
    """Approve: what was asked for is waived, or given back with a receipt in red.

    Refused for whoever asked, and when meanwhile so much is no longer owed or no longer there to be given back.
    """
    _decide(waiver, states.APPROVE, events.WaiverApproved, actor=actor, at=at, note=note)
    charge = waiver.charge
    if waiver.receipt is None:
        if wrong := rules.wrong_amount(waiver.amount, owed=charge.owed):
            raise WaiverRefused(wrong.replace("收 ", "减免 "))
        recount(charge, waived=waiver.amount, actor=actor, at=at, note=waiver.reason)
        drop_codes(charge, actor=actor, at=at)
        return
    _give_back(waiver, waiver.receipt, actor=actor, at=at)


@command
def refuse_waiver(waiver: Waiver, *, reason: str, actor: User, at: datetime) -> None:
    """Refuse what was asked for, with the reason. Refused for whoever asked."""
    _decide(waiver, states.REFUSE, events.WaiverRefused, actor=actor, at=at, note=reason)


@command
def take_back_waiver(waiver: Waiver, *, actor: User, at: datetime) -> None:
    """Take back what one asked for oneself, while nobody has decided."""
    if waiver.asked_by_id != actor.pk:
        raise WaiverRefused(f"这是{waiver.asked_by.name}申请的,由本人撤回")
    perform(waiver, states.TAKE_BACK, actor=actor, at=at, fact=_about(waiver, events.WaiverTakenBack))


def left_of(receipt: Receipt) -> Decimal:
    """Return what of the receipt was not given back yet."""
    given = receipt.refunded_by.aggregate(all=Sum("amount"))["all"] or rules.NOTHING
    return rules.owed(receipt.amount, paid=-given, waived=rules.NOTHING)


def _ask(waiver: Waiver, *, reason: str, actor: User, at: datetime) -> Waiver:
    if not reason.strip():
        raise NoteNeeded(f"请写明{waiver.get_kind_display()}的理由")
    if waiver.charge.waivers.filter(status=WaiverStatus.ASKED).exists():
        raise WaiverRefused("这张收费单已有一份申请在等审批")
    waiver.estate_id = waiver.charge.estate_id
    waiver.reason, waiver.asked_by, waiver.asked_at = reason.strip(), actor, at
    waiver.save(force_insert=True)
    journal.announce(_about(waiver, events.WaiverAsked), actor=actor, at=at, note=waiver.reason)
    return waiver


def _decide(waiver: Waiver, move: Move, fact: type[events.WaiverFact], *, actor: User, at: datetime, note: str) -> None:
    in_turn(waiver.charge)
    if waiver.asked_by_id == actor.pk:
        raise WaiverRefused("申请和审批要两个人,请由另一位有审批权限的同事来批")
    perform(
        waiver,
        move,
        actor=actor,
        at=at,
        note=note,
        fact=_about(waiver, fact),
        decided_by=actor,
        decided_at=at,
        decision=note.strip(),
    )


def _give_back(waiver: Waiver, receipt: Receipt, *, actor: User, at: datetime) -> None:
    charge = waiver.charge
    receipt.refresh_from_db()
    _refundable(receipt, waiver.amount)
    payment = Payment(mode=receipt.mode, payer=receipt.payer, reference=receipt.reference)
    red = write_receipt(
        charge, amount=-waiver.amount, payment=payment, cashier=actor, actor=actor, at=at, refunds=receipt
    )
    journal.announce(
        about_receipt(red, events.ReceiptRefunded, refunds=receipt.number), actor=actor, at=at, note=waiver.reason
    )
    dropped = rules.NOTHING if waiver.owed_again else waiver.amount
    recount(charge, paid=-waiver.amount, waived=dropped, actor=actor, at=at, note=waiver.reason)


def _refundable(receipt: Receipt, amount: Decimal) -> None:
    if not receipt.is_valid or receipt.refunds_id:
        raise WaiverRefused("只有有效的收款收据才能退款")
    if receipt.mode == Mode.CASH and not receipt.in_till:
        handover = receipt.handover
        if handover is None or handover.status != states.HandoverStatus.RECEIVED:
            raise WaiverRefused("现金还在收款人手里:请先交接;收错了可以作废收据重开")
    if wrong := rules.wrong_refund(amount, left=left_of(receipt)):
        raise WaiverRefused(wrong)


def _about(waiver: Waiver, fact: type[events.WaiverFact]) -> events.WaiverFact:
    return fact(
        subject_id=waiver.pk,
        estate_id=waiver.estate_id,
        thread=waiver.charge.thread,
        kind=waiver.kind,
        charge=waiver.charge.number,
        amount=figures(waiver.amount),
    )
