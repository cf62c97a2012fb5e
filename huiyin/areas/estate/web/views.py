"""The estate: its buildings, their units, and the way to one of them."""

from itertools import groupby
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.estate import operations, queries
from huiyin.areas.estate.models import Building
from huiyin.areas.estate.permissions import buildings_within
from huiyin.areas.estate.web.forms import BuildingForm, DescribeForm, UnitForm
from huiyin.foundation.accounts.permissions import needs, require_right, require_whole, signed_in
from huiyin.foundation.kit.masking import hide_names
from huiyin.foundation.kit.replies import done, page, refusals


@require_GET
@needs("estate.see")
def overview(request: HttpRequest) -> HttpResponse:
    return _overview(request)


def _overview(request: HttpRequest, form: BuildingForm | None = None) -> HttpResponse:
    user = signed_in(request)
    estate = queries.estate_at_hand(user, request.session.get("estate"))
    only = buildings_within(user, estate.pk)
    said = request.GET.get("q", "").strip()
    buildings = queries.buildings_of(estate, only=only)
    homes = queries.find_homes(estate, said, limit=30, only=only) if said else []
    hide_names(user, estate.pk, queries.people_of(homes), "name")
    return page(
        request,
        "estate/overview.html#found",
        estate=estate,
        q=said,
        homes=homes,
        buildings=buildings,
        units=sum(one.units for one in buildings),
        lived_in=sum(one.lived_in for one in buildings),
        form=form or BuildingForm(),
    )


@require_POST
@needs("estate.edit")
def open_building(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    estate = queries.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "estate.edit", estate.pk)
    require_whole(user, estate.pk)
    form = BuildingForm(request.POST)
    if form.is_valid():
        with refusals(form):
            opened = operations.open_building(estate, actor=user, at=now(), **form.cleaned_data)
            return done(request, reverse("estate:building", args=[opened.pk]), f"{opened}已建立")
    return _overview(request, form)


@require_GET
@needs("estate.see")
def building(request: HttpRequest, building_id: int) -> HttpResponse:
    return _building(request, queries.building_for(signed_in(request), building_id))


def _building(
    request: HttpRequest, one: Building, describe: DescribeForm | None = None, unit: UnitForm | None = None
) -> HttpResponse:
    request.about_estate = one.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    entered = queries.entrances_of(one)
    for _, homes in entered:
        hide_names(signed_in(request), one.estate_id, queries.people_of(homes), "name")
    entrances = [
        (entrance, [(floor, list(homes)) for floor, homes in groupby(homes, key=lambda home: home.unit.floor)])
        for entrance, homes in entered
    ]
    return page(
        request,
        "estate/building.html",
        building=one,
        entrances=entrances,
        describe=describe or DescribeForm(initial={"name": one.name, "hint": one.hint}),
        unit=unit or UnitForm(),
        key=uuid4(),
    )


@require_POST
@needs("estate.edit")
def describe_building(request: HttpRequest, building_id: int) -> HttpResponse:
    user = signed_in(request)
    one = queries.building_for(user, building_id, to="estate.edit")
    form = DescribeForm(request.POST)
    if form.is_valid():
        with refusals(form):
            operations.describe_building(one, actor=user, at=now(), **form.cleaned_data)
            return done(request, reverse("estate:building", args=[one.pk]), f"{one}的提示已保存")
    return _building(request, one, describe=form)


@require_POST
@needs("estate.edit")
def open_unit(request: HttpRequest, building_id: int) -> HttpResponse:
    user, at = signed_in(request), now()
    one = queries.building_for(user, building_id, to="estate.edit")
    form = UnitForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        with refusals(form):
            opened = operations.open_unit_in(
                one,
                entrance=said["entrance"],
                unit_no=said["unit_no"],
                floor=said["floor"],
                gross_area=said["gross_area"],
                actor=user,
                at=at,
            )
            return done(request, reverse("estate:unit", args=[opened.pk]), f"{opened} 已建立,可以登记住户")
    return _building(request, one, unit=form)
