"""接口与推送: tokens by which other programs act here, the addresses that are told of things, and how that went."""

import json
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.journal.facts import codes
from huiyin.foundation.kit.listing import Listing
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.refusals import Refused
from huiyin.foundation.tokens import operations as tokens
from huiyin.foundation.tokens.queries import token_by_id, tokens_in
from huiyin.foundation.webhooks import operations as webhooks
from huiyin.foundation.webhooks import queries as told
from huiyin.foundation.webhooks.jobs import deliver
from huiyin.foundation.webhooks.models import Delivery, Endpoint
from huiyin.foundation.webhooks.rules import secret_of
from huiyin.surfaces.api.assembly import SCHEMA
from huiyin.surfaces.web.context import place_of
from huiyin.surfaces.web.integrations_forms import TokenForm, WebhookForm
from huiyin.surfaces.web.integrations_words import NEVER_LENT, right_words

USUAL_SPAN = timedelta(days=180)
TONES = {"waiting": "plain", "delivered": "green", "dead": "red"}


def _places(request: HttpRequest) -> tuple[User, list[Estate]]:
    """Return who is asking and the estates they may connect; 403 for none."""
    user = signed_in(request)
    access = access_of(user)
    places = [one for one in place_of(request, user).estates if access.may("integrations.edit", one.pk)]
    if not places:
        raise PermissionDenied
    return user, places


@require_GET
@needs("integrations.edit")
def integrations(request: HttpRequest) -> HttpResponse:
    at, (_, places) = now(), _places(request)
    ids = [one.pk for one in places]
    return page(
        request,
        "web/integrations.html",
        at=at,
        tokens=tokens_in(ids),
        endpoints=told.endpoints_in(ids),
        right_words=right_words,
    )


@require_http_methods(["GET", "POST"])
@needs("integrations.edit", raised=True)
def token_make(request: HttpRequest) -> HttpResponse:
    at, (user, places) = now(), _places(request)
    form = _token_form(request, user, places, at)
    if form.is_bound and form.is_valid():
        with refusals(form):
            token, secret = tokens.make_token(
                form.cleaned_data["name"],
                owner=form.owner_chosen(),
                rights=form.cleaned_data["rights"],
                estates=form.places(),
                expires_at=form.expires_at(),
                actor=user,
                at=at,
            )
            return _once(request, "令牌", token.name, secret)
    return page(request, "web/token_make.html", status=422 if form.is_bound else 200, form=form)


def _token_form(request: HttpRequest, user: User, places: list[Estate], at: datetime) -> TokenForm:
    access = access_of(user)
    people = {one.pk: one for place in places for one in staffing.colleagues(place.pk)} | {user.pk: user}
    held = sorted({right for rights in access.rights.values() for right in rights} - {NEVER_LENT})
    first = {"owner": user.pk, "until": localdate(at + USUAL_SPAN), "estates": [place.pk for place in places[:1]]}
    sent = request.POST if request.method == "POST" else None
    return TokenForm(sent, people=list(people.values()), rights=held, places=places, initial=first)


def _once(request: HttpRequest, what: str, name: str, secret: str) -> HttpResponse:
    """Show a secret, this once."""
    response = page(request, "web/secret.html", what=what, name=name, secret=secret)
    add_never_cache_headers(response)
    return response


@require_POST
@needs("integrations.edit")
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    user, places = _places(request)
    token = token_by_id(token_id, [one.pk for one in places])
    if token is None:
        raise Http404
    back = reverse("web:integrations")
    try:
        tokens.revoke_token(token, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, f"「{token.name}」的令牌已撤销,马上失效")


@require_http_methods(["GET", "POST"])
@needs("integrations.edit", raised=True)
def webhook_open(request: HttpRequest) -> HttpResponse:
    user, places = _places(request)
    sent = request.POST if request.method == "POST" else None
    form = WebhookForm(sent, kinds=codes(), places=places, initial={"estates": [one.pk for one in places[:1]]})
    if form.is_bound and form.is_valid():
        with refusals(form):
            endpoint = webhooks.open_endpoint(
                form.cleaned_data["name"],
                url=form.cleaned_data["url"],
                kinds=form.cleaned_data["kinds"],
                estates=form.places(),
                inside=settings.WEBHOOKS_INSIDE,
                actor=user,
                at=now(),
            )
            return _once(request, "签名密钥", endpoint.name, secret_of(endpoint.salt, key=settings.SECRET_KEY))
    return page(request, "web/webhook_open.html", status=422 if form.is_bound else 200, form=form)


def _endpoint(request: HttpRequest, endpoint_id: int) -> tuple[User, Endpoint]:
    user, places = _places(request)
    endpoint = told.endpoint_by_id(endpoint_id, [one.pk for one in places])
    if endpoint is None:
        raise Http404
    return user, endpoint


@require_GET
@needs("integrations.edit")
def webhook(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    _, endpoint = _endpoint(request, endpoint_id)
    wanted = request.GET.get("state", "")

    def find() -> QuerySet[Delivery]:
        found = told.deliveries_of(endpoint)
        return found.filter(state=wanted) if wanted in TONES else found

    listing: Listing[Delivery] = Listing(request.GET, find=find, sorts={"newest": "-pk"}, first="newest")
    return page(request, "web/webhook.html", at=now(), one=endpoint, listing=listing, tones=TONES, wanted=wanted)


@require_POST
@needs("integrations.edit")
def webhook_switch(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    user, endpoint = _endpoint(request, endpoint_id)
    back = reverse("web:webhook", args=[endpoint.pk])
    active = request.POST.get("active") == "yes"
    try:
        webhooks.switch(endpoint, active=active, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, "已启用,从现在起推送" if active else "已停用,期间的事件不推送")


@require_POST
@needs("integrations.edit")
def delivery_replay(request: HttpRequest, endpoint_id: int, delivery_id: int) -> HttpResponse:
    user, endpoint = _endpoint(request, endpoint_id)
    delivery = told.delivery_of(endpoint, delivery_id)
    if delivery is None:
        raise Http404
    back = reverse("web:webhook", args=[endpoint.pk])
    try:
        webhooks.replay(delivery, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    deliver.enqueue(delivery_id=delivery.pk)
    return done(request, back, "马上再推送一次")


@require_GET
@needs("integrations.edit")
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show every address of the API, by subject; the whole is in the schema."""
    return page(request, "web/api_docs.html", groups=_addresses(), right_words=right_words)


@lru_cache(maxsize=1)
def _addresses() -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in json.loads(SCHEMA.read_text("utf-8"))["paths"].items():
        for method, one in methods.items():
            line = {"method": method.upper(), "path": path, "says": one["summary"], "right": one["x-right"]}
            groups.setdefault(one["tags"][0], []).append(line)
    return groups
