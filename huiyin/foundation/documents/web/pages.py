"""What the areas' print views have in common: one form at once, or the choice of forms for a list and its batch."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django_tasks.base import Task

from huiyin.foundation.accounts.permissions import require_right, signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.documents import operations
from huiyin.foundation.documents.forms import Form
from huiyin.foundation.documents.web.responses import pdf_response
from huiyin.foundation.kit.exporting import PurposeForm
from huiyin.foundation.kit.replies import done, page, refused
from huiyin.foundation.privacy.asked import sealed_query
from huiyin.foundation.privacy.operations import NEVER_KEPT, NoReason
from huiyin.foundation.refusals import Refused


def chosen(forms: Mapping[str, Form], code: str) -> Form:
    """Return the form with the code, the first without one; 404 for a code that is not offered here."""
    if code and code not in forms:
        raise Http404
    return forms[code] if code else next(iter(forms.values()))


def show(
    request: HttpRequest,
    forms: Mapping[str, Form],
    records: Sequence[Any],
    *,
    subject: tuple[str, int],
    estate_id: int,
    name: str,
) -> HttpResponse:
    """Answer with the form that `?form=` asks for: of one record, or the register of some."""
    user = signed_in(request)
    form = chosen(forms, request.GET.get("form", ""))
    require_right(user, form.right, estate_id)
    pdf = operations.print_records(
        form, records, subject=subject, estate_id=estate_id, origin=origin_of(request), actor=user, at=now()
    )
    return pdf_response(pdf, f"{form.code} {form.title} {name}.pdf")


def offer(
    request: HttpRequest,
    forms: Mapping[str, Form],
    listed: QuerySet[Any],
    task: Task[..., Any],
    *,
    estate_id: int,
    back: str,
) -> HttpResponse:
    """Ask what for and on which form the listed records are printed; then begin the batch and show how far it is.

    A register of people is offered to those who may take it out of the house.
    """
    user = signed_in(request)
    ids = _ids(listed)
    query = f"?{sealed_query(request.GET)}" if request.GET else ""
    said = PurposeForm(request.POST if request.method == "POST" else None)
    if said.is_valid():
        form = chosen(forms, request.POST.get("form", ""))
        for right in filter(None, (form.right, form.export)):
            require_right(user, right, estate_id)
        purpose = operations.Purpose(said.cleaned_data["reason"], said.cleaned_data["note"], _filter(request))
        about = {"estate_id": estate_id, "origin": origin_of(request), "actor": user, "at": now()}
        try:
            run = operations.begin_run(form, ids, task, purpose=purpose, **about)
            return done(request, reverse("web:print_run", args=[run.pk]), f"{form.title}开始排版")
        except NoReason as refusal:
            said.add_error("note", str(refusal))
        except Refused as refusal:
            return refused(request, refusal, back=back + query)
    access = access_of(user)
    return page(
        request,
        "documents/offer.html",
        forms=[one for one in forms.values() if not one.export or access.may(one.export, estate_id)],
        said=said,
        count=len(ids),
        most=operations.MOST,
        back=back + query,
        query=query,
    )


def _filter(request: HttpRequest) -> dict[str, str]:
    """Return what the list was narrowed to, without typed words: those may name a person."""
    return {key: value for key, value in request.GET.items() if value and key not in NEVER_KEPT}


def origin_of(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _ids(listed: QuerySet[Any]) -> Sequence[int]:
    """Return the ids in the order of the list, and one more than may be printed so that too many shows."""
    return [row.pk for row in listed[: operations.MOST + 1]]
