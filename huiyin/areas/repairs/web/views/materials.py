"""Material on the technician's phone: fetched for the job, accounted for, used out of the bag."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.queries import JobMaterials
from huiyin.areas.repairs.web.material_forms import AccountMaterialsForm, AskMaterialsForm, MaterialForm, UseOwnForm
from huiyin.areas.repairs.web.signals import shift_of
from huiyin.areas.repairs.web.views.mine import out_of_hands
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
    found = queries.materials_of(order, user, ahead="ahead" in request.GET)
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
        shift=shift_of(request),
    )


def _step(
    request: HttpRequest,
    number: str,
    taken_as: str,
    make: Callable[[WorkOrder], tuple[str, MaterialForm, Callable[[dict[str, Any]], object]]],
    says: str,
) -> HttpResponse:
    """Take one step; the phone may send it later. What was taken before is not looked at again: the bag has changed by it."""
    user, at = signed_in(request), now()
    if queries.was_taken(request.POST.get("idempotency_key", ""), taken_as, actor=user, of="materials"):
        return done(request, reverse("repairs:materials", args=[number]), "这一步早先已经送到")
    try:
        order = queries.order_for(user, number, to="repairs.work")
    except Http404:
        return out_of_hands(request, user, number, taken_as)
    name, form, act = make(order)
    if form.is_valid():
        with refusals(form):
            when = form.when(at)
            told = {"told": form.told(at), "actor": user, "at": at, "key": when["key"]}
            operations.by_phone(order, lambda: act({"actor": user, **when}), step=says, **told)
            return done(request, reverse("repairs:materials", args=[number]), says)
    return _show(request, queries.order_for(user, number, to="repairs.work"), user, (name, form))


@require_POST
@needs("repairs.work")
def ask_materials(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)

    def make(order: WorkOrder) -> tuple[str, MaterialForm, Callable[[dict[str, Any]], object]]:
        found = queries.materials_of(order, user, ahead=True)
        form = AskMaterialsForm(request.POST, auto_id="ask_materials_%s", stores=found.stores, items=found.items)

        def ask(told: dict[str, Any]) -> None:
            said = form.cleaned_data
            store = next(one for one in found.stores if one.pk == said["store"])
            operations.ask_materials(order, store=store, wants=form.wants(), note=said["note"], **told)

        return "ask_materials", form, ask

    return _step(request, number, "ask", make, "领料单已交库房")


@require_POST
@needs("repairs.work")
def account_materials(request: HttpRequest, number: str, slip: str) -> HttpResponse:
    def make(order: WorkOrder) -> tuple[str, MaterialForm, Callable[[dict[str, Any]], object]]:
        found = queries.slip_of(order, slip)
        form = AccountMaterialsForm(request.POST, auto_id=f"{slip}_%s", lines=list(found.lines.all()))
        return slip, form, lambda told: operations.account_materials(order, found, form.accounted(), **told)

    return _step(request, number, "account", make, "材料记下了")


@require_POST
@needs("repairs.work")
def use_own_material(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)

    def make(order: WorkOrder) -> tuple[str, MaterialForm, Callable[[dict[str, Any]], object]]:
        form = UseOwnForm(request.POST, auto_id="use_own_%s", bag=queries.bag_free(order.estate_id, user))
        return (
            "use_own_material",
            form,
            lambda told: operations.use_own_material(order, form.item(), form.cleaned_data["quantity"], **told),
        )

    return _step(request, number, "use_from_bag", make, "记下了,从包里扣掉")


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
