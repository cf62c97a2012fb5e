"""The register of receipts: every number of the series, voided and red ones among them."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.fees import operations, queries, words
from huiyin.areas.fees.models import Receipt
from huiyin.areas.fees.web.forms import InvoiceForm, ReasonForm, ReceiptFilters, RefundForm
from huiyin.areas.fees.web.views.steps import take
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.exporting import hand_out
from huiyin.foundation.kit.listing import ExportColumn, Listing
from huiyin.foundation.kit.replies import page

SORTS = {"number": ("series", "serial"), "amount": "amount", "cashier": ("cashier__name", "-at"), "at": "at"}
COLUMNS = (
    ExportColumn("收据号", lambda one: one.number, 22),
    ExportColumn("状态", lambda one: one.get_status_display(), 10),
    ExportColumn("收款时间", lambda one: one.at),
    ExportColumn("付款人", lambda one: one.payer),
    ExportColumn("房屋", lambda one: one.charge.unit),
    ExportColumn("收费内容", lambda one: one.charge.title, 40),
    ExportColumn("收费单号", lambda one: one.charge.number, 22),
    ExportColumn("金额", lambda one: one.amount, 12),
    ExportColumn("大写", lambda one: one.capitals, 30),
    ExportColumn("方式", lambda one: one.get_mode_display(), 10),
    ExportColumn("凭证号", lambda one: one.reference),
    ExportColumn("发票号码", lambda one: one.invoice),
    ExportColumn("收款人", lambda one: one.cashier.name, 10),
    ExportColumn("交接单", lambda one: one.handover.number if one.handover else "", 22),
    ExportColumn("红字所退", lambda one: one.refunds.number if one.refunds else "", 22),
    ExportColumn("作废原因", lambda one: one.void_reason, 30),
)


def listing_of(request: HttpRequest) -> Listing[Receipt]:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    filters = partial(ReceiptFilters, cashiers=queries.cashiers_of(estate.pk))
    find = partial(queries.receipts, user, estate.pk)
    return Listing(request.GET, find=find, sorts=SORTS, first="-number", filters=filters)


@require_GET
@needs("fees.see")
def receipts(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    listing = listing_of(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    return page(
        request,
        "fees/receipts.html#rows",
        listing=listing,
        taken=queries.taken_in(listing.found),
        surplus=queries.surplus(user, estate.pk),
        words=words,
        at=now(),
    )


@require_http_methods(["GET", "POST"])
@needs("fees.export")
def export_receipts(request: HttpRequest) -> HttpResponseBase:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "fees.export", estate.pk)
    return hand_out(
        request,
        lambda: listing_of(request).sorted,
        COLUMNS,
        name=f"收据 {localdate():%Y-%m-%d}",
        what="收据登记",
        estate_id=estate.pk,
        back=reverse("fees:receipts"),
    )


@require_POST
@needs("fees.void")
def void(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    receipt = queries.receipt_for(user, number, to="fees.void")

    def act(said: dict[str, Any]) -> None:
        operations.void_receipt(receipt, reason=said["note"], actor=user, at=now())

    return take(request, ReasonForm(request.POST), act, f"收据 {number} 已作废,号码保留", back=_back(receipt))


@require_POST
@needs("fees.void")
def refund(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    receipt = queries.receipt_for(user, number, to="fees.void")

    def act(said: dict[str, Any]) -> None:
        operations.ask_refund(
            receipt,
            amount=said["amount"],
            reason=said["note"],
            owed_again=said["owed_again"],
            actor=user,
            at=now(),
        )

    return take(request, RefundForm(request.POST), act, "退款申请已交,等另一个人批", back=_back(receipt))


@require_POST
@needs("fees.collect")
def invoice(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    receipt = queries.receipt_for(user, number, to="fees.collect")

    def act(said: dict[str, Any]) -> None:
        operations.note_invoice(receipt, invoice=said["invoice"], actor=user, at=now())

    return take(request, InvoiceForm(request.POST), act, "发票号码已登记", back=_back(receipt))


def _back(receipt: Receipt) -> str:
    return reverse("fees:charge", args=[receipt.charge.number])
