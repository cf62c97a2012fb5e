"""Reading plans and their rounds: what is due, what was done, what was missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404

from huiyin.areas.upkeep.models import Equipment, Plan, Round
from huiyin.areas.upkeep.permissions import visible_to
from huiyin.areas.upkeep.rules import MOST_AHEAD
from huiyin.areas.upkeep.states import RoundStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right

_OF_PLAN = ("equipment__building", "equipment__estate", "post", "person")
_OF_ROUND = ("plan__equipment__building", "plan__equipment__estate", "plan__post", "plan__person", "done_by", "case")


@dataclass(frozen=True)
class Tally:
    """How the rounds of a plan went: done in time, done late, owed past their time, with a defect, dropped."""

    in_time: int
    late: int
    missed: int
    defects: int
    dropped: int


def listed_rounds(
    user: User,
    estate_id: int,
    *,
    at: datetime,
    show: str = "",
    q: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Round]:
    """Return rounds of the estate. `show`: owed, overdue (owed past its time), late (done after it), or a status."""
    mine = visible_to(user, Plan).filter(estate=estate_id)
    found = Round.objects.filter(estate_id=estate_id, plan__in=mine).select_related(*_OF_ROUND)
    if show == "owed":
        found = found.filter(status=RoundStatus.DUE)
    elif show == "overdue":
        found = found.filter(status=RoundStatus.DUE, due_at__lt=at)
    elif show == "late":
        found = found.filter(done_at__gt=F("due_at"))
    elif show:
        found = found.filter(status=show)
    if q:
        words = Q(plan__task__icontains=q) | Q(plan__equipment__name__icontains=q)
        found = found.filter(words | Q(plan__equipment__code__icontains=q))
    if since:
        found = found.filter(due_on__gte=since)
    return found.filter(due_on__lte=until) if until else found


def round_for(user: User, round_id: int, *, to: str) -> Round:
    """Return the round; 404 out of sight, 403 without the right in its estate."""
    mine = Round.objects.filter(plan__in=visible_to(user, Plan))
    found = mine.select_related(*_OF_ROUND, "case__estate").filter(pk=round_id).first()
    if found is None:
        raise Http404
    require_right(user, to, found.estate_id)
    return found


def with_date(plans: QuerySet[Any]) -> QuerySet[Any]:
    """Add the date of what is to be done next (`to_do_on`): of the round that is owed longest, else of the next one."""
    owed = Min("rounds__due_on", filter=Q(rounds__status=RoundStatus.DUE))
    told: QuerySet[Any] = plans.annotate(to_do_on=Coalesce(owed, F("next_on")))
    return told


def listed_plans(user: User, estate_id: int, *, q: str = "", kind: str = "", state: str = "") -> QuerySet[Any]:
    """Return the plans of the estate for the list; those that ended only when asked for."""
    mine = visible_to(user, Plan).filter(estate=estate_id, status=state or "running")
    found = with_date(mine.select_related(*_OF_PLAN))
    if kind:
        found = found.filter(equipment__kind=kind)
    if q:
        words = Q(task__icontains=q) | Q(equipment__name__icontains=q) | Q(equipment__code__icontains=q)
        found = found.filter(words)
    return found


def plan_for(user: User, plan_id: int, *, to: str) -> Plan:
    """Return the plan; 404 out of sight, 403 without the right in its estate."""
    mine = visible_to(user, Plan).select_related(*_OF_PLAN, "estate").filter(pk=plan_id)
    found: Plan | None = with_date(mine).first()
    if found is None:
        raise Http404
    require_right(user, to, found.estate_id)
    return found


def plans_of(equipment: Equipment) -> list[Plan]:
    """Return the plans of a piece, those that run first."""
    return list(with_date(equipment.plans.select_related(*_OF_PLAN)).order_by("-status", "id"))


def rounds_of(plan: Plan, *, at_most: int = 24) -> list[Round]:
    """Return the latest rounds of the plan, the latest first."""
    return list(plan.rounds.select_related(*_OF_ROUND).order_by("-due_on")[:at_most])


def last_rounds(plans: Sequence[Plan]) -> dict[int, Round]:
    """Return the last round of each plan that was done, by plan. One query."""
    done = Round.objects.filter(plan__in=[plan.pk for plan in plans]).exclude(done_at=None)
    return {one.plan_id: one for one in done.select_related("done_by").order_by("due_on")}


def tally_of(plan: Plan, *, at: datetime) -> Tally:
    """Count how the rounds of the plan went."""
    owed_late = Q(status=RoundStatus.DUE, due_at__lt=at)
    counted = plan.rounds.aggregate(
        done=Count("pk", filter=Q(done_at__isnull=False)),
        late=Count("pk", filter=Q(done_at__gt=F("due_at"))),
        missed=Count("pk", filter=owed_late),
        defects=Count("pk", filter=Q(status=RoundStatus.DEFECT)),
        dropped=Count("pk", filter=Q(status=RoundStatus.DROPPED)),
    )
    in_time = counted["done"] - counted["late"]
    return Tally(in_time, counted["late"], counted["missed"], counted["defects"], counted["dropped"])


def plans_to_open(*, today: date) -> list[Plan]:
    """Return the running plans of which a round may be to be opened, in every estate: due within the longest lead."""
    soon = today + timedelta(days=MOST_AHEAD)
    return list(Plan.objects.filter(status="running", next_on__lte=soon).select_related(*_OF_PLAN).order_by("id"))
