"""Who lives in a unit: moving in and out, names, what they are, phones."""

from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.estate import operations, queries
from huiyin.areas.estate.models import Occupancy, Unit
from huiyin.areas.estate.web.forms import (
    ChangePhoneForm,
    CorrectUnitForm,
    DetailsForm,
    DropPhoneForm,
    LeaveForm,
    PersonForm,
    PhoneForm,
    ResidentForm,
)
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.replies import done, page, refusals


@require_GET
@needs("estate.edit")
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    return _unit(request, queries.unit_for(signed_in(request), unit_id, to="estate.edit"))


def _unit(request: HttpRequest, one: Unit, **forms: HouseForm) -> HttpResponse:
    request.about_estate = one.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    fresh: dict[str, HouseForm] = {
        "resident": ResidentForm(initial={"since_date": localdate(), "kind": "owner"}),
        "leaving": LeaveForm(initial={"until_date": localdate()}, prefix="out"),
        "correct": CorrectUnitForm(initial={"floor": one.floor, "gross_area": one.gross_area}),
    }
    return page(request, "estate/unit.html", unit=one, card=queries.household_card(one), key=uuid4(), **fresh | forms)


@require_POST
@needs("estate.edit")
def correct_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    user = signed_in(request)
    one = queries.unit_for(user, unit_id, to="estate.edit")
    form = CorrectUnitForm(request.POST)
    if form.is_valid():
        with refusals(form):
            operations.correct_unit(one, actor=user, at=now(), **form.cleaned_data)
            return done(request, reverse("estate:unit", args=[one.pk]), f"{one} 已更正")
    return _unit(request, one, correct=form)


@require_POST
@needs("estate.edit")
def move_in(request: HttpRequest, unit_id: int) -> HttpResponse:
    user = signed_in(request)
    one = queries.unit_for(user, unit_id, to="estate.edit")
    form = ResidentForm(request.POST)
    if form.is_valid():
        with refusals(form):
            operations.move_in(
                one,
                people=[form.resident()],
                since_date=form.cleaned_data["since_date"],
                actor=user,
                at=now(),
                key=request.POST.get("idempotency_key", ""),
            )
            return done(request, reverse("estate:unit", args=[one.pk]), f"{one} 已登记入住")
    return _unit(request, one, resident=form)


@require_POST
@needs("estate.edit")
def add_person(request: HttpRequest, unit_id: int) -> HttpResponse:
    user = signed_in(request)
    one = queries.unit_for(user, unit_id, to="estate.edit")
    household = queries.present_household(one)
    form = ResidentForm(request.POST)
    if form.is_valid():
        with refusals(form):
            person = operations.add_person(
                household,
                form.resident(),
                since_date=form.cleaned_data["since_date"],
                actor=user,
                at=now(),
                key=request.POST.get("idempotency_key", ""),
            )
            return done(request, reverse("estate:unit", args=[one.pk]), f"{person} 已登记")
    return _unit(request, one, resident=form)


@require_POST
@needs("estate.edit")
def move_out(request: HttpRequest, unit_id: int) -> HttpResponse:
    user = signed_in(request)
    one = queries.unit_for(user, unit_id, to="estate.edit")
    household = queries.present_household(one)
    form = LeaveForm(request.POST, prefix="out")
    if form.is_valid():
        with refusals(form):
            operations.move_out(household, actor=user, at=now(), **form.cleaned_data)
            return done(request, reverse("estate:unit", args=[one.pk]), f"{one} 已办迁出")
    return _unit(request, one, leaving=form)


@require_http_methods(["GET", "POST"])
@needs("estate.edit")
def person(request: HttpRequest, occupancy_id: int) -> HttpResponse:
    user = signed_in(request)
    one = queries.occupancy_for(user, occupancy_id, to="estate.edit")
    if request.method == "GET":
        return _person(request, one)
    form = PersonForm(request.POST)
    if form.is_valid():
        with refusals(form):
            operations.correct_person(one, actor=user, at=now(), **form.cleaned_data)
            return done(request, reverse("estate:person", args=[one.pk]), f"{one.person} 已更正")
    return _person(request, one, about=form)


def _person(request: HttpRequest, one: Occupancy, **forms: HouseForm) -> HttpResponse:
    request.about_estate = one.household.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    items = queries.details_recorded(one.household.estate_id)
    known = {"name": one.person.name, "salutation": one.person.salutation, "kind": one.kind}
    fresh: dict[str, HouseForm] = {
        "about": PersonForm(initial=known),
        "phone": PhoneForm(prefix="new"),
        "change": ChangePhoneForm(),
        "drop": DropPhoneForm(),
        "details": DetailsForm(items=items),
        "leaving": LeaveForm(initial={"until_date": localdate()}, prefix="out"),
    }
    return page(
        request,
        "estate/person.html",
        one=one,
        phones=queries.phones_of(one.person),
        items=items,
        known=queries.details_known(one.person) if items else set(),
        **fresh | forms,
    )


Act = Callable[[Occupancy, HouseForm], str]


def _about_person(request: HttpRequest, occupancy_id: int, place: str, form: HouseForm, act: Act) -> HttpResponse:
    one = queries.occupancy_for(signed_in(request), occupancy_id, to="estate.edit")
    if form.is_valid():
        with refusals(form):
            return done(request, reverse("estate:person", args=[one.pk]), act(one, form))
    return _person(request, one, **{place: form})


@require_POST
@needs("estate.edit")
def add_phone(request: HttpRequest, occupancy_id: int) -> HttpResponse:
    def act(one: Occupancy, form: HouseForm) -> str:
        number = form.cleaned_data["number"]
        operations.add_phone(one, number=number, actor=signed_in(request), at=now())
        return "电话已登记"

    return _about_person(request, occupancy_id, "phone", PhoneForm(request.POST, prefix="new"), act)


@require_POST
@needs("estate.edit")
def change_phone(request: HttpRequest, occupancy_id: int) -> HttpResponse:
    def act(one: Occupancy, form: HouseForm) -> str:
        said = form.cleaned_data
        old = queries.phone_of(one.person, said["phone"]).number
        operations.change_phone(one, old=old, new=said["number"], actor=signed_in(request), at=now())
        return "电话已改"

    return _about_person(request, occupancy_id, "change", ChangePhoneForm(request.POST), act)


@require_POST
@needs("estate.edit")
def drop_phone(request: HttpRequest, occupancy_id: int) -> HttpResponse:
    def act(one: Occupancy, form: HouseForm) -> str:
        said = form.cleaned_data
        number = queries.phone_of(one.person, said["phone"]).number
        operations.drop_phone(one, number=number, note=said["note"], actor=signed_in(request), at=now())
        return "电话已删去"

    return _about_person(request, occupancy_id, "drop", DropPhoneForm(request.POST), act)


@require_POST
@needs("estate.edit")
def details(request: HttpRequest, occupancy_id: int) -> HttpResponse:
    """Record what somebody let us know of the items this estate has switched on."""
    user = signed_in(request)
    one = queries.occupancy_for(user, occupancy_id, to="estate.edit")
    form = DetailsForm(request.POST, items=queries.details_recorded(one.household.estate_id))
    if form.is_valid():
        with refusals(form):
            operations.record_details(one, said=form.said(request.POST.getlist("drop")), actor=user, at=now())
            return done(request, reverse("estate:person", args=[one.pk]), "资料已保存")
    return _person(request, one, details=form)


@require_POST
@needs("estate.edit")
def leave(request: HttpRequest, occupancy_id: int) -> HttpResponse:
    def act(one: Occupancy, form: HouseForm) -> str:
        operations.person_leaves(one, actor=signed_in(request), at=now(), **form.cleaned_data)
        return f"{one.person} 已迁出"

    return _about_person(request, occupancy_id, "leaving", LeaveForm(request.POST, prefix="out"), act)
