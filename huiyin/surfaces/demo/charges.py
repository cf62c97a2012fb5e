"""What repairs cost: posted prices, buildings handed over, quotes that are agreed to, money that is paid.

Which order is charged follows from its number alone, so that the rest of the life is as it was.
"""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils.timezone import localdate

from huiyin.areas.estate.models import Building
from huiyin.areas.fees import operations as fees
from huiyin.areas.fees import queries as money
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs import queries
from huiyin.areas.repairs.models import WorkOrder
from huiyin.surfaces.demo import pen
from huiyin.surfaces.demo.clock import Life
from huiyin.surfaces.demo.estate import Place

PRICES = """编码,项目,类别,单位,单价,生效日期,公示日期
R01,疏通下水(户内支管),水,次,80,{since},{posted}
R02,更换角阀、软管人工,水,处,40,{since},{posted}
R03,更换龙头、花洒人工,水,个,50,{since},{posted}
R04,更换插座、开关人工,电,个,30,{since},{posted}
R05,更换灯具人工,电,套,45,{since},{posted}
R06,门窗五金更换人工,门窗,处,40,{since},{posted}
R07,零星维修人工,其他,小时,60,{since},{posted}
M01,角阀,材料,个,38,{since},{posted}
M02,不锈钢软管,材料,根,26,{since},{posted}
M03,五孔插座,材料,个,18,{since},{posted}
"""
PARTS = {
    "water": "pipes",
    "drain": "pipes",
    "electric": "electric",
    "door_window": "decoration",
    "leak": "waterproofing",
}
LABOUR = {"water": "R02", "drain": "R01", "electric": "R04", "door_window": "R06"}
MATERIAL = {"water": "M01", "electric": "M03"}
HANDED_OVER = (date(2014, 6, 28), date(2016, 9, 30), date(2025, 5, 18))
CHECKED_OF, UNPAID_DAYS = 3, 4


def set_up(place: Place, at: datetime) -> None:
    """Post the prices and record when the buildings were handed over, before the first day of the life."""
    actor, posted = place.staff["zhuguan"], localdate(at) - timedelta(days=20)
    text = PRICES.format(since=posted + timedelta(days=10), posted=posted)
    sheet = repairs.hand_in_prices(place.estate, ContentFile(text.encode(), "维修收费标准.csv"), actor=actor, at=at)
    repairs.take_in_prices(sheet, actor=actor, at=at)
    buildings = list(Building.objects.filter(estate=place.estate).order_by("code"))
    for number, building in enumerate(buildings):
        day = HANDED_OVER[number % len(HANDED_OVER)]
        repairs.record_handover(place.estate, building=building, handed_over=day, actor=actor, at=at)


def before_the_work(life: Life, at: datetime, order: WorkOrder) -> None:
    """Let the technician look up the warranty of some orders; what is out of it is quoted and agreed to at the door."""
    if life.nth("order", order.number) % CHECKED_OF or order.technician is None or queries.latest_terms(order):
        return
    fault = order.case.category.code if order.case.category else ""
    terms = repairs.check_terms(
        order,
        location_kind=order.location_kind,
        part=PARTS.get(fault, "other"),
        actor=order.technician,
        at=at - timedelta(minutes=8),
    )
    if terms.outcome != "none" or fault not in LABOUR:
        if terms.outcome == "none":
            repairs.decide_charge(
                order, charge="free", reason="举手之劳,免费", actor=order.technician, at=at - timedelta(minutes=7)
            )
        return
    _quote(life, at, order, fault)


def _quote(life: Life, at: datetime, order: WorkOrder, fault: str) -> None:
    technician = order.technician
    assert technician is not None
    items = {one.code: one.pk for one in queries.items_in_force(order.estate_id, day=localdate(at))}
    wanted = [code for code in (LABOUR[fault], MATERIAL.get(fault, "")) if code in items]
    if not wanted:
        return
    repairs.decide_charge(order, charge="paid", reason="已过保修期", actor=technician, at=at - timedelta(minutes=7))
    lines = [repairs.LineAsked(items[code], Decimal(1)) for code in wanted]
    repairs.quote(order, lines=lines, actor=technician, at=at - timedelta(minutes=6))
    signer, version = order.case.caller_name or "住户", 1
    if life.nth("order", order.number) % 2:
        told = repairs.tell_code(order, actor=life.place.staff["qiantai"], at=at - timedelta(minutes=5))
        repairs.consent_by_code(
            order, version=version, code=told, signer=signer, actor=technician, at=at - timedelta(minutes=4)
        )
    else:
        drawing = pen.signature(random.Random(order.number))
        repairs.consent_by_signature(
            order, version=version, drawing=drawing, signer=signer, actor=technician, at=at - timedelta(minutes=4)
        )
    repairs.start_work(order, actor=technician, at=at - timedelta(minutes=3))


def said_at_the_end(life: Life, order: WorkOrder) -> repairs.Opinion:
    """Return what the resident says with the signature."""
    nth = life.nth("order", order.number)
    if nth % CHECKED_OF:
        return repairs.Opinion(precautions_explained=nth % 2 == 0)
    satisfaction = (5, 5, 4, 5, 3)[nth % 5]
    return repairs.Opinion(
        precautions_explained=True,
        satisfaction=satisfaction,
        opinion="" if satisfaction > 3 else "来得有点晚",
        contact_phone=order.case.caller_phone,
    )


def pay(life: Life, at: datetime, order: WorkOrder) -> None:
    """Let what is charged be paid by transfer, but for what was charged in the last days."""
    if life.until - at < timedelta(days=UNPAID_DAYS):
        return
    for charge in money.charges_of(order.journal_name, order.pk):
        if charge.is_open:
            payment = fees.Payment("transfer", charge.payer, reference=f"ZZ{charge.pk:06d}")
            fees.take_payment(charge, payment=payment, actor=life.place.staff["qiantai"], at=at)
