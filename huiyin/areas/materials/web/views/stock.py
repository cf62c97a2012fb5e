"""What lies in the stores: the list, its way to Excel, and opening a store."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.materials import operations, queries
from huiyin.areas.materials.models import Item
from huiyin.areas.materials.web.forms import StockFilters, StoreForm
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.exporting import hand_out
from huiyin.foundation.kit.listing import ExportColumn, Listing
from huiyin.foundation.kit.replies import done, page, refused
from huiyin.foundation.refusals import Refused

SORTS = {
    "low": ("enough", "name", "spec"),
    "code": "code",
    "name": ("name", "spec"),
    "stock": "stock",
    "carried": "carried",
}
COLUMNS = (
    ExportColumn("编码", lambda item: item.code),
    ExportColumn("品名", lambda item: item.name, 24),
    ExportColumn("规格", lambda item: item.spec),
    ExportColumn("单位", lambda item: item.unit, 8),
    ExportColumn("库存", lambda item: item.stock, 10),
    ExportColumn("在维修工手里", lambda item: item.carried, 12),
    ExportColumn("最低库存", lambda item: item.least, 10),
    ExportColumn("低于最低库存", lambda item: "是" if not item.enough else "", 12),
)


def listing_of(request: HttpRequest, right: str = "materials.see") -> Listing[Item]:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, right, estate.pk)
    return Listing(
        request.GET,
        find=partial(queries.listed_items, user, estate.pk),
        sorts=SORTS,
        first="low",
        filters=partial(StockFilters, stores=queries.stores_of(estate.pk)),
    )


@require_GET
@needs("materials.see")
def stock(request: HttpRequest) -> HttpResponse:
    listing = listing_of(request)
    prices = queries.in_force([item.pk for item in listing.rows], day=localdate())
    charges = {item: bands[0].charge for item, bands in prices.items()}
    return page(
        request, "materials/stock.html#rows", listing=listing, charges=charges, store_form=StoreForm(), at=now()
    )


@require_http_methods(["GET", "POST"])
@needs("cases.export")
def export_stock(request: HttpRequest) -> HttpResponseBase:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "cases.export", estate.pk)
    return hand_out(
        request,
        lambda: listing_of(request, "cases.export").sorted,
        COLUMNS,
        name=f"材料库存 {localdate():%Y-%m-%d}",
        what="材料库存",
        estate_id=estate.pk,
        back=reverse("materials:stock"),
    )


@require_POST
@needs("materials.edit")
def open_store(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "materials.edit", estate.pk)
    back = reverse("materials:stock")
    try:
        store = operations.open_store(estate, name=request.POST.get("name", "")[:40], actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, f"建好了库房「{store.name}」")
