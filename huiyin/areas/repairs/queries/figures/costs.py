"""Material and labour: what was used, charged and how long somebody was there, for the orders accepted in the span."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from huiyin.areas.cases.rules import class_of
from huiyin.areas.materials import queries as materials
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.queries.figures.scope import Scope, in_span
from huiyin.areas.repairs.states import OrderStatus
from huiyin.foundation.elapsed import Elapsed


@dataclass(frozen=True)
class Cost:
    """What a class of fault took: orders, those with material, its worth and how often it had no price, those charged,
    what was charged, those with both times of the visit, and the seconds between.
    """

    orders: int = 0
    with_material: int = 0
    material: Decimal = Decimal(0)
    unpriced: int = 0
    charged: int = 0
    charge: Decimal = Decimal(0)
    timed: int = 0
    seconds: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.orders + other.orders,
            self.with_material + other.with_material,
            self.material + other.material,
            self.unpriced + other.unpriced,
            self.charged + other.charged,
            self.charge + other.charge,
            self.timed + other.timed,
            self.seconds + other.seconds,
        )


def _accepted(scope: Scope) -> QuerySet[Any]:
    """Return the orders accepted in the span with what they took."""
    found: QuerySet[Any] = scope.orders().filter(in_span("closed_at", scope.span), status=OrderStatus.CLOSED)
    told: QuerySet[Any] = found.annotate(
        worth=materials.worth_used(WorkOrder.journal_name),
        uses=materials.uses_counted(WorkOrder.journal_name),
        unpriced=materials.unpriced_uses(WorkOrder.journal_name),
        there=Elapsed(F("arrived_at"), F("finished_at")),
    )
    return told


# Which orders stand behind a number, and behind an amount.
BEHIND = {
    "orders": Q(),
    "material": Q(uses__gt=0),
    "unpriced": Q(unpriced__gt=0),
    "charged": Q(accepted__total__gt=0),
    "timed": Q(there__isnull=False),
}


def costs(scope: Scope) -> dict[str, Cost]:
    """Sum up by class of fault (nothing: none). One query."""
    by_code = _accepted(scope).order_by().values_list("case__category__code")
    summed = by_code.annotate(
        n=Count("pk"),
        n_material=Count("pk", filter=BEHIND["material"]),
        sum_worth=Sum("worth"),
        n_unpriced=Count("pk", filter=BEHIND["unpriced"]),
        n_charged=Count("pk", filter=BEHIND["charged"]),
        sum_charge=Sum("accepted__total"),
        n_timed=Count("pk", filter=BEHIND["timed"]),
        sum_there=Sum("there"),
    )
    found: dict[str, Cost] = {}
    for code, orders, with_material, worth, unpriced, charged, charge, timed, there in summed:
        name = class_of(code or "")
        one = Cost(
            orders, with_material, Decimal(worth or 0) / materials.TO_A_YUAN, unpriced, charged, charge or Decimal(0),
            timed, int(there or 0),
        )  # fmt: skip
        found[name] = found.get(name, Cost()) + one
    return found


def total_cost(all_of: Iterable[Cost]) -> Cost:
    """Return all of it together."""
    return sum(all_of, Cost())


def orders_costing(scope: Scope, col: str) -> QuerySet[WorkOrder]:
    """Return the orders behind one number or amount of `costs`."""
    return _accepted(scope).filter(BEHIND[col])
