"""转单: an order goes from one technician to another when the other takes it, and stays where it is until then."""

from datetime import datetime

from huiyin.areas.repairs import events, queries, states
from huiyin.areas.repairs.models import Transfer, TransferState, WorkOrder
from huiyin.areas.repairs.operations.fitness import lock_if
from huiyin.areas.repairs.operations.shared import NotYourOrder, OrderIncomplete, case_moves_on, mine, of, sent_before
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards
from huiyin.standards.operations import Owner


class NotAsked(Refused):
    """Nobody is asked to take the order over, or not any more."""


@command
def ask_transfer(
    order: WorkOrder, *, receiver: User, reason: str, actor: User, at: datetime, key: str = ""
) -> Transfer | None:
    """Ask a colleague to take the order over; until they do it stays with its technician, clocks and all.

    Refused without a reason, for somebody else's order, while it waits or is finished, while another is asked, and for
    who does not repair here or is not there now.
    """
    if sent_before(key, "ask_transfer", order=order, actor=actor, at=at):
        return None
    mine(order, actor)
    if not reason.strip():
        raise OrderIncomplete("请写明为什么转单")
    if not lock_if(order.pk, technician=actor, status__in=states.TRANSFER.sources):
        raise NotAsked(f"现在是「{order.get_status_display()}」,不能转给别人")
    if Transfer.objects.filter(order=order, state=TransferState.ASKED).exists():
        raise NotAsked("已经在请人接这张单,先撤回再请别人")
    candidate = queries.crew_of(order.estate_id, at=at).judge(order, receiver.pk)
    if candidate is None or receiver.pk == actor.pk:
        raise OrderIncomplete(f"{receiver.name}不在本小区维修岗位上,请另选")
    if any(one.startswith("不在岗") for one in candidate.against):
        raise OrderIncomplete(f"{receiver.name}{candidate.against[0]},请另选")
    asked = Transfer.objects.create(
        order=order, giver=actor, receiver=receiver, reason=reason.strip()[:200], asked_at=at
    )
    fact = of(order, events.TransferAsked, to_person=receiver.name, to_person_id=receiver.pk)
    journal.announce(fact, actor=actor, at=at, note=asked.reason)
    return asked


@command
def take_over(asked: Transfer, *, actor: User, at: datetime, key: str = "") -> None:
    """Record that the colleague takes the order: from now on it is theirs, and accepted.

    Refused for anybody else, and when it was withdrawn or the order has moved meanwhile.
    """
    order = asked.order
    if sent_before(key, "take_over", order=order, actor=actor, at=at):
        return
    _end(asked, TransferState.TAKEN, whose=asked.receiver_id, actor=actor, at=at)
    fact = of(order, events.OrderDispatched, doer_id=actor.pk, to_person=actor.name, how="transfer")
    perform(
        order,
        states.TRANSFER,
        actor=actor,
        at=at,
        note=asked.reason,
        fact=fact,
        technician=actor,
        dispatched_at=at,
        accepted_at=at,
        arrived_at=None,
    )
    standards.hand_over(order.thread, owner=Owner(actor.pk, "technician"), subject=(order.journal_name, order.pk))
    entry = journal.announce(of(order, events.OrderAccepted), actor=actor, at=at)
    case_moves_on(order, entry=entry, actor=actor, at=at, step="上门维修")


@command
def decline_transfer(asked: Transfer, *, reason: str, actor: User, at: datetime, key: str = "") -> None:
    """Record that the colleague does not take it, and why: it stays with its technician. Refused as `take_over` is."""
    if sent_before(key, "decline_transfer", order=asked.order, actor=actor, at=at):
        return
    if not reason.strip():
        raise OrderIncomplete("请写明为什么不接")
    _end(asked, TransferState.DECLINED, whose=asked.receiver_id, actor=actor, at=at)
    fact = of(asked.order, events.TransferDeclined, to_person=actor.name)
    journal.announce(fact, actor=actor, at=at, note=reason.strip())


@command
def withdraw_transfer(asked: Transfer, *, actor: User, at: datetime, key: str = "") -> None:
    """Record that its technician keeps the order after all. Refused for anybody else, and once it was answered."""
    if sent_before(key, "withdraw_transfer", order=asked.order, actor=actor, at=at):
        return
    _end(asked, TransferState.ENDED, whose=asked.giver_id, actor=actor, at=at)
    fact = of(asked.order, events.TransferWithdrawn, to_person=asked.receiver.name)
    journal.announce(fact, actor=actor, at=at)


def _end(asked: Transfer, state: TransferState, *, whose: int, actor: User, at: datetime) -> None:
    """End the asking, which only this person may. The order is locked first, as everything does that moves it."""
    if actor.pk != whose:
        raise NotYourOrder("这张单不是请您接的,不能由您操作")
    held = lock_if(asked.order_id, technician=asked.giver_id)
    still = held and Transfer.objects.filter(pk=asked.pk, state=TransferState.ASKED).update(state=state, ended_at=at)
    if not still:
        raise NotAsked(f"{asked.giver.name}已经撤回,或这张单另有安排,不用再接")
