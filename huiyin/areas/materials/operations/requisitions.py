"""《领料单》: asked for, issued, accounted for, settled. Clauses S0-55, S0-58; the numbers of F-23."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import events, queries, rules, states, words
from huiyin.areas.materials.models import Item, MovementKind, Place, Requisition, RequisitionLine
from huiyin.areas.materials.models.quantities import hundredths
from huiyin.areas.materials.operations.moving import (
    MaterialRefused,
    bag_for,
    check_quantity,
    is_store,
    move,
    sent_before,
    together,
)
from huiyin.areas.materials.rules import Subject, Want
from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.idempotency.operations import earlier_result, remember
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.numbers.operations import next_number
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command, take_turn

_ACCOUNT = """
UPDATE materials_requisitionline SET used = used + %s, returned = returned + %s
WHERE id = %s AND issued - used - returned >= %s
"""


class NotSettled(MaterialRefused):
    """What was issued for it is neither used nor returned."""


@dataclass(frozen=True)
class Accounted:
    """What became of a line: so much used, so much returned."""

    used: Decimal = rules.NOTHING
    returned: Decimal = rules.NOTHING


@command
def ask(
    estate: Estate,
    *,
    technician: User,
    store: Place,
    wants: Sequence[Want],
    actor: User,
    at: datetime,
    subject: Subject | None = None,
    note: str = "",
    keyed_at: datetime | None = None,
    key: str = "",
) -> Requisition:
    """Ask the store for material, for a subject or for the bag. `at` is when it was asked, `keyed_at` when we heard, if later.

    Refused for nothing, for an item twice or no longer used, or from a store of another estate.
    """
    known = earlier_result(key, "materials.ask", actor=actor)
    if known is not None:
        return Requisition.objects.get(pk=known)
    is_store(store)
    items = _items(estate, wants)
    together(store, *items.values())
    bag = bag_for(estate.pk, technician)
    day = localdate(at)
    slip = Requisition.objects.create(
        estate=estate,
        number=rules.number_of(estate.code, "LL", day, next_number(estate.pk, "requisition", day)),
        store=store,
        technician=technician,
        subject_type=subject.type if subject else "",
        subject_id=subject.id if subject else None,
        subject_label=subject.label if subject else "",
        thread=subject.thread if subject else f"bag:{bag.pk}",
        note=note.strip(),
        asked_at=at,
    )
    RequisitionLine.objects.bulk_create(
        RequisitionLine(requisition=slip, item=items[want.item_id], asked=want.quantity) for want in wants
    )
    what = _said((items[want.item_id], want.quantity) for want in wants)
    journal.announce(_of(slip, events.RequisitionAsked, what, keyed_at), actor=actor, at=at, note=note)
    remember(key, "materials.ask", actor=actor, at=at, result=slip.pk)
    return slip


@command
def issue(slip: Requisition, issued: Mapping[int, Decimal], *, actor: User, at: datetime, key: str = "") -> None:
    """Hand over what is asked for, or less of it, by line; the rest is not owed. Prices are those of the day.

    What fills a bag is settled with that. Refused when nothing or more than was asked is issued, when the store holds
    less, or when the slip was issued or voided already.
    """
    if sent_before(key, "issue", result=slip.pk, actor=actor, at=at):
        return
    if slip.subject_id is not None:
        wait_for(slip.subject_type, slip.subject_id)
    lines = _lines(slip, issued)
    going = [(line, issued[line.pk]) for line in lines if issued.get(line.pk)]
    if not going:
        raise MaterialRefused("至少发一样;都没有就作废这张领料单")
    for line, quantity in going:
        check_quantity(line.item, quantity)
        if quantity > line.asked:
            raise MaterialRefused(f"{line.item.title}只申领了 {words.counted(line.asked, line.item.unit)},不能多发")
    fact = _of(slip, events.RequisitionIssued, _said((line.item, quantity) for line, quantity in going))
    entry = perform(slip, states.ISSUE, actor=actor, at=at, fact=fact, issued_at=at, issued_by=actor)
    prices = queries.in_force([line.item_id for line, _ in going], day=localdate(at))
    bag, subject = bag_for(slip.estate_id, slip.technician), _subject(slip)
    for line, quantity in going:
        band = rules.band_for(prices.get(line.item_id, []), quantity)
        line.issued, line.unit_price = quantity, band.charge if band else None
        line.save(update_fields=["issued", "unit_price"])
        told: dict[str, Any] = {"entry": entry, "actor": actor, "at": at, "line_id": line.pk, "subject": subject}
        move(MovementKind.ISSUE, line.item, quantity, origin=slip.store, to=bag, unit_price=line.unit_price, **told)
    if subject is None:
        _settle(slip, actor=actor, at=at)


@command
def account(
    slip: Requisition,
    accounted: Mapping[int, Accounted],
    *,
    actor: User,
    at: datetime,
    keyed_at: datetime | None = None,
    key: str = "",
) -> None:
    """Record what of the issued was used and what went back to the store, by line; when nothing is left, it is settled.

    Refused when nothing is said, when it is more than is left of a line, when the slip is not issued, or was not yet then.
    """
    if sent_before(key, "account", result=slip.pk, actor=actor, at=at):
        return
    if slip.status != states.RequisitionStatus.ISSUED:
        raise MaterialRefused(f"这张领料单现在是「{slip.get_status_display()}」,不用再说明")
    if keyed_at and slip.issued_at and at < slip.issued_at:
        raise MaterialRefused("用料的时间不能早于发料的时间")
    lines = [line for line in _lines(slip, accounted) if accounted.get(line.pk, Accounted()) != Accounted()]
    if not lines:
        raise MaterialRefused("请填用了多少、退了多少")
    used = _said((line.item, accounted[line.pk].used) for line in lines if accounted[line.pk].used)
    back = _said((line.item, accounted[line.pk].returned) for line in lines if accounted[line.pk].returned)
    what = ";".join(part for part in (f"用了 {used}" if used else "", f"退回 {back}" if back else "") if part)
    entry = journal.announce(_of(slip, events.RequisitionAccounted, what, keyed_at), actor=actor, at=at)
    bag, subject = bag_for(slip.estate_id, slip.technician), _subject(slip)
    for line in lines:
        one = accounted[line.pk]
        _count(line, one)
        told: dict[str, Any] = {"entry": entry, "actor": actor, "at": at, "line_id": line.pk, "subject": subject}
        if one.used:
            move(MovementKind.USE, line.item, one.used, origin=bag, unit_price=line.unit_price, **told)
        if one.returned:
            move(MovementKind.RETURN, line.item, one.returned, origin=bag, to=slip.store, **told)
    if not any(line.open > 0 for line in RequisitionLine.objects.filter(requisition=slip)):
        _settle(slip, actor=actor, at=at)


@command
def void_requisition(slip: Requisition, *, reason: str, actor: User, at: datetime) -> None:
    """Void a slip that was not issued. Refused without a reason, or once it was issued."""
    what = _said((line.item, line.asked) for line in slip.lines.select_related("item"))
    perform(slip, states.VOID, actor=actor, at=at, note=reason, fact=_of(slip, events.RequisitionVoided, what))


def wait_for(subject_type: str, subject_id: int) -> None:
    """Be the only one who asks for, issues or settles material of the subject until the transaction ends."""
    take_turn(f"materials {subject_type} {subject_id}")


@command
def drop_asked_of(subject_type: str, subject_id: int, *, reason: str, actor: User, at: datetime) -> None:
    """Void what was asked for the subject and not issued: it is not needed any more."""
    for slip in queries.requisitions_of(subject_type, [subject_id]):
        if slip.status == states.RequisitionStatus.ASKED:
            void_requisition(slip, reason=reason, actor=actor, at=at)


def require_settled(subject_type: str, subject_id: int) -> None:
    """Refuse while something that was issued for the subject is neither used nor returned."""
    wait_for(subject_type, subject_id)
    opened = queries.unsettled_of(subject_type, subject_id)
    if not opened:
        return
    what = rules.listing(f"{words.counted(one.quantity, one.unit)}{one.name}" for one in opened)
    who = "、".join(dict.fromkeys(one.technician for one in opened))
    raise NotSettled(f"还有 {what}没有说明用了还是退了({who}领的),请先在材料里填好")


def _items(estate: Estate, wants: Sequence[Want]) -> dict[int, Item]:
    if not wants:
        raise MaterialRefused("请至少选一样材料")
    if len({want.item_id for want in wants}) < len(wants):
        raise MaterialRefused("同一样材料写了两行,请合成一行")
    items = Item.objects.in_bulk([want.item_id for want in wants])
    for want in wants:
        item = items.get(want.item_id)
        if item is None or item.estate_id != estate.pk:
            raise MaterialRefused("有一样材料不在本小区的目录里")
        if not item.active:
            raise MaterialRefused(f"{item.title}已经停用,请换一样")
        check_quantity(item, want.quantity)
    return items


def _lines(slip: Requisition, said: Mapping[int, Any]) -> list[RequisitionLine]:
    """Return the lines of the slip in the order of their items. Refused when one is named that is not on it."""
    lines = list(slip.lines.select_related("item").order_by("item"))
    if set(said) - {line.pk for line in lines}:
        raise MaterialRefused("有一行不在这张领料单上,请刷新后再填")
    return lines


def _count(line: RequisitionLine, one: Accounted) -> None:
    wrong = rules.to_account(line.open, used=one.used, returned=one.returned, name=line.item.title)
    if wrong:
        raise MaterialRefused(wrong)
    for part in (one.used, one.returned):
        if part:
            check_quantity(line.item, part)
    used, returned = hundredths(one.used), hundredths(one.returned)
    if not rows.run(_ACCOUNT, [used, returned, line.pk, used + returned]):
        raise MaterialRefused(f"{line.item.title}刚有人填过,请刷新后看还剩多少")


def _settle(slip: Requisition, *, actor: User, at: datetime) -> None:
    perform(
        slip, states.SETTLE, actor=actor, at=at, fact=_of(slip, events.RequisitionSettled, slip.number), settled_at=at
    )


def _subject(slip: Requisition) -> Subject | None:
    if slip.subject_id is None:
        return None
    return Subject(slip.subject_type, slip.subject_id, slip.subject_label, slip.thread)


def _said(parts: Any) -> str:
    return "、".join(f"{item.title} {words.counted(quantity, item.unit)}" for item, quantity in parts)


def _of(slip: Requisition, fact: Any, what: str, keyed_at: datetime | None = None) -> Any:
    return fact(
        subject_id=slip.pk,
        estate_id=slip.estate_id,
        thread=slip.thread,
        number=slip.number,
        what=what,
        label=slip.subject_label,
        doer_id=slip.technician_id,
        keyed_at=keyed_at,
    )
