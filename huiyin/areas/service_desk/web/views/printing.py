"""The ledger on paper: one contact as a slip, or the lines as they are filtered."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.areas.service_desk import documents, queries
from huiyin.areas.service_desk.web.views.ledger import listing_of
from huiyin.areas.service_desk.web.views.place import estate_of
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.documents.web.pages import offer, show
from huiyin.foundation.jobs.tasks import task_at


@require_POST
@needs("desk.see")
def print_contact(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    line = queries.contact_for(user, number)
    records = documents.contacts_with(user, [line.pk])
    subject = (line.journal_name, line.pk)
    return show(request, documents.ONE, records, subject=subject, estate_id=line.estate_id, name=line.number)


@require_http_methods(["GET", "POST"])
@needs("desk.see")
def print_ledger(request: HttpRequest) -> HttpResponse:
    estate = estate_of(request, "desk.see")
    return offer(
        request,
        documents.LISTED,
        listing_of(request, estate).sorted,
        task_at("huiyin.areas.service_desk.jobs.print_listed"),
        estate_id=estate.pk,
        back=reverse("service_desk:ledger"),
    )
