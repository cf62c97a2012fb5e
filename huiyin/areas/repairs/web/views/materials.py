"""Material on the technician's phone: fetched for the job, accounted for, used out of the bag."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.queries import JobMaterials
from huiyin.areas.repairs.web.material_forms import AccountMaterialsForm, AskMaterialsForm, MaterialForm, UseOwnForm
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import done, page, refusals


@require_GET
@needs("repairs.work")
def materials(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    return _show(request, queries.order_for(user, number, to="repairs.work"), user)


def _show(
    request: HttpRequest, order: WorkOrder, user: User, wrong: tuple[str, MaterialForm] | None = None
) -> HttpResponse:
    """Answer with the material of a job; `wrong` is the form that was refused, as it was filled in."""
    request.about_estate = order.estate_id  # type: ignore[attr-defined]  # what may be done here is asked of this estate
    found = queries.materials_of(order, user)
    return page(
        request,
        "repairs/job_materials.html",
        status=422 if wrong else 200,
        order=order,
        found=found,
        is_mine=order.technician_id == user.pk,
        material_forms=_forms(found, user, wrong),
        wrong=wrong[0] if wrong else "",
        errors=wrong[1] if wrong else None,
    )


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
            return done(request, reverse("repairs:materials", args=[order.number]), says)
    fresh = queries.order_for(user, order.number, to="repairs.work")
    return _show(request, fresh, user, (name, form))


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


def _forms(found: JobMaterials, user: User, wrong: tuple[str, MaterialForm] | None) -> dict[str, Any]:
    """Return the forms of the job's material: to ask, to use out of the bag, and for each slip of this person's."""
    refused = dict([wrong]) if wrong else {}
    key = {"idempotency_key": uuid4()}
    own = [slip for slip in found.slips if slip.technician_id == user.pk and slip.status == "issued"]
    slips = {
        slip.number: refused.get(slip.number)
        or AccountMaterialsForm(initial=key, auto_id=f"{slip.number}_%s", lines=list(slip.lines.all()))
        for slip in own
    }
    ask = AskMaterialsForm(initial=key, auto_id="ask_materials_%s", stores=found.stores, items=found.items)
    bag = UseOwnForm(initial=key, auto_id="use_own_%s", bag=found.bag)
    return {
        "slips": slips,
        "ask": (refused.get("ask_materials") or ask) if found.stores else None,
        "own": (refused.get("use_own_material") or bag) if found.bag else None,
    }
