"""派单 by API: how an estate gives out orders, who could take one and when, grabbing, turns, and passing an order on."""

from datetime import datetime, time
from typing import Annotated

from django.http import HttpRequest
from pydantic import BeforeValidator, Field
from typing_extensions import TypedDict

from huiyin.areas.cases.models import Urgency
from huiyin.areas.estate import queries as estates
from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import DispatchMode, DispatchPolicy, Offer, WorkOrder
from huiyin.areas.repairs.rules import Candidate
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import Body, Id, Note, Number, Text, ValueRefused, a_number, whole_between

routes = Routes("repairs", title="维修派单")
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]

AtMost = Annotated[int, Field(ge=0, le=99), BeforeValidator(a_number), whole_between(0, 99)]
Minutes = Annotated[int, Field(ge=1, le=240), BeforeValidator(a_number), whole_between(1, 240)]
SlotMinutes = Annotated[int, Field(ge=30, le=240), BeforeValidator(a_number), whole_between(30, 240)]
PerSlot = Annotated[int, Field(ge=0, le=20), BeforeValidator(a_number), whole_between(0, 20)]


class DispatchLine(TypedDict):
    """How orders of one urgency are given out. A cap or a number per slot of 0: no limit."""

    urgency: str
    mode: str
    load_cap: int
    grab_minutes: int
    slots_from: str
    slots_until: str
    slot_minutes: int
    per_slot: int


class DispatchList(TypedDict):
    items: list[DispatchLine]


class FaultSkillLine(TypedDict):
    """The skill a fault asks for (empty: any hands), and whether the estate said so itself."""

    fault: str
    title: str
    skill: str
    own: bool


class FaultSkillList(TypedDict):
    items: list[FaultSkillLine]


class CandidateLine(TypedDict):
    """Somebody who could take the order, the best first. Who is not fit needs a note."""

    id: int
    name: str
    fit: bool
    says: str
    against: list[str]


class SlotLine(TypedDict):
    start: datetime
    end: datetime
    capacity: int
    taken: int


class OrderPlan(TypedDict):
    """Who could take the order, and how full the slots of the next days are; no slots where the estate has no limit."""

    candidates: list[CandidateLine]
    slots: list[SlotLine]
    open_until: datetime | None


class OfferLine(TypedDict):
    """An order that lies open, and whether the caller may grab it."""

    number: str
    text: str
    unit: str
    urgency: str
    open_until: datetime
    fit: bool
    says: str


class OfferList(TypedDict):
    items: list[OfferLine]


class TransferLine(TypedDict):
    """An order a colleague asks the caller to take over."""

    number: str
    text: str
    unit: str
    from_person: str
    reason: str
    asked_at: datetime


class TransferList(TypedDict):
    items: list[TransferLine]


class OrderGiven(TypedDict):
    """To whom the order was given."""

    technician_id: int
    technician: str


class OrdersGiven(TypedDict):
    """How many orders were given, and for how many nobody is fit."""

    given: int
    left: int


class DispatchSaid(Body):
    estate: Number
    urgency: Urgency
    mode: DispatchMode
    load_cap: AtMost = 0
    grab_minutes: Minutes = 10
    slots_from: Clock = "08:00"
    slots_until: Clock = "18:00"
    slot_minutes: SlotMinutes = 120
    per_slot: PerSlot = 0


class FaultSkillSaid(Body):
    """What a fault asks for; without a skill: as shipped, with an empty one: any hands."""

    fault: Annotated[str, Field(min_length=1, max_length=60)]
    skill: Annotated[str, Field(max_length=20)] | None = None


class FaultSkillsSaid(Body):
    estate: Number
    faults: Annotated[list[FaultSkillSaid], Field(min_length=1, max_length=500)]


class RotationSaid(Body):
    estate: Number


class OrderPassOn(Body):
    receiver_id: Id
    note: Text


@routes.read("/dispatching", right="repairs.dispatch", says="各紧急程度的派单办法", of=DispatchList)
def dispatching(request: HttpRequest, estate: Number) -> DispatchList:
    place = estates.estate_for(signed_in(request), estate, to="repairs.dispatch")
    return {"items": [_policy(one) for one in queries.policies_of(place.pk).values()]}


@routes.act("/dispatching", right="repairs.dispatch", says="改派单办法")
def set_dispatching(request: HttpRequest, said: DispatchSaid) -> None:
    place = estates.estate_for(signed_in(request), said.estate, to="repairs.dispatch")
    decided = said.model_dump(exclude={"estate"})
    for name in ("slots_from", "slots_until"):
        decided[name] = time.fromisoformat(decided[name])
    operations.set_policy(place.pk, **decided, **acting(request))


@routes.read("/fault-skills", right="repairs.dispatch", says="哪类故障要会什么", of=FaultSkillList)
def skills(request: HttpRequest, estate: Number) -> FaultSkillList:
    place = estates.estate_for(signed_in(request), estate, to="repairs.dispatch")
    return {
        "items": [
            {"fault": one.category.code, "title": one.category.title, "skill": one.skill, "own": one.own}
            for one in queries.skill_map(place.pk)
        ]
    }


@routes.act("/fault-skills", right="repairs.dispatch", says="改哪类故障要会什么")
def set_skills(request: HttpRequest, said: FaultSkillsSaid) -> None:
    place = estates.estate_for(signed_in(request), said.estate, to="repairs.dispatch")
    operations.set_skills(place.pk, {one.fault: one.skill for one in said.faults}, **acting(request))


@routes.read("/orders/{number}/plan", right="repairs.see", says="一张维修单的人选和上门空档", of=OrderPlan)
def plan(request: HttpRequest, number: Number) -> OrderPlan:
    one, at = queries.order_for(signed_in(request), number, to="repairs.see"), acting(request)["at"]
    offer = queries.offers_of([one], at=at).get(one.pk)
    days = queries.slots_for(one, at=at)
    return {
        "candidates": [_candidate(who) for who in queries.colleagues_of(one, at=at)],
        "slots": [
            {"start": slot.start, "end": slot.end, "capacity": slot.capacity, "taken": slot.taken}
            for _, slots in days
            for slot in slots
        ],
        "open_until": offer.lapses_at if offer else None,
    }


@routes.act("/orders/{number}/offer", right="repairs.dispatch", says="放出来抢")
def lay_open(request: HttpRequest, number: Number) -> None:
    operations.lay_open(_order(request, number, "repairs.dispatch"), **acting(request))


@routes.act("/orders/{number}/rotate", right="repairs.dispatch", says="轮派", of=OrderGiven)
def rotate(request: HttpRequest, number: Number) -> OrderGiven:
    given = operations.rotate(_order(request, number, "repairs.dispatch"), **acting(request))
    return {"technician_id": given.pk, "technician": given.name}


@routes.act("/rotate", right="repairs.dispatch", says="把等派的单全部轮派", of=OrdersGiven)
def rotate_all(request: HttpRequest, said: RotationSaid) -> OrdersGiven:
    place = estates.estate_for(signed_in(request), said.estate, to="repairs.dispatch")
    came = operations.rotate_all(place.pk, **acting(request))
    return {"given": came.given, "left": came.left}


@routes.read("/offers", right="repairs.work", says="可抢的维修单", of=OfferList)
def offers(request: HttpRequest) -> OfferList:
    found = queries.offers_open_to(signed_in(request), at=acting(request)["at"])
    return {"items": [_offer(offer, me) for offer, me in found]}


@routes.read("/transfers", right="repairs.work", says="请我接的转单", of=TransferList)
def transfers(request: HttpRequest) -> TransferList:
    return {
        "items": [
            {
                "number": one.order.number,
                "text": one.order.case.text,
                "unit": one.order.case.caller_unit,
                "from_person": one.giver.name,
                "reason": one.reason,
                "asked_at": one.asked_at,
            }
            for one in queries.transfers_to(signed_in(request))
        ]
    }


@routes.act("/orders/{number}/grab", right="repairs.work", says="抢单")
def grab(request: HttpRequest, number: Number) -> None:
    operations.grab(queries.offer_for(signed_in(request), number), **acting(request))


@routes.act("/orders/{number}/pass-on", right="repairs.work", says="请同事接单")
def pass_on(request: HttpRequest, number: Number, said: OrderPassOn) -> None:
    one = _order(request, number, "repairs.work")
    receiver = queries.technician_of(one.estate_id, said.receiver_id)
    if receiver is None:
        raise ValueRefused("本小区没有这位维修工")
    operations.ask_transfer(one, receiver=receiver, reason=said.note, **acting(request))


@routes.act("/orders/{number}/take-over", right="repairs.work", says="接下转单")
def take_over(request: HttpRequest, number: Number) -> None:
    operations.take_over(queries.transfer_for(signed_in(request), number), **acting(request))


@routes.act("/orders/{number}/decline", right="repairs.work", says="不接转单")
def decline(request: HttpRequest, number: Number, said: Note) -> None:
    asked = queries.transfer_for(signed_in(request), number)
    operations.decline_transfer(asked, reason=said.note, **acting(request))


@routes.act("/orders/{number}/keep", right="repairs.work", says="撤回转单")
def keep(request: HttpRequest, number: Number) -> None:
    operations.withdraw_transfer(queries.transfer_for(signed_in(request), number), **acting(request))


def _order(request: HttpRequest, number: str, right: str) -> WorkOrder:
    return queries.order_for(signed_in(request), number, to=right)


def _policy(one: DispatchPolicy) -> DispatchLine:
    return {
        "urgency": one.urgency,
        "mode": one.mode,
        "load_cap": one.load_cap,
        "grab_minutes": one.grab_minutes,
        "slots_from": f"{one.slots_from:%H:%M}",
        "slots_until": f"{one.slots_until:%H:%M}",
        "slot_minutes": one.slot_minutes,
        "per_slot": one.per_slot,
    }


def _candidate(one: Candidate) -> CandidateLine:
    return {
        "id": one.person_id,
        "name": one.name,
        "fit": one.fit,
        "says": one.says,
        "against": list(one.against),
    }


def _offer(offer: Offer, me: Candidate) -> OfferLine:
    return {
        "number": offer.order.number,
        "text": offer.order.case.text,
        "unit": offer.order.case.caller_unit,
        "urgency": offer.order.urgency,
        "open_until": offer.lapses_at,
        "fit": me.fit,
        "says": me.says,
    }
