"""What is to be collected, its way to Excel, and one charge with everything that became of it."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.fees import operations, queries, words
from huiyin.areas.fees.models import Charge
from huiyin.areas.fees.web.forms import ChargeFilters, ReasonForm, SettlementForm
from huiyin.areas.fees.web.views.steps import take
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.exporting import hand_out
from huiyin.foundation.kit.listing import ExportColumn, Listing
from huiyin.foundation.kit.replies import page

SORTS = {
    "number": "number",
    "unit": ("unit", "-opened_at"),
    "amount": "amount",
    "owed": "owed",
    "opened": "opened_at",
    "closed": "closed_at",
}
COLUMNS = (
    ExportColumn("收费单号", lambda one: one.number, 22),
    ExportColumn("房屋", lambda one: one.unit),
    ExportColumn("付款人", lambda one: one.payer),
    ExportColumn("收费内容", lambda one: one.title, 40),
    ExportColumn("金额", lambda one: one.amount, 12),
    ExportColumn("已收", lambda one: one.paid, 12),
    ExportColumn("已减免", lambda one: one.waived, 12),
    ExportColumn("待收", lambda one: one.owed, 12),
    ExportColumn("状态", lambda one: one.get_status_display(), 10),
    ExportColumn("结算", lambda one: one.get_settlement_display(), 10),
    ExportColumn("收款人", lambda one: one.collector.name if one.collector else "", 10),
    ExportColumn("开单", lambda one: one.opened_at),
    ExportColumn("了结", lambda one: one.closed_at),
)


def listing_of(request: HttpRequest) -> Listing[Charge]:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    find = partial(queries.listed, user, estate.pk)
    return Listing(request.GET, find=find, sorts=SORTS, first="-opened", filters=ChargeFilters)


@require_GET
@needs("fees.see")
def charges(request: HttpRequest) -> HttpResponse:
    listing = listing_of(request)
    sums = queries.sums_of(listing.found)
    return page(request, "fees/charges.html#rows", listing=listing, sums=sums, tones=words.TONES, at=now())


@require_http_methods(["GET", "POST"])
@needs("fees.export")
def export_charges(request: HttpRequest) -> HttpResponseBase:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "fees.export", estate.pk)
    return hand_out(
        request,
        lambda: listing_of(request).sorted,
        COLUMNS,
        name=f"收费单 {localdate():%Y-%m-%d}",
        what="收费单",
        estate_id=estate.pk,
        back=reverse("fees:charges"),
    )


@require_GET
@needs("fees.see")
def charge(request: HttpRequest, number: str) -> HttpResponse:
    one = queries.charge_for(signed_in(request), number)
    return page(request, "fees/charge.html", **shown(request, one))


def shown(request: HttpRequest, one: Charge) -> dict[str, Any]:
    """Gather what the pages of one charge show."""
    request.about_estate = one.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    return {
        "charge": one,
        "items": queries.items_of(one),
        "receipts": queries.receipts_of(one),
        "waivers": queries.waivers_of(one),
        "intents": queries.intents_of(one),
        "takes": queries.may_be_taken(one),
        "words": words,
        "at": now(),
    }


@require_POST
@needs("fees.charge")
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    one = queries.charge_for(user, number, to="fees.charge")

    def act(said: dict[str, Any]) -> None:
        operations.drop_charge(one, reason=said["note"], actor=user, at=now())

    return take(request, ReasonForm(request.POST), act, f"已撤销 {number}", back=reverse("fees:charge", args=[number]))


@require_POST
@needs("fees.charge")
def settlement(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    one = queries.charge_for(user, number, to="fees.charge")

    def act(said: dict[str, Any]) -> None:
        operations.settle_by(one, settlement=said["settlement"], actor=user, at=now())

    back = reverse("fees:charge", args=[number])
    return take(request, SettlementForm(request.POST), act, "已改结算方式", back=back)
