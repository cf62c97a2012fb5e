"""The two stores of the demonstration: twenty materials, slips for some of the orders, a count and a plan every other week.

Chances are drawn from what stands on the order, so that nothing else in the demonstration comes out differently.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from huiyin.areas.materials import operations as materials
from huiyin.areas.materials import queries, rules
from huiyin.areas.materials.models import Item, Place, Plan, Requisition
from huiyin.areas.materials.operations import Accounted
from huiyin.areas.materials.operations.counting import Counted
from huiyin.areas.materials.rules import Band, Want
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import WorkOrder
from huiyin.surfaces.demo.clock import Life

# code, name, spec, unit, least, delivered, cost, charge
ITEMS = (
    ("SL-04", "水龙头", "4 分", "个", 8, 30, "12.00", "18.50"),
    ("SL-06", "水龙头", "6 分", "个", 10, 12, "16.50", "25.00"),
    ("JF-04", "角阀", "4 分", "个", 10, 40, "9.80", "15.00"),
    ("RG-40", "不锈钢软管", "40 cm", "根", 10, 36, "6.20", "10.00"),
    ("RG-60", "不锈钢软管", "60 cm", "根", 10, 24, "7.80", "12.00"),
    ("SD-01", "生料带", "20 米", "卷", 20, 100, "0.80", "2.00"),
    ("MF-01", "玻璃胶", "中性 300 ml", "支", 6, 20, "8.50", "15.00"),
    ("SG-20", "PPR 水管", "DN20", "米", 20, 80, "4.60", "8.00"),
    ("WT-20", "PPR 弯头", "DN20", "个", 20, 60, "1.10", "3.00"),
    ("DL-50", "地漏芯", "50", "个", 5, 15, "11.00", "20.00"),
    ("MT-01", "马桶进水阀", "通用", "套", 4, 12, "22.00", "38.00"),
    ("MT-02", "马桶排水阀", "通用", "套", 4, 12, "24.00", "40.00"),
    ("DP-09", "LED 灯泡", "9 W E27", "个", 20, 80, "5.60", "10.00"),
    ("DP-18", "吸顶灯芯", "18 W", "套", 6, 18, "19.00", "32.00"),
    ("KG-01", "开关面板", "单开", "个", 6, 24, "7.50", "13.00"),
    ("CZ-05", "五孔插座", "10 A", "个", 8, 30, "8.20", "14.00"),
    ("DX-25", "电线", "BV 2.5", "米", 50, 200, "2.10", "4.00"),
    ("HJ-01", "门合页", "4 寸", "副", 4, 16, "9.00", "16.00"),
    ("QJ-01", "玻璃清洁剂", "500 ml", "瓶", 6, 18, "6.80", "0"),
    ("QJ-02", "尘推布", "60 cm", "块", 6, 12, "9.50", "0"),
)
FETCHED = 0.35
FOR_REPAIRS = len(ITEMS) - 2
# The small store at the far end: what is used most, topped up on Mondays from the large one.
NEAR, NEAR_HAS, NEAR_UP_TO = "西区小库", ("SL-04", "JF-04", "RG-40", "SD-01", "DP-09", "CZ-05"), Decimal(6)


def set_up(life: Life) -> None:
    """Open the store and fill it on the first morning; then count, plan and hand out by the week."""
    estate, told = life.place.estate, _told(life, "zhuguan", life.since)
    store = materials.open_store(estate, name="工程部库房", **told)
    for code, name, spec, unit, least, delivered, cost, charge in ITEMS:
        levels: dict[str, Any] = {"least": Decimal(least), "up_to": Decimal(delivered)}
        item = materials.set_up_item(estate, code=code, name=name, spec=spec, unit=unit, **levels, **told)
        bands = [Band(Decimal(0), Decimal(cost), Decimal(charge))]
        materials.set_prices(item, bands, valid_from=life.since.date(), **told)
        materials.receive(item, store, Decimal(delivered), cost=Decimal(cost), **_told(life, "cangguan", life.since))
    materials.open_store(estate, name=NEAR, **told)
    life.at(life.on_day(life.since, 0, 9.2), carry)
    life.at(life.on_day(life.since, 2, 8.5), hand_out)
    life.at(life.on_day(life.since, 12, 16.5), count)


def fetch(life: Life, at: datetime, order_id: int) -> None:
    """Let the technician who has just arrived need something out of the store, now and then."""
    order = WorkOrder.objects.get(pk=order_id)
    rng = random.Random(f"materials {order.number}")
    if rng.random() < FETCHED and not Requisition.objects.filter(subject_id=order_id).exists():
        life.at(at + timedelta(minutes=2), ask, order_id)


def ask(life: Life, at: datetime, order_id: int) -> None:
    related = ("case__estate", "case__unit__entrance__building", "technician")
    order = WorkOrder.objects.select_related(*related).get(pk=order_id)
    if order.technician is None or order.status not in ("working", "on_hold"):
        return
    rng = random.Random(f"asks {order.number}")
    codes = rng.sample([row[0] for row in ITEMS[:FOR_REPAIRS]], rng.choice((1, 1, 2)))
    items = {one.code: one for one in Item.objects.filter(estate=order.estate_id, code__in=codes)}
    wants = [Want(items[code].pk, Decimal(rng.choice((1, 2, 2, 3)))) for code in codes]
    slip = repairs.ask_materials(
        order, store=_store_for(life, order, codes), wants=wants, actor=order.technician, at=at
    )
    life.at(at + timedelta(minutes=3), issue, slip.pk)


def issue(life: Life, at: datetime, slip_id: int) -> None:
    slip = Requisition.objects.select_related("store", "technician", "estate").get(pk=slip_id)
    if slip.status != "asked":
        return
    held = {one.item_id: one.quantity for one in queries.holdings_in(slip.store)}
    given = {line.pk: min(line.asked, held.get(line.item_id, rules.NOTHING)) for line in slip.lines.all()}
    if not any(given.values()):
        materials.void_requisition(slip, reason="库里没有了", **_told(life, "cangguan", at))
        return
    materials.issue(slip, given, **_told(life, "cangguan", at))
    life.at(at + timedelta(minutes=6), account, slip_id)


def account(life: Life, at: datetime, slip_id: int) -> None:
    """All of it was used, or one piece goes back."""
    slip = Requisition.objects.select_related("store", "technician", "estate").get(pk=slip_id)
    rng = random.Random(f"accounts {slip.number}")
    said = {}
    for line in slip.lines.order_by("item"):
        back = Decimal(1) if line.open > 1 and rng.random() < 0.3 else Decimal(0)
        said[line.pk] = Accounted(line.open - back, back)
    materials.account(slip, said, actor=slip.technician, at=at)


def hand_out(life: Life, at: datetime) -> None:
    """Give the cleaners what they need for the week."""
    store, keeper = _store(life), _told(life, "cangguan", at)
    for code, quantity in (("QJ-01", 2), ("QJ-02", 1)):
        item = Item.objects.get(estate=life.place.estate, code=code)
        if any(one.item_id == item.pk and one.quantity >= quantity for one in queries.holdings_in(store)):
            materials.hand_out(item, store, Decimal(quantity), taker="保洁 刘桂芳", **keeper)
    life.at(at + timedelta(days=7), hand_out)


def carry(life: Life, at: datetime) -> None:
    """Top the near store up from the large one, as far as that has enough for itself."""
    store, near = queries.stores_of(life.place.estate.pk)
    here = {one.item_id: one.quantity for one in queries.holdings_in(store)}
    there = {one.item_id: one.quantity for one in queries.holdings_in(near)}
    for item in Item.objects.filter(estate=life.place.estate, code__in=NEAR_HAS).order_by("code"):
        lacks = NEAR_UP_TO - there.get(item.pk, rules.NOTHING)
        spare = here.get(item.pk, rules.NOTHING) - item.least
        if min(lacks, spare) > 0:
            told: dict[str, Any] = {"note": "补西区", **_told(life, "cangguan", at)}
            materials.transfer(item, min(lacks, spare), origin=store, to=near, **told)
    life.at(at + timedelta(days=7), carry)


def count(life: Life, at: datetime) -> None:
    """Count the store: now and then a piece is missing. What is low is planned and delivered some days later."""
    keeper = _told(life, "cangguan", at)
    found = materials.begin_count(_store(life), **keeper)
    rng = random.Random(f"counts {found.number}")
    said = {}
    for line in queries.count_lines(found):
        gone = Decimal(1) if line.expected > 3 and rng.random() < 0.06 else Decimal(0)
        said[line.pk] = Counted(line.expected - gone, "发料没有登记" if gone else "")
    materials.post_count(found, said, **keeper)
    low: list[Any] = list(queries.low_items(life.place.estate.pk))
    wants = [Want(one.pk, rules.suggested(stock=one.stock, least=one.least, up_to=one.up_to)) for one in low]
    if wants:
        plan = materials.make_plan(life.place.estate, wants, **keeper)
        life.at(life.on_day(at, 3, 9.5), deliver, plan.pk)
    life.at(at + timedelta(days=14), count)


def deliver(life: Life, at: datetime, plan_id: int) -> None:
    for line in Plan.objects.get(pk=plan_id).lines.select_related("item"):
        told: dict[str, Any] = {"cost": line.cost, "note": "按采购计划到货", **_told(life, "cangguan", at)}
        materials.receive(line.item, _store(life), line.quantity, **told)


def _store(life: Life) -> Place:
    return queries.stores_of(life.place.estate.pk)[0]


def _store_for(life: Life, order: WorkOrder, codes: Sequence[str]) -> Place:
    """Return the store at hand: in the second half of the buildings the near one, for what it keeps."""
    store, near = queries.stores_of(life.place.estate.pk)
    building = order.case.unit.entrance.building if order.case.unit else None
    far_off = building is not None and int(building.code) > life.place.buildings // 2
    return near if far_off and set(codes) <= set(NEAR_HAS) else store


def _told(life: Life, username: str, at: datetime) -> dict[str, Any]:
    return {"actor": life.place.staff[username], "at": at}
