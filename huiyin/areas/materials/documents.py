"""The printed forms of materials: F-23 领料单 in two copies, F-29 领用登记、采购计划."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.urls import reverse

from huiyin.areas.materials import queries, rules
from huiyin.areas.materials.models import Plan, PlanLine, Requisition, RequisitionLine
from huiyin.areas.materials.permissions import SEE, visible_to
from huiyin.areas.materials.words import quantity
from huiyin.foundation.accounts.models import User
from huiyin.foundation.documents.forms import Form, Sheet, in_order
from huiyin.foundation.documents.words import moment, name
from huiyin.foundation.money import capitals, figures

REGISTER_DAYS = 30


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
SLIPS = {REQUISITION.code: REQUISITION}
PLANS = {PLAN.code: PLAN}
FORMS = SLIPS | PLANS
