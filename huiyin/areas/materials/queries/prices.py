"""What an item costs and is charged with: the newest list whose day has come."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from huiyin.areas.materials import rules
from huiyin.areas.materials.models import Item, PriceBand, PriceList
from huiyin.areas.materials.rules import Band


def in_force(item_ids: Iterable[int], *, day: date) -> dict[int, list[Band]]:
    """Return the bands in force on that day, by item; an item without a price is left out. Two queries."""
    lists = PriceList.objects.filter(item__in=list(item_ids), valid_from__lte=day)
    newest = dict(lists.order_by("valid_from", "id").values_list("item", "pk"))
    item_of = {pk: item for item, pk in newest.items()}
    found: dict[int, list[Band]] = {}
    for one in PriceBand.objects.filter(price_list__in=item_of).order_by("from_quantity"):
        found.setdefault(item_of[one.price_list_id], []).append(Band(one.from_quantity, one.cost, one.charge))
    return found


def price_of(item_id: int, quantity: Decimal, *, day: date) -> Band | None:
    """Return the band in force on that day for so much of the item; None without a price."""
    return rules.band_for(in_force([item_id], day=day).get(item_id, []), quantity)


def lists_of(item: Item) -> list[PriceList]:
    """Return every price list of the item, the newest first, with its bands."""
    found = PriceList.objects.filter(item=item).select_related("made_by").prefetch_related("bands")
    return list(found.order_by("-valid_from", "-id"))
