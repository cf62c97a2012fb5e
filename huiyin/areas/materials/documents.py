"""The printed forms of materials: F-23 领料单 in two copies, F-29 领用登记、采购计划, F-30 固定资产台账."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.urls import reverse

from huiyin.areas.materials import queries, rules
from huiyin.areas.materials.models import FixedAsset, Plan, PlanLine, Requisition, RequisitionLine
from huiyin.areas.materials.permissions import SEE, visible_to
from huiyin.areas.materials.states import AssetStatus
from huiyin.areas.materials.words import quantity
from huiyin.foundation.accounts.models import User
from huiyin.foundation.documents.forms import NAME, NUMBER, Columns, Form, Sheet, in_order
from huiyin.foundation.documents.words import moment, name
from huiyin.foundation.money import capitals, figures

REGISTER_DAYS = 30
REGISTER = "/foundation/documents/typst/register.typ"
DAY, AMOUNT = 23, 26


def requisitions_with(user: User, ids: Sequence[int]) -> list[Requisition]:
    found = (
        visible_to(user, Requisition).filter(pk__in=ids).select_related("estate", "store", "technician", "issued_by")
    )
    return in_order(found.prefetch_related("lines__item"), ids)


def slips(form: Form, records: Sequence[Requisition]) -> Iterator[Sheet]:
    for slip in records:
        path = reverse("materials:requisition", args=[slip.number])
        yield Sheet(form, slip.estate.name, slip.number, path, _slip(slip))


def _slip(slip: Requisition) -> dict[str, object]:
    return {
        "for": slip.subject_label or "补随身料",
        "store": slip.store.title,
        "technician": slip.technician.name,
        "asked": moment(slip.asked_at),
        "issued": moment(slip.issued_at),
        "settled": moment(slip.settled_at),
        "keeper": name(slip.issued_by),
        "note": slip.note,
        "lines": [_slip_line(line, issued=slip.issued_at is not None) for line in slip.lines.all()],
    }


def _slip_line(line: RequisitionLine, *, issued: bool) -> list[str]:
    """Return the cells of a line; what is not known yet stays empty, to be written by hand."""
    counted = [line.issued, line.used, line.returned] if issued else []
    said = [quantity(one) for one in counted] or ["", "", ""]
    price = figures(line.unit_price) if line.unit_price is not None else ""
    return [line.item.name, line.item.spec, line.item.unit, quantity(line.asked), *said, price]


def plans_with(user: User, ids: Sequence[int]) -> list[Plan]:
    found = visible_to(user, Plan).filter(pk__in=ids).select_related("estate", "made_by")
    return in_order(found.prefetch_related("lines__item"), ids)


def plans(form: Form, records: Sequence[Plan]) -> Iterator[Sheet]:
    for plan in records:
        path = reverse("materials:purchase_plan", args=[plan.number])
        yield Sheet(form, plan.estate.name, plan.number, path, _plan(plan))


def _plan(plan: Plan) -> dict[str, object]:
    """Return the plan and, below it, what was handed out in the thirty days before."""
    taken = queries.handed_out(plan.estate_id, since=plan.made_at - timedelta(days=REGISTER_DAYS), until=plan.made_at)
    lines = list(plan.lines.all())
    total = sum((line.quantity * line.cost for line in lines if line.cost is not None), rules.NOTHING)
    return {
        "made": moment(plan.made_at),
        "maker": plan.made_by.name,
        "lines": [_plan_line(line) for line in lines],
        "total": f"{capitals(total)}(¥{figures(total)})",
        "taken": [
            [moment(one.at)[:10], one.item.title, f"{quantity(one.quantity)} {one.item.unit}", one.taker, one.note]
            for one in taken
        ],
    }


def _plan_line(line: PlanLine) -> list[str]:
    cost = figures(line.cost) if line.cost is not None else ""
    amount = figures(line.quantity * line.cost) if line.cost is not None else ""
    stock = [quantity(line.stock), quantity(line.least), quantity(line.quantity)]
    return [line.item.name, line.item.spec, line.item.unit, *stock, cost, amount]


ASSET_COLUMNS = Columns(
    (
        ("资产编号", NUMBER + 4, lambda one: one.number),
        ("名称", 1, lambda one: one.name),
        ("型号", 1, lambda one: one.model),
        ("价值(元)", AMOUNT, lambda one: figures(one.value) if one.value is not None else ""),
        ("购置日期", DAY, lambda one: one.bought_date.isoformat() if one.bought_date else ""),
        ("存放地点", 1, lambda one: one.location),
        ("保管人", NAME, lambda one: one.keeper.name),
        ("状态", NAME, lambda one: one.get_status_display()),
        ("上次盘点", DAY, lambda one: one.checked_date.isoformat() if one.checked_date else ""),
        ("备注", 0.8, lambda one: one.reason or ("保管人已离职" if one.keeper_left else "")),
    ),
    signed=("登记人", "客服主管"),
)


def assets_with(user: User, ids: Sequence[int]) -> list[FixedAsset]:
    found = visible_to(user, FixedAsset).filter(pk__in=ids).select_related("estate", "keeper")
    return in_order(found, ids)


def asset_register(form: Form, assets: Sequence[FixedAsset]) -> Iterator[Sheet]:
    """Make one register of these assets, with what is in use added up above it."""
    used = [one.value for one in assets if one.status == AssetStatus.IN_USE]
    valued = [value for value in used if value is not None]
    values = dict(ASSET_COLUMNS.of_rows(assets))
    values["sum"] += f",其中在用 {len(used)} 件,价值合计 {figures(sum(valued, rules.NOTHING))} 元"
    if len(valued) < len(used):
        values["sum"] += f"(另有 {len(used) - len(valued)} 件没写价值)"
    numbers = sorted(one.number for one in assets)
    estate = assets[0].estate.name if assets else ""
    serial = " 至 ".join(dict.fromkeys((numbers[0], numbers[-1]))) if numbers else "—"
    yield Sheet(form, estate, serial, reverse("materials:assets"), values)


REQUISITION = Form(
    "F-23",
    "领料单",
    "/areas/materials/typst/requisition.typ",
    SEE,
    requisitions_with,
    slips,
    copies=("第一联 库房存", "第二联 领料人存"),
    blank={},
    keyed_in="materials:requisitions",
)
PLAN = Form(
    "F-29",
    "领用登记、采购计划",
    "/areas/materials/typst/plan.typ",
    SEE,
    plans_with,
    plans,
    blank={},
    keyed_in="materials:plan",
)
ASSETS = Form(
    "F-30",
    "固定资产台账",
    REGISTER,
    SEE,
    assets_with,
    asset_register,
    landscape=True,
    register=True,
    blank=ASSET_COLUMNS.empty(),
    keyed_in="materials:assets",
)
SLIPS = {REQUISITION.code: REQUISITION}
PLANS = {PLAN.code: PLAN}
REGISTERS = {ASSETS.code: ASSETS}
FORMS = SLIPS | PLANS | REGISTERS
