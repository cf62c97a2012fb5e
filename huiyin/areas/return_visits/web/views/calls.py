"""Whom to call now, and what came of the calls made."""

from functools import partial
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.areas.estate import queries as estates
from huiyin.areas.return_visits import queries, words
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.return_visits.web.forms import CallFilters, MadeFilters
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.exporting import hand_out
from huiyin.foundation.kit.listing import ExportColumn, Listing
from huiyin.foundation.kit.replies import page

MADE_SORTS = {
    "visited": ("visited_at", "id"),
    "unit": ("told_unit", "-visited_at"),
    "satisfaction": ("satisfaction", "-visited_at"),
    "visitor": ("visitor__name", "-visited_at"),
}
COLUMNS = (
    ExportColumn("事项", lambda visit: visit.about.number, 22),
    ExportColumn("类型", lambda visit: words.type_word(visit.type), 12),
    ExportColumn("第几次", lambda visit: visit.round, 8),
    ExportColumn("房屋", lambda visit: visit.about.caller_unit),
    ExportColumn("客户", lambda visit: visit.about.caller_name, 12),
    ExportColumn("内容", lambda visit: visit.about.text, 40),
    ExportColumn("经办人", lambda visit: visit.doer.name if visit.doer else "", 10),
    ExportColumn("应回访自", lambda visit: visit.window_from),
    ExportColumn("应回访至", lambda visit: visit.window_to),
    ExportColumn("回访时间", lambda visit: visit.visited_at),
    ExportColumn("回访人", lambda visit: visit.visitor.name if visit.visitor else "", 10),
    ExportColumn("方式", lambda visit: visit.get_mode_display(), 10),
    ExportColumn("质量评价", lambda visit: visit.get_quality_display() if visit.quality else "", 10),
    ExportColumn("服务效果", lambda visit: visit.get_effect_display() if visit.effect else "", 10),
    ExportColumn("满意程度", lambda visit: visit.get_satisfaction_display() if visit.satisfaction else "", 10),
    ExportColumn("缺点和不足", lambda visit: visit.shortcomings, 30),
    ExportColumn("意见征集", lambda visit: visit.opinions, 30),
    ExportColumn("结论", lambda visit: visit.get_verdict_display() or visit.get_status_display(), 10),
    ExportColumn("转立投诉", lambda visit: visit.raised_case.number if visit.raised_case else "", 22),
    ExportColumn("免回访原因", lambda visit: visit.get_excuse_display(), 14),
)


def call_listing(request: HttpRequest) -> Listing[ReturnVisit]:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    return Listing(
        request.GET,
        find=partial(queries.call_list, user, at=now(), estate_id=estate.pk),
        sorts={"window": ("window_to", "id")},
        first="window",
        filters=CallFilters,
    )


@require_GET
@needs("return_visits.see")
def calls(request: HttpRequest) -> HttpResponse:
    listing = call_listing(request)
    return page(
        request,
        "return_visits/calls.html#rows",
        listing=listing,
        attempts=queries.attempts_of(listing.rows),
        type_word=words.type_word,
        new_key=uuid4,
        at=now(),
    )


def made_listing(request: HttpRequest) -> Listing[ReturnVisit]:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    return Listing(
        request.GET,
        find=partial(queries.made_list, user, estate.pk),
        sorts=MADE_SORTS,
        first="-visited",
        filters=MadeFilters,
    )


@require_GET
@needs("return_visits.see")
def made(request: HttpRequest) -> HttpResponse:
    listing = made_listing(request)
    return page(
        request,
        "return_visits/made.html#rows",
        listing=listing,
        notes=queries.notes_on(listing.rows),
        type_word=words.type_word,
        tones=words.TONES,
        at=now(),
    )


@require_http_methods(["GET", "POST"])
@needs("cases.export")
def export_made(request: HttpRequest) -> HttpResponseBase:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "cases.export", estate.pk)
    return hand_out(
        request,
        lambda: made_listing(request).sorted,
        COLUMNS,
        name=f"回访记录 {localdate():%Y-%m-%d}",
        what="回访记录",
        estate_id=estate.pk,
        back=reverse("return_visits:made"),
    )
