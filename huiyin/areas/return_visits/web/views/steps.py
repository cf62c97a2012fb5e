"""The small steps of a return visit: an attempt, an excuse, who makes it, the supervisor's word, the notice."""

from collections.abc import Callable

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from huiyin.areas.return_visits import operations, queries, words
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.return_visits.web.forms import AssignForm, AttemptForm, ExcuseForm, WordsForm
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import done, refused, where_next
from huiyin.foundation.refusals import Refused


@require_POST
@needs("return_visits.visit")
def attempt(request: HttpRequest, visit_id: int) -> HttpResponse:
    visit = queries.visit_for(signed_in(request), visit_id, to="return_visits.visit")
    form = AttemptForm(request.POST)

    def tried() -> None:
        clean = form.cleaned_data
        operations.record_attempt(
            visit,
            mode=words.TRIED_BY[clean["result"]],
            result=clean["result"],
            note=clean["note"],
            key=clean["idempotency_key"],
            actor=signed_in(request),
            at=now(),
        )

    return _step(request, visit, form, tried, "已记一次没联系上")


@require_POST
@needs("return_visits.excuse")
def excuse(request: HttpRequest, visit_id: int) -> HttpResponse:
    visit = queries.visit_for(signed_in(request), visit_id, to="return_visits.excuse")
    form = ExcuseForm(request.POST)

    def let_off() -> None:
        clean = form.cleaned_data
        operations.excuse(visit, reason=clean["reason"], note=clean["note"], actor=signed_in(request), at=now())

    return _step(request, visit, form, let_off, "已记为免回访")


@require_POST
@needs("return_visits.review")
def assign(request: HttpRequest, visit_id: int) -> HttpResponse:
    visit = queries.visit_for(signed_in(request), visit_id, to="return_visits.review")
    people = queries.visitors_for(visit)
    form = AssignForm(request.POST, people=people)

    def give() -> None:
        to = next(person for person in people if person.pk == form.cleaned_data["to"])
        operations.assign(visit, to=to, actor=signed_in(request), at=now())

    return _step(request, visit, form, give, "已指定回访人")


@require_POST
@needs("return_visits.review")
def review(request: HttpRequest, visit_id: int) -> HttpResponse:
    visit = queries.visit_for(signed_in(request), visit_id, to="return_visits.review")
    form = WordsForm(request.POST)

    def look_over() -> None:
        operations.review(visit, opinion=form.cleaned_data["text"], actor=signed_in(request), at=now())

    return _step(request, visit, form, look_over, "已审阅")


@require_POST
@needs("return_visits.visit")
def rectify(request: HttpRequest, visit_id: int) -> HttpResponse:
    visit = queries.visit_for(signed_in(request), visit_id, to="return_visits.visit")
    form = WordsForm(request.POST)

    def notify() -> None:
        operations.send_rectification(visit, text=form.cleaned_data["text"], actor=signed_in(request), at=now())

    return _step(request, visit, form, notify, "整改通知已发出")


def _step(request: HttpRequest, visit: ReturnVisit, form: Form, act: Callable[[], None], says: str) -> HttpResponse:
    back = where_next(request, reverse("return_visits:visit", args=[visit.pk]))
    if not form.is_valid():
        return refused(request, Refused(next(iter(form.errors.values()))[0]), back=back)
    try:
        act()
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, says)
