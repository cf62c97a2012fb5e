"""Who may see which estates, and which buildings of them."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of

Row = TypeVar("Row", bound=Model)


def visible_to(user: User) -> QuerySet[Estate]:
    """Return the estates the user may see: those granted, or all of the company."""
    return within(access_of(user).estate_ids, user.company_id)


def within(estate_ids: Iterable[int] | None, company_id: int | None) -> QuerySet[Estate]:
    """Return these estates, or all of the company when none are named."""
    if estate_ids is None:
        return Estate.objects.filter(company=company_id)
    return Estate.objects.filter(pk__in=estate_ids)


def limited(
    found: QuerySet[Row], user: User, *, building: str, estate: str = "estate", own: Q | None = None
) -> QuerySet[Row]:
    """Leave out what lies in buildings that are not the user's, for whom only some of an estate are.

    `building` and `estate` are where the rows hold theirs; `own` is what the user sees although it lies in no building.
    """
    for estate_id, buildings in access_of(user).buildings.items():
        within = ~Q(**{estate: estate_id}) | Q(**{f"{building}__in": sorted(buildings)})
        found = found.filter(within | own if own is not None else within)
    return found


def buildings_within(user: User, estate_id: int) -> list[int] | None:
    """Return the buildings of the estate that are the user's; None: all of them."""
    buildings = access_of(user).buildings.get(estate_id)
    return None if buildings is None else sorted(buildings)


def covers(user: User, estate_id: int, building_id: Any) -> bool:
    """Tell whether the building of the estate is one of the user's."""
    buildings = access_of(user).buildings.get(estate_id)
    return buildings is None or building_id in buildings
