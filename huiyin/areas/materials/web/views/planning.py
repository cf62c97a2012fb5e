"""采购计划: what is low, how much to buy, the plan as it was decided, and on paper."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import documents, operations, queries, rules
from huiyin.areas.materials.web.forms import PlanForm
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.documents.web.pages import show
from huiyin.foundation.kit.replies import done, page, refusals


def _low(estate: Estate) -> list[tuple[Any, Any]]:
    """Return what is low with how much to buy of it."""
    found: list[Any] = list(queries.low_items(estate.pk))
    return [(one, rules.suggested(stock=one.stock, least=one.least, up_to=one.up_to)) for one in found]


def _estate(request: HttpRequest, right: str) -> Estate:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, right, estate.pk)
    return estate


@require_GET
@needs("materials.see")
def plan(request: HttpRequest) -> HttpResponse:
    return _show(request, _estate(request, "materials.see"))


def _show(request: HttpRequest, estate: Estate, wrong: PlanForm | None = None) -> HttpResponse:
    low = _low(estate)
    form = wrong or PlanForm(suggested=low, initial={"idempotency_key": uuid4()})
    prices = queries.in_force([item.pk for item, _ in low], day=localdate())
    costs = {
        item.pk: band.cost for item, quantity in low if (band := rules.band_for(prices.get(item.pk, []), quantity))
    }
    return page(
        request,
        "materials/plan.html",
        status=422 if wrong else 200,
        estate=estate,
        rows=[(item, form[f"item_{item.pk}"], costs.get(item.pk)) for item, _ in low],
        form=form,
        plans=queries.plans_of(estate.pk),
        at=now(),
    )


@require_POST
@needs("materials.issue")
def make_plan(request: HttpRequest) -> HttpResponse:
    user, estate = signed_in(request), _estate(request, "materials.issue")
    form = PlanForm(request.POST, suggested=_low(estate))
    if form.is_valid():
        with refusals(form):
            key = form.cleaned_data["idempotency_key"]
            made = operations.make_plan(estate, form.wants(), actor=user, at=now(), key=key)
            return done(request, reverse("materials:purchase_plan", args=[made.number]), "采购计划定好了,可以打印送批")
    return _show(request, estate, form)


@require_GET
@needs("materials.see")
def purchase_plan(request: HttpRequest, number: str) -> HttpResponse:
    found = queries.plan_for(signed_in(request), number, to="materials.see")
    request.about_estate = found.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    lines = [(line, line.quantity * line.cost if line.cost is not None else None) for line in found.lines.all()]
    total = sum((amount for _, amount in lines if amount is not None), rules.NOTHING)
    return page(request, "materials/purchase_plan.html", plan=found, lines=lines, total=total, at=now())


@require_POST
@needs("materials.see")
def print_plan(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    found = queries.plan_for(user, number, to="materials.see")
    records = documents.plans_with(user, [found.pk])
    subject = (found.journal_name, found.pk)
    return show(request, documents.PLANS, records, subject=subject, estate_id=found.estate_id, name=found.number)
