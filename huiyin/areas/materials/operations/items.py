"""The catalogue of an estate: its stores, its items and what they cost."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import events, rules, words
from huiyin.areas.materials.models import Item, Place, PriceBand, PriceList
from huiyin.areas.materials.operations.moving import MaterialRefused
from huiyin.areas.materials.rules import Band
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.transactions import command, take_turn


@command
def open_store(estate: Estate, *, name: str, actor: User, at: datetime) -> Place:
    """Open a store. Refused without a name, or when the estate has one of that name."""
    take_turn(f"stores {estate.pk}")
    if not name.strip():
        raise MaterialRefused("请写库房的名称")
    if Place.objects.filter(estate=estate, kind="store", name=name.strip()).exists():
        raise MaterialRefused(f"已经有叫「{name.strip()}」的库房了")
    store = Place.objects.create(estate=estate, name=name.strip())
    subject = (Place.journal_name, store.pk)
    journal.record(
        events.STORE_OPENED, subject=subject, estate_id=estate.pk, actor=actor, at=at, values={"name": store.name}
    )
    return store


@command
def set_up_item(
    estate: Estate,
    *,
    code: str,
    name: str,
    unit: str,
    actor: User,
    at: datetime,
    spec: str = "",
    least: Decimal = rules.NOTHING,
    up_to: Decimal | None = None,
) -> Item:
    """Add an item to the catalogue. Refused without code, name and unit, or when the code is taken."""
    take_turn(f"items {estate.pk}")
    code, name, unit = code.strip(), name.strip(), unit.strip()
    if not (code and name and unit):
        raise MaterialRefused("请写编码、品名和单位")
    if Item.objects.filter(estate=estate, code=code).exists():
        raise MaterialRefused(f"编码 {code} 已经有了")
    _check_levels(least, up_to)
    item = Item.objects.create(
        estate=estate, code=code, name=name, spec=spec.strip(), unit=unit, least=least, up_to=up_to
    )
    _tell(item, events.ITEM_SET_UP, {"code": code, "name": item.title}, actor, at)
    return item


@command
def change_item(
    item: Item,
    *,
    name: str,
    spec: str,
    least: Decimal,
    up_to: Decimal | None,
    active: bool,
    actor: User,
    at: datetime,
) -> None:
    """Change how an item is called and how much of it should be there. Code and unit stay: stock is counted in them.

    Refused without a name, or to put aside what is still in stock.
    """
    if not name.strip():
        raise MaterialRefused("请写品名")
    _check_levels(least, up_to)
    if not active and item.holdings.filter(quantity__gt=0).exists():
        raise MaterialRefused(f"{item.title}还有库存,用完或报废了才能停用")
    told = {
        label: f"{old} → {new}"
        for label, old, new in (
            ("name", item.name, name.strip()),
            ("spec", item.spec, spec.strip()),
            ("least", item.least, least),
            ("up_to", item.up_to, up_to),
            ("active", item.active, active),
        )
        if old != new
    }
    if not told:
        return
    item.name, item.spec, item.least, item.up_to, item.active = name.strip(), spec.strip(), least, up_to, active
    item.save(update_fields=["name", "spec", "least", "up_to", "active"])
    _tell(item, events.ITEM_CHANGED, told, actor, at)


@command
def set_prices(item: Item, bands: Sequence[Band], *, valid_from: date, actor: User, at: datetime) -> PriceList:
    """Add a price list; it replaces the earlier ones from its day on, all bands of it. Nothing is edited.

    Refused when the bands do not begin at nought and rise.
    """
    if wrong := rules.bands_wrong(bands):
        raise MaterialRefused(wrong)
    said = ";".join(f"{words.quantity(one.from_quantity)} 起 {one.charge}" for one in bands)
    values = {"name": item.title, "valid_from": valid_from, "bands": said}
    entry = journal.record(
        events.PRICES_SET,
        subject=(Item.journal_name, item.pk),
        estate_id=item.estate_id,
        actor=actor,
        at=at,
        thread=item.thread,
        values=values,
    )
    made = PriceList.objects.create(item=item, valid_from=valid_from, made_by=actor, made_at=at, entry=entry)
    PriceBand.objects.bulk_create(
        PriceBand(price_list=made, from_quantity=one.from_quantity, cost=one.cost, charge=one.charge) for one in bands
    )
    return made


def _check_levels(least: Decimal, up_to: Decimal | None) -> None:
    if least < 0 or (up_to is not None and up_to < least):
        raise MaterialRefused("最低库存不能小于 0,补到的数量不能比它少")


def _tell(item: Item, kind: str, values: Mapping[str, object], actor: User, at: datetime) -> None:
    journal.record(
        kind,
        subject=(Item.journal_name, item.pk),
        estate_id=item.estate_id,
        actor=actor,
        at=at,
        thread=item.thread,
        values=dict(values),
    )
