"""Reading the ledger of equipment."""

from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404

from huiyin.areas.estate.models import Building
from huiyin.areas.upkeep.models import Equipment, Overhaul
from huiyin.areas.upkeep.permissions import visible_to
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right


def listed_equipment(
    user: User, estate_id: int, *, q: str = "", kind: str = "", status: str = "", overhauled: bool = False
) -> QuerySet[Equipment]:
    """Return the equipment of the estate with its running plans (`running`) and its last overhaul (`overhauled_on`).

    What is scrapped is left out unless asked for; `overhauled` keeps those that were.
    """
    found = visible_to(user, Equipment).filter(estate=estate_id).select_related("building")
    found = found.filter(status=status) if status else found.exclude(status="scrapped")
    if kind:
        found = found.filter(kind=kind)
    if q:
        words = Q(code__icontains=q) | Q(name__icontains=q) | Q(model__icontains=q) | Q(place__icontains=q)
        found = found.filter(words | Q(overhauls__what__icontains=q))
    if overhauled:
        found = found.filter(overhauls__isnull=False)
    running = Count("plans", filter=Q(plans__status="running"), distinct=True)
    return found.annotate(running=running, overhauled_on=Max("overhauls__done_on"))


def equipment_for(user: User, equipment_id: int, *, to: str) -> Equipment:
    """Return the piece; 404 out of sight, 403 without the right in its estate."""
    found = visible_to(user, Equipment).select_related("estate", "building").filter(pk=equipment_id).first()
    if found is None:
        raise Http404
    require_right(user, to, found.estate_id)
    return found


def overhauls_of(equipment: Equipment) -> list[Overhaul]:
    """Return its overhauls, the latest first."""
    return list(equipment.overhauls.select_related("recorded_by").order_by("-done_on", "-id"))


def buildings_of(estate_id: int) -> list[Building]:
    return list(Building.objects.filter(estate=estate_id).order_by("id"))
