"""What the views of upkeep have in common: the estate at hand with its right, and a step of one sentence."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.permissions import require_right, signed_in
from huiyin.foundation.kit.exporting import hand_out
from huiyin.foundation.kit.listing import ExportColumn, Listing
from huiyin.foundation.kit.replies import done, refused
from huiyin.foundation.refusals import Refused


def estate_at_hand(request: HttpRequest, right: str) -> Estate:
    """Return the estate at hand; 403 without the right in it."""
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, right, estate.pk)
    return estate


def take(
    request: HttpRequest, form: forms.Form | None, act: Callable[[dict[str, Any]], object], says: str, *, back: str
) -> HttpResponse:
    """Carry out a step that has no page of its own, and go back; a refusal is said on a page with what was typed kept."""
    if form is not None and not form.is_valid():
        return refused(request, Refused(next(iter(form.errors.values()))[0]), back=back)
    try:
        act(form.cleaned_data if form else {})
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, says)


def export(
    request: HttpRequest,
    listing: Callable[[str], Listing[Any]],
    columns: tuple[ExportColumn, ...],
    *,
    what: str,
    back: str,
) -> HttpResponseBase:
    """Hand the list out as a sheet, with the reason asked."""
    estate = estate_at_hand(request, "cases.export")
    return hand_out(
        request,
        lambda: listing("cases.export").sorted,
        columns,
        name=f"{what} {localdate():%Y-%m-%d}",
        what=what,
        estate_id=estate.pk,
        back=reverse(back),
    )
