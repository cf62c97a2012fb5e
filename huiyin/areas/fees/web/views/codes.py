"""A code to be paid: shown large, watched until the money has come, cancelled; and money that came too much."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.fees import gateways, operations, queries, words
from huiyin.areas.fees.gateways import fake
from huiyin.areas.fees.web.forms import CodeForm, ReasonForm
from huiyin.areas.fees.web.views.steps import take
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.kit.qr import qr_code
from huiyin.foundation.kit.replies import done, page, refused
from huiyin.foundation.refusals import Refused


@require_POST
@needs("fees.collect")
def make(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    charge = queries.charge_for(user, number, to="fees.collect")
    form, back = CodeForm(request.POST), reverse("fees:pay", args=[number])
    if not form.is_valid():
        return refused(request, Refused(next(iter(form.errors.values()))[0]), back=back)
    try:
        intent = operations.make_code(charge, amount=form.cleaned_data["amount"], actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, reverse("fees:code", args=[intent.reference]), "请客户扫码")


@require_GET
@needs("fees.collect")
def code(request: HttpRequest, reference: str) -> HttpResponse:
    intent = queries.intent_for(signed_in(request), reference, to="fees.collect")
    request.about_estate = intent.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    waits = intent.status == "pending"
    return page(
        request,
        "fees/code.html#state",
        intent=intent,
        picture=qr_code(intent.payload, label=f"收款码 {reference}") if waits else "",
        waits=waits,
        gateway=gateways.named(intent.gateway),
        tones=words.TONES,
        at=now(),
    )


@require_POST
@needs("fees.collect")
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    user = signed_in(request)
    intent = queries.intent_for(user, reference, to="fees.collect")

    def act(said: dict[str, Any]) -> None:
        operations.cancel_code(intent, actor=user, at=now())

    return take(request, None, act, "收款码已取消", back=reverse("fees:pay", args=[intent.charge.number]))


@require_POST
@needs("fees.collect")
def rehearse(request: HttpRequest, reference: str) -> HttpResponse:
    """Play the payer, as long as codes are only rehearsed: the notice is sent and believed as a real one is."""
    intent = queries.intent_for(signed_in(request), reference, to="fees.collect")
    gateway = gateways.named(intent.gateway)
    if gateway is None or not gateway.rehearsal:
        raise Http404

    def act(said: dict[str, Any]) -> None:
        notice = gateway.read_notice(*fake.paid(intent.reference, intent.amount))
        operations.take_notice(gateway.code, notice, actor=system_actor(), at=now())

    return take(request, None, act, "演示:已到账", back=reverse("fees:code", args=[reference]))


@require_POST
@needs("fees.void")
def pay_back(request: HttpRequest, reference: str) -> HttpResponse:
    user = signed_in(request)
    intent = queries.intent_for(user, reference, to="fees.void")

    def act(said: dict[str, Any]) -> None:
        operations.pay_back(intent, reason=said["note"], actor=user, at=now())

    return take(request, ReasonForm(request.POST), act, "已记退还", back=reverse("fees:receipts"))
