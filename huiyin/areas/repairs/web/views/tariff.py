"""Posted prices with the way to take in new ones, and since when the builder answers for what."""

from functools import partial
from uuid import uuid4

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import TariffItem
from huiyin.areas.repairs.rules.warranties import table
from huiyin.areas.repairs.web.charge_forms import HandoverForm, PriceFilters, PriceSheetForm
from huiyin.areas.repairs.web.template import template_file
from huiyin.foundation.accounts.permissions import needs, require_right, require_whole, signed_in
from huiyin.foundation.kit.listing import Listing
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.refusals import Refused

SORTS = {"code": ("category", "code", "-valid_from"), "price": ("price", "code"), "from": ("valid_from", "code")}


@require_GET
@needs("today.see")
def tariff(request: HttpRequest) -> HttpResponse:
    estate = estates.estate_at_hand(signed_in(request), request.session.get("estate"))
    at = now()
    listing: Listing[TariffItem] = Listing(
        request.GET,
        find=partial(queries.prices_listed, estate.pk, day=localdate(at)),
        sorts=SORTS,
        first="code",
        filters=PriceFilters,
    )
    return page(request, "repairs/tariff.html#rows", listing=listing, estate=estate, today=localdate(at), at=at)


@require_GET
@needs("repairs.set_up")
def template(request: HttpRequest) -> FileResponse:
    return template_file()


@require_http_methods(["GET", "POST"])
@needs("repairs.set_up")
def hand_in(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now()
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "repairs.set_up", estate.pk)
    require_whole(user, estate.pk)
    form = PriceSheetForm(request.POST or None, request.FILES or None, initial={"idempotency_key": uuid4()})
    if form.is_bound and form.is_valid():
        with refusals(form):
            key = form.cleaned_data["idempotency_key"]
            sheet = operations.hand_in_prices(estate, form.cleaned_data["sheet"], actor=user, at=at, key=key)
            return done(request, reverse("repairs:tariff_report", args=[sheet.pk]), "文件已收到,请看检查结果")
    status = 422 if form.is_bound else 200
    sheets = queries.sheets_of(estate)
    return page(request, "repairs/tariff_import.html", status=status, form=form, estate=estate, sheets=sheets, at=at)


@require_GET
@needs("repairs.set_up")
def report(request: HttpRequest, sheet_id: int) -> HttpResponse:
    sheet = queries.sheet_for(signed_in(request), sheet_id)
    request.about_estate = sheet.estate_id
    read, found, unreadable = None, None, ""
    try:
        read, found = queries.compared(sheet.estate_id, queries.sheet_tables(sheet))
    except Refused as refusal:
        unreadable = refusal.sentence
    said = {"read": read, "found": found, "unreadable": unreadable}
    return page(request, "repairs/tariff_report.html", sheet=sheet, at=now(), **said)


@require_POST
@needs("repairs.set_up")
def take_in(request: HttpRequest, sheet_id: int) -> HttpResponse:
    user = signed_in(request)
    sheet = queries.sheet_for(user, sheet_id)
    try:
        found = operations.take_in_prices(sheet, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=reverse("repairs:tariff_report", args=[sheet.pk]))
    return done(request, reverse("repairs:tariff"), f"已导入 {len(found.added)} 个价格,{found.unchanged} 个没有变")


@require_http_methods(["GET", "POST"])
@needs("repairs.set_up")
def warranties(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now()
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "repairs.set_up", estate.pk)
    require_whole(user, estate.pk)
    form = HandoverForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with refusals(form):
            clean = form.cleaned_data
            unit = estates.unit_by_code(estate.pk, clean["unit"].strip()) if clean["unit"] else None
            if clean["unit"] and unit is None:
                raise Refused(f"没有「{clean['unit']}」这户,请照 3-2-1501 的样子写")
            building = None if unit else queries.building_of(estate, clean["building"])
            day = clean["handed_over"]
            operations.record_handover(estate, building=building, unit=unit, handed_over=day, actor=user, at=at)
            return done(request, reverse("repairs:warranties"), f"已登记 {unit or building} {day} 交付")
    found = queries.handovers(estate)
    status = 422 if form.is_bound else 200
    said = {"form": form, "found": found, "table": table().parts, "estate": estate, "today": localdate(at)}
    return page(request, "repairs/warranties.html", status=status, at=at, **said)
