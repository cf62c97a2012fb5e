"""The phone of whoever collects: what is mine to collect and to hand over, and taking the money for one charge."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.areas.estate import queries as estates
from huiyin.areas.fees import gateways, operations, queries, words
from huiyin.areas.fees.rules import total_of
from huiyin.areas.fees.web.forms import PayForm
from huiyin.areas.fees.web.views.charges import shown
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import done, page, refusals


@require_GET
@needs("fees.collect")
def mine(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    held = queries.cash_in_hand(user, estate.pk)
    return page(
        request,
        "fees/mine.html",
        charges=queries.to_collect(user, estate.pk),
        held=held,
        held_sum=total_of(one.amount for one in held),
        waiting=queries.handovers_given(user, estate.pk),
        tones=words.TONES,
        at=now(),
    )


@require_http_methods(["GET", "POST"])
@needs("fees.collect")
def pay(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    charge = queries.charge_for(user, number, to="fees.collect")
    first = {"amount": charge.owed, "payer": charge.payer, "idempotency_key": uuid4()}
    form = PayForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid():
        with refusals(form):
            said = form.cleaned_data
            receipt = operations.take_payment(
                charge,
                payment=form.payment(),
                amount=said["amount"],
                key=said["idempotency_key"],
                actor=user,
                at=now(),
            )
            return done(request, reverse("fees:pay", args=[number]), f"已收款,收据 {receipt.number}")
        charge = queries.charge_for(user, number, to="fees.collect")
    return page(
        request,
        "fees/pay.html",
        status=422 if form.is_bound else 200,
        form=form,
        gateway=gateways.chosen(),
        waiting=queries.waiting_intent(charge),
        **shown(request, charge),
    )
