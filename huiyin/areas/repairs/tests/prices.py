"""Prices, handovers, and paid orders as far as a test needs them, brought there by the operations."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.tests.factories import drawing, minutes, order_in
from tests.cast import AT, Cast

SHEET = """编码,项目,类别,单位,单价,生效日期,失效日期,公示日期
W01,疏通下水,水,次,80,2026-05-01,,2026-04-20
W02,更换角阀,水,个,45.50,2026-05-01,,2026-04-20
E01,更换插座,电,个,30,2026-05-01,,2026-04-20
M01,角阀(材料),材料,个,38,2026-05-01,,2026-04-20
X01,已停的项目,其他,次,10,2025-05-01,2026-05-01,2025-04-20
F01,明年的项目,其他,次,10,2027-05-01,,2026-11-01
"""


def post_prices(estate: Estate, cast: Cast, text: str = SHEET, *, at: datetime = AT) -> int:
    sheet = operations.hand_in_prices(estate, ContentFile(text.encode(), "收费标准.csv"), actor=cast.supervisor, at=at)
    return len(operations.take_in_prices(sheet, actor=cast.supervisor, at=at).added)


def hand_over(estate: Estate, cast: Cast, day: date = date(2015, 6, 1)) -> None:
    building = Building.objects.get(estate=estate, code="3")
    operations.record_handover(estate, building=building, handed_over=day, actor=cast.supervisor, at=AT)


def item(order: WorkOrder, code: str) -> int:
    return next(one.pk for one in queries.items_in_force(order.estate_id, day=AT.date()) if one.code == code)


def asked(order: WorkOrder, *lines: tuple[str, str] | tuple[str, str, str]) -> list[operations.LineAsked]:
    return [
        operations.LineAsked(item(order, code), Decimal(quantity), Decimal(off[0]) if off else Decimal(0))
        for code, quantity, *off in lines
    ]


def paid_order(estate: Estate, cast: Cast, *, status: str = "working", **matter: object) -> WorkOrder:
    """An order out of warranty that was decided to be paid at minute 31."""
    post_prices(estate, cast)
    hand_over(estate, cast)
    order = order_in(status, estate, cast, **matter)
    make_paid(order, cast)
    return order


def make_paid(order: WorkOrder, cast: Cast, *, at: datetime | None = None) -> None:
    when: dict[str, Any] = {"actor": cast.technician, "at": at or minutes(31)}
    operations.check_terms(order, location_kind="in_unit", part="pipes", **when)
    operations.decide_charge(order, charge="paid", reason="已过保修", **when)


def quoted(order: WorkOrder, cast: Cast, *lines: tuple[str, ...], at: datetime | None = None) -> None:
    wanted = asked(order, *(lines or (("W01", "1"), ("M01", "2", "6"))))
    operations.quote(order, lines=wanted, actor=cast.technician, at=at or minutes(32))


def agreed(order: WorkOrder, cast: Cast, *, at: datetime | None = None) -> None:
    made = queries.latest_quote(order)
    assert made is not None
    operations.consent_by_signature(
        order, version=made.version, drawing=drawing(), signer="王丽", actor=cast.technician, at=at or minutes(33)
    )


def begun(order: WorkOrder, cast: Cast, *, at: datetime | None = None) -> None:
    operations.start_work(order, actor=cast.technician, at=at or minutes(34))


def closed_paid_order(estate: Estate, cast: Cast) -> WorkOrder:
    order = paid_order(estate, cast)
    quoted(order, cast)
    agreed(order, cast)
    begun(order, cast)
    operations.finish(order, work_done="换了角阀", actor=cast.technician, at=minutes(40))
    said = operations.Opinion(True, 5, "修得快", "13800138000")
    operations.sign(order, drawing=drawing(), signer="王丽", said=said, actor=cast.technician, at=minutes(50))
    return order
