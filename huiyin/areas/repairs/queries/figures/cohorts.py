"""Completion by cohort: of the orders registered in a stretch of days, how many were finished how soon."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

from django.db.models import Case as Switch
from django.db.models import CharField, Count, F, IntegerField, Q, QuerySet, Value, When

from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.queries.figures.scope import DONE, Scope, in_span
from huiyin.areas.repairs.states import OrderStatus
from huiyin.foundation.elapsed import Elapsed

DAYS = (1, 3, 7, 14, 30)
DAY = 24 * 60 * 60
LATER, OPEN, VOIDED = "later", "open", "voided"


def _graded(scope: Scope) -> QuerySet[Any]:
    """Return the orders registered in the span with their `band`: the least of `DAYS` they were finished in, or else.

    Finished is what waits for acceptance or is accepted; work that was not accepted and goes on is open again.
    """
    registered: QuerySet[Any] = scope.orders().filter(in_span("opened_at", scope.span))
    graded: QuerySet[Any] = registered.annotate(took=Elapsed(F("opened_at"), F("finished_at"))).annotate(
        band=Switch(
            When(status=OrderStatus.VOIDED, then=Value(VOIDED)),
            When(~Q(status__in=DONE), then=Value(OPEN)),
            *(When(took__lte=days * DAY, then=Value(str(days))) for days in DAYS),
            default=Value(LATER),
            output_field=CharField(),
        )
    )
    return graded


def cohorts(scope: Scope, ends: Sequence[datetime]) -> list[dict[str, int]]:
    """Count the orders of each cohort, which ends where the next one begins, by their band. One query."""
    number = Switch(
        *(When(opened_at__lt=end, then=Value(at)) for at, end in enumerate(ends)), output_field=IntegerField()
    )
    counts: list[dict[str, int]] = [{} for _ in ends]
    counted = _graded(scope).annotate(cohort=number).order_by().values_list("cohort", "band")
    for cohort, band, count in counted.annotate(n=Count("pk")):
        counts[cohort][band] = count
    return counts


def within_days(counts: dict[str, int]) -> dict[int, int]:
    """Return from the bands of a cohort how many were finished within each of `DAYS`."""
    return dict(zip(DAYS, accumulate(counts.get(str(days), 0) for days in DAYS), strict=True))


def orders_of_cohort(scope: Scope, col: str) -> QuerySet[WorkOrder]:
    """Return the orders behind one number: a number of days stands for all finished within them, `kept` for all but
    the voided ones.
    """
    graded = _graded(scope)
    if col == "kept":
        return graded.exclude(band=VOIDED)
    if col.isdecimal():
        return graded.filter(band__in=[str(days) for days in DAYS if days <= int(col)])
    return graded.filter(band=col)
