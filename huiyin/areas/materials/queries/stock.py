"""Reading items, places and what lies where."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case as Switch
from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404

from huiyin.areas.materials.models import Holding, Item, Movement, Place, PlaceKind, QuantityField
from huiyin.areas.materials.permissions import visible_to
from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right

_NOTHING = Value(Decimal(0), output_field=QuantityField())
# What lies in the bag and belongs to no slip that is still open; one statement, so that both are seen at one moment.
_UNCLAIMED = """
SELECT h.item_id, h.quantity - COALESCE((
    SELECT SUM(l.issued - l.used - l.returned) FROM materials_requisitionline l
    JOIN materials_requisition r ON r.id = l.requisition_id
    WHERE l.item_id = h.item_id AND r.status = 'issued' AND r.estate_id = p.estate_id AND r.technician_id = p.holder_id
), 0)
FROM materials_holding h JOIN materials_place p ON p.id = h.place_id
WHERE h.place_id = %s
"""


def _lying(kind: PlaceKind) -> Coalesce:
    lying = Holding.objects.filter(item=OuterRef("pk"), place__kind=kind).order_by().values("item")
    return Coalesce(Subquery(lying.annotate(n=Sum("quantity")).values("n")), _NOTHING)


def with_stock(items: QuerySet[Any]) -> QuerySet[Any]:
    """Add what lies in the stores (`stock`), in bags (`carried`), and `enough` (0: below the least)."""
    low = When(least__gt=0, stock__lt=F("least"), active=True, then=Value(0))
    lying: QuerySet[Any] = items.annotate(stock=_lying(PlaceKind.STORE), carried=_lying(PlaceKind.BAG))
    told: QuerySet[Any] = lying.annotate(enough=Switch(low, default=Value(1), output_field=IntegerField()))
    return told


def listed_items(
    user: User, estate_id: int, *, q: str = "", store: str = "", low: bool = False, state: str = ""
) -> QuerySet[Item]:
    """Return the items of the estate for the list, with their stock; those no longer used only when asked for."""
    found = with_stock(visible_to(user, Item).filter(estate=estate_id, active=state != "inactive"))
    if q:
        found = found.filter(Q(code__icontains=q) | Q(name__icontains=q) | Q(spec__icontains=q))
    if store:
        found = found.filter(holdings__place=int(store), holdings__quantity__gt=0)
    low_only: QuerySet[Item] = found.filter(enough=0) if low else found
    return low_only


def low_items(estate_id: int) -> list[Item]:
    """Return the items whose stores hold less than the least, the emptiest first."""
    return list(with_stock(Item.objects.filter(estate=estate_id)).filter(enough=0).order_by("stock", "code"))


def item_for(user: User, item_id: int, *, to: str) -> Item:
    """Return the item with its stock; 404 out of sight, 403 without the right in its estate."""
    item: Item | None = with_stock(visible_to(user, Item).select_related("estate")).filter(pk=item_id).first()
    if item is None:
        raise Http404
    require_right(user, to, item.estate_id)
    return item


def item_in(estate_id: int, item_id: int) -> Item:
    """Return the item of the estate; 404 for one of another."""
    item = Item.objects.filter(estate=estate_id, pk=item_id).first()
    if item is None:
        raise Http404
    return item


def items_to_ask(estate_id: int) -> list[Item]:
    """Return what may be asked for: the items in use with their stock, by name."""
    return list(with_stock(Item.objects.filter(estate=estate_id, active=True)).order_by("name", "spec", "id"))


def stores_of(estate_id: int) -> list[Place]:
    return list(Place.objects.filter(estate=estate_id, kind=PlaceKind.STORE).order_by("id"))


def store_with(estate_id: int, store_id: int) -> Place | None:
    return Place.objects.filter(estate=estate_id, kind=PlaceKind.STORE, pk=store_id).first()


def places_of(estate_id: int) -> list[Place]:
    """Return the stores and the bags of the estate, stores first."""
    return list(Place.objects.filter(estate=estate_id).select_related("holder").order_by("-kind", "id"))


def place_for(user: User, place_id: int) -> Place | None:
    return visible_to(user, Place).select_related("holder").filter(pk=place_id).first()


def bag_of(estate_id: int, holder: User) -> Place | None:
    return Place.objects.filter(estate=estate_id, kind=PlaceKind.BAG, holder=holder).select_related("holder").first()


def holdings_of(item: Item) -> list[Holding]:
    """Return where the item lies, stores first."""
    found = Holding.objects.filter(item=item, quantity__gt=0).select_related("place__holder")
    return list(found.order_by("-place__kind", "place"))


def holdings_in(place: Place) -> list[Holding]:
    """Return what lies in the place, by name."""
    found = Holding.objects.filter(place=place, quantity__gt=0).select_related("item")
    return list(found.order_by("item__name", "item__spec", "item"))


def unclaimed_in(place: Place) -> dict[int, Decimal]:
    """Return what of each item in the bag belongs to no slip that is still open."""
    return {item: Decimal(int(left)) / 100 for item, left in rows.read(_UNCLAIMED, [place.pk])}


def movements_of(item: Item, *, at_most: int = 50) -> list[Movement]:
    """Return the last movements of the item, the newest first."""
    found = Movement.objects.filter(item=item).select_related("actor", "from_place__holder", "to_place__holder")
    return list(found.order_by("-id")[:at_most])


def handed_out(estate_id: int, *, since: datetime, until: datetime) -> list[Movement]:
    """Return what was handed out to colleagues between two moments, oldest first: the register of F-29."""
    found = Movement.objects.filter(estate=estate_id, kind="hand_out", at__gte=since, at__lt=until)
    return list(found.select_related("item", "actor").order_by("id"))
