"""What follows an order, on one page: its copies, the talk with the resident, the contact details, and what came before."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.repairs import operations, queries, words
from huiyin.areas.repairs.models import OrderCopies
from huiyin.areas.repairs.queries import Followed
from huiyin.areas.repairs.web.follow_forms import ContactForm, CopyBackForm, CopySeenForm, DecideForm, TalkForm
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import done, page, refusals, refused, where_next
from huiyin.foundation.refusals import Refused


@require_GET
@needs("repairs.see")
def follow(request: HttpRequest, number: str) -> HttpResponse:
    """Answer everything that followed the order."""
    return _page(request, queries.followed(signed_in(request), number, at=now()))


def _page(request: HttpRequest, found: Followed, **sent: Form) -> HttpResponse:
    order, at = found.order, now()
    request.about_estate = order.estate_id  # type: ignore[attr-defined]  # `can` answers for the order's estate
    forms = {"back": CopyBackForm(), "seen": CopySeenForm(), "talk": _talk(found), "contact": _contact(found)} | sent
    return page(
        request,
        "repairs/follow.html",
        found=found,
        order=order,
        incidents=queries.led_by(order),
        forms=forms,
        opened=next(iter(sent), ""),
        words=words,
        at=at,
    )


def _talk(found: Followed, sent: Any = None) -> TalkForm:
    order = found.order
    people = [one for one, _ in queries.technicians_with_load(order.estate_id)]
    first = order.technician
    if first and all(one.pk != first.pk for one in people):
        people.append(first)
    initial = {"idempotency_key": uuid4(), "told_by": first.pk if first else None, "talked_at": order.finished_at}
    return TalkForm(sent, people=people, open_case=order.case.is_open, initial=initial)


def _contact(found: Followed, sent: Any = None) -> ContactForm:
    case = found.order.case
    known = next((one for one in found.people if one.person.pk == case.person_id), None)
    initial = {
        "person": str(known.person.pk) if known else "",
        "name": known.person.name if known else case.caller_name,
        "phone": case.caller_phone or (known.phones[0] if known and known.phones else ""),
    }
    return ContactForm(sent, people=found.people, initial=initial)


Act = Callable[[datetime], str]


def _carried(request: HttpRequest, found: Followed, name: str, form: Form, act: Act) -> HttpResponse:
    """Carry out one act of the page; what is wrong with it is said in its form, with everything still there."""
    if form.is_valid():
        with refusals(form):
            said = act(now())
            return done(request, where_next(request, reverse("repairs:follow", args=[found.order.number])), said)
    return _page(request, found, **{name: form})


def _of(request: HttpRequest, number: str, right: str) -> tuple[Followed, OrderCopies]:
    user = signed_in(request)
    copies = queries.copies_for(user, number, to=right)
    return queries.followed(user, number, at=now()), copies


@require_POST
@needs("repairs.paper")
def copy_back(request: HttpRequest, number: str) -> HttpResponse:
    """Record that the second copy is at the desk and was checked."""
    found, copies = _of(request, number, "repairs.paper")
    form = CopyBackForm(request.POST)

    def act(at: datetime) -> str:
        operations.take_copy_back(copies, **form.cleaned_data, actor=signed_in(request), at=at)
        return "第二联已交回"

    return _carried(request, found, "back", form, act)


@require_POST
@needs("repairs.dispatch")
def copy_seen(request: HttpRequest, number: str) -> HttpResponse:
    """Record that the foreman has looked at the first copy."""
    found, copies = _of(request, number, "repairs.dispatch")
    form = CopySeenForm(request.POST)

    def act(at: datetime) -> str:
        operations.look_at_copy(copies, **form.cleaned_data, actor=signed_in(request), at=at)
        return "第一联已核对"

    return _carried(request, found, "seen", form, act)


@require_POST
@needs("repairs.paper")
def talk(request: HttpRequest, number: str) -> HttpResponse:
    """Enter what the technician tells of the talk with the resident."""
    user = signed_in(request)
    order = queries.order_for(user, number, to="repairs.paper")
    found = queries.followed(user, number, at=now())
    form = _talk(found, request.POST)

    def act(at: datetime) -> str:
        note = operations.enter_talk(order, **form.talk(), actor=user, at=at)
        return f"已录入,后续是 {note.follow_up_case.number}" if note.follow_up_case else "已录入"

    return _carried(request, found, "talk", form, act)


@require_POST
@needs("repairs.paper")
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Record name and phone as the resident gave them."""
    user = signed_in(request)
    order = queries.order_for(user, number, to="repairs.paper")
    found = queries.followed(user, number, at=now())
    form = _contact(found, request.POST)

    def act(at: datetime) -> str:
        change = operations.confirm_contact(order, **form.contact(), actor=user, at=at)
        return "与档案一致" if change.status == "same" else "跟档案不一样,等同事核定"

    return _carried(request, found, "contact", form, act)


@require_POST
@needs("estate.edit")
def contact_decide(request: HttpRequest, change_id: int) -> HttpResponse:
    """Bring the roster up to what was confirmed, or leave it with the reason."""
    user, at = signed_in(request), now()
    change = queries.change_for(user, change_id, to="estate.edit")
    back, form = where_next(request, reverse("repairs:contacts")), DecideForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("请选择更新或不更新")
        if form.cleaned_data["decision"] == "accept":
            operations.accept_contact(change, actor=user, at=at)
            return done(request, back, "住户资料已更新")
        operations.refuse_contact(change, reason=form.cleaned_data["note"], actor=user, at=at)
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, "没有更新,原因已记下")
