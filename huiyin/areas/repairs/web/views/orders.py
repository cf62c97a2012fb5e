"""The list of all work orders, and its way to Excel."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import queries, words
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.queries import figures
from huiyin.areas.repairs.web.figure_filter import FigureFields, Shown, number_asked, shown
from huiyin.areas.repairs.web.forms import MyOrderFilters, OrderFilters
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.exporting import hand_out
from huiyin.foundation.kit.listing import COUNT_CAP, SHEET_ROWS, ExportColumn, Listing
from huiyin.foundation.kit.replies import page

SORTS = {
    "number": "number",
    "unit": ("case__caller_unit", "-opened_at"),
    "technician": ("technician__name", "-opened_at"),
    "opened": "opened_at",
    "finished": "finished_at",
    "closed": "closed_at",
}
COLUMNS = (
    ExportColumn("单号", lambda order: order.number, 22),
    ExportColumn("房屋", lambda order: order.case.caller_unit),
    ExportColumn("报修人", lambda order: order.case.caller_name),
    ExportColumn("报修内容", lambda order: order.case.text, 40),
    ExportColumn("紧急程度", lambda order: order.get_urgency_display(), 10),
    ExportColumn("部位", lambda order: order.get_location_kind_display(), 10),
    ExportColumn("状态", lambda order: order.get_status_display(), 10),
    ExportColumn("维修工", lambda order: order.technician.name if order.technician else "", 10),
    ExportColumn("登记", lambda order: order.opened_at),
    ExportColumn("派单", lambda order: order.dispatched_at),
    ExportColumn("接单", lambda order: order.accepted_at),
    ExportColumn("到达", lambda order: order.arrived_at),
    ExportColumn("完工", lambda order: order.finished_at),
    ExportColumn("验收", lambda order: order.closed_at),
    ExportColumn("验收方式", lambda order: order.get_acceptance_display(), 10),
    ExportColumn("签收人", lambda order: order.signer, 10),
    ExportColumn("纸单编号", lambda order: order.paper_slip),
    ExportColumn("纸单时间", lambda order: order.paper_written_at),
    ExportColumn("维修情况", lambda order: order.work_done, 40),
)


def listing_of(request: HttpRequest, *, at: datetime) -> Listing[WorkOrder]:
    user, here = signed_in(request), estate_of(request)
    technicians = [(one.pk, one.name, load) for one, load in queries.technicians_with_load(here.pk)]

    def find(**asked: Any) -> QuerySet[WorkOrder]:
        return queries.listed(user, here.pk, among=_among(user, here, asked, at=at), **asked)

    return Listing(
        request.GET,
        find=find,
        sorts=SORTS,
        first="-opened",
        filters=partial(OrderFilters, technicians=technicians),
        cap=cap_of(request),
    )


def cap_of(request: HttpRequest) -> int:
    """Return how far the list is counted: all of it where a figure has said how many there are."""
    return SHEET_ROWS if request.GET.get("figure") else COUNT_CAP


def estate_of(request: HttpRequest, *, to: str = "repairs.see") -> Estate:
    """Return the estate a figure's link names, else the one at hand."""
    user, named = signed_in(request), request.GET.get("estate", "")
    if named:
        return estates.estate_for(user, named, to=to)
    return estates.estate_at_hand(user, request.session.get("estate"))


def _among(user: User, estate: Estate, asked: dict[str, Any], *, at: datetime) -> QuerySet[WorkOrder] | None:
    """Take what names a number out of what was asked, and return the orders behind it; nothing when none is named."""
    number = number_asked({name: asked.pop(name) for name in FigureFields.base_fields})
    return figures.orders_of_number(user, estate.pk, number, at=at) if number else None


def number_shown(listing: Listing[WorkOrder], estate: Estate, *, at: datetime) -> Shown | None:
    """Return which number of a figure the list is about."""
    number = number_asked(listing.form.cleaned_data) if listing.form and listing.form.is_bound else None
    return shown(estate, number, at=at) if number and number.known else None


@require_GET
@needs("repairs.see")
def orders(request: HttpRequest) -> HttpResponse:
    at = now()
    listing = listing_of(request, at=at)
    return page(
        request,
        "repairs/orders.html#rows",
        listing=listing,
        number=number_shown(listing, estate_of(request), at=at),
        tones=words.TONES,
        at=at,
    )


@require_GET
@needs("repairs.work")
def my_orders(request: HttpRequest) -> HttpResponse:
    """List what a technician was given himself: those behind one of his numbers, or all."""
    at, user, estate = now(), signed_in(request), estate_of(request, to="repairs.work")

    def find(**asked: Any) -> QuerySet[WorkOrder]:
        among = _among(user, estate, asked, at=at)
        return queries.listed(user, estate.pk, technician=str(user.pk), among=among, **asked)

    listing = Listing(request.GET, find=find, sorts=SORTS, first="-opened", filters=MyOrderFilters, cap=cap_of(request))
    number = number_shown(listing, estate, at=at)
    return page(request, "repairs/my_orders.html#rows", listing=listing, number=number, tones=words.TONES, at=at)


@require_http_methods(["GET", "POST"])
@needs("cases.export")
def export_orders(request: HttpRequest) -> HttpResponseBase:
    user, estate = signed_in(request), estate_of(request)
    require_right(user, "cases.export", estate.pk)
    return hand_out(
        request,
        lambda: listing_of(request, at=now()).sorted,
        COLUMNS,
        name=f"维修单 {localdate():%Y-%m-%d}",
        what="维修单",
        estate_id=estate.pk,
        back=reverse("repairs:orders"),
    )
