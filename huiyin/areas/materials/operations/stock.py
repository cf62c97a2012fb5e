"""What comes into a store, goes between places, is handed out, used out of a bag, put back or written off."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate

from huiyin.areas.materials import events, queries, words
from huiyin.areas.materials.models import Item, MovementKind, Place, PlaceKind
from huiyin.areas.materials.operations.moving import (
    MaterialRefused,
    NotEnough,
    bag_for,
    check_quantity,
    is_store,
    move,
    sent_before,
    together,
)
from huiyin.areas.materials.rules import Subject
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.transactions import command, take_turn


@command
def receive(
    item: Item,
    store: Place,
    quantity: Decimal,
    *,
    actor: User,
    at: datetime,
    cost: Decimal | None = None,
    note: str = "",
    key: str = "",
) -> None:
    """Record that so much was delivered to the store. Refused for a bag, or a quantity that is none."""
    if sent_before(key, "receive", result=item.pk, actor=actor, at=at):
        return
    is_store(store)
    together(item, store)
    entry = _tell(item, events.RECEIVED, quantity, actor, at, place=store.title, note=note)
    move(MovementKind.RECEIVE, item, quantity, to=store, entry=entry, actor=actor, at=at, note=note, unit_price=cost)


@command
def hand_out(
    item: Item, store: Place, quantity: Decimal, *, taker: str, actor: User, at: datetime, note: str = "", key: str = ""
) -> None:
    """Record that a colleague took so much for daily work: cleaning agents, tools, light bulbs. Clause S2-36.

    Refused without the colleague's name, or when less is there.
    """
    if sent_before(key, "hand_out", result=item.pk, actor=actor, at=at):
        return
    is_store(store)
    together(item, store)
    if not taker.strip():
        raise MaterialRefused("请写谁领用的")
    entry = _tell(item, events.HANDED_OUT, quantity, actor, at, place=store.title, note=note)
    told: dict[str, Any] = {"entry": entry, "actor": actor, "at": at, "taker": taker.strip(), "note": note}
    move(MovementKind.HAND_OUT, item, quantity, origin=store, **told)


@command
def transfer(
    item: Item, quantity: Decimal, *, origin: Place, to: Place, actor: User, at: datetime, note: str = "", key: str = ""
) -> None:
    """Carry so much from one store to another. Refused between a store and a bag: that takes a slip."""
    if sent_before(key, "transfer", result=item.pk, actor=actor, at=at):
        return
    is_store(origin)
    is_store(to)
    together(item, origin, to)
    if origin.pk == to.pk:
        raise MaterialRefused("请选择两个不同的库房")
    where = f"{origin.title} → {to.title}"
    entry = _tell(item, events.TRANSFERRED, quantity, actor, at, place=where, note=note)
    move(MovementKind.TRANSFER, item, quantity, origin=origin, to=to, entry=entry, actor=actor, at=at, note=note)


@command
def write_off(
    item: Item, place: Place, quantity: Decimal, *, reason: str, actor: User, at: datetime, key: str = ""
) -> None:
    """Take so much out of the books for good, with the reason. Out of a bag only what no slip claims.

    Refused without a reason, or when less is there.
    """
    if sent_before(key, "write_off", result=item.pk, actor=actor, at=at):
        return
    together(item, place)
    if not reason.strip():
        raise MaterialRefused("请写明报废的原因")
    if place.kind == PlaceKind.BAG:
        _unclaimed(item, place, quantity)
    entry = _tell(item, events.WRITTEN_OFF, quantity, actor, at, place=place.title, note=reason)
    told: dict[str, Any] = {"entry": entry, "actor": actor, "at": at, "note": reason.strip()}
    move(MovementKind.WRITE_OFF, item, quantity, origin=place, **told)


@command
def use_from_bag(
    item: Item,
    quantity: Decimal,
    *,
    subject: Subject,
    actor: User,
    at: datetime,
    keyed_at: datetime | None = None,
    key: str = "",
) -> None:
    """Record that the technician used so much out of his bag for the subject, at the price of the day.

    Refused when the bag holds less that no slip claims.
    """
    if sent_before(key, "use_from_bag", result=item.pk, actor=actor, at=at):
        return
    bag = bag_for(item.estate_id, actor)
    _unclaimed(item, bag, quantity)
    price = queries.price_of(item.pk, quantity, day=localdate(at))
    about: dict[str, Any] = {"place": subject.label, "thread": subject.thread, "keyed_at": keyed_at}
    entry = _tell(item, events.BAG_USED, quantity, actor, at, **about)
    told: dict[str, Any] = {"entry": entry, "actor": actor, "at": at, "unit_price": price.charge if price else None}
    move(MovementKind.USE, item, quantity, origin=bag, subject=subject, **told)


@command
def put_back(item: Item, quantity: Decimal, *, store: Place, actor: User, at: datetime, key: str = "") -> None:
    """Record that the technician put so much out of his bag back into the store.

    Refused when the bag holds less that no slip claims: what was issued on a slip is returned there.
    """
    if sent_before(key, "put_back", result=item.pk, actor=actor, at=at):
        return
    is_store(store)
    together(item, store)
    bag = bag_for(item.estate_id, actor)
    _unclaimed(item, bag, quantity)
    entry = _tell(item, events.PUT_BACK, quantity, actor, at, place=store.title)
    move(MovementKind.RETURN, item, quantity, origin=bag, to=store, entry=entry, actor=actor, at=at)


def _unclaimed(item: Item, bag: Place, quantity: Decimal) -> None:
    """Refuse to touch what a slip still claims. One at a time for each bag, so that two do not take the same rest."""
    check_quantity(item, quantity)
    take_turn(f"bag {bag.pk}")
    free = queries.unclaimed_in(bag).get(item.pk, Decimal(0))
    if quantity > free:
        left = words.counted(max(free, Decimal(0)), item.unit)
        raise NotEnough(f"{bag.title}里不属于领料单的{item.title}只有 {left};领料单上的请在单上说明用了还是退了")


def _tell(
    item: Item,
    kind: str,
    quantity: Decimal,
    actor: User,
    at: datetime,
    *,
    place: str,
    note: str = "",
    thread: str = "",
    keyed_at: datetime | None = None,
) -> Entry:
    values: dict[str, Any] = {"what": f"{item.title} {words.counted(quantity, item.unit)}", "place": place}
    if keyed_at:
        values["keyed_at"] = keyed_at
    return journal.record(
        kind,
        subject=(Item.journal_name, item.pk),
        estate_id=item.estate_id,
        actor=actor,
        at=at,
        thread=thread or item.thread,
        note=note,
        values=values,
    )
