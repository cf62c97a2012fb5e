"""现金交接: whoever took cash hands all of it over in the same shift, and another counts it (S0:54)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from huiyin.areas.estate.models import Estate
from huiyin.areas.fees import events, queries, rules, states
from huiyin.areas.fees.models import CashHandover, Receipt
from huiyin.areas.fees.operations.shared import HandoverRefused, about_receipt, number_for
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.money import figures, rounded
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command, take_turn


@command
def hand_over(estate_id: int, *, actor: User, at: datetime, note: str = "") -> CashHandover:
    """Hand over all the cash one has taken in the estate; it waits to be counted. Refused when there is none."""
    take_turn(f"fees.cash {actor.pk}")
    receipts = queries.cash_in_hand(actor, estate_id)
    if not receipts:
        raise HandoverRefused("您手里没有要交的现金")
    estate = Estate.objects.get(pk=estate_id)
    handover = CashHandover.objects.create(
        estate=estate,
        number=number_for(estate, "JK", at=at),
        giver=actor,
        expected=rules.total_of(one.amount for one in receipts),
        note=note.strip(),
        offered_at=at,
    )
    Receipt.objects.filter(pk__in=[one.pk for one in receipts]).update(handover=handover)
    journal.announce(_about(handover, events.HandoverMade, len(receipts)), actor=actor, at=at, note=handover.note)
    return handover


@command
def receive_cash(handover: CashHandover, *, counted: Decimal, actor: User, at: datetime, note: str = "") -> None:
    """Record what was counted; the cash is in the till, and who took it owes it no more.

    Refused for whoever hands it over, and for a difference that nobody explains.
    """
    _not_the_giver(handover, actor)
    if counted < 0 or counted != rounded(counted):
        raise HandoverRefused("实点金额不能是负数,最多写到分")
    difference = counted - handover.expected
    if difference and not note.strip():
        raise HandoverRefused(f"应交 {figures(handover.expected)} 元,实点 {figures(counted)} 元,请写明差额的原因")
    receipts = queries.receipts_in(handover)
    perform(
        handover,
        states.RECEIVE,
        actor=actor,
        at=at,
        note=note,
        fact=_about(
            handover,
            events.HandoverReceived,
            len(receipts),
            counted=figures(counted),
            difference=figures(difference) if difference else "",
        ),
        receiver=actor,
        counted=counted,
        remark=note.strip(),
        ended_at=at,
    )
    for receipt in receipts:
        fact = about_receipt(receipt, events.ReceiptHandedOver, handover=handover.number)
        journal.announce(fact, actor=actor, at=at)


@command
def send_back(handover: CashHandover, *, reason: str, actor: User, at: datetime) -> None:
    """Send the cash back uncounted, with the reason; its receipts are in the hands of the giver again."""
    _not_the_giver(handover, actor)
    receipts = queries.receipts_in(handover)
    fact = _about(handover, events.HandoverSentBack, len(receipts))
    perform(handover, states.SEND_BACK, actor=actor, at=at, note=reason, fact=fact, remark=reason.strip(), ended_at=at)
    Receipt.objects.filter(handover=handover).update(handover=None)


def _not_the_giver(handover: CashHandover, actor: User) -> None:
    if handover.giver_id == actor.pk:
        raise HandoverRefused("自己交的现金要由另一个人清点")


def _about(
    handover: CashHandover, fact: type[events.HandoverFact], receipts: int, **values: Any
) -> events.HandoverFact:
    return fact(
        subject_id=handover.pk,
        estate_id=handover.estate_id,
        thread=handover.thread,
        responsible_id=handover.giver_id,
        number=handover.number,
        expected=figures(handover.expected),
        receipts=receipts,
        **values,
    )
