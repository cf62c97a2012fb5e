"""The technician's own bag: what is in it, filling it up, putting back what is not needed."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import operations, queries, words
from huiyin.areas.materials.web.forms import AskForm, PutBackForm
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.replies import done, page, refusals


@require_GET
@needs("materials.ask")
def bag(request: HttpRequest) -> HttpResponse:
    return _show(request, _estate(request))


def _estate(request: HttpRequest) -> Estate:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "materials.ask", estate.pk)
    return estate


def _show(request: HttpRequest, estate: Estate, wrong: Any = None) -> HttpResponse:
    user = signed_in(request)
    own, stores = queries.bag_of(estate.pk, user), queries.stores_of(estate.pk)
    free = queries.unclaimed_in(own) if own else {}
    key = {"idempotency_key": uuid4()}
    ask = wrong if isinstance(wrong, AskForm) else None
    put_back = wrong if isinstance(wrong, PutBackForm) else None
    return page(
        request,
        "materials/bag.html",
        status=422 if wrong else 200,
        estate=estate,
        held=[(one, free.get(one.item_id, 0)) for one in (queries.holdings_in(own) if own else [])],
        slips=queries.slips_in_hand(estate.pk, user),
        stores=stores,
        ask_form=ask or AskForm(stores=stores, items=queries.items_to_ask(estate.pk), initial=key),
        put_back_form=put_back or PutBackForm(stores=stores, initial=key),
        wrong=put_back,
        tones=words.TONES,
        at=now(),
    )


@require_POST
@needs("materials.ask")
def top_up(request: HttpRequest) -> HttpResponse:
    user, estate = signed_in(request), _estate(request)
    stores = queries.stores_of(estate.pk)
    form = AskForm(request.POST, stores=stores, items=queries.items_to_ask(estate.pk))
    if form.is_valid():
        with refusals(form):
            said = form.cleaned_data
            store = next(one for one in stores if one.pk == said["store"])
            told = {"actor": user, "at": now(), "note": said["note"], "key": said["idempotency_key"]}
            slip = operations.ask(estate, technician=user, store=store, wants=form.wants(), **told)
            return done(request, reverse("materials:bag"), f"领料单 {slip.number} 已交库房")
    return _show(request, estate, form)


@require_POST
@needs("materials.ask")
def put_back(request: HttpRequest) -> HttpResponse:
    user, estate = signed_in(request), _estate(request)
    stores = queries.stores_of(estate.pk)
    form = PutBackForm(request.POST, stores=stores)
    if form.is_valid():
        with refusals(form):
            said = form.cleaned_data
            item = queries.item_in(estate.pk, said["item"])
            store = next(one for one in stores if one.pk == said["store"])
            told = {"actor": user, "at": now(), "key": said["idempotency_key"]}
            operations.put_back(item, said["quantity"], store=store, **told)
            return done(request, reverse("materials:bag"), f"{item.title}已退回{store.title}")
    return _show(request, estate, form)
