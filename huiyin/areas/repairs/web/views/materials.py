"""Material on the technician's phone: fetched for the job, accounted for, used out of the bag."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.web.material_forms import AccountMaterialsForm, AskMaterialsForm, MaterialForm, UseOwnForm
from huiyin.areas.repairs.web.views.mine import show_job
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import done, refusals


def _step(
    request: HttpRequest,
    order: WorkOrder,
    name: str,
    form: MaterialForm,
    act: Callable[[dict[str, Any]], object],
    says: str,
) -> HttpResponse:
    user, at = signed_in(request), now()
    if form.is_valid():
        with refusals(form):
            act({"actor": user, "at": at, "key": form.cleaned_data["idempotency_key"]})
            return done(request, reverse("repairs:job", args=[order.number]), says)
    fresh = queries.order_for(user, order.number, to="repairs.work")
    return show_job(request, fresh, user, at=at, wrong=(name, form))


@require_POST
@needs("repairs.work")
def ask_materials(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    order = queries.order_for(user, number, to="repairs.work")
    found = queries.materials_of(order, user)
    form = AskMaterialsForm(request.POST, auto_id="ask_materials_%s", stores=found.stores, items=found.items)

    def ask(told: dict[str, Any]) -> None:
        said = form.cleaned_data
        store = next(one for one in found.stores if one.pk == said["store"])
        operations.ask_materials(order, store=store, wants=form.wants(), note=said["note"], **told)

    return _step(request, order, "ask_materials", form, ask, "领料单已交库房")


@require_POST
@needs("repairs.work")
def account_materials(request: HttpRequest, number: str, slip: str) -> HttpResponse:
    user = signed_in(request)
    order = queries.order_for(user, number, to="repairs.work")
    found = queries.slip_of(order, slip)
    form = AccountMaterialsForm(request.POST, auto_id=f"{slip}_%s", lines=list(found.lines.all()))

    def account(told: dict[str, Any]) -> None:
        operations.account_materials(order, found, form.accounted(), **told)

    return _step(request, order, slip, form, account, "材料记下了")


@require_POST
@needs("repairs.work")
def use_own_material(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    order = queries.order_for(user, number, to="repairs.work")
    form = UseOwnForm(request.POST, auto_id="use_own_%s", bag=queries.bag_free(order.estate_id, user))

    def use(told: dict[str, Any]) -> None:
        operations.use_own_material(order, form.item(), form.cleaned_data["quantity"], **told)

    return _step(request, order, "use_own_material", form, use, "记下了,从包里扣掉")
