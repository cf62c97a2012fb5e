"""Waivers and refunds: asked on the charge, decided here by somebody else."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.fees import operations, queries, words
from huiyin.areas.fees.web.forms import ReasonForm, RemarkForm, WaiverFilters, WaiverForm
from huiyin.areas.fees.web.views.steps import take
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.listing import Listing
from huiyin.foundation.kit.replies import page

SORTS = {"asked": "asked_at", "amount": "amount"}


@require_POST
@needs("fees.collect")
def ask(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    charge = queries.charge_for(user, number, to="fees.collect")

    def act(said: dict[str, Any]) -> None:
        operations.ask_waiver(charge, amount=said["amount"], reason=said["note"], actor=user, at=now())

    back = reverse("fees:pay", args=[number])
    return take(request, WaiverForm(request.POST), act, "减免申请已交,等另一个人批", back=back)


@require_GET
@needs("fees.see")
def waivers(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    find = partial(queries.waivers, user, estate.pk)
    listing = Listing(request.GET, find=find, sorts=SORTS, first="asked", filters=WaiverFilters)
    return page(request, "fees/waivers.html#rows", listing=listing, me=user, tones=words.TONES, at=now())


@require_POST
@needs("fees.waive")
def approve(request: HttpRequest, waiver_id: int) -> HttpResponse:
    user = signed_in(request)
    waiver = queries.waiver_for(user, waiver_id, to="fees.waive")

    def act(said: dict[str, Any]) -> None:
        operations.approve_waiver(waiver, note=said["note"], actor=user, at=now())

    return take(request, RemarkForm(request.POST), act, "已批准", back=reverse("fees:waivers"))


@require_POST
@needs("fees.waive")
def refuse(request: HttpRequest, waiver_id: int) -> HttpResponse:
    user = signed_in(request)
    waiver = queries.waiver_for(user, waiver_id, to="fees.waive")

    def act(said: dict[str, Any]) -> None:
        operations.refuse_waiver(waiver, reason=said["note"], actor=user, at=now())

    return take(request, ReasonForm(request.POST), act, "没有批准", back=reverse("fees:waivers"))


@require_POST
@needs("fees.collect")
def take_back(request: HttpRequest, waiver_id: int) -> HttpResponse:
    user = signed_in(request)
    waiver = queries.waiver_for(user, waiver_id, to="fees.collect")

    def act(said: dict[str, Any]) -> None:
        operations.take_back_waiver(waiver, actor=user, at=now())

    return take(request, None, act, "申请已撤回", back=reverse("fees:pay", args=[waiver.charge.number]))
