"""The same fault in the same home before: while somebody types, on an order, on the board, in the household's file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, Q, QuerySet, Value

from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import class_of
from huiyin.areas.repairs import states
from huiyin.areas.repairs.models import PastOrder, WorkOrder
from huiyin.areas.repairs.rules import LONG, Repeats, repeats
from huiyin.standards import queries as promises
from huiyin.standards.models import Commitment

SHOWN, MOST = 5, 20


def of_class(code: str) -> Q:
    """Return the condition that an order's fault is of this class: the class itself, or what hangs below it."""
    return Q(case__category__code=code) | Q(case__category__code__startswith=f"{code}.")


@dataclass(frozen=True)
class Earlier:
    """A repair that is over, of ours or of the time before (`past`)."""

    case_id: int
    case_number: str
    category_id: int | None
    fault: str
    number: str
    told: str
    opened_at: datetime
    closed_at: datetime
    technician: str
    result: str
    past: bool


def over(orders: Iterable[WorkOrder], before: Iterable[PastOrder]) -> list[Earlier]:
    """Return both kinds in one shape; the cases and their categories stand ready on them."""
    ours = [_of(one, one.closed_at, one.technician.name if one.technician else "", one.work_done) for one in orders]
    past = [_of(one, one.closed_at, one.technician, one.case.answer, past=True) for one in before]
    return [*ours, *past]


def _of(
    one: WorkOrder | PastOrder, closed_at: datetime | None, technician: str, result: str, past: bool = False
) -> Earlier:
    case = one.case
    assert closed_at is not None
    return Earlier(
        case_id=case.pk,
        case_number=case.number,
        category_id=case.category_id,
        fault=case.category.title if case.category else "",
        number=one.number,
        told=case.text,
        opened_at=case.opened_at,
        closed_at=closed_at,
        technician=technician,
        result=result,
        past=past,
    )


def earlier_repairs(unit_id: int, fault: str, *, at: datetime) -> list[Earlier]:
    """Return what was repaired in the home of this class of fault within the longer span, the latest first. Two queries."""
    here = of_class(fault) & Q(case__unit=unit_id, closed_at__gte=at - LONG, closed_at__lte=at)
    closed = WorkOrder.objects.filter(here, status=states.OrderStatus.CLOSED)
    before = PastOrder.objects.filter(here)
    found = over(
        closed.select_related("case__category", "technician").order_by("-closed_at", "-id")[:MOST],
        before.select_related("case__category").order_by("-closed_at", "-id")[:MOST],
    )
    return sorted(found, key=lambda one: one.closed_at, reverse=True)[:MOST]


def counted(orders: Sequence[Earlier], *, at: datetime) -> Repeats:
    """Count repairs found by `earlier_repairs`."""
    return repeats([one.closed_at for one in orders], at=at)


def repeats_on(orders: Sequence[WorkOrder], *, at: datetime) -> dict[int, Repeats]:
    """Return, for the orders that repeat an earlier one, how often it was repaired before. One query, however many."""
    about = {
        one.pk: (one.case.unit_id, class_of(one.case.category.code))
        for one in orders
        if one.case.unit_id and one.case.category
    }
    if not about:
        return {}
    here = Q(case__unit__in={unit_id for unit_id, _ in about.values()}, closed_at__gte=at - LONG)
    about_each = ("case__unit", "case__category__code", "closed_at")
    ended = WorkOrder.objects.filter(here, status=states.OrderStatus.CLOSED).values_list(*about_each, "pk")
    before_us = PastOrder.objects.filter(here).values_list(*about_each, Value(0, output_field=BigIntegerField()))
    done: dict[tuple[int | None, str], list[tuple[int, datetime]]] = {}
    for unit_id, code, closed_at, pk in ended.union(before_us, all=True):
        if closed_at:
            done.setdefault((unit_id, class_of(code or "")), []).append((pk, closed_at))
    told = {}
    for order in orders:
        before = [moment for pk, moment in done.get(about.get(order.pk, (None, "")), ()) if pk != order.pk]
        earlier = [moment for moment in before if order.closed_at is None or moment < order.closed_at]
        if (found := repeats(earlier, at=order.closed_at or at)).again:
            told[order.pk] = found
    return told


@dataclass(frozen=True)
class CameBack:
    """How often what a case is about was repaired here before, and what is owed because of it."""

    repeats: Repeats
    standing: Sequence[Commitment]


def came_back(case: Case, *, at: datetime) -> CameBack:
    """Return how a repair case repeats earlier ones in its home. Two queries at most."""
    if case.kind != "repair" or case.unit_id is None or case.category is None:
        return CameBack(Repeats(), ())
    fault = class_of(case.category.code)
    ended = case.closed_at or at
    earlier = earlier_repairs(case.unit_id, fault, at=ended)
    before = [one for one in earlier if one.case_id != case.pk]
    owed = standing(case.estate_id, case.caller_unit, fault) if case.caller_unit else []
    return CameBack(counted(before, at=ended), owed)


def standing(estate_id: int, unit: str, fault: str = "") -> list[Commitment]:
    """Return what is owed because the same fault came back in this home: the lead's own visit, the search for the cause."""
    return promises.owed_for_the_same(estate_id, f"{unit}|{fault}" if fault else f"{unit}|", whole=bool(fault))


def open_ones_like(
    estate_id: int, *, building_id: int, fault: str, beside: int | None = None, at_most: int = 3
) -> QuerySet[WorkOrder]:
    """Return open orders of this class of fault in the building, but for the home itself, the latest first."""
    found = WorkOrder.objects.filter(
        of_class(fault),
        estate_id=estate_id,
        status__in=states.RUNNING,
        case__unit__entrance__building=building_id,
        case__status__in=("new", "working", "on_hold"),
    )
    if beside:
        found = found.exclude(case__unit=beside)
    return found.select_related("case__responsible", "case__responsible_post", "technician").order_by("-id")[:at_most]
