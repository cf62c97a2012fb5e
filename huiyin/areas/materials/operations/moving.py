"""The one way material moves: a balance goes down, another goes up, and a row says so. Decision 0022."""

from datetime import datetime
from decimal import Decimal

from huiyin.areas.materials import rules, words
from huiyin.areas.materials.models import Holding, Item, Movement, MovementKind, Place, PlaceKind
from huiyin.areas.materials.models.quantities import hundredths
from huiyin.areas.materials.rules import Subject
from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.idempotency.operations import earlier_result, remember
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused

# Nothing is read first: of two who want the last piece, the second finds no row that holds enough.
_TAKE = "UPDATE materials_holding SET quantity = quantity - %s WHERE item_id = %s AND place_id = %s AND quantity >= %s"
_PUT = """
INSERT INTO materials_holding (item_id, place_id, quantity) VALUES (%s, %s, %s)
ON CONFLICT (item_id, place_id) DO UPDATE SET quantity = materials_holding.quantity + excluded.quantity
"""


class MaterialRefused(Refused):
    """What was asked for cannot be done with material like this."""


class NotEnough(MaterialRefused):
    """Less lies there than is to be taken."""


def move(
    kind: MovementKind,
    item: Item,
    quantity: Decimal,
    *,
    origin: Place | None = None,
    to: Place | None = None,
    entry: Entry,
    actor: User,
    at: datetime,
    line_id: int | None = None,
    subject: Subject | None = None,
    taker: str = "",
    note: str = "",
    unit_price: Decimal | None = None,
) -> None:
    """Move so much of the item and write it down. Refused when less lies there, or the quantity is none.

    Several items of one command are moved in the order of their ids, so that no two commands wait for each other.
    """
    check_quantity(item, quantity)
    if origin:
        _take(item, origin, quantity)
    if to:
        rows.run(_PUT, [item.pk, to.pk, hundredths(quantity)])
    rows.insert(
        rows.new(
            Movement,
            estate_id=item.estate_id,
            kind=kind.value,
            item_id=item.pk,
            from_place_id=origin.pk if origin else None,
            to_place_id=to.pk if to else None,
            quantity=quantity,
            unit_price=unit_price,
            line_id=line_id,
            subject_type=subject.type if subject else "",
            subject_id=subject.id if subject else None,
            subject_label=subject.label if subject else "",
            taker=taker,
            note=note,
            actor_id=actor.pk,
            at=at,
            entry_id=entry.pk,
        )
    )


def check_quantity(item: Item, quantity: Decimal) -> None:
    """Refuse a quantity that is none, too fine or too large."""
    if quantity <= 0:
        raise MaterialRefused(f"{item.title}的数量要大于 0")
    if quantity != quantity.quantize(Decimal("0.01")) or quantity >= rules.LARGEST:
        raise MaterialRefused(f"{item.title}的数量最多两位小数,要小于一百万")


def _take(item: Item, place: Place, quantity: Decimal) -> None:
    wanted = hundredths(quantity)
    if rows.run(_TAKE, [wanted, item.pk, place.pk, wanted]):
        return
    left = Holding.objects.filter(item=item, place=place).values_list("quantity", flat=True).first() or Decimal(0)
    has = f"只有 {words.counted(left, item.unit)}" if left else "没有"
    raise NotEnough(f"{place.title}里{item.title}{has},要拿 {words.counted(quantity, item.unit)}不够")


def bag_for(estate_id: int, holder: User) -> Place:
    """Return the person's bag; it is made when it is first needed."""
    values = {"estate_id": estate_id, "kind": PlaceKind.BAG, "holder": holder}
    return Place.objects.select_related("holder").get_or_create(**values, defaults={"name": ""})[0]


def is_store(place: Place) -> None:
    """Refuse a bag where a store is meant."""
    if place.kind != PlaceKind.STORE:
        raise MaterialRefused("请选择一个库房")


def together(*places: Place | Item) -> None:
    """Refuse what lies in different estates."""
    if len({one.estate_id for one in places}) > 1:
        raise MaterialRefused("材料和库房不在同一个小区")


def sent_before(key: str, step: str, *, result: int, actor: User, at: datetime) -> bool:
    """Tell whether this very sending was taken already; otherwise remember it."""
    name = f"materials.{step}"
    if earlier_result(key, name, actor=actor) is not None:
        return True
    remember(key, name, actor=actor, at=at, result=result)
    return False
