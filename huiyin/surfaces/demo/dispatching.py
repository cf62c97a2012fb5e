"""How the demonstration gives out its orders: skills, what the estate chose, and one order grabbed, in turn, passed on."""

from datetime import datetime, time, timedelta

from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs import queries
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.operations import NoRoom
from huiyin.areas.staffing import operations as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.surfaces.demo.clock import Life
from huiyin.surfaces.demo.estate import Place

SKILLS = {
    "weixiu1": ("plumbing", "electric"),
    "weixiu2": ("plumbing", "carpentry", "masonry"),
    "weixiu3": ("electric", "access", "lift"),
    "weixiu4": ("plumbing", "electric"),
}


def settle(place: Place, *, at: datetime) -> None:
    """Record what the technicians can do, and how the estate gives out its orders."""
    actor = system_actor()
    for username, skills in SKILLS.items():
        staffing.record_skills(place.staff[username], estate_id=place.estate.pk, skills=skills, actor=actor, at=at)
    for urgency, cap in (("normal", 12), ("urgent", 15), ("emergency", 0)):
        repairs.set_policy(
            place.estate.pk,
            urgency=urgency,
            mode="assignment",
            load_cap=cap,
            grab_minutes=20,
            slots_from=time(8),
            slots_until=time(20),
            slot_minutes=120,
            per_slot=2,
            actor=actor,
            at=at,
        )


def best(order: WorkOrder, *, at: datetime) -> tuple[User, str]:
    """Return whom the lead would choose, and why when something speaks against it."""
    first = queries.candidates_of([order], at=at)[order.pk][0]
    technician = queries.technician_of(order.estate_id, first.person_id)
    assert technician is not None
    return technician, "" if first.fit else "眼下只有他能去"


def give(order: WorkOrder, technician: User, *, actor: User, at: datetime) -> None:
    """Give the order to this one, with a reason when one is asked for."""
    judged = queries.crew_of(order.estate_id, at=at).judge(order, technician.pk)
    note = "" if judged and judged.fit else "他正好在附近"
    repairs.dispatch(order, technician=technician, actor=actor, at=at, note=note)


def agree(order: WorkOrder, start: datetime, end: datetime, *, actor: User, at: datetime) -> None:
    """Agree the visit, with a reason when the slot is full."""
    try:
        repairs.appoint(order, start=start, end=end, minutes=120 if order.large else 30, actor=actor, at=at)
    except NoRoom:
        repairs.appoint(order, start=start, end=end, actor=actor, at=at, note="住户只有这个时间在家,前后脚去")


def grabbed(life: Life, at: datetime, order: WorkOrder) -> None:
    """The lead lays it open, and somebody who is fit has it four minutes later."""
    repairs.lay_open(order, actor=life.place.staff["banzhang"], at=at)
    life.at(at + timedelta(minutes=4), _grab, order.number)


def _grab(life: Life, at: datetime, number: str) -> None:
    for technician in life.place.holders("technician"):
        for offer, me in queries.offers_open_to(technician, at=at):
            if offer.order.number == number and me.fit:
                repairs.grab(offer, actor=technician, at=at)
                return


def given_in_turn(life: Life, at: datetime, order: WorkOrder) -> None:
    repairs.rotate(order, actor=life.place.staff["banzhang"], at=at)


def passed_on(life: Life, at: datetime, order: WorkOrder, *, taken: bool) -> None:
    """One accepts it and asks a colleague; who takes it over, or has not answered yet."""
    giver, receiver = life.place.staff["weixiu2"], life.place.staff["weixiu1"]
    give(order, giver, actor=life.place.staff["banzhang"], at=at)
    repairs.accept(order, actor=giver, at=at + timedelta(minutes=2))
    asked_at = at + timedelta(minutes=6)
    asked = repairs.ask_transfer(order, receiver=receiver, reason="手上走不开,你离得近", actor=giver, at=asked_at)
    if taken and asked:
        repairs.take_over(asked, actor=receiver, at=at + timedelta(minutes=9))
