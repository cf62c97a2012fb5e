"""What the small steps about money have in common: a form, one operation, and back with a sentence."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from huiyin.foundation.kit.replies import done, refused, where_next
from huiyin.foundation.refusals import Refused


def take(
    request: HttpRequest, form: forms.Form | None, act: Callable[[dict[str, Any]], object], says: str, *, back: str
) -> HttpResponse:
    """Carry out the step with what the form holds, and go back; a refusal is said on a page of its own."""
    back = where_next(request, back)
    if form is not None and not form.is_valid():
        return refused(request, Refused(next(iter(form.errors.values()))[0]), back=back)
    try:
        act(form.cleaned_data if form else {})
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, says)
