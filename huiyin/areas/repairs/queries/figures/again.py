"""What came back: orders that repeat an earlier repair, and whether what was repaired stayed so at the first visit.

The same is the same class of fault in the same home, or the same matter opened again. A repair that has no home (a common
part) comes back only by its matter.
"""

from datetime import timedelta
from typing import Any

from django.db.models import Case as Switch
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Concat, TruncDate

from huiyin.areas.repairs.models import Warranty, WarrantyKind, WorkOrder
from huiyin.areas.repairs.queries.figures.scope import Scope, in_span
from huiyin.areas.repairs.rules import LONG, SHORT
from huiyin.areas.repairs.states import OrderStatus
from huiyin.foundation.elapsed import Elapsed
from huiyin.foundation.journal.models import Entry

# How an order repeats an earlier one: how long after it was accepted, or still under our own warranty.
AFTER_SHORT, AFTER_LONG, UNDER_WARRANTY, NEW = "short", "long", "warranty", "new"
AGAIN = (AFTER_SHORT, AFTER_LONG, UNDER_WARRANTY)
# How an accepted order turned out; the days of looking on are those of `SHORT`.
FIXED, CAME_BACK, NOT_ACCEPTED, SECOND_VISIT = "fixed", "back", "rejected", "visited"
WRONG = (CAME_BACK, NOT_ACCEPTED, SECOND_VISIT)
QUIET, KNOWN = "quiet", "known"


def _class(before: str = "") -> Coalesce:
    """Return the class of an order's fault, which is what hangs on nothing; without a category it equals nothing."""
    return Coalesce(f"{before}case__category__parent", f"{before}case__category")


def _about_the_same(others: QuerySet[WorkOrder]) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Return those of the others that are about the same as the order: of its home and class, and of its matter."""
    found = others.exclude(pk=OuterRef("pk"))
    at_home = found.annotate(fault=_class()).filter(case__unit=OuterRef("case__unit"), fault=OuterRef("fault"))
    return at_home, found.filter(case=OuterRef("case"))


def _reworks(scope: Scope) -> QuerySet[Any]:
    """Return the orders registered in the span, but for the voided, with how they repeat an earlier one (`again`)."""
    registered = scope.orders().filter(in_span("opened_at", scope.span)).exclude(status=OrderStatus.VOIDED)
    before = WorkOrder.objects.filter(status=OrderStatus.CLOSED, closed_at__lte=OuterRef("opened_at"))
    since = before.annotate(passed=Elapsed(F("closed_at"), OuterRef("opened_at")))
    at_home, of_case = _about_the_same(since)
    theirs = Warranty.objects.annotate(of_class=_class("order__")).filter(
        kind=WarrantyKind.OWN, unit=OuterRef("case__unit"), order__closed_at__lte=OuterRef("opened_at")
    )
    # The day costs a call of Python on SQLite: only what is of the class is asked for it. It began with the acceptance.
    lasts = Switch(When(of_class=OuterRef("fault"), then=Switch(When(to_date__gte=OuterRef("day"), then=Value(1)))))
    promised = theirs.annotate(lasts=lasts).filter(lasts=1)

    def within(span: timedelta) -> Q:
        passed = Q(passed__lte=int(span.total_seconds()))
        return Q(Exists(of_case.filter(passed))) | Q(Exists(at_home.filter(passed)))

    # The longer span is asked first: of most orders nothing more need be asked.
    how_soon = Switch(When(within(SHORT), then=Value(AFTER_SHORT)), default=Value(AFTER_LONG))
    found: QuerySet[Any] = registered.annotate(fault=_class(), day=TruncDate("opened_at")).annotate(
        again=Switch(
            When(within(LONG), then=how_soon),
            When(Exists(promised), then=Value(UNDER_WARRANTY)),
            default=Value(NEW),
            output_field=CharField(),
        )
    )
    return found


def reworks(scope: Scope) -> dict[str, dict[str, int]]:
    """Count the orders registered in the span by class of fault and how they repeat an earlier one. One query."""
    return _by_class(_reworks(scope), "again")


def orders_again(scope: Scope, col: str) -> QuerySet[WorkOrder]:
    """Return the orders behind one number of `reworks`: `all` registered, `again` in any way, or one way."""
    found = _reworks(scope)
    if col == "all":
        return found
    return found.filter(again__in=AGAIN if col == "again" else [col])


def _fixes(scope: Scope) -> QuerySet[Any]:
    """Return the orders accepted in the span with what went wrong (`wrong`) and how they turned out (`turned`)."""
    accepted = scope.orders().filter(in_span("closed_at", scope.span), status=OrderStatus.CLOSED)
    after = WorkOrder.objects.filter(opened_at__gte=OuterRef("closed_at")).exclude(status=OrderStatus.VOIDED)
    soon = after.annotate(passed=Elapsed(OuterRef("closed_at"), F("opened_at")))
    at_home, of_case = _about_the_same(soon.filter(passed__lte=int(SHORT.total_seconds())))
    lines = Entry.objects.filter(
        thread=Concat(Value("case:"), OuterRef("case_id"), output_field=CharField()), subject_id=OuterRef("pk")
    )
    rejected = lines.filter(kind=f"{WorkOrder.journal_name}.reworked")
    # What was arrived at before the arrival that is kept on the order was another visit.
    visited = lines.filter(kind=f"{WorkOrder.journal_name}.arrived", at__lt=OuterRef("arrived_at"))
    found: QuerySet[Any] = (
        accepted.annotate(fault=_class())
        .annotate(
            wrong=Switch(
                When(Exists(of_case) | Exists(at_home), then=Value(CAME_BACK)),
                When(Exists(rejected), then=Value(NOT_ACCEPTED)),
                When(Exists(visited), then=Value(SECOND_VISIT)),
                default=Value(FIXED),
                output_field=CharField(),
            )
        )
        .annotate(
            turned=Switch(
                When(_old(scope), then=F("wrong")),
                When(wrong=FIXED, then=Value(QUIET)),
                default=Value(KNOWN),
                output_field=CharField(),
            )
        )
    )
    return found


def _old(scope: Scope) -> Q:
    """Return the condition that the days of looking on have passed."""
    return Q(closed_at__lte=scope.at - SHORT)


def fixes(scope: Scope) -> dict[str, dict[str, int]]:
    """Count the orders accepted in the span by class of fault and how they turned out; those whose days of looking on
    have not passed are `quiet` or, when something is known to be wrong, `known`. One query.
    """
    return _by_class(_fixes(scope), "turned")


def orders_fixed(scope: Scope, col: str) -> QuerySet[WorkOrder]:
    """Return the orders behind one number of `fixes`; `all` are those accepted, `judged` those whose days have passed."""
    found = _fixes(scope)
    if col == "all":
        return found
    kept: QuerySet[WorkOrder] = found.filter(_old(scope)) if col == "judged" else found.filter(turned=col)
    return kept


def _by_class(graded: QuerySet[Any], how: str) -> dict[str, dict[str, int]]:
    """Count by the code of the class of fault (nothing: none) and by how."""
    named = graded.annotate(name=Coalesce("case__category__parent__code", "case__category__code", Value("")))
    counts: dict[str, dict[str, int]] = {}
    for name, said, count in named.order_by().values_list("name", how).annotate(n=Count("pk")):
        counts.setdefault(name, {})[said] = count
    return counts
