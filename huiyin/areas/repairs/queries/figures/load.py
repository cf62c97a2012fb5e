"""How much each technician carries: orders taken, finished, in hand, how the promises were kept, material, how long.

An order counts for who holds it now, and of its promises those that he owed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from huiyin.areas.materials import queries as materials
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.queries.figures.on_time import by_owner, orders_owed_by
from huiyin.areas.repairs.queries.figures.scope import DONE, Scope, in_span
from huiyin.areas.repairs.states import RUNNING
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.elapsed import Elapsed

CARRIED = ("taken", "in_hand", "finished", "material", "timed")
PROMISED = ("met", "failed", "judged")


@dataclass
class Load:
    """What one technician did in the span and has in hand now. `seconds` from taking to finishing, of `timed` orders."""

    name: str = ""
    taken: int = 0
    in_hand: int = 0
    finished: int = 0
    with_material: int = 0
    material: Decimal = Decimal(0)
    timed: int = 0
    seconds: int = 0
    promised: dict[str, int] = field(default_factory=dict)

    @property
    def met(self) -> int:
        return self.promised.get("met", 0)

    @property
    def failed(self) -> int:
        return self.promised.get("late", 0) + self.promised.get("missed", 0)


def _taken(scope: Scope) -> QuerySet[WorkOrder]:
    return _held(scope).filter(in_span("accepted_at", scope.span))


def _finished(scope: Scope) -> QuerySet[Any]:
    found: QuerySet[Any] = (
        _held(scope)
        .filter(in_span("finished_at", scope.span), status__in=DONE)
        .annotate(
            worth=materials.worth_used(WorkOrder.journal_name),
            uses=materials.uses_counted(WorkOrder.journal_name),
            took=Elapsed(F("accepted_at"), F("finished_at")),
        )
    )
    return found


def _held(scope: Scope) -> QuerySet[WorkOrder]:
    return scope.orders().filter(technician__isnull=False)


def _in_hand(scope: Scope) -> QuerySet[WorkOrder]:
    return _held(scope).filter(status__in=RUNNING)


def loads(scope: Scope) -> dict[int, Load]:
    """Return by technician what each carries: all who are on the post now, and who else holds an order of the span.

    Five queries.
    """
    found: dict[int, Load] = {}

    def of(pk: int, name: str) -> Load:
        return found.setdefault(pk, Load(name))

    for pk, name, count in _by_technician(_taken(scope)).annotate(n=Count("pk")):
        of(pk, name).taken = count
    for pk, name, count in _by_technician(_in_hand(scope)).annotate(n=Count("pk")):
        of(pk, name).in_hand = count
    summed = _by_technician(_finished(scope)).annotate(
        n=Count("pk"),
        n_material=Count("pk", filter=Q(uses__gt=0)),
        sum_worth=Sum("worth"),
        n_timed=Count("pk", filter=Q(took__isnull=False)),
        sum_took=Sum("took"),
    )
    for pk, name, finished, with_material, worth, timed, took in summed:
        one = of(pk, name)
        one.finished, one.with_material, one.timed, one.seconds = finished, with_material, timed, int(took or 0)
        one.material = Decimal(worth or 0) / materials.TO_A_YUAN
    technicians = {one.pk: one.name for one in staffing.people_on(scope.estate_id, "technician")}
    promised = by_owner(scope)
    for pk, name in technicians.items():
        if scope.technician_id in (None, pk):
            of(pk, name)
    for pk, one in found.items():
        one.promised = promised.get(pk, {})
    return found


def _by_technician(found: QuerySet[WorkOrder]) -> QuerySet[Any, Any]:
    grouped: QuerySet[Any, Any] = found.order_by().values_list("technician", "technician__name")
    return grouped


def orders_carried(scope: Scope, technician_id: int, col: str) -> QuerySet[WorkOrder]:
    """Return the orders behind one number of a technician's."""
    if col in PROMISED:
        return orders_owed_by(scope, owner_id=technician_id, how=col)
    carried: Mapping[str, Callable[[Scope], QuerySet[Any]]] = {
        "taken": _taken,
        "in_hand": _in_hand,
        "finished": _finished,
        "material": lambda scope: _finished(scope).filter(uses__gt=0),
        "timed": lambda scope: _finished(scope).filter(took__isnull=False),
    }
    return carried[col](scope).filter(technician=technician_id)
