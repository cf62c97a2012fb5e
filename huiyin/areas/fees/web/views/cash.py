"""Cash on its way: handed over by whoever took it, counted by a cashier, and who still holds how much."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.fees import operations, queries, words
from huiyin.areas.fees.web.forms import CountForm, ReasonForm, RemarkForm
from huiyin.areas.fees.web.views.steps import take
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.listing import Listing
from huiyin.foundation.kit.replies import done, page, refusals

SORTS = {"number": "offered_at", "expected": "expected"}


@require_POST
@needs("fees.collect")
def hand_over(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "fees.collect", estate.pk)

    def act(said: dict[str, Any]) -> None:
        operations.hand_over(estate.pk, note=said["note"], actor=user, at=now())

    return take(request, RemarkForm(request.POST), act, "已交出,等收费员清点", back=reverse("fees:mine"))


@require_GET
@needs("fees.see")
def handovers(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    listing = Listing(request.GET, find=partial(queries.handovers, user, estate.pk), sorts=SORTS, first="-number")
    return page(
        request,
        "fees/handovers.html#rows",
        listing=listing,
        waiting=queries.handovers_to_count(user, estate.pk),
        out_there=queries.cash_out_there(estate.pk),
        tones=words.TONES,
        at=now(),
    )


@require_http_methods(["GET", "POST"])
@needs("fees.receive_cash")
def receive(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    handover = queries.handover_for(user, number, to="fees.receive_cash")
    request.about_estate = handover.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    form = CountForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusals(form):
            operations.receive_cash(handover, actor=user, at=now(), **form.cleaned_data)
            return done(request, reverse("fees:handovers"), f"{number} 已收讫")
    return page(
        request,
        "fees/receive.html",
        status=422 if form.is_bound else 200,
        handover=handover,
        receipts=queries.receipts_in(handover),
        form=form,
        tones=words.TONES,
        at=now(),
    )


@require_POST
@needs("fees.receive_cash")
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    handover = queries.handover_for(user, number, to="fees.receive_cash")

    def act(said: dict[str, Any]) -> None:
        operations.send_back(handover, reason=said["note"], actor=user, at=now())

    return take(request, ReasonForm(request.POST), act, f"{number} 已退回", back=reverse("fees:handovers"))
