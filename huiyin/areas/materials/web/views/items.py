"""One item: what it costs, where it lies, how it moved, and what may be done with it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.materials import operations, queries, words
from huiyin.areas.materials.models import Item
from huiyin.areas.materials.web import forms
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.replies import done, page, refusals

MOVES: dict[str, type[forms.MoveForm]] = {
    "receive": forms.ReceiveForm,
    "hand_out": forms.HandOutForm,
    "transfer": forms.TransferForm,
    "write_off": forms.WriteOffForm,
}
Act = Callable[[Item, Any, dict[str, Any]], object]


@require_http_methods(["GET", "POST"])
@needs("materials.edit")
def set_up_item(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "materials.edit", estate.pk)
    form = forms.NewItemForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals(form):
            item = operations.set_up_item(estate, actor=user, at=now(), **form.cleaned_data)
            return done(request, reverse("materials:item", args=[item.pk]), f"建好了{item.title}")
    return page(request, "materials/item_new.html", status=422 if form.is_bound else 200, form=form)


@require_GET
@needs("materials.see")
def item(request: HttpRequest, item_id: int) -> HttpResponse:
    return _show(request, queries.item_for(signed_in(request), item_id, to="materials.see"))


def _show(request: HttpRequest, item: Any, wrong: tuple[str, HouseForm] | None = None) -> HttpResponse:
    request.about_estate = item.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    stores, places = queries.stores_of(item.estate_id), queries.places_of(item.estate_id)
    made: dict[str, Any] = {
        name: kind(
            initial={"idempotency_key": uuid4()},
            auto_id=f"{name}_%s",
            places=places if name == "write_off" else stores,
        )
        for name, kind in MOVES.items()
    }
    kept = {"name": item.name, "spec": item.spec, "least": item.least, "up_to": item.up_to, "active": item.active}
    made["change"] = forms.ChangeItemForm(initial=kept, auto_id="change_%s")
    made["prices"] = forms.PricesForm(initial={"valid_from": localdate()}, auto_id="prices_%s")
    if wrong:
        made[wrong[0]] = wrong[1]
    lists = queries.lists_of(item)
    return page(
        request,
        "materials/item.html",
        status=422 if wrong else 200,
        item=item,
        forms=made,
        wrong=wrong[0] if wrong else "",
        lists=lists,
        current=next((one.pk for one in lists if one.valid_from <= localdate()), None),
        holdings=queries.holdings_of(item),
        movements=queries.movements_of(item),
        stores=stores,
        words=words,
        at=now(),
    )


def _act(
    request: HttpRequest, item_id: int, right: str, name: str, form: HouseForm, act: Act, says: str
) -> HttpResponse:
    item = queries.item_for(signed_in(request), item_id, to=right)
    if form.is_valid():
        with refusals(form):
            act(item, form, {"actor": signed_in(request), "at": now()})
            return done(request, reverse("materials:item", args=[item_id]), says)
    return _show(request, item, (name, form))


def _move(request: HttpRequest, item_id: int, right: str, name: str, act: Act, says: str) -> HttpResponse:
    item = queries.item_for(signed_in(request), item_id, to=right)
    places = queries.places_of(item.estate_id) if name == "write_off" else queries.stores_of(item.estate_id)
    form = MOVES[name](request.POST, auto_id=f"{name}_%s", places=places)

    def with_key(item: Item, form: Any, told: dict[str, Any]) -> object:
        return act(item, form, told | {"key": form.cleaned_data["idempotency_key"]})

    return _act(request, item_id, right, name, form, with_key, says)


@require_POST
@needs("materials.edit")
def change_item(request: HttpRequest, item_id: int) -> HttpResponse:
    def change(item: Item, form: HouseForm, told: dict[str, Any]) -> None:
        operations.change_item(item, **form.cleaned_data, **told)

    form = forms.ChangeItemForm(request.POST, auto_id="change_%s")
    return _act(request, item_id, "materials.edit", "change", form, change, "改好了")


@require_POST
@needs("materials.edit")
def set_prices(request: HttpRequest, item_id: int) -> HttpResponse:
    def price(item: Item, form: forms.PricesForm, told: dict[str, Any]) -> None:
        operations.set_prices(item, form.bands(), valid_from=form.cleaned_data["valid_from"], **told)

    form = forms.PricesForm(request.POST, auto_id="prices_%s")
    return _act(request, item_id, "materials.edit", "prices", form, price, "价格定好了,旧的还在下面")


@require_POST
@needs("materials.issue")
def receive(request: HttpRequest, item_id: int) -> HttpResponse:
    def take_in(item: Item, form: forms.MoveForm, told: dict[str, Any]) -> None:
        said = form.cleaned_data
        operations.receive(item, form.place_in(), said["quantity"], cost=said["cost"], note=said["note"], **told)

    return _move(request, item_id, "materials.issue", "receive", take_in, "已入库")


@require_POST
@needs("materials.issue")
def hand_out(request: HttpRequest, item_id: int) -> HttpResponse:
    def give(item: Item, form: forms.MoveForm, told: dict[str, Any]) -> None:
        said = form.cleaned_data
        operations.hand_out(item, form.place_in(), said["quantity"], taker=said["taker"], note=said["note"], **told)

    return _move(request, item_id, "materials.issue", "hand_out", give, "已登记领用")


@require_POST
@needs("materials.issue")
def transfer(request: HttpRequest, item_id: int) -> HttpResponse:
    def carry(item: Item, form: forms.MoveForm, told: dict[str, Any]) -> None:
        said = form.cleaned_data
        places = {"origin": form.place_in(), "to": form.place_in("to")}
        operations.transfer(item, said["quantity"], **places, note=said["note"], **told)

    return _move(request, item_id, "materials.issue", "transfer", carry, "已调拨")


@require_POST
@needs("materials.edit")
def write_off(request: HttpRequest, item_id: int) -> HttpResponse:
    def drop(item: Item, form: forms.MoveForm, told: dict[str, Any]) -> None:
        said = form.cleaned_data
        operations.write_off(item, form.place_in(), said["quantity"], reason=said["note"], **told)

    return _move(request, item_id, "materials.edit", "write_off", drop, "已报废")
