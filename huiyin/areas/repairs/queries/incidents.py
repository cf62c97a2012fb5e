"""Reading incidents and hints."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404

from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs.models import BuildingHint, Incident, WorkOrder
from huiyin.areas.repairs.permissions import visible_hints, visible_incidents, visible_to
from huiyin.areas.repairs.states import IncidentStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right

_WITH = ("estate", "category", "leading_order__case", "opened_by")


def incident_for(user: User, number: str, *, to: str) -> Incident:
    """Return the incident by number; 404 out of sight, 403 without the right in its estate."""
    found = visible_incidents(user).select_related(*_WITH).prefetch_related("places__building")
    incident = found.filter(number=number).first()
    if incident is None:
        raise Http404
    require_right(user, to, incident.estate_id)
    return incident


def incidents(user: User, estate_id: int, *, status: str | None = None) -> QuerySet[Incident]:
    """Return the incidents of the estate the user may see."""
    found = visible_incidents(user).filter(estate=estate_id)
    if status:
        found = found.filter(status=status)
    return found.select_related(*_WITH).prefetch_related("places__building")


def running_incidents(user: User, estate_id: int, *, building_id: int | None = None) -> list[Incident]:
    """Return what runs now: in this building or everywhere; without a building, all of it. Two queries."""
    found = incidents(user, estate_id, status=IncidentStatus.OPEN)
    if building_id is not None:
        found = found.filter(Q(whole_estate=True) | Q(places__building=building_id))
    return list(found.order_by("-id")[:5])


def led_by(order: WorkOrder) -> list[Incident]:
    """Return the incidents this order works on."""
    return list(Incident.objects.filter(leading_order=order).prefetch_related("places__building").order_by("-id"))


def incidents_by_ids(user: User, ids: Collection[int]) -> list[Incident]:
    """Return those of these incidents the user may see."""
    return list(visible_incidents(user).filter(pk__in=ids))


def order_to_lead(user: User, estate: Estate, number: str) -> WorkOrder | None:
    """Return the order somebody names to lead an incident; None for one out of sight."""
    return visible_to(user).select_related("case").filter(estate_id=estate.pk, number=number.strip().upper()).first()


def hint_for(user: User, number: int, *, to: str) -> BuildingHint:
    """Return the hint; 404 out of sight, 403 without the right in its estate."""
    hint = visible_hints(user).select_related("building", "category").filter(pk=number).first()
    if hint is None:
        raise Http404
    require_right(user, to, hint.estate_id)
    return hint


def hints(user: User, estate_id: int, *, show: str | None = None, on: date | None = None) -> QuerySet[BuildingHint]:
    """Return the hints of the estate: those in force and to come, or (`show="all"`) every one."""
    found = visible_hints(user).filter(estate=estate_id).select_related("building", "category", "made_by")
    if show != "all" and on:
        found = found.filter(Q(until_date=None) | Q(until_date__gte=on), withdrawn_at=None)
    return found


def hints_for(estate_id: int, *, on: date, building_id: int | None, fault: str = "") -> list[BuildingHint]:
    """Return what the desk should know today of this building, or of every building when none is known.

    A hint about a category is shown while that category is what the caller speaks of.
    """
    found = BuildingHint.objects.filter(estate=estate_id, withdrawn_at=None, since_date__lte=on)
    found = found.filter(Q(until_date=None) | Q(until_date__gte=on))
    about = Q(category=None)
    if fault:
        about |= Q(category__code=fault) | Q(category__code__startswith=f"{fault}.")
    where = Q(building=None) | Q(building=building_id) if building_id is not None else Q(building=None)
    return list(found.filter(about, where).select_related("building").order_by("building", "id")[:5])
