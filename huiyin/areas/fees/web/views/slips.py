"""Monthly slips: made for a month, signed by the household, paid."""

from functools import partial
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.fees import operations, queries, rules, words
from huiyin.areas.fees.web.forms import MonthForm, ReasonForm, SignForm, SlipFilters, SlipPayForm
from huiyin.areas.fees.web.views.steps import take
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.listing import Listing
from huiyin.foundation.kit.replies import done, page, refusals

SORTS = {"number": "number", "month": ("month", "unit"), "unit": ("unit", "-month"), "amount": "amount"}


def listing_of(request: HttpRequest) -> Listing[Any]:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    find = partial(queries.slips, user, estate.pk)
    return Listing(request.GET, find=find, sorts=SORTS, first="-month", filters=SlipFilters)


@require_GET
@needs("fees.see")
def slips(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now()
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    month = rules.month_of(localdate(at))
    return page(
        request,
        "fees/slips.html#rows",
        listing=listing_of(request),
        form=MonthForm(initial={"month": month}),
        waiting=len(queries.charges_without_slip(estate.pk, before=rules.first_after(month))),
        tones=words.SLIP_TONES,
        at=at,
    )


@require_POST
@needs("fees.charge")
def make(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now()
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "fees.charge", estate.pk)

    def act(said: dict[str, Any]) -> None:
        operations.make_slips(estate, month=said["month"], actor=user, at=at)

    return take(request, MonthForm(request.POST), act, "月结单已出", back=reverse("fees:slips"))


@require_GET
@needs("fees.see")
def slip(request: HttpRequest, number: str) -> HttpResponse:
    one = queries.slip_for(signed_in(request), number)
    request.about_estate = one.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    charges = queries.charges_on(one)
    return page(
        request,
        "fees/slip.html",
        slip=one,
        charges=charges,
        owed=rules.total_of(charge.owed for charge in charges),
        receipts=queries.receipts_of_slip(one),
        tones=words.SLIP_TONES,
        charge_tones=words.TONES,
        at=now(),
    )


@require_http_methods(["GET", "POST"])
@needs("fees.collect")
def sign(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    one = queries.slip_for(user, number, to="fees.collect")
    form = SignForm(request.POST if request.method == "POST" else None, initial={"signer": one.payer})
    if form.is_bound and form.is_valid():
        with refusals(form):
            operations.sign_slip(one, actor=user, at=now(), **form.cleaned_data)
            return done(request, reverse("fees:slip", args=[number]), "客户已签认")
    status = 422 if form.is_bound else 200
    return page(request, "fees/slip_sign.html", status=status, slip=one, charges=queries.charges_on(one), form=form)


@require_http_methods(["GET", "POST"])
@needs("fees.collect")
def pay(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    one = queries.slip_for(user, number, to="fees.collect")
    first = {"payer": one.payer, "idempotency_key": uuid4()}
    form = SlipPayForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid():
        with refusals(form):
            key = form.cleaned_data["idempotency_key"]
            made = operations.pay_slip(one, payment=form.payment(), key=key, actor=user, at=now())
            return done(request, reverse("fees:slip", args=[number]), f"已收款,开了 {len(made)} 张收据")
    owed = rules.total_of(charge.owed for charge in queries.charges_on(one))
    return page(request, "fees/slip_pay.html", status=422 if form.is_bound else 200, slip=one, owed=owed, form=form)


@require_POST
@needs("fees.charge")
def void(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    one = queries.slip_for(user, number, to="fees.charge")

    def act(said: dict[str, Any]) -> None:
        operations.void_slip(one, reason=said["note"], actor=user, at=now())

    back = reverse("fees:slip", args=[number])
    return take(request, ReasonForm(request.POST), act, f"{number} 已作废", back=back)
