"""《领料单》 as the storekeeper works through them: the list, one slip, issuing, accounting for it, paper."""

from functools import partial
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.materials import documents, operations, queries, words
from huiyin.areas.materials.models import Requisition
from huiyin.areas.materials.web.forms import AccountForm, IssueForm, ReasonForm, SlipFilters
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.documents.web.pages import show
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.listing import Listing
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.refusals import Refused

SORTS = {"number": "id", "technician": ("technician__name", "-id"), "status": ("status", "-id"), "asked": "asked_at"}


@require_GET
@needs("materials.see")
def requisitions(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "materials.see", estate.pk)
    listing = Listing(
        request.GET,
        find=partial(queries.listed_requisitions, user, estate.pk),
        sorts=SORTS,
        first="-number",
        filters=SlipFilters,
    )
    return page(request, "materials/requisitions.html#rows", listing=listing, tones=words.TONES, at=now())


@require_GET
@needs("materials.see")
def requisition(request: HttpRequest, number: str) -> HttpResponse:
    return _show(request, queries.requisition_for(signed_in(request), number, to="materials.see"))


def _show(request: HttpRequest, slip: Requisition, wrong: HouseForm | None = None) -> HttpResponse:
    request.about_estate = slip.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    lines = list(slip.lines.all())
    key = {"idempotency_key": uuid4()}
    return page(
        request,
        "materials/requisition.html",
        status=422 if wrong else 200,
        slip=slip,
        lines=lines,
        issue_form=wrong if isinstance(wrong, IssueForm) else IssueForm(lines=lines, initial=key),
        account_form=wrong if isinstance(wrong, AccountForm) else AccountForm(lines=lines, initial=key),
        held={one.item_id: one.quantity for one in queries.holdings_in(slip.store)},
        tones=words.TONES,
        at=now(),
    )


@require_POST
@needs("materials.issue")
def issue(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    slip = queries.requisition_for(user, number, to="materials.issue")
    form = IssueForm(request.POST, lines=list(slip.lines.all()))
    if form.is_valid():
        with refusals(form):
            key = form.cleaned_data["idempotency_key"]
            operations.issue(slip, form.issued(), actor=user, at=now(), key=key)
            return done(request, reverse("materials:requisition", args=[number]), "已发料,第二联请交给领料人")
    return _show(request, queries.requisition_for(user, number, to="materials.issue"), form)


@require_POST
@needs("materials.issue")
def account(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    slip = queries.requisition_for(user, number, to="materials.issue")
    form = AccountForm(request.POST, lines=list(slip.lines.all()))
    if form.is_valid():
        with refusals(form):
            key = form.cleaned_data["idempotency_key"]
            operations.account(slip, form.accounted(), actor=user, at=now(), key=key)
            return done(request, reverse("materials:requisition", args=[number]), "记下了")
    return _show(request, queries.requisition_for(user, number, to="materials.issue"), form)


@require_POST
@needs("materials.issue")
def void(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    slip = queries.requisition_for(user, number, to="materials.issue")
    back, form = reverse("materials:requisition", args=[number]), ReasonForm(request.POST)
    try:
        reason: Any = form.cleaned_data["note"] if form.is_valid() else ""
        operations.void_requisition(slip, reason=reason, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, "领料单已作废")


@require_POST
@needs("materials.see")
def print_requisition(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    slip = queries.requisition_for(user, number, to="materials.see")
    records = documents.requisitions_with(user, [slip.pk])
    subject = (slip.journal_name, slip.pk)
    return show(request, documents.SLIPS, records, subject=subject, estate_id=slip.estate_id, name=slip.number)
