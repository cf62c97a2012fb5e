"""Return visits on paper: one of them, the books of those made, the plan of those due, the month in figures."""

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate, make_aware
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.return_visits import documents, queries, statistics
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.return_visits.web.views.calls import call_listing, made_listing
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.documents.forms import Form
from huiyin.foundation.documents.web.pages import offer, show
from huiyin.foundation.jobs.tasks import task_at


@require_POST
@needs("return_visits.see")
def print_visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    user = signed_in(request)
    visit = queries.visit_for(user, visit_id, to="return_visits.see")
    records = documents.visits_with(user, [visit.pk])
    subject, name = (visit.journal_name, visit.pk), visit.about.number
    return show(request, documents.ONE, records, subject=subject, estate_id=visit.estate_id, name=name)


@require_http_methods(["GET", "POST"])
@needs("return_visits.see")
def print_made(request: HttpRequest) -> HttpResponse:
    return _offer(request, documents.MADE, made_listing(request).sorted, "return_visits:made")


@require_http_methods(["GET", "POST"])
@needs("cases.export")
def print_calls(request: HttpRequest) -> HttpResponse:
    return _offer(request, documents.CALLS, call_listing(request).sorted, "return_visits:calls")


@require_POST
@needs("return_visits.see")
def print_month(request: HttpRequest) -> HttpResponse:
    """Print the month of `?month=2026-11`, else the present one."""
    estate = _estate(request)
    first = _month(request.GET.get("month", ""))
    since, until = (make_aware(datetime.combine(day, time())) for day in (first, _next(first)))
    require_right(signed_in(request), "return_visits.see", estate.pk)
    visits = statistics.visits_due(signed_in(request), estate.pk, since=since, until=until)
    subject, name = ("estate.estate", estate.pk), f"{first:%Y-%m}"
    return show(request, statistics.MONTHLY, visits, subject=subject, estate_id=estate.pk, name=name)


def _offer(request: HttpRequest, forms: dict[str, Form], listed: QuerySet[ReturnVisit], back: str) -> HttpResponse:
    task = task_at("huiyin.areas.return_visits.jobs.print_listed")
    return offer(request, forms, listed, task, estate_id=_estate(request).pk, back=reverse(back))


def _estate(request: HttpRequest) -> Estate:
    return estates.estate_at_hand(signed_in(request), request.session.get("estate"))


def _month(said: str) -> date:
    try:
        asked = parse_date(f"{said}-01")
    except ValueError:
        asked = None
    return asked or localdate().replace(day=1)


def _next(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
