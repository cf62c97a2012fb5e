"""The technician's phone: grabbing what lies open, and passing an order on to a colleague who takes it or not."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import Transfer
from huiyin.areas.repairs.web.forms import StepForm, StepReasonForm
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import done, refused
from huiyin.foundation.refusals import Refused


@require_POST
@needs("repairs.work")
def grab(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    offer = queries.offer_for(user, number)
    form = StepForm(request.POST)
    key = form.cleaned_data["idempotency_key"] if form.is_valid() else ""
    try:
        operations.grab(offer, actor=user, at=now(), key=key)
    except Refused as refusal:
        return refused(request, refusal, back=reverse("repairs:mine"))
    return done(request, reverse("repairs:job", args=[number]), "抢到了,这张单归您")


@require_POST
@needs("repairs.work")
def take_over(request: HttpRequest, number: str) -> HttpResponse:
    where = reverse("repairs:job", args=[number])
    return _answer(request, number, StepForm, operations.take_over, where, "已接下,这张单归您")


@require_POST
@needs("repairs.work")
def decline(request: HttpRequest, number: str) -> HttpResponse:
    def say_no(asked: Transfer, **said: Any) -> None:
        operations.decline_transfer(asked, reason=request.POST.get("note", ""), **said)

    return _answer(request, number, StepReasonForm, say_no, reverse("repairs:mine"), "已告诉对方不接")


@require_POST
@needs("repairs.work")
def keep(request: HttpRequest, number: str) -> HttpResponse:
    where = reverse("repairs:job", args=[number])
    return _answer(request, number, StepForm, operations.withdraw_transfer, where, "不转了,单还在您手里")


def _answer(
    request: HttpRequest, number: str, kind: type[StepForm], act: Callable[..., None], where: str, says: str
) -> HttpResponse:
    user = signed_in(request)
    asked = queries.transfer_for(user, number)
    form = kind(request.POST)
    back = reverse("repairs:mine")
    if not form.is_valid():
        return refused(request, Refused(next(iter(form.errors.values()))[0]), back=back)
    try:
        act(asked, actor=user, at=now(), key=form.cleaned_data["idempotency_key"])
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, where, says)
