"""Stocktaking: beginning, the sheet, posting it whole, giving it up."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.materials import operations, queries, words
from huiyin.areas.materials.models import Count
from huiyin.areas.materials.web.forms import CountForm, PlaceForm, ReasonForm
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.listing import Listing
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.refusals import Refused


@require_GET
@needs("materials.count")
def counts(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "materials.count", estate.pk)
    listing = Listing(
        request.GET, find=partial(queries.counts_of, user, estate.pk), sorts={"number": "id"}, first="-number"
    )
    places = queries.places_of(estate.pk)
    return page(request, "materials/counts.html#rows", listing=listing, places=places, tones=words.TONES, at=now())


@require_POST
@needs("materials.count")
def begin_count(request: HttpRequest) -> HttpResponse:
    user, form = signed_in(request), PlaceForm(request.POST)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "materials.count", estate.pk)
    back = reverse("materials:counts")
    place = queries.place_for(user, form.cleaned_data["place"]) if form.is_valid() else None
    if place is None or place.estate_id != estate.pk:
        return refused(request, Refused("请选择清点哪里"), back=back)
    try:
        count = operations.begin_count(place, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, reverse("materials:count", args=[count.number]), f"开始清点{place.title}")


@require_GET
@needs("materials.count")
def count(request: HttpRequest, number: str) -> HttpResponse:
    found = queries.count_for(signed_in(request), number, to="materials.count")
    return _show(request, found, CountForm(lines=queries.count_lines(found)))


def _show(request: HttpRequest, found: Count, form: CountForm) -> HttpResponse:
    request.about_estate = found.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    return page(
        request,
        "materials/count.html",
        status=422 if form.is_bound else 200,
        count=found,
        form=form,
        tones=words.TONES,
        reasons=words.DIFFERENCE_REASONS,
        at=now(),
    )


def _sheet(request: HttpRequest, number: str, act: Callable[[Count, CountForm], str]) -> HttpResponse:
    found = queries.count_for(signed_in(request), number, to="materials.count")
    form = CountForm(request.POST, lines=queries.count_lines(found))
    if form.is_valid():
        with refusals(form):
            return done(request, reverse("materials:count", args=[number]), act(found, form))
    return _show(request, queries.count_for(signed_in(request), number, to="materials.count"), form)


@require_POST
@needs("materials.count")
def write_down(request: HttpRequest, number: str) -> HttpResponse:
    def keep(found: Count, form: CountForm) -> str:
        operations.write_down(found, form.counted(), actor=signed_in(request), at=now())
        return "先记下了,库存还没动"

    return _sheet(request, number, keep)


@require_POST
@needs("materials.count")
def post_count(request: HttpRequest, number: str) -> HttpResponse:
    def post(found: Count, form: CountForm) -> str:
        apart = operations.post_count(found, form.counted(), actor=signed_in(request), at=now())
        return f"已过账,{apart} 样账实不符已调整" if apart else "已过账,账实相符"

    return _sheet(request, number, post)


@require_POST
@needs("materials.count")
def drop_count(request: HttpRequest, number: str) -> HttpResponse:
    user, form = signed_in(request), ReasonForm(request.POST)
    found = queries.count_for(user, number, to="materials.count")
    reason = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        operations.drop_count(found, reason=reason, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=reverse("materials:count", args=[number]))
    return done(request, reverse("materials:counts"), "这次清点作罢,库存没有动")
