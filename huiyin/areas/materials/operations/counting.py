"""Stocktaking: begun with what should be there, posted whole or not at all, every difference with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate

from huiyin.areas.materials import events, rules, states, words
from huiyin.areas.materials.models import Count, CountLine, Holding, Item, MovementKind, Place, PlaceKind
from huiyin.areas.materials.operations.moving import MaterialRefused, check_quantity, move
from huiyin.areas.materials.queries import count_lines, unclaimed_in
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.numbers.operations import next_number
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command, take_turn


@dataclass(frozen=True)
class Counted:
    """What was counted of a line (None: not yet) and why it differs."""

    quantity: Decimal | None
    reason: str = ""


@command
def begin_count(place: Place, *, actor: User, at: datetime) -> Count:
    """Begin to count a place: every item that lies there and, in a store, every item in use.

    Refused while another count of the place is under way, or when there is nothing to count.
    """
    take_turn(f"count {place.pk}")
    running = Count.objects.filter(place=place, status=states.CountStatus.OPEN).first()
    if running:
        raise MaterialRefused(f"{place.title}正在清点({running.number}),请先过账或放弃")
    held = dict(Holding.objects.filter(place=place, quantity__gt=0).values_list("item", "quantity"))
    wanted = set(held)
    if place.kind == PlaceKind.STORE:
        wanted |= set(Item.objects.filter(estate=place.estate_id, active=True).values_list("pk", flat=True))
    if not wanted:
        raise MaterialRefused(f"{place.title}里没有可以清点的材料")
    day = localdate(at)
    serial = next_number(place.estate_id, "stock count", day)
    number = rules.number_of(place.estate.code, "PD", day, serial)
    count = Count.objects.create(estate_id=place.estate_id, number=number, place=place, begun_by=actor, begun_at=at)
    CountLine.objects.bulk_create(
        CountLine(count=count, item_id=pk, expected=held.get(pk, rules.NOTHING)) for pk in sorted(wanted)
    )
    journal.record(
        events.COUNT_BEGUN,
        subject=(Count.journal_name, count.pk),
        estate_id=count.estate_id,
        actor=actor,
        at=at,
        thread=count.thread,
        values={"number": number, "place": place.title},
    )
    return count


@command
def write_down(count: Count, counted: Mapping[int, Counted], *, actor: User, at: datetime) -> None:
    """Keep what was counted so far; nothing moves yet. Refused when the count is over."""
    if count.status != states.CountStatus.OPEN:
        raise MaterialRefused(f"这次清点{count.get_status_display()},不能再改")
    lines = count_lines(count)
    for line in lines:
        one = counted.get(line.pk)
        if one is None:
            continue
        if one.quantity is not None and one.quantity != 0:
            check_quantity(line.item, one.quantity)
        line.counted, line.reason = one.quantity, one.reason.strip()
    CountLine.objects.bulk_update(lines, ["counted", "reason"], batch_size=200)


@command
def post_count(count: Count, counted: Mapping[int, Counted], *, actor: User, at: datetime) -> int:
    """Let the books say what was counted, all of it or nothing; return how many items differed.

    Refused while a line is not counted, a difference has no reason, or something moved since the count began.
    """
    write_down(count, counted, actor=actor, at=at)
    lines = count_lines(count)
    _complete(lines)
    _unmoved(count, lines)
    apart = [(line, *rules.difference(expected=line.expected, counted=line.counted or rules.NOTHING)) for line in lines]
    apart = [(line, kind, quantity) for line, kind, quantity in apart if kind]
    _unclaimed(count, {line: quantity for line, kind, quantity in apart if kind == MovementKind.SHORTAGE})
    fact = events.CountPosted(**_frame(count), differences=len(apart))
    entry = perform(count, states.POST, actor=actor, at=at, fact=fact, ended_by=actor, ended_at=at)
    for line, kind, quantity in sorted(apart, key=lambda one: one[0].item_id):
        came = kind == MovementKind.SURPLUS
        told: dict[str, Any] = {"to": count.place} if came else {"origin": count.place}
        told |= {"entry": entry, "actor": actor, "at": at, "note": line.reason}
        move(MovementKind(kind), line.item, quantity, **told)
    return len(apart)


@command
def drop_count(count: Count, *, reason: str, actor: User, at: datetime) -> None:
    """Give up a count; the books stay as they are. Refused without a reason, or when it is over."""
    fact = events.CountDropped(**_frame(count))
    perform(count, states.DROP, actor=actor, at=at, note=reason, fact=fact, ended_by=actor, ended_at=at)


def _complete(lines: list[CountLine]) -> None:
    if missing := [line.item.title for line in lines if line.counted is None]:
        raise MaterialRefused(f"{rules.listing(missing)}还没有填实盘数")
    if silent := [line.item.title for line in lines if line.counted != line.expected and not line.reason]:
        raise MaterialRefused(f"{rules.listing(silent)}账实不符,请写明原因")


def _unmoved(count: Count, lines: list[CountLine]) -> None:
    """Refuse when the books no longer say what the count began with; on a server, hold them until it is posted."""
    held = Holding.objects.filter(place=count.place).order_by("item").select_for_update()
    now = dict(held.values_list("item", "quantity"))
    moved = [line for line in lines if now.get(line.item_id, rules.NOTHING) != line.expected]
    if moved:
        names = rules.listing(
            f"{line.item.title}(现在账面 {words.quantity(now.get(line.item_id, rules.NOTHING))})" for line in moved
        )
        raise MaterialRefused(f"清点以后有进出:{names};请放弃这次清点,重新数一遍")


def _unclaimed(count: Count, missing: Mapping[CountLine, Decimal]) -> None:
    """Refuse to let go missing from a bag what a slip still claims: that slip could never be settled."""
    if count.place.kind == PlaceKind.STORE or not missing:
        return
    free = unclaimed_in(count.place)
    claimed = [
        line.item.title for line, quantity in missing.items() if quantity > free.get(line.item_id, rules.NOTHING)
    ]
    if claimed:
        raise MaterialRefused(f"{rules.listing(claimed)}还在没结清的领料单上,请先在单上退回,再在库房里盘")


def _frame(count: Count) -> dict[str, Any]:
    return {
        "subject_id": count.pk,
        "estate_id": count.estate_id,
        "thread": count.thread,
        "number": count.number,
        "place": count.place.title,
    }
