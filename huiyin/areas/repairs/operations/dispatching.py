"""How an estate gives out orders: what it decides, laying open, grabbing, whose turn it is, and what a rule does."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from huiyin.areas.repairs import events, queries, states
from huiyin.areas.repairs.models import DispatchMode, DispatchPolicy, Offer, OfferState, Turn, WorkOrder
from huiyin.areas.repairs.operations import board
from huiyin.areas.repairs.operations.fitness import NotFit, end_asking, lock_if
from huiyin.areas.repairs.operations.shared import case_moves_on, of, sent_before
from huiyin.areas.repairs.rules import Candidate
from huiyin.areas.repairs.states import OrderStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import MovedMeanwhile, perform
from huiyin.foundation.transactions import command, take_turn
from huiyin.standards import operations as standards
from huiyin.standards.operations import Owner

SHORTEST_SLOT = 30


class SettingsInvalid(Refused):
    """The estate cannot give out orders like that."""


class NotOpen(Refused):
    """The order does not lie open, or does no longer: somebody was faster, or nobody was fast enough."""


class NobodyFit(Refused):
    """There is nobody the rule could give the order to."""


@dataclass(frozen=True)
class Rotated:
    """How many orders were given to whose turn it was, and for how many nobody was fit."""

    given: int
    left: int


@command
def set_policy(
    estate_id: int,
    *,
    urgency: str,
    mode: str,
    load_cap: int,
    grab_minutes: int,
    slots_from: time,
    slots_until: time,
    slot_minutes: int,
    per_slot: int,
    actor: User,
    at: datetime,
) -> DispatchPolicy:
    """Decide how orders of this urgency are given out from now on, with what was before on the journal.

    A rule gives only orders opened since it was chosen. Refused for slots that end before they begin or are shorter than
    half an hour, and for grabbing that lasts no minute. Saying the same again changes nothing.
    """
    if slots_until <= slots_from or slot_minutes < SHORTEST_SLOT:
        raise SettingsInvalid(f"时段要从早到晚,每段不短于 {SHORTEST_SLOT} 分钟")
    if grab_minutes < 1:
        raise SettingsInvalid("抢单至少等 1 分钟")
    said: dict[str, Any] = {
        "mode": DispatchMode(mode).value,
        "load_cap": load_cap,
        "grab_minutes": grab_minutes,
        "slots_from": slots_from,
        "slots_until": slots_until,
        "slot_minutes": slot_minutes,
        "per_slot": per_slot,
    }
    take_turn(f"repairs.dispatch_policy:{estate_id}")
    known = queries.policies_of(estate_id)[urgency]
    was = queries.mode_of(known)
    if known.pk and was == said:
        return known
    since = known.mode_since if known.pk and known.mode == said["mode"] else at
    policy, _ = DispatchPolicy.objects.update_or_create(
        estate_id=estate_id, urgency=urgency, defaults={**said, "mode_since": since}
    )
    changed = {name: str(value) for name, value in said.items() if not known.pk or was[name] != value}
    journal.record(
        events.DISPATCH_CHANGED,
        subject=(DispatchPolicy.journal_name, policy.pk),
        estate_id=estate_id,
        actor=actor,
        at=at,
        thread=f"dispatch:{estate_id}",
        values={"urgency": urgency, "new": changed, "was": {name: str(was[name]) for name in changed}},
    )
    return policy


@command
def lay_open(order: WorkOrder, *, actor: User, at: datetime) -> Offer:
    """Let whoever is fit grab the order, for as long as the estate has decided.

    Refused when it does not wait for dispatch, or lies open already.
    """
    if not lock_if(order.pk, status=OrderStatus.NEW):
        raise NotOpen("这张单已经派出或结束,不能再放出来抢")
    if Offer.objects.filter(order=order, state=OfferState.OPEN).exists():
        raise NotOpen("这张单已经放出来了,等人抢")
    minutes = queries.policies_of(order.estate_id)[order.urgency].grab_minutes
    offer = Offer.objects.create(order=order, opened_at=at, opened_by=actor, lapses_at=at + timedelta(minutes=minutes))
    journal.announce(of(order, events.OrderOffered, lapses_at=offer.lapses_at), actor=actor, at=at)
    return offer


@command
def grab(offer: Offer, *, actor: User, at: datetime, key: str = "") -> None:
    """Record that the technician takes the order that lies open: it is theirs and accepted at once.

    Refused when somebody was faster, when its time is over, and for who is not fit, in words.
    """
    order = offer.order
    if sent_before(key, "grab", order=order, actor=actor, at=at):
        return
    # Two orders grabbed by one person at once must both count what they have in hand.
    take_turn(f"repairs.hands:{actor.pk}")
    if offer.lapses_at <= at:
        raise NotOpen("时间到了没人抢,已交给班长派单")
    candidate = queries.crew_of(order.estate_id, at=at).judge(order, actor.pk)
    if candidate is None or not candidate.fit:
        raise NotFit(f"这张单您抢不了:{candidate.why_not if candidate else '您不在本小区维修岗位上'}")
    fact = of(order, events.OrderDispatched, doer_id=actor.pk, to_person=actor.name, how="grab")
    try:
        perform(order, states.GRAB, actor=actor, at=at, fact=fact, technician=actor, dispatched_at=at, accepted_at=at)
    except MovedMeanwhile as moved:
        raise NotOpen(_too_late(order)) from moved
    taken = Offer.objects.filter(pk=offer.pk, state=OfferState.OPEN)
    if not taken.update(state=OfferState.TAKEN, taken_by=actor, ended_at=at):
        raise NotOpen("这张单已经收回,不能再抢,看看别的单")
    standards.hand_over(order.thread, owner=Owner(actor.pk, "technician"), subject=(order.journal_name, order.pk))
    entry = journal.announce(of(order, events.OrderAccepted), actor=actor, at=at)
    case_moves_on(order, entry=entry, actor=actor, at=at, step="上门维修")


def _too_late(order: WorkOrder) -> str:
    now = WorkOrder.objects.select_related("technician").get(pk=order.pk)
    where = f"已在{now.technician.name}手里" if now.technician else "已经结束"
    return f"慢了一步:这张单{where},看看别的单"


@command
def rotate(order: WorkOrder, *, actor: User, at: datetime) -> User:
    """Give a waiting order to whose turn it is of those who are fit, and return them. Refused when nobody is."""
    if order.status != OrderStatus.NEW:
        raise NotOpen(f"现在是「{order.get_status_display()}」,不用轮派;要换人请改派")
    given = _give_turn(order, actor=actor, at=at)
    if given is None:
        raise NobodyFit("现在没有合适的人可以轮派,请在人选里看原因,由您指定")
    return given


@command
def rotate_all(estate_id: int, *, actor: User, at: datetime) -> Rotated:
    """Give every order of the estate that waits and does not lie open to whose turn it is, the most urgent first."""
    orders = queries.waiting_orders(estate_id)
    offered = queries.offers_of(orders, at=at)
    given = [_give_turn(order, actor=actor, at=at) for order in orders if order.pk not in offered]
    return Rotated(given=sum(one is not None for one in given), left=sum(one is None for one in given))


def _give_turn(order: WorkOrder, *, actor: User, at: datetime) -> User | None:
    # Two orders given at once must not be one person's turn.
    take_turn(f"repairs.rotation:{order.estate_id}")
    candidate = queries.crew_of(order.estate_id, at=at).whose_turn(order)
    technician = queries.technician_of(order.estate_id, candidate.person_id) if candidate else None
    if candidate is None or technician is None:
        return None
    board.dispatch(order, technician=technician, actor=actor, at=at, note=_why(candidate), how="rotation")
    Turn.objects.create(estate_id=order.estate_id, order=order, technician=technician, given_at=at)
    return technician


def _why(candidate: Candidate) -> str:
    return f"轮到{candidate.name}:{candidate.says}"


@command
def follow_the_rule(order: WorkOrder, *, actor: User, at: datetime) -> bool:
    """Do with a waiting order what its estate chose: lay it open, or give it to whose turn it is; tell whether it was done.

    Nothing is done when the estate chose otherwise meanwhile, or while nobody is fit.
    """
    policy = queries.policies_of(order.estate_id)[order.urgency]
    if policy.mode == DispatchMode.GRAB:
        lay_open(order, actor=actor, at=at)
        return True
    if policy.mode == DispatchMode.ROTATION:
        return _give_turn(order, actor=actor, at=at) is not None
    return False


@command
def lapse(offer: Offer, *, actor: User, at: datetime) -> None:
    """End an offer nobody took in time: the order is the lead's. Does nothing when it has ended meanwhile."""
    order = offer.order
    if not lock_if(order.pk, status=OrderStatus.NEW):
        end_asking(order, at=at)
        return
    over = Offer.objects.filter(pk=offer.pk, state=OfferState.OPEN, lapses_at__lte=at)
    if over.update(state=OfferState.LAPSED, ended_at=at):
        entry = journal.announce(of(order, events.OrderUngrabbed), actor=actor, at=at)
        case_moves_on(order, entry=entry, actor=actor, at=at, step="派单")
