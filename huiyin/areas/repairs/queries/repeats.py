"""The same fault in the same home before: while somebody types, on an order, on the board, in the household's file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import class_of
from huiyin.areas.repairs import states
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.rules import LONG, Repeats, repeats
from huiyin.standards import queries as promises
from huiyin.standards.models import Commitment

SHOWN = 5


def of_class(code: str) -> Q:
    """Return the condition that an order's fault is of this class: the class itself, or what hangs below it."""
    return Q(case__category__code=code) | Q(case__category__code__startswith=f"{code}.")


def earlier_repairs(unit_id: int, fault: str, *, at: datetime) -> list[WorkOrder]:
    """Return what was repaired in the home of this class of fault within the longer span, the latest first."""
    closed = WorkOrder.objects.filter(of_class(fault), case__unit=unit_id, status=states.OrderStatus.CLOSED)
    within = closed.filter(closed_at__gte=at - LONG, closed_at__lte=at)
    return list(within.select_related("case__category", "technician").order_by("-closed_at", "-id")[:20])


def counted(orders: Sequence[WorkOrder], *, at: datetime) -> Repeats:
    """Count repairs found by `earlier_repairs`."""
    return repeats([one.closed_at for one in orders if one.closed_at], at=at)


def repeats_on(orders: Sequence[WorkOrder], *, at: datetime) -> dict[int, Repeats]:
    """Return, for the orders that repeat an earlier one, how often it was repaired before. One query, however many."""
    about = {
        one.pk: (one.case.unit_id, class_of(one.case.category.code))
        for one in orders
        if one.case.unit_id and one.case.category
    }
    if not about:
        return {}
    ended = WorkOrder.objects.filter(
        case__unit__in={unit_id for unit_id, _ in about.values()},
        status=states.OrderStatus.CLOSED,
        closed_at__gte=at - LONG,
    )
    done: dict[tuple[int | None, str], list[tuple[int, datetime]]] = {}
    for pk, unit_id, code, closed_at in ended.order_by("id").values_list(
        "pk", "case__unit", "case__category__code", "closed_at"
    ):
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
