"""A receipt that should not be: it keeps its number and the reason, and the charge is owed again."""

from datetime import datetime

from django.utils.timezone import localdate

from huiyin.areas.fees import events, rules, states
from huiyin.areas.fees.models import Receipt
from huiyin.areas.fees.operations.shared import ReceiptStands, about_receipt, in_turn, recount
from huiyin.foundation.accounts.models import User
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command, take_turn


@command
def void_receipt(receipt: Receipt, *, reason: str, actor: User, at: datetime) -> None:
    """Void a receipt while the money is still with whoever took it, or at the till on the same day.

    Refused without a reason, after the cash was handed over, for money that came by code, and for a receipt in red or one
    that was partly given back.
    """
    charge = receipt.charge
    in_turn(charge)
    take_turn(f"fees.cash {receipt.cashier_id}")
    receipt.refresh_from_db()
    if receipt.refunds_id:
        raise ReceiptStands("红字收据不能作废;退错了请重新收款")
    if receipt.refunded_by.exists():
        raise ReceiptStands("这张收据已经退过款,不能再作废")
    why_not = rules.why_not_void(
        mode=receipt.mode,
        waits=receipt.handover is not None and receipt.handover.status == states.HandoverStatus.OFFERED,
        in_till=receipt.in_till or receipt.handover is not None,
        same_day=localdate(receipt.at) == localdate(at) and receipt.handover is None,
    )
    if why_not and receipt.is_valid:
        raise ReceiptStands(why_not)
    perform(
        receipt,
        states.VOID,
        actor=actor,
        at=at,
        note=reason,
        fact=about_receipt(receipt, events.ReceiptVoided),
        voided_by=actor,
        voided_at=at,
        void_reason=reason.strip(),
    )
    recount(charge, paid=-receipt.amount, actor=actor, at=at, note=f"收据 {receipt.number} 作废:{reason.strip()}")
