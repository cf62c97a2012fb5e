"""Receipts and monthly slips on paper: one of them, or the list as it is filtered."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.fees import documents, queries
from huiyin.areas.fees.web.views import receipts, slips
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.documents.web.pages import offer, show
from huiyin.foundation.jobs.tasks import task_at

PRINT = "huiyin.areas.fees.jobs.print_listed"


@require_POST
@needs("fees.see")
def print_receipt(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    one = queries.receipt_for(user, number, to="fees.see")
    records = documents.receipts_with(user, [one.pk])
    subject = (one.journal_name, one.pk)
    return show(request, documents.RECEIPTS, records, subject=subject, estate_id=one.estate_id, name=number)


@require_http_methods(["GET", "POST"])
@needs("fees.see")
def print_receipts(request: HttpRequest) -> HttpResponse:
    estate = estates.estate_at_hand(signed_in(request), request.session.get("estate"))
    listed, back = receipts.listing_of(request).sorted, reverse("fees:receipts")
    return offer(request, documents.RECEIPTS, listed, task_at(PRINT), estate_id=estate.pk, back=back)


@require_POST
@needs("fees.see")
def print_slip(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    one = queries.slip_for(user, number)
    records = documents.slips_with(user, [one.pk])
    subject = (one.journal_name, one.pk)
    return show(request, documents.SLIPS, records, subject=subject, estate_id=one.estate_id, name=number)


@require_http_methods(["GET", "POST"])
@needs("fees.see")
def print_slips(request: HttpRequest) -> HttpResponse:
    estate = estates.estate_at_hand(signed_in(request), request.session.get("estate"))
    listed, back = slips.listing_of(request).sorted, reverse("fees:slips")
    return offer(request, documents.SLIPS, listed, task_at(PRINT), estate_id=estate.pk, back=back)
