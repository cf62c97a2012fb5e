"""On time: how the promises about orders that fell due have gone, by urgency and step.

An order counts once in a row; where a step was promised several times (dispatched anew), the worst of them counts.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case as Switch
from django.db.models import IntegerField, Max, Q, QuerySet, Value, When

from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.queries.figures.scope import Scope
from huiyin.foundation import rows
from huiyin.standards.models import Commitment, CommitmentState

# From best to worst; of several promises of one step the last in this list is how the order stands.
HOW = ("waived", "met", "open", "paused", "late", "missed")
JUDGED = ("met", "late", "missed")


@dataclass(frozen=True)
class Step:
    """How many orders of one urgency stand how with one step. `code` is the rule's, `does` what it asks for."""

    urgency: str
    code: str
    does: str
    counts: dict[str, int]


def _graded(scope: Scope, *by: str) -> QuerySet[Commitment, Any]:
    """Return order and step (or whatever else is named) with the place in `HOW` of the worst promise due in the span."""
    overdue = Q(state=CommitmentState.MISSED) | Q(state=CommitmentState.OPEN, due_at__lt=scope.at)
    place = Switch(
        When(overdue, then=Value(HOW.index("missed"))),
        *(When(state=how, then=Value(HOW.index(how))) for how in HOW if how != "missed"),
        output_field=IntegerField(),
    )
    due = Commitment.objects.filter(
        estate_id=scope.estate_id,
        subject_type=WorkOrder.journal_name,
        due_at__gte=scope.due_span[0],
        due_at__lt=scope.due_span[1],
    ).exclude(state=CommitmentState.REPLACED)
    graded: QuerySet[Commitment, Any] = due.order_by().values("subject_id", *by).annotate(worst=Max(place))
    return graded


_COUNT = """
SELECT o.urgency, g.code, g.worst, max(g.does), count(*)
FROM ({graded}) g JOIN ({orders}) o ON o.id = g.subject_id GROUP BY o.urgency, g.code, g.worst
"""
_BY_OWNER = """
SELECT g.owner_id, g.worst, count(*) FROM ({graded}) g JOIN ({orders}) o ON o.id = g.subject_id
WHERE o.technician_id = g.owner_id GROUP BY g.owner_id, g.worst
"""


def steps(scope: Scope) -> list[Step]:
    """Count the orders by urgency, step and how they stand. One query."""
    graded = _graded(scope, "code").annotate(does=Max("does"))
    found: dict[tuple[str, str], Step] = {}
    for urgency, code, worst, does, count in _joined(_COUNT, graded, scope.orders().values("id", "urgency")):
        step = found.setdefault((urgency, code), Step(urgency, code, does, {}))
        step.counts[HOW[worst]] = int(count)
    return list(found.values())


def by_owner(scope: Scope) -> dict[int, dict[str, int]]:
    """Count, by technician, the orders he holds as the worst of what he owed on them in the span stands. One query."""
    found: dict[int, dict[str, int]] = {}
    for owner, worst, count in _joined(
        _BY_OWNER, _graded(scope, "owner_id"), scope.orders().values("id", "technician_id")
    ):
        found.setdefault(owner, {})[HOW[worst]] = int(count)
    return found


def _joined(sql: str, graded: QuerySet[Any, Any], orders: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    first, its = graded.query.sql_with_params()
    second, theirs = orders.order_by().query.sql_with_params()
    return rows.read(sql.format(graded=first, orders=second), [*its, *theirs])


def orders_of_step(scope: Scope, *, urgency: str, code: str, how: str) -> QuerySet[WorkOrder]:
    """Return the orders behind one number of `steps`; without `how` all that fell due."""
    graded = _graded(scope, "code").filter(code=code)
    return _standing(scope.orders().filter(urgency=urgency), graded, how)


def orders_owed_by(scope: Scope, *, owner_id: int, how: str) -> QuerySet[WorkOrder]:
    """Return the orders behind one number of `by_owner`; `judged` and `failed` stand for several ways together."""
    return _standing(
        scope.orders().filter(technician=owner_id), _graded(scope, "owner_id").filter(owner_id=owner_id), how
    )


def _standing(orders: QuerySet[WorkOrder], graded: QuerySet[Any, Any], how: str) -> QuerySet[WorkOrder]:
    together = {"judged": JUDGED, "failed": ("late", "missed"), "": HOW}.get(how, (how,))
    wanted = [HOW.index(one) for one in together]
    return orders.filter(pk__in=graded.filter(worst__in=wanted).values("subject_id"))
