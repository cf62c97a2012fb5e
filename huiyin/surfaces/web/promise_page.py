"""One promise: its revisions, when it ran and stood still, who was told, and release from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.replies import done, page, refusals
from huiyin.foundation.kit.times import duration_words
from huiyin.standards import operations as standards
from huiyin.standards import queries as promises
from huiyin.standards.models import Commitment, Step
from huiyin.surfaces.web import worklist
from huiyin.surfaces.web.context import place_of

STEPS = {"waiting": ("还没到", "plain"), "taken": ("已提醒", "amber"), "dropped": ("不再需要", "muted")}


class AskForm(HouseForm):
    reason = forms.CharField(label="为什么要免除", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class DecideForm(HouseForm):
    note = forms.CharField(label="理由", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class AgainForm(HouseForm):
    reason = forms.CharField(label="为什么改按现行标准", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


@dataclass(frozen=True)
class Told:
    """A step of the ladder in words."""

    at: datetime
    who: str
    word: str
    tone: str
    received: str


@require_GET
@needs("cases.see")
def promise(request: HttpRequest, commitment_id: int) -> HttpResponse:
    return _page(request, _promise(request, commitment_id, "cases.see"))


@require_POST
@needs("cases.work")
def ask_waiver(request: HttpRequest, commitment_id: int) -> HttpResponse:
    found, form = _promise(request, commitment_id, "cases.work"), AskForm(request.POST)
    if form.is_valid():
        with refusals(form):
            standards.ask_waiver(found, actor=signed_in(request), at=now(), **form.cleaned_data)
            return done(request, _address(found), "已申请免除,等另一位同事批准;批准前时限照走")
    return _page(request, found, ask=form)


@require_POST
@needs("promises.decide")
def decide_waiver(request: HttpRequest, commitment_id: int) -> HttpResponse:
    found, form = _promise(request, commitment_id, "promises.decide"), DecideForm(request.POST)
    waiver = next((one for one in promises.waivers_of(found) if one.granted is None), None)
    if waiver is None:
        raise Http404
    if form.is_valid():
        granted = request.POST.get("granted") == "yes"
        with refusals(form):
            standards.decide_waiver(waiver, granted=granted, actor=signed_in(request), at=now(), **form.cleaned_data)
            return done(request, _address(found), "已同意免除" if granted else "没有同意,承诺照旧")
    return _page(request, found, decide=form)


@require_POST
@needs("promises.decide")
def re_promise(request: HttpRequest, commitment_id: int) -> HttpResponse:
    found, form = _promise(request, commitment_id, "promises.decide"), AgainForm(request.POST)
    if form.is_valid():
        with refusals(form):
            new = standards.re_promise(found, actor=signed_in(request), at=now(), **form.cleaned_data)
            return done(request, _address(new), "已按现行标准改订")
    return _page(request, found, again=form)


def _address(one: Commitment) -> str:
    return reverse("web:promise", args=[one.pk])


def _promise(request: HttpRequest, commitment_id: int, right: str) -> Commitment:
    """Return the promise: 404 outside the estates of the user, 403 without the right there."""
    user = signed_in(request)
    found = promises.promise_by_id(commitment_id)
    if found is None or found.estate_id not in {estate.pk for estate in place_of(request, user).estates}:
        raise Http404
    if found.estate_id in access_of(user).buildings and not worklist.matters_of({found.thread}, user):
        raise Http404
    require_right(user, right, found.estate_id)
    request.about_estate = found.estate_id  # type: ignore[attr-defined]  # read by the frame of the page
    return found


def _page(request: HttpRequest, found: Commitment, **shown: HouseForm) -> HttpResponse:
    user, at = signed_in(request), now()
    wrong = any(form.is_bound for form in shown.values())
    told: dict[str, Any] = {"ask": AskForm(), "decide": DecideForm(), "again": AgainForm()} | shown
    titles = {code: post.title for code, post in staffing.posts_of(found.estate_id).items()}
    waivers = promises.waivers_of(found)
    asked = next((one for one in waivers if one.granted is None), None)
    stretches = promises.spans(found, at=at)
    return page(
        request,
        "web/promise.html",
        status=422 if wrong else 200,
        at=at,
        one=found,
        who=found.owner.name if found.owner else titles.get(found.owner_post, found.owner_post),
        reason=worklist.reason_of(found, found.rule, access_of(user)),
        matter=worklist.matters_of({found.thread}, user).get(found.thread),
        spans=[(one, duration_words(one.length.total_seconds())) for one in stretches],
        ran=duration_words(sum(one.length.total_seconds() for one in stretches if one.state == "running")),
        steps=[_told(step, titles) for step in promises.steps_of(found)],
        before=[one for one in promises.revisions(found) if one.pk != found.pk],
        follows=found.follows if found.revision == 1 else None,
        after=promises.followed_by(found),
        waivers=waivers,
        asked=asked,
        own_request=asked is not None and asked.asked_by_id == user.pk,
        owed=found.ended_at is None,
        **told,
    )


def _told(step: Step, titles: dict[str, str]) -> Told:
    code = step.told_post or step.who.removeprefix("post.")
    meant = "承诺的负责人" if step.who == "subject" and not step.told_post else titles.get(code, code)
    word, tone = STEPS[step.state]
    received = f"{step.received_by.name}已确认" if step.received_by else ""
    return Told(
        at=step.taken_at or step.at,
        who=step.told.name if step.told else meant,
        word=word if step.taken_at is None or received else "已提醒",
        tone=tone,
        received=received,
    )
