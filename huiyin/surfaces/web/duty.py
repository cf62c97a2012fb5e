"""One duty that came due by the calendar, a quota or a threshold: what it asks for, and recording it as done."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.replies import done, page, refusals
from huiyin.standards import operations as standards
from huiyin.standards import queries as promises
from huiyin.standards.models import Commitment, Occurrence
from huiyin.standards.rules import compile_rule
from huiyin.standards.rules.periods import named
from huiyin.standards.rules.quota import Coverage
from huiyin.surfaces.web import periods, worklist
from huiyin.surfaces.web.context import Place, place_of

EVENTS_SHOWN = 50


class DutyForm(HouseForm):
    note = forms.CharField(
        label="做了什么",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="何时、谁、做了什么、结果怎样;以后凭这一句说明这件事办过了",
    )


@require_http_methods(["GET", "POST"])
@needs("today.see")
def duty(request: HttpRequest, duty_id: int) -> HttpResponse:
    user, at = signed_in(request), now()
    place = place_of(request, user)
    found, promise = _duty_for(user, place, duty_id)
    may = promises.is_recorded(found) and _may_record(user, place, promise)
    form, status = DutyForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        status = 422
        if form.is_valid():
            with refusals(form):
                standards.record_duty(found, actor=user, at=at, note=form.cleaned_data["note"])
                return done(request, reverse("web:today"), f"已登记:{promise.does}")
            status, (found, promise) = 409, _duty_for(user, place, duty_id)
    request.about_estate = found.estate_id  # type: ignore[attr-defined]  # read by the frame of the page
    return page(request, "web/duty.html", status=status, form=form, may=may, **_shown(found, promise, user, at=at))


def _duty_for(user: User, place: Place, duty_id: int) -> tuple[Occurrence, Commitment]:
    """Return the duty and its promise. 404 outside the estates the user sees, 403 where the user may not see a Today."""
    found = promises.duty_by_id(duty_id)
    promise = promises.promise_of(found) if found else None
    if found is None or promise is None or found.estate_id not in {estate.pk for estate in place.estates}:
        raise Http404
    require_right(user, "today.see", found.estate_id)
    return found, promise


def _may_record(user: User, place: Place, promise: Commitment) -> bool:
    """Who owes it, by name or by post, and whoever leads there."""
    on_post = promise.owner_post in place.post_codes.get(promise.estate_id, ())
    return promise.owner_id == user.pk or on_post or access_of(user).may("today.team", promise.estate_id)


def _shown(found: Occurrence, promise: Commitment, user: User, *, at: datetime) -> dict[str, Any]:
    titles = {code: post.title for code, post in staffing.posts_of(found.estate_id).items()}
    events = list(promises.counted_for(found)[:EVENTS_SHOWN]) if found.rule.kind == "threshold" else []
    sees_cases = access_of(user).may("cases.see", found.estate_id)
    matters = worklist.matters_of({one.thread for one in (*events, promise)}, user) if sees_cases else {}
    return {
        "at": at,
        "duty": found,
        "promise": promise,
        "about": _about(found, matters.get(promise.thread)),
        "who": promise.owner.name if promise.owner else titles.get(promise.owner_post, promise.owner_post),
        "reason": worklist.reason_of(promise, found.rule, access_of(user)),
        "events": [(one, matters.get(one.thread)) for one in events],
        "recorded": promises.is_recorded(found),
        "coverage": _coverage(found, at=at),
    }


def _about(found: Occurrence, matter: worklist.Matter | None) -> str:
    """A threshold is about the matter that made it full; its key may name things in codes."""
    if found.rule.kind != "threshold":
        return worklist.about(found)
    return " ".join(part for part in (periods.in_words(found.period), matter.words if matter else "") if part)


def _coverage(found: Occurrence, *, at: datetime) -> Coverage | None:
    """How far the stratum of a quota has been reached in its period."""
    if found.rule.kind != "quota":
        return None
    rule = compile_rule(found.rule.spec, rule_id=found.rule.pk)
    strata = promises.coverage(found.estate_id, rule, named(found.period), at=at)
    return next((one for one in strata if one.stratum == found.key), None)
