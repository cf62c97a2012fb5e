"""Name and phone as the resident gives them on the order (S0-57): a proposal that somebody else decides on."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from huiyin.areas.estate import operations as estates
from huiyin.areas.estate import queries as homes
from huiyin.areas.estate.models import Occupancy, Person
from huiyin.areas.estate.queries import Resident
from huiyin.areas.repairs import events, queries, states
from huiyin.areas.repairs.models import ContactChange, WorkOrder
from huiyin.areas.repairs.operations.follow import FollowRefused
from huiyin.areas.repairs.states import ContactChangeStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.kit.forms import read_phone
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command, take_turn


@command
def confirm_contact(
    order: WorkOrder,
    *,
    name: str,
    phone: str,
    actor: User,
    at: datetime,
    person: Person | None = None,
    kind: str = Occupancy.Kind.FAMILY,
) -> ContactChange:
    """Record name and phone as confirmed on the order; what differs from the roster waits for somebody to decide.

    Without a person it is somebody new in the household. Refused for an order of no household that lives there now, an
    unreadable number, and while something told before on this order still waits.
    """
    card = queries.card_of(order)
    household = card.household if card else None
    if card is None or household is None:
        raise FollowRefused("这张单没有对应的在住住户;电话请直接登记到住户档案里")
    read = read_phone(phone)
    if not name.strip() or read is None:
        raise FollowRefused("请写下姓名和看得懂的电话号码")
    take_turn(f"contacts {order.pk}")
    if ContactChange.objects.filter(order=order, status=ContactChangeStatus.PROPOSED).exists():
        raise FollowRefused("这张单上已有一份联系方式等着核,请先核完")
    known = next((one for one in card.people if person and one.person.pk == person.pk), None)
    if person and known is None:
        raise FollowRefused("这一户里没有登记这个人")
    agrees = bool(known and known.person.name == name.strip() and read in known.phones)
    change = ContactChange.objects.create(
        order=order,
        estate_id=order.estate_id,
        household=household,
        person=person,
        kind="" if person else kind,
        status=ContactChangeStatus.SAME if agrees else ContactChangeStatus.PROPOSED,
        name=name.strip(),
        phone=read,
        old_name=known.person.name if known else "",
        old_phone=_replaced(known, read, order.case.caller_phone),
        confirmed_by=actor,
        confirmed_at=at,
    )
    frame = _frame(change, order)
    fact = events.ContactConfirmed(**frame) if agrees else events.ContactProposed(**frame, changed=changed(change))
    journal.announce(fact, actor=actor, at=at)
    return change


@command
def accept_contact(change: ContactChange, *, actor: User, at: datetime) -> None:
    """Bring the roster up to what was confirmed, by the estate's own operations.

    Refused for what one confirmed oneself, and when the household, the person or the old number is there no more.
    """
    _not_own(change, actor)
    frame = _frame(change, change.order)
    perform(
        change,
        states.ACCEPT_CONTACT,
        actor=actor,
        at=at,
        fact=events.ContactDecided(**frame, accepted=True, changed=changed(change)),
        decided_by=actor,
        decided_at=at,
    )
    if change.person is None:
        new = estates.NewResident(name=change.name, kind=change.kind, phones=(change.phone,))  # type: ignore[arg-type]  # as the choices of the field
        since = max(localdate(at), change.household.since_date)
        estates.add_person(change.household, new, since_date=since, actor=actor, at=at)
        return
    _bring_up(change, _still_lives(change), actor=actor, at=at)


@command
def refuse_contact(change: ContactChange, *, reason: str, actor: User, at: datetime) -> None:
    """Leave the roster as it is, with the reason. Refused without one, and for what one confirmed oneself."""
    _not_own(change, actor)
    perform(
        change,
        states.REFUSE_CONTACT,
        actor=actor,
        at=at,
        note=reason,
        fact=events.ContactDecided(**_frame(change, change.order)),
        decided_by=actor,
        decided_at=at,
    )


def changed(change: ContactChange) -> str:
    """Name what differs, without the values: the journal keeps no names and numbers."""
    if change.person is None:
        return "新的人"
    return "、".join(
        label
        for label, old, new in (("姓名", change.old_name, change.name), ("电话", change.old_phone, change.phone))
        if old != new
    )


def _replaced(known: Resident | None, phone: str, called_from: str) -> str:
    """Return which number of the person the new one takes the place of: the one called from, else the first."""
    if known is None or not known.phones:
        return ""
    if phone in known.phones:
        return phone
    return called_from if called_from in known.phones else known.phones[0]


def _still_lives(change: ContactChange) -> Occupancy:
    people = homes.household_card(change.household.unit).people
    found = next((one.occupancy for one in people if one.person.pk == change.person_id), None)
    if found is None or found.household_id != change.household_id:
        raise FollowRefused("这个人已经不住在这一户,请改为不更新")
    return found


def _bring_up(change: ContactChange, lives: Occupancy, *, actor: User, at: datetime) -> None:
    person = lives.person
    if change.name != person.name:
        estates.correct_name(lives, name=change.name, salutation=person.salutation, actor=actor, at=at)
    if not change.old_phone:
        estates.add_phone(lives, number=change.phone, actor=actor, at=at)
    elif change.old_phone != change.phone:
        estates.change_phone(lives, old=change.old_phone, new=change.phone, actor=actor, at=at)


def _not_own(change: ContactChange, actor: User) -> None:
    if change.confirmed_by_id == actor.pk:
        raise FollowRefused("自己核来的联系方式,请同事来定")


def _frame(change: ContactChange, order: WorkOrder) -> dict[str, Any]:
    return {
        "subject_id": change.pk,
        "estate_id": order.estate_id,
        "thread": order.thread,
        "case_id": order.case_id,
        "order": order.number,
    }
