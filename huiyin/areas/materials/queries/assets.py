"""Reading the ledger of fixed assets."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from huiyin.areas.materials.models import FixedAsset
from huiyin.areas.materials.permissions import visible_to
from huiyin.areas.materials.states import ENDED, AssetStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right
from huiyin.foundation.money import rounded

EVERYTHING, LEFT = "all", "left"
_NOTHING = Decimal(0)


@dataclass(frozen=True)
class InUse:
    """How many assets are in use, what those with a value are worth together, and how many have none."""

    count: int
    value: Decimal
    unvalued: int


def listed_assets(
    user: User, estate_id: int, *, status: str = "", keeper: str = "", q: str = ""
) -> QuerySet[FixedAsset]:
    """Return the assets of the estate. What is scrapped or lost is left out unless asked for (`all`, or its status).

    `keeper` is the id of a person, or `left`: with somebody who has left and still keeps them.
    """
    found = visible_to(user, FixedAsset).filter(estate=estate_id).select_related("keeper")
    if not status:
        found = found.exclude(status__in=ENDED)
    elif status != EVERYTHING:
        found = found.filter(status=status)
    if keeper == LEFT:
        found = found.filter(keeper__is_active=False).exclude(status__in=ENDED)
    elif keeper:
        found = found.filter(keeper=int(keeper))
    if q:
        words = Q(number__icontains=q) | Q(name__icontains=q) | Q(model__icontains=q) | Q(location__icontains=q)
        found = found.filter(words)
    return found


def in_use(assets: QuerySet[FixedAsset]) -> InUse:
    """Add up what is in use among the assets that were found, not only those on the page."""
    found = (
        assets.filter(status=AssetStatus.IN_USE)
        .order_by()
        .aggregate(count=Count("id"), valued=Count("value"), total=Sum("value"))
    )
    return InUse(found["count"], rounded(found["total"] or _NOTHING), found["count"] - found["valued"])


def asset_for(user: User, asset_id: int, *, to: str) -> FixedAsset:
    """Return the asset; 404 out of sight, 403 without the right in its estate."""
    found = visible_to(user, FixedAsset).select_related("estate", "keeper").filter(pk=asset_id).first()
    if found is None:
        raise Http404
    require_right(user, to, found.estate_id)
    return found


def keepers_of(estate_id: int) -> list[User]:
    """Return who keeps assets of the estate, those who have left among them, by name."""
    keepers = FixedAsset.objects.filter(estate=estate_id).values("keeper")
    return list(User.objects.filter(pk__in=keepers).order_by("name", "username"))


def possible_keepers(estate_id: int) -> list[User]:
    """Return who may be given an asset to keep: whoever holds a role or a post in the estate, by name."""
    role = Q(grants__estate_id=estate_id, grants__until=None)
    post = Q(assignments__post__estate_id=estate_id, assignments__until_date=None)
    return list(User.objects.filter(role | post, is_active=True).distinct().order_by("name", "username"))
