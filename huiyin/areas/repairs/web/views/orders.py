"""The list of all work orders, and its way to Excel."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.areas.estate import queries as estates
from huiyin.areas.repairs import queries, words
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.web.forms import OrderFilters
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.exporting import hand_out
from huiyin.foundation.kit.listing import ExportColumn, Listing
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


def listing_of(request: HttpRequest) -> Listing[WorkOrder]:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    technicians = [(one.pk, one.name, load) for one, load in queries.technicians_with_load(estate.pk)]
    return Listing(
        request.GET,
        find=partial(queries.listed, user, estate.pk),
        sorts=SORTS,
        first="-opened",
        filters=partial(OrderFilters, technicians=technicians),
    )


@require_GET
@needs("repairs.see")
def orders(request: HttpRequest) -> HttpResponse:
    return page(request, "repairs/orders.html#rows", listing=listing_of(request), tones=words.TONES, at=now())


@require_http_methods(["GET", "POST"])
@needs("cases.export")
def export_orders(request: HttpRequest) -> HttpResponseBase:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "cases.export", estate.pk)
    return hand_out(
        request,
        lambda: listing_of(request).sorted,
        COLUMNS,
        name=f"维修单 {localdate():%Y-%m-%d}",
        what="维修单",
        estate_id=estate.pk,
        back=reverse("repairs:orders"),
    )
