"""The ledger: every contact of a day, of a person, of a result; and the way out to Excel."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.areas.estate.models import Estate
from huiyin.areas.service_desk import queries, rules, words
from huiyin.areas.service_desk.models import Contact
from huiyin.areas.service_desk.web.forms import LedgerFilter
from huiyin.areas.service_desk.web.views.place import estate_of
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.kit.exporting import hand_out
from huiyin.foundation.kit.listing import ExportColumn, Listing
from huiyin.foundation.kit.masking import hide_names
from huiyin.foundation.kit.replies import page

SORTS = {"time": "received_at", "number": "number", "unit": "caller_unit", "status": "status"}
LOOK_BACK = timedelta(days=90)
SHEET = (
    ExportColumn("序号", lambda line: line.number, 18),
    ExportColumn("时间", lambda line: line.received_at),
    ExportColumn("书面时间", lambda line: line.written_at),
    ExportColumn("方式", lambda line: line.get_channel_display(), 8),
    ExportColumn("房号", lambda line: line.caller_unit, 14),
    ExportColumn("来电人", lambda line: line.caller_name, 12),
    ExportColumn("电话", lambda line: line.caller_phone, masked=True),
    ExportColumn("内容", lambda line: line.text, 60),
    ExportColumn("结果", lambda line: line.get_status_display(), 10),
    ExportColumn("答复", lambda line: line.answer, 40),
    ExportColumn("约定时间", lambda line: line.promised_at),
    ExportColumn("事项", lambda line: "、".join(one.case.number for one in line.outcomes.all()), 22),
    ExportColumn("接待人员", lambda line: line.receiver.name, 12),
)


@require_GET
@needs("desk.see")
def ledger(request: HttpRequest) -> HttpResponse:
    """Answer the ledger of the estate at hand; of today, unless something else is asked for."""
    estate, at = estate_of(request, "desk.see"), now()
    user, listing = signed_in(request), listing_of(request, estate)
    hide_names(user, estate.pk, listing.rows, "caller_name")
    return page(
        request,
        "service_desk/ledger.html#rows",
        listing=listing,
        saved=_saved(request, queries.unsettled_count(user, estate)),
        export_url=reverse("service_desk:ledger_export") if access_of(user).may("cases.export", estate.pk) else "",
        words=words,
        at=at,
    )


@require_http_methods(["GET", "POST"])
@needs("cases.export")
def ledger_export(request: HttpRequest) -> HttpResponseBase:
    """Send the lines of the list as a sheet."""
    estate = estate_of(request, "cases.export")
    require_right(signed_in(request), "desk.see", estate.pk)
    return hand_out(
        request,
        lambda: listing_of(request, estate).sorted,
        SHEET,
        name=f"来电来访登记-{estate.code}-{localtime(now()):%Y%m%d-%H%M}",
        what="来电来访登记",
        estate_id=estate.pk,
        back=reverse("service_desk:ledger"),
    )


def listing_of(request: HttpRequest, estate: Estate) -> Listing[Contact]:
    return Listing(
        _asked(request, estate),
        find=partial(queries.ledger_lines, signed_in(request), estate),
        filters=partial(LedgerFilter, colleagues=staffing.colleagues(estate.pk)),
        sorts=SORTS,
        first="-time",
    )


def _asked(request: HttpRequest, estate: Estate) -> QueryDict:
    """Return what is asked for; without any filter, today. Words alone are looked for in the last months.

    Both are put into the address as filters, so that the page says them and they can be changed.
    """
    if any(request.GET.get(name) for name in ("status", "channel", "receiver", "since", "until")):
        return request.GET
    asked, text = request.GET.copy(), request.GET.get("text", "").strip()
    if not text:
        asked["since"] = asked["until"] = localdate().isoformat()
    elif not rules.number_prefix(text, estate.code):
        asked["since"] = (localdate() - LOOK_BACK).isoformat()
    return asked


def _saved(request: HttpRequest, unsettled: int) -> list[tuple[str, str, Any]]:
    today = localdate().isoformat()
    status = request.GET.get("status")
    return [
        (f"没有着落的 {unsettled}", "?status=unsettled", status == "unsettled"),
        ("今天", "?", not any(request.GET.get(name) for name in LedgerFilter.base_fields)),
        ("今天我接的", f"?since={today}&receiver={request.user.pk}", False),
    ]
