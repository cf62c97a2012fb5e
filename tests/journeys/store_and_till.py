"""What the pages about money and material show: charges, receipts, a monthly slip; a store, slips, a count, a plan.

Every record belongs to homes that no journey about money touches.
"""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.utils.timezone import localdate

from huiyin.areas.cases.models import Category
from huiyin.areas.fees import operations as fees
from huiyin.areas.fees.models import Charge, Receipt
from huiyin.areas.materials import operations as materials
from huiyin.areas.materials.rules import Band, Want
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs import queries
from huiyin.areas.repairs.models import WorkOrder

if TYPE_CHECKING:
    from tests.journeys.stage import Stage

Keys = dict[str, dict[str, object]]


def charged(stage: "Stage", unit_no: str, text: str, *, hours: float) -> Charge:
    """A repair that was quoted, agreed to and done: what it cost is owed."""
    at, worker = stage.before(hours=hours), stage.staff["technician"]
    drain = Category.objects.get(kind="repair", code="drain")
    order = stage.order(unit_no, text, at=at, to="technician", category=drain)

    def after(minutes: float) -> dict[str, object]:
        return {"actor": worker, "at": at + timedelta(minutes=minutes)}

    repairs.accept(order, **after(4))
    repairs.arrive(order, **after(8))
    repairs.check_terms(order, location_kind=order.location_kind, part="pipes", **after(9))
    repairs.decide_charge(order, charge="paid", reason="已过保修期", **after(10))
    posted = queries.items_in_force(order.estate_id, day=localdate(at))
    repairs.quote(order, lines=[repairs.LineAsked(one.pk, Decimal(1)) for one in posted], **after(11))
    code = repairs.tell_code(order, actor=stage.staff["clerk"], at=at + timedelta(minutes=12))
    signer = stage.callers[unit_no].name
    assert repairs.consent_by_code(order, version=1, code=code, signer=signer, **after(13))
    repairs.start_work(order, **after(14))
    repairs.finish(order, work_done="疏通下水,换了角阀", **after(24))
    desk = {"actor": stage.staff["clerk"], "at": at + timedelta(minutes=30)}
    written_at = at + timedelta(minutes=26)
    repairs.accept_by_paper(order, paper_slip=f"C-{order.pk:04d}", signer=signer, written_at=written_at, **desk)
    return Charge.objects.select_related("estate").get(subject_type=order.journal_name, subject_id=order.pk)


def till(stage: "Stage") -> Keys:
    """A charge with a code that waits, one partly paid with the rest to be waived, and one on the slip of the month."""
    technician, supervisor, at = stage.staff["technician"], stage.staff["supervisor"], stage.before(minutes=12)
    waiting = charged(stage, "1703", "厨房下水管堵了", hours=9)
    code = fees.make_code(waiting, actor=technician, at=at)
    partly = charged(stage, "1603", "阳台下水管堵了", hours=9.5)
    receipt: Receipt = fees.take_payment(
        partly, payment=fees.Payment("cash", partly.payer), amount=Decimal(100), actor=technician, at=at
    )
    partly.refresh_from_db()
    waiver = fees.ask_waiver(partly, reason="返工耽误了半天", actor=supervisor, at=at)
    handed_over = fees.hand_over(stage.estate.pk, actor=technician, at=at)
    monthly = charged(stage, "1602", "洗手池下水管堵了", hours=10)
    fees.settle_by(monthly, settlement="monthly", actor=supervisor, at=at)
    (slip,) = fees.make_slips(stage.estate, month=f"{localdate(at):%Y-%m}", actor=supervisor, at=at)
    of_receipt, of_slip, of_cash = ({"number": one.number} for one in (receipt, slip, handed_over))
    return {
        "fees": {"number": waiting.number, "reference": code.reference, "waiver_id": waiver.pk},
        **dict.fromkeys((f"fees:{name}" for name in ("void", "refund", "invoice", "print_receipt")), of_receipt),
        **dict.fromkeys((f"fees:{name}" for name in ("receive", "send_back")), of_cash),
        **dict.fromkeys(
            (f"fees:{name}" for name in ("slip", "slip_sign", "slip_void", "slip_pay", "print_slip")), of_slip
        ),
    }


def store(stage: "Stage") -> Keys:
    """A store with little left, two valves in a bag, a slip for an order under way, a count that runs, a plan, a sheet with a mistake."""
    keeper, day = {"actor": stage.staff["director"], "at": stage.before(hours=2)}, localdate(stage.before(days=20))
    place = materials.open_store(stage.estate, name="工程部库房", **keeper)
    item = materials.set_up_item(
        stage.estate,
        code="JF-04",
        name="角阀(加厚铜芯,冷热通用)",
        spec="4 分",
        unit="个",
        least=Decimal(10),
        up_to=Decimal(40),
        **keeper,
    )
    materials.set_prices(item, [Band(Decimal(0), Decimal("9.80"), Decimal("15.00"))], valid_from=day, **keeper)
    materials.receive(item, place, Decimal(10), cost=Decimal("9.80"), **keeper)
    carried = {
        "technician": stage.staff["technician2"],
        "actor": stage.staff["technician2"],
        "at": stage.before(hours=1),
    }
    topped_up = materials.ask(stage.estate, store=place, wants=[Want(item.pk, Decimal(2))], **carried)
    in_the_bag = {line.pk: line.asked for line in topped_up.lines.all()}
    materials.issue(topped_up, in_the_bag, **{**keeper, "at": stage.before(hours=1)})
    order = under_way(stage)
    wants = [Want(item.pk, Decimal(2))]
    slip = repairs.ask_materials(order, store=place, wants=wants, actor=stage.staff["technician"], at=stage.at)
    materials.issue(slip, {line.pk: line.asked for line in slip.lines.all()}, **{**keeper, "at": stage.at})
    count = materials.begin_count(place, **{**keeper, "at": stage.at})
    plan = materials.make_plan(stage.estate, [Want(item.pk, Decimal(32))], **{**keeper, "at": stage.at})
    text = "编码,品名,单位,最低库存\nSL-04,水龙头,个,不少于八个\n"
    sheet = materials.hand_in(stage.estate, ContentFile(text.encode(), "材料.csv"), **keeper, today=day)
    asset = materials.register_asset(
        stage.estate,
        number="KF-2023-0001",
        name="多功能一体打印复印机",
        model="M428fdw",
        value=Decimal(3299),
        location="前台",
        keeper=stage.staff["technician"],
        **keeper,
    )
    counted, planned = {"number": count.number}, {"number": plan.number}
    return {
        "materials": {"asset_id": asset.pk, "item_id": item.pk, "number": slip.number, "sheet_id": sheet.pk},
        **dict.fromkeys((f"materials:{name}" for name in ("count", "write_down", "post_count", "drop_count")), counted),
        **dict.fromkeys((f"materials:{name}" for name in ("purchase_plan", "print_plan")), planned),
        "repairs:materials": {"number": order.number},
        "repairs:account_materials": {"number": order.number, "slip": slip.number},
    }


def under_way(stage: "Stage") -> WorkOrder:
    order = stage.order("1703", "洗衣机龙头滴水", at=stage.before(minutes=45), to="technician")
    repairs.accept(order, actor=stage.staff["technician"], at=stage.before(minutes=40))
    repairs.arrive(order, actor=stage.staff["technician"], at=stage.before(minutes=30))
    return order


def price_sheet(stage: "Stage") -> int:
    """A sheet of prices that was handed in and waits."""
    text = f"编码,项目,类别,单位,单价,生效日期,公示日期\nM02,软管,材料,根,二十,{localdate(stage.at)},{localdate(stage.at)}\n"
    upload = ContentFile(text.encode(), "收费标准.csv")
    return repairs.hand_in_prices(stage.estate, upload, actor=stage.staff["supervisor"], at=stage.at).pk
