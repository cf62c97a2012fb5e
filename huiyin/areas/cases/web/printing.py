"""Cases on paper: one as the slip that fits it, or the list as it is filtered."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.areas.cases import documents, queries
from huiyin.areas.cases.web.views import estate_of, listing_of
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.documents.web.pages import offer, show
from huiyin.foundation.jobs.tasks import task_at


@require_POST
@needs("cases.see")
def print_case(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    case = queries.case_for(user, number)
    forms, records = documents.offered_for(case), documents.cases_with(user, [case.pk])
    subject = (case.journal_name, case.pk)
    return show(request, forms, records, subject=subject, estate_id=case.estate_id, name=case.number)


@require_http_methods(["GET", "POST"])
@needs("cases.see")
def print_cases(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    estate = estate_of(request, user)
    require_right(user, "cases.see", estate.pk)
    return offer(
        request,
        documents.LISTED,
        listing_of(request, user, estate, at=now()).sorted,
        task_at("huiyin.areas.cases.jobs.print_listed"),
        estate_id=estate.pk,
        back=reverse("cases:list"),
    )
