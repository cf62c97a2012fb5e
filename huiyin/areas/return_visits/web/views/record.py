"""One return visit: what was done, what to say, the record with its five items, and what follows a bad answer."""

from datetime import datetime
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.return_visits import operations, queries, words
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.return_visits.rules import PASSING_GRADE
from huiyin.areas.return_visits.web.forms import AssignForm, ExcuseForm, RecordForm, WordsForm
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import done, page, refusals


@require_GET
@needs("return_visits.see")
def visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    user, at = signed_in(request), now()
    found = queries.visit_for(user, visit_id, to="return_visits.see")
    return _page(request, found, user, _form(request, found), at=at)


@require_POST
@needs("return_visits.visit")
def verdict(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Say what the grades given so far will lead to; nothing is written."""
    user, at = signed_in(request), now()
    found = queries.visit_for(user, visit_id, to="return_visits.visit")
    return _page(request, found, user, _form(request, found), at=at)


@require_POST
@needs("return_visits.visit")
def record(request: HttpRequest, visit_id: int) -> HttpResponse:
    user, at = signed_in(request), now()
    found = queries.visit_for(user, visit_id, to="return_visits.visit")
    form = _form(request, found)
    if not form.is_valid():
        return _page(request, found, user, form, at=at, status=422)
    if not form.evaluation().passes and form.cleaned_data["agreed"] != "fail":
        return _page(request, found, user, form, at=at, ask=True)
    with refusals(form):
        second = _record(found, form, user, at=at)
        calls = reverse("return_visits:calls")
        if second is None:
            return done(request, calls, "已回访,合格")
        return done(request, reverse("return_visits:visit", args=[visit_id]), "已记录:登记了投诉,并安排了下次回访")
    return _page(request, queries.visit_for(user, visit_id, to="return_visits.visit"), user, form, at=at, status=422)


def _record(found: ReturnVisit, form: RecordForm, user: User, *, at: datetime) -> ReturnVisit | None:
    clean = form.cleaned_data
    return operations.record_visit(
        found,
        mode=clean["mode"],
        evaluation=form.evaluation(),
        drawing=clean["drawing"] if clean["mode"] == "door" else "",
        signed_paper=clean["signed_paper"] if clean["mode"] == "door" else None,
        signer=clean["signer"] if clean["mode"] == "door" else "",
        visited_at=clean["visited_at"],
        next_visit_at=clean["next_visit_at"],
        key=clean["idempotency_key"],
        actor=user,
        at=at,
    )


def _form(request: HttpRequest, found: ReturnVisit) -> RecordForm:
    modes = queries.modes_of(found)
    if request.method == "POST":
        return RecordForm(request.POST, request.FILES, modes=modes)
    initial = {
        "idempotency_key": uuid4(),
        "signer": found.about.caller_name,
        "mode": "phone" if "phone" in modes else modes[0],
    }
    return RecordForm(initial=initial, modes=modes)


def _page(
    request: HttpRequest,
    found: ReturnVisit,
    user: User,
    form: RecordForm,
    *,
    at: datetime,
    status: int = 200,
    ask: bool = False,
) -> HttpResponse:
    request.about_estate = found.estate_id  # type: ignore[attr-defined]  # what may be done here is asked of this estate
    grades = form.grades() if form.is_bound else []
    outlook = "" if not grades else "fail" if min(grades) < PASSING_GRADE else "pass" if len(grades) == 3 else ""
    origin = found.about
    return page(
        request,
        "return_visits/visit.html#verdict",
        status=status,
        visit=found,
        form=form,
        ask=ask,
        outlook=outlook,
        is_doer=found.doer_id == user.pk,
        is_visitor=found.visitor_id == user.pk,
        second=queries.second_of(found) if found.status == "failed" else None,
        attempts=queries.attempts_of([found]).get(found.pk, []),
        notes=queries.notes_on([found]).get(found.pk, []),
        script=words.script(
            estate=origin.estate.name,
            me=user.name,
            caller=origin.caller_name,
            matter=origin.text[:40],
            type=found.type,
            round=found.round,
        ),
        type_word=words.type_word(found.type),
        tones=words.TONES,
        follows=queries.follows_failure(found, at=at) if outlook == "fail" else [],
        second_by=at + operations.SECOND_VISIT_AFTER,
        assign_form=AssignForm(people=queries.visitors_for(found)),
        excuse_form=ExcuseForm(),
        words_form=WordsForm(),
        attempt_key=uuid4(),
        at=at,
    )
