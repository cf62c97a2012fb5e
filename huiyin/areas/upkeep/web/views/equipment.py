"""设备台账: the list, one piece with its plans and overhauls, entering and changing it."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.upkeep import operations, queries, words
from huiyin.areas.upkeep.models import Equipment
from huiyin.areas.upkeep.web.forms import (
    ChangeEquipmentForm,
    EquipmentFilters,
    EquipmentForm,
    OverhaulForm,
    ReasonForm,
)
from huiyin.areas.upkeep.web.steps import estate_at_hand, export, take
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.listing import ExportColumn, Listing
from huiyin.foundation.kit.replies import done, page, refusals

SORTS = {
    "code": "code",
    "name": ("name", "code"),
    "kind": ("kind", "code"),
    "since": ("since_date", "code"),
    "overhauled": ("overhauled_on", "code"),
}
COLUMNS = (
    ExportColumn("编号", lambda one: one.code),
    ExportColumn("名称", lambda one: one.name, 24),
    ExportColumn("类别", lambda one: one.get_kind_display(), 10),
    ExportColumn("型号", lambda one: one.model, 20),
    ExportColumn("数量", lambda one: one.quantity, 8),
    ExportColumn("位置", lambda one: one.where, 24),
    ExportColumn("投用", lambda one: one.since_date),
    ExportColumn("状态", lambda one: one.get_status_display(), 10),
    ExportColumn("维保计划", lambda one: one.running, 10),
    ExportColumn("上次大中修", lambda one: one.overhauled_on),
)


def listing_of(request: HttpRequest, right: str = "upkeep.see") -> Listing[Equipment]:
    estate = estate_at_hand(request, right)
    find = partial(queries.listed_equipment, signed_in(request), estate.pk)
    return Listing(request.GET, find=find, sorts=SORTS, first="code", filters=EquipmentFilters)


@require_GET
@needs("upkeep.see")
def ledger(request: HttpRequest) -> HttpResponse:
    return page(request, "upkeep/equipment_list.html#rows", listing=listing_of(request), tones=words.TONES, at=now())


@require_http_methods(["GET", "POST"])
@needs("cases.export")
def export_ledger(request: HttpRequest) -> HttpResponseBase:
    return export(request, partial(listing_of, request), COLUMNS, what="设备台账", back="upkeep:equipment_list")


@require_http_methods(["GET", "POST"])
@needs("upkeep.edit")
def enter(request: HttpRequest) -> HttpResponse:
    estate = estate_at_hand(request, "upkeep.edit")
    posted = request.POST if request.method == "POST" else None
    form = EquipmentForm(posted, buildings=queries.buildings_of(estate.pk))
    if form.is_valid():
        with refusals(form):
            made = operations.enter_equipment(estate, **form.cleaned_data, actor=signed_in(request), at=now())
            return done(request, reverse("upkeep:equipment", args=[made.pk]), f"{made.title}记进了台账")
    return page(request, "upkeep/equipment_new.html", status=422 if form.is_bound else 200, form=form)


@require_GET
@needs("upkeep.see")
def equipment(request: HttpRequest, equipment_id: int) -> HttpResponse:
    return _show(request, queries.equipment_for(signed_in(request), equipment_id, to="upkeep.see"))


def _show(request: HttpRequest, one: Equipment, wrong: tuple[str, HouseForm] | None = None) -> HttpResponse:
    request.about_estate = one.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    names = ("name", "model", "quantity", "place", "since_date")
    kept = {name: getattr(one, name) for name in names} | {"building": one.building_id}
    made: dict[str, HouseForm] = {
        "change": ChangeEquipmentForm(initial=kept, buildings=queries.buildings_of(one.estate_id), auto_id="change_%s"),
        "overhaul": OverhaulForm(initial={"idempotency_key": uuid4(), "done_on": localdate()}, auto_id="overhaul_%s"),
    }
    if wrong:
        made[wrong[0]] = wrong[1]
    plans = queries.plans_of(one)
    return page(
        request,
        "upkeep/equipment.html",
        status=422 if wrong else 200,
        one=one,
        forms=made,
        wrong=wrong[0] if wrong else "",
        plans=plans,
        last=queries.last_rounds(plans),
        overhauls=queries.overhauls_of(one),
        today=localdate(),
        tones=words.TONES,
        at=now(),
    )


def _fill(
    request: HttpRequest, one: Equipment, name: str, form: HouseForm, act: Callable[..., object], says: str
) -> HttpResponse:
    if form.is_valid():
        with refusals(form):
            act(one, **form.cleaned_data, actor=signed_in(request), at=now())
            return done(request, reverse("upkeep:equipment", args=[one.pk]), says)
    return _show(request, queries.equipment_for(signed_in(request), one.pk, to="upkeep.edit"), (name, form))


@require_POST
@needs("upkeep.edit")
def change(request: HttpRequest, equipment_id: int) -> HttpResponse:
    one = queries.equipment_for(signed_in(request), equipment_id, to="upkeep.edit")
    form = ChangeEquipmentForm(request.POST, buildings=queries.buildings_of(one.estate_id), auto_id="change_%s")
    return _fill(request, one, "change", form, operations.change_equipment, "改好了")


@require_POST
@needs("upkeep.edit")
def overhaul(request: HttpRequest, equipment_id: int) -> HttpResponse:
    one = queries.equipment_for(signed_in(request), equipment_id, to="upkeep.edit")

    def record(one: Equipment, *, idempotency_key: str, **said: Any) -> None:
        operations.record_overhaul(one, key=idempotency_key, **said)

    form = OverhaulForm(request.POST, auto_id="overhaul_%s")
    return _fill(request, one, "overhaul", form, record, "大中修记录登记好了")


@require_POST
@needs("upkeep.edit")
def stop(request: HttpRequest, equipment_id: int) -> HttpResponse:
    return _move(request, equipment_id, operations.stop_equipment, "设备停用了,维保计划也停了", reason=True)


@require_POST
@needs("upkeep.edit")
def restart(request: HttpRequest, equipment_id: int) -> HttpResponse:
    return _move(request, equipment_id, operations.restart_equipment, "设备恢复使用,请重新排维保计划")


@require_POST
@needs("upkeep.edit")
def scrap(request: HttpRequest, equipment_id: int) -> HttpResponse:
    return _move(request, equipment_id, operations.scrap_equipment, "设备报废了,资料仍能查到", reason=True)


def _move(
    request: HttpRequest, equipment_id: int, act: Callable[..., None], says: str, *, reason: bool = False
) -> HttpResponse:
    user = signed_in(request)
    one = queries.equipment_for(user, equipment_id, to="upkeep.edit")
    form = ReasonForm(request.POST) if reason else None
    back = reverse("upkeep:equipment", args=[equipment_id])
    return take(request, form, lambda said: act(one, **said, actor=user, at=now()), says, back=back)
