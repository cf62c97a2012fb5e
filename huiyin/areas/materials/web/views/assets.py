"""《固定资产台账》: the list, its form F-30, one asset with its timeline, registering and changing it, its steps."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import documents, operations, queries, states, words
from huiyin.areas.materials.models import FixedAsset
from huiyin.areas.materials.web import asset_forms as forms
from huiyin.areas.materials.web.forms import ReasonForm
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.documents.web.pages import offer
from huiyin.foundation.jobs.tasks import task_at
from huiyin.foundation.journal.queries import latest_of
from huiyin.foundation.kit.entries import Entry
from huiyin.foundation.kit.exporting import hand_out
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.listing import ExportColumn, Listing
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import available_moves

SORTS = {
    "number": "number",
    "name": ("name", "number"),
    "value": ("value", "number"),
    "location": ("location", "number"),
    "keeper": ("keeper__name", "number"),
    "checked": ("checked_date", "number"),
    "status": ("status", "number"),
}
COLUMNS = (
    ExportColumn("资产编号", lambda one: one.number, 18),
    ExportColumn("名称", lambda one: one.name, 24),
    ExportColumn("型号", lambda one: one.model, 20),
    ExportColumn("价值", lambda one: one.value, 12),
    ExportColumn("购置日期", lambda one: one.bought_date),
    ExportColumn("存放地点", lambda one: one.location, 24),
    ExportColumn("保管人", lambda one: one.keeper.name, 10),
    ExportColumn("保管人已离职", lambda one: "是" if one.keeper_left else "", 12),
    ExportColumn("状态", lambda one: one.get_status_display(), 10),
    ExportColumn("上次盘点", lambda one: one.checked_date),
    ExportColumn("报废、遗失原因", lambda one: one.reason, 24),
)


def _estate(request: HttpRequest, right: str) -> Estate:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, right, estate.pk)
    return estate


def listing_of(request: HttpRequest, right: str = "materials.see") -> Listing[FixedAsset]:
    estate = _estate(request, right)
    return Listing(
        request.GET,
        find=partial(queries.listed_assets, signed_in(request), estate.pk),
        sorts=SORTS,
        first="number",
        filters=partial(forms.AssetFilters, keepers=queries.keepers_of(estate.pk)),
    )


@require_GET
@needs("materials.see")
def assets(request: HttpRequest) -> HttpResponse:
    listing = listing_of(request)
    in_use = queries.in_use(listing.found)
    return page(request, "materials/assets.html#rows", listing=listing, in_use=in_use, tones=words.TONES, at=now())


@require_http_methods(["GET", "POST"])
@needs("cases.export")
def export_assets(request: HttpRequest) -> HttpResponseBase:
    estate = _estate(request, "cases.export")
    return hand_out(
        request,
        lambda: listing_of(request, "cases.export").sorted,
        COLUMNS,
        name=f"固定资产台账 {localdate():%Y-%m-%d}",
        what="固定资产台账",
        estate_id=estate.pk,
        back=reverse("materials:assets"),
    )


@require_http_methods(["GET", "POST"])
@needs("materials.see")
def print_assets(request: HttpRequest) -> HttpResponse:
    estate = _estate(request, "materials.see")
    task = task_at("huiyin.areas.materials.jobs.print_listed")
    listed, back = listing_of(request).sorted, reverse("materials:assets")
    return offer(request, documents.REGISTERS, listed, task, estate_id=estate.pk, back=back)


@require_http_methods(["GET", "POST"])
@needs("materials.count")
def register_asset(request: HttpRequest) -> HttpResponse:
    user, estate = signed_in(request), _estate(request, "materials.count")
    posted = request.POST if request.method == "POST" else None
    form = forms.AssetForm(posted, people=queries.possible_keepers(estate.pk))
    if form.is_valid():
        with refusals(form):
            made = operations.register_asset(estate, **form.cleaned_data, actor=user, at=now())
            return done(request, reverse("materials:asset", args=[made.pk]), f"{made.title}记进了台账")
    return page(request, "materials/asset_new.html", status=422 if form.is_bound else 200, form=form)


@require_GET
@needs("materials.see")
def asset(request: HttpRequest, asset_id: int) -> HttpResponse:
    return _show(request, queries.asset_for(signed_in(request), asset_id, to="materials.see"))


def _show(request: HttpRequest, one: FixedAsset, wrong: tuple[str, HouseForm] | None = None) -> HttpResponse:
    request.about_estate = one.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    kept = {name: getattr(one, name) for name in ("name", "model", "value", "bought_date", "location")}
    made: dict[str, HouseForm] = {
        "change": forms.ChangeAssetForm(initial=kept, auto_id="change_%s"),
        "hand_over": _hand_over_form(one),
        "check": forms.CheckForm(auto_id="check_%s"),
    }
    if wrong:
        made[wrong[0]] = wrong[1]
    return page(
        request,
        "materials/asset.html",
        status=422 if wrong else 200,
        one=one,
        forms=made,
        wrong=wrong[0] if wrong else "",
        moves=[move.code for move in available_moves(one, signed_in(request), states.ASSET_MOVES)],
        history=[_line(entry) for entry in latest_of(one.thread)],
        words=words,
        tones=words.TONES,
        at=now(),
    )


def _line(entry: Any) -> Entry:
    said = words.asset_says(entry.kind, entry.values)
    return Entry(at=entry.at, says=said, who=entry.actor.name, kind="done", detail=entry.note)


def _hand_over_form(one: FixedAsset, *said: Any) -> forms.HandOverForm:
    people = [person for person in queries.possible_keepers(one.estate_id) if person.pk != one.keeper_id]
    return forms.HandOverForm(*said, people=people, auto_id="hand_over_%s")


def _fill(
    request: HttpRequest, one: FixedAsset, name: str, form: HouseForm, act: Callable[..., None], says: str
) -> HttpResponse:
    user = signed_in(request)
    if form.is_valid():
        with refusals(form):
            act(one, **form.cleaned_data, actor=user, at=now())
            return done(request, reverse("materials:asset", args=[one.pk]), says)
    return _show(request, queries.asset_for(user, one.pk, to="materials.count"), (name, form))


@require_POST
@needs("materials.count")
def change_asset(request: HttpRequest, asset_id: int) -> HttpResponse:
    one = queries.asset_for(signed_in(request), asset_id, to="materials.count")
    form = forms.ChangeAssetForm(request.POST, auto_id="change_%s")
    return _fill(request, one, "change", form, operations.change_asset, "改好了")


@require_POST
@needs("materials.count")
def hand_over_asset(request: HttpRequest, asset_id: int) -> HttpResponse:
    one = queries.asset_for(signed_in(request), asset_id, to="materials.count")
    form = _hand_over_form(one, request.POST)
    return _fill(request, one, "hand_over", form, operations.hand_over_asset, "交接记下了")


@require_POST
@needs("materials.count")
def check_asset(request: HttpRequest, asset_id: int) -> HttpResponse:
    one = queries.asset_for(signed_in(request), asset_id, to="materials.count")
    form = forms.CheckForm(request.POST, auto_id="check_%s")
    return _fill(request, one, "check", form, operations.check_asset, "盘点结果记下了")


@require_POST
@needs("materials.count")
def set_aside_asset(request: HttpRequest, asset_id: int) -> HttpResponse:
    return _move(request, asset_id, states.SET_ASIDE.right, operations.set_aside_asset, "闲置了")


@require_POST
@needs("materials.count")
def put_back_asset(request: HttpRequest, asset_id: int) -> HttpResponse:
    return _move(request, asset_id, states.PUT_BACK.right, operations.put_back_asset, "恢复使用了")


@require_POST
@needs("materials.count")
def send_asset_to_repair(request: HttpRequest, asset_id: int) -> HttpResponse:
    return _move(request, asset_id, states.SEND_TO_REPAIR.right, operations.send_asset_to_repair, "送修记下了")


@require_POST
@needs("materials.edit")
def scrap_asset(request: HttpRequest, asset_id: int) -> HttpResponse:
    return _move(request, asset_id, states.SCRAP.right, operations.scrap_asset, "报废了,资料仍能查到", ReasonForm)


@require_POST
@needs("materials.count")
def lose_asset(request: HttpRequest, asset_id: int) -> HttpResponse:
    return _move(request, asset_id, states.LOSE.right, operations.lose_asset, "报失了,找到了再点找回", ReasonForm)


@require_POST
@needs("materials.count")
def find_asset(request: HttpRequest, asset_id: int) -> HttpResponse:
    return _move(request, asset_id, states.FIND.right, operations.find_asset, "找回了,又是在用")


def _move(
    request: HttpRequest,
    asset_id: int,
    right: str,
    act: Callable[..., None],
    says: str,
    kind: type[HouseForm] = forms.WordsForm,
) -> HttpResponse:
    """Take a step that has no page of its own; a refusal is said on a page with the way back."""
    user = signed_in(request)
    one = queries.asset_for(user, asset_id, to=right)
    back, form = reverse("materials:asset", args=[asset_id]), kind(request.POST)
    try:
        if not form.is_valid():
            raise Refused(next(iter(form.errors.values()))[0])
        act(one, **form.cleaned_data, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, says)
