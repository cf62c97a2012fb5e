"""Work orders on paper: one of them, or the list as it is filtered."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.areas.repairs import documents, queries
from huiyin.areas.repairs.web.views.orders import estate_of, listing_of
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.documents.web.pages import offer, show
from huiyin.foundation.jobs.tasks import task_at


@require_POST
@needs("repairs.see")
def print_order(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    order = queries.order_for(user, number, to="repairs.see")
    records = documents.orders_with(user, [order.pk])
    subject = (order.journal_name, order.pk)
    return show(request, documents.ONE, records, subject=subject, estate_id=order.estate_id, name=order.number)


@require_http_methods(["GET", "POST"])
@needs("repairs.see")
def print_orders(request: HttpRequest) -> HttpResponse:
    estate = estate_of(request)
    return offer(
        request,
        documents.LISTED,
        listing_of(request, at=now()).sorted,
        task_at("huiyin.areas.repairs.jobs.print_listed"),
        estate_id=estate.pk,
        back=reverse("repairs:orders"),
    )
