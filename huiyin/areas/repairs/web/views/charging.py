"""What one repair costs: place and warranty, free or paid, the quote, the resident's consent. Desk and technician alike."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.repairs import operations, queries, words
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.rules.warranties import BEARERS, part_choices, part_of_fault
from huiyin.areas.repairs.states import RUNNING
from huiyin.areas.repairs.web.charge_forms import (
    CheckForm,
    ConsentCodeForm,
    ConsentPaperForm,
    ConsentSignForm,
    DecideForm,
    QuoteForm,
)
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.refusals import Refused

Act = Callable[[WorkOrder, User, dict[str, Any], dict[str, Any]], str]
CONSENTS = {"sign": ConsentSignForm, "code": ConsentCodeForm, "paper": ConsentPaperForm}


@require_GET
@needs("repairs.charge")
def charge(request: HttpRequest, number: str) -> HttpResponse:
    return _charge(request, queries.order_for(signed_in(request), number, to="repairs.charge"))


def _forms(order: WorkOrder, money: queries.Money, items: list[Any], wrong: str, data: Any) -> dict[str, Any]:
    """Return every form of the page, filled with what is known; the one that was refused as it was sent."""
    fault = order.case.category.code if order.case.category else ""
    known = money.terms
    check = {
        "location_kind": known.location_kind if known else order.location_kind,
        "part": known.part if known else part_of_fault(fault),
        "supplied": known.supplied if known else "",
        "survey": known.survey if known else False,
        "basis": known.basis if known else "",
    }
    key = {"idempotency_key": uuid4()}
    agreeing = key | {"signer": order.case.caller_name}
    made: dict[str, Any] = {
        "check": lambda sent: CheckForm(sent, initial=check | key, auto_id="check_%s"),
        "decide": lambda sent: DecideForm(sent, initial=key, auto_id="decide_%s"),
        "override": lambda sent: DecideForm(sent, initial=key, auto_id="override_%s"),
        "quote": lambda sent: QuoteForm(sent, items=items, lines=money.lines, initial=dict(key), auto_id="quote_%s"),
    }
    for name, kind in CONSENTS.items():
        made[name] = lambda sent, kind=kind, name=name: kind(
            sent, quote=money.quote, initial=dict(agreeing), auto_id=f"{name}_%s"
        )
    return {name: make(data if name == wrong else None) for name, make in made.items()}


def _charge(
    request: HttpRequest, order: WorkOrder, *, wrong: str = "", form: HouseForm | None = None, told: str = ""
) -> HttpResponse:
    request.about_estate = order.estate_id  # type: ignore[attr-defined]  # what may be done here is asked of this estate
    at, money = now(), queries.money_of(order)
    items = queries.items_in_force(order.estate_id, day=localdate(at)) if money.is_paid else []
    forms = _forms(order, money, items, "", None) | ({wrong: form} if form else {})
    return page(
        request,
        "repairs/charge.html",
        status=422 if form else 200,
        order=order,
        money=money,
        items=items,
        forms=forms,
        wrong=wrong,
        told=told,
        is_mine=order.technician_id == signed_in(request).pk,
        open=order.status in RUNNING and order.status != "finished",
        titles=dict(part_choices()),
        bearers=BEARERS,
        words=words,
        at=at,
    )


def _act(request: HttpRequest, number: str, name: str, act: Act) -> HttpResponse:
    """Fill in one form of the page: one operation, and back to the page with what it said."""
    user = signed_in(request)
    order = queries.order_for(user, number, to="repairs.override" if name == "override" else "repairs.charge")
    money = queries.money_of(order)
    items = queries.items_in_force(order.estate_id, day=localdate(now())) if name == "quote" else []
    form = _forms(order, money, items, name, request.POST)[name]
    if form.is_valid():
        with refusals(form):
            clean = form.cleaned_data
            says = act(order, user, clean, {"actor": user, "at": now(), "key": clean["idempotency_key"]})
            return done(request, reverse("repairs:charge", args=[number]), says)
    order = queries.order_for(user, number, to="repairs.charge")
    return _charge(request, order, wrong=name, form=form)


@require_POST
@needs("repairs.charge")
def check(request: HttpRequest, number: str) -> HttpResponse:
    def look(order: WorkOrder, user: User, clean: dict[str, Any], sending: dict[str, Any]) -> str:
        said = {name: clean[name] for name in ("location_kind", "part", "basis", "supplied", "survey")}
        terms = operations.check_terms(order, **said, **sending)
        return f"{terms.get_outcome_display()}{',免费' if terms.charge == 'free' else ''}"

    return _act(request, number, "check", look)


@require_POST
@needs("repairs.charge")
def decide(request: HttpRequest, number: str) -> HttpResponse:
    def settle(order: WorkOrder, user: User, clean: dict[str, Any], sending: dict[str, Any]) -> str:
        terms = operations.decide_charge(order, charge=clean["charge"], reason=clean["reason"], **sending)
        return f"已定为{terms.get_charge_display()}"

    return _act(request, number, "decide", settle)


@require_POST
@needs("repairs.override")
def override(request: HttpRequest, number: str) -> HttpResponse:
    def settle(order: WorkOrder, user: User, clean: dict[str, Any], sending: dict[str, Any]) -> str:
        operations.decide_charge(order, charge="paid", over=True, reason=clean["reason"], **sending)
        return "保修期内仍收费,原因已写进记录"

    return _act(request, number, "override", settle)


@require_POST
@needs("repairs.charge")
def quote(request: HttpRequest, number: str) -> HttpResponse:
    def offer(order: WorkOrder, user: User, clean: dict[str, Any], sending: dict[str, Any]) -> str:
        made = operations.quote(order, lines=clean["lines"], note=clean["note"], **sending)
        return f"第 {made.version} 版报价,合计 {made.total} 元,请客户同意"

    return _act(request, number, "quote", offer)


@require_POST
@needs("repairs.charge")
def consent(request: HttpRequest, number: str) -> HttpResponse:
    """Take the consent as a signature, a code, or from paper (`how`)."""

    def agree(order: WorkOrder, user: User, clean: dict[str, Any], sending: dict[str, Any]) -> str:
        said = {"version": clean["version"], "signer": clean["signer"]} | sending
        if "code" in clean:
            said.pop("key")  # every try counts, also the same one again
            if not operations.consent_by_code(order, code=clean["code"], **said):
                raise Refused("同意码不对,请客户再报一遍;输错 5 次要重新告诉客户一个")
        elif "paper_slip" in clean:
            slip = {"paper_slip": clean["paper_slip"], "written_at": clean["written_at"]}
            operations.consent_on_paper(order, **slip, **said)
        else:
            operations.consent_by_signature(order, drawing=clean["drawing"], **said)
        return "客户已同意,可以开工"

    how = request.POST.get("how", "sign")
    return _act(request, number, how if how in CONSENTS else "sign", agree)


@require_POST
@needs("repairs.charge")
def code(request: HttpRequest, number: str) -> HttpResponse:
    """Show a new code once, for the desk to tell the resident by telephone."""
    user = signed_in(request)
    order = queries.order_for(user, number, to="repairs.charge")
    try:
        told = operations.tell_code(order, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=reverse("repairs:charge", args=[number]))
    return _charge(request, order, told=told)
