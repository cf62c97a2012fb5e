"""Showing what is masked: a reason first, then once, and a line in the journal that says who looked at what."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from huiyin.areas.cases.permissions import visible_to as visible_cases
from huiyin.areas.estate import queries as estates
from huiyin.areas.repairs import queries as repairs
from huiyin.areas.service_desk.permissions import visible_to as visible_contacts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.replies import page, refusals
from huiyin.foundation.privacy import operations as privacy
from huiyin.foundation.privacy import reasons

REVEAL = "people.reveal"


class ReasonForm(HouseForm):
    reason = forms.ChoiceField(label="原因", choices=tuple(reasons.LOOKING.items()))
    note = forms.CharField(label="为什么", required=False, max_length=reasons.LONGEST)


@dataclass(frozen=True)
class Masked:
    """Something that is shown with a reason only: of which record, what it is called, and how it is read."""

    subject: tuple[str, int]
    estate_id: int
    what: str
    whose: str
    masked: bool
    read: Callable[[], list[tuple[str, str]]]


def _phones(user: User, key: int) -> Masked:
    person = estates.person_for(user, key, to="estate.see")
    phones = estates.phones_of(person)
    return Masked(
        ("estate.person", key),
        person.estate_id,
        "电话",
        str(person),
        bool(phones),
        lambda: [("电话", one.number) for one in phones],
    )


def _details(user: User, key: int) -> Masked:
    person = estates.person_for(user, key, to="estate.see")
    known = bool(estates.details_known(person))
    subject = ("estate.person", key)
    return Masked(subject, person.estate_id, "登记的资料", str(person), known, lambda: estates.details_of(person))


def _case(user: User, key: int) -> Masked:
    case = visible_cases(user).filter(pk=key).first()
    if case is None:
        raise Http404
    require_right(user, "cases.see", case.estate_id)
    number = case.caller_phone
    subject = ("cases.case", key)
    return Masked(subject, case.estate_id, "来电号码", case.number, bool(number), lambda: [("电话", number)])


def _contact(user: User, key: int) -> Masked:
    contact = visible_contacts(user).filter(pk=key).first()
    if contact is None:
        raise Http404
    require_right(user, "desk.see", contact.estate_id)
    number = contact.caller_phone
    subject = ("service_desk.contact", key)
    return Masked(subject, contact.estate_id, "来电号码", contact.number, bool(number), lambda: [("电话", number)])


def _confirmed(user: User, key: int) -> Masked:
    change = repairs.change_for(user, key, to="estate.edit")
    number, whose = change.phone, change.order.number
    subject = ("repairs.contact", key)
    return Masked(subject, change.estate_id, "核到的号码", whose, bool(number), lambda: [("电话", number)])


KINDS: dict[str, Callable[[User, int], Masked]] = {
    "person": _phones,
    "details": _details,
    "case": _case,
    "contact": _contact,
    "confirmed": _confirmed,
}


@require_http_methods(["GET", "POST"])
@needs(REVEAL)
def reveal(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """Ask for the reason; answer a reason with what is masked, once. Neither is kept by the browser."""
    user = signed_in(request)
    if kind not in KINDS:
        raise Http404
    found = KINDS[kind](user, key)
    require_right(user, REVEAL, found.estate_id)
    request.about_estate = found.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    form, shown = ReasonForm(request.POST if request.method == "POST" else None), None
    if found.masked and form.is_valid():
        with refusals(form):
            said = form.cleaned_data
            privacy.reveal(
                found.subject,
                estate_id=found.estate_id,
                what=found.what,
                reason=said["reason"],
                note=said["note"],
                actor=user,
                at=now(),
            )
            shown = found.read()
    response = page(
        request,
        "web/reveal.html#panel",
        found=found,
        form=form,
        shown=shown,
        reasons=reasons.LOOKING,
        other=reasons.OTHER,
    )
    add_never_cache_headers(response)
    return response
