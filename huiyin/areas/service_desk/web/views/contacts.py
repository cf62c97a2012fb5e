"""One line of the ledger: what was said, what followed, and how it ends."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.areas.cases import queries as cases
from huiyin.areas.service_desk import operations, queries, words
from huiyin.areas.service_desk import states as ledger_states
from huiyin.areas.service_desk.models import Contact
from huiyin.areas.service_desk.states import ContactStatus
from huiyin.areas.service_desk.web.forms import AnswerForm, CallbackForm, PassOnForm, PromiseForm
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.journal.queries import timeline
from huiyin.foundation.kit.entries import Entry
from huiyin.foundation.kit.replies import done, page, refusals
from huiyin.foundation.states.moves import available_moves

Forms = dict[str, forms.Form]
Act = Callable[[Any, Contact, User, datetime], str]


@require_GET
@needs("desk.see")
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Answer the page of one contact."""
    line = queries.contact_for(signed_in(request), number)
    return _page(request, line, _forms(signed_in(request), line, now()), now())


def _act(request: HttpRequest, number: str, name: str, act: Act) -> HttpResponse:
    """Carry out one action of the page; what is wrong with it is said in its form, with everything still there."""
    user, at = signed_in(request), now()
    line = queries.contact_for(user, number, to="desk.register")
    shown = _forms(user, line, at, name, request.POST if request.method == "POST" else None)
    if request.method == "POST" and shown[name].is_valid():
        with refusals(shown[name]):
            said = act(shown[name], line, user, at)
            return done(request, reverse("service_desk:contact", args=[number]), said)
    return _page(request, line, shown, at, opened=name)


@require_http_methods(["GET", "POST"])
@needs("desk.register")
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Record the answer."""

    def act(form: AnswerForm, line: Contact, user: User, at: datetime) -> str:
        operations.answer_contact(line, answer=form.cleaned_data["answer"], actor=user, at=at)
        return "已记下答复"

    return _act(request, number, "answer", act)


@require_http_methods(["GET", "POST"])
@needs("desk.register")
def promise(request: HttpRequest, number: str) -> HttpResponse:
    """Record by when who will answer."""

    def act(form: PromiseForm, line: Contact, user: User, at: datetime) -> str:
        said = form.cleaned_data
        operations.promise_contact(line, promised_at=said["promised_at"], by=said["by"], actor=user, at=at)
        return "已记下约定的时间"

    return _act(request, number, "promise", act)


@require_http_methods(["GET", "POST"])
@needs("desk.register")
def ask_back(request: HttpRequest, number: str) -> HttpResponse:
    """Record that the caller asks to be called back."""

    def act(form: CallbackForm, line: Contact, user: User, at: datetime) -> str:
        operations.ask_callback(line, by=form.cleaned_data["by"], actor=user, at=at)
        return "已记下,到时回电"

    return _act(request, number, "ask_back", act)


@require_http_methods(["GET", "POST"])
@needs("desk.register")
def call_back(request: HttpRequest, number: str) -> HttpResponse:
    """Record the call back and what was answered."""

    def act(form: AnswerForm, line: Contact, user: User, at: datetime) -> str:
        operations.call_back(line, answer=form.cleaned_data["answer"], actor=user, at=at)
        return "已记下回电"

    return _act(request, number, "call_back", act)


@require_http_methods(["GET", "POST"])
@needs("desk.register")
def pass_on(request: HttpRequest, number: str) -> HttpResponse:
    """Make a case of the contact."""

    def act(form: PassOnForm, line: Contact, user: User, at: datetime) -> str:
        key, text = str(form.cleaned_data["idempotency_key"]), form.cleaned_data["text"]
        case = operations.pass_on(line, matter=form.matter(), text=text, actor=user, at=at, key=key)
        return f"已转为事项 {case.number}"

    return _act(request, number, "pass_on", act)


def _forms(user: User, line: Contact, at: datetime, sent_to: str = "", sent: Any = None) -> Forms:
    """Build the forms of the page; the one that was sent holds what was typed."""
    colleagues = staffing.colleagues(line.estate_id)
    promising = {"colleagues": colleagues, "actor": user}
    matter = {
        "at": at,
        "colleagues": lambda: colleagues,
        "departments": partial(staffing.departments_of, line.estate_id),
        "categories": partial(cases.all_categories, line.estate_id),
        "estate_id": line.estate_id,
        "initial": {"idempotency_key": uuid4(), "text": line.text},
    }

    def typed(name: str) -> Any:
        return sent if name == sent_to else None

    return {
        "answer": AnswerForm(typed("answer"), auto_id="answer_%s"),
        "call_back": AnswerForm(typed("call_back"), auto_id="call_back_%s"),
        "promise": PromiseForm(typed("promise"), auto_id="promise_%s", **promising),
        "ask_back": CallbackForm(typed("ask_back"), auto_id="ask_back_%s", **promising),
        "pass_on": PassOnForm(typed("pass_on"), auto_id="pass_on_%s", **matter),
    }


def _page(request: HttpRequest, line: Contact, shown: Forms, at: datetime, opened: str = "") -> HttpResponse:
    actions = _actions(line, signed_in(request))
    if opened and shown[opened].is_bound and opened not in actions:
        actions.insert(0, opened)  # somebody was faster: what was typed is still shown, with the sentence
    request.about_estate = line.estate_id  # type: ignore[attr-defined]  # `can` answers for the contact's estate
    return page(
        request,
        "service_desk/contact.html",
        contact=line,
        cases=queries.cases_of(line),
        entries=_history(line),
        forms=shown,
        actions=actions,
        opened=opened,
        at=at,
        words=words,
    )


def _actions(line: Contact, user: User) -> list[str]:
    """Return the names of the forms this person may use now, the likeliest first."""
    moves = {move.code for move in available_moves(line, user, ledger_states.MOVES)}
    promised = line.status == ContactStatus.PROMISED
    wanted = [
        ("call_back", promised and "answer" in moves),
        ("answer", "answer" in moves),
        ("promise", "promise" in moves),
        ("ask_back", "promise" in moves),
        ("pass_on", "pass_on" in moves),
        ("pass_on", line.status == ContactStatus.PASSED_ON and access_of(user).may("desk.register", line.estate_id)),
    ]
    return [name for name, may in wanted if may]


def _history(line: Contact) -> list[Entry]:
    found = []
    for one in timeline([line.thread]):
        said, kind = words.says(one)
        found.append(Entry(at=one.at, says=said, who=one.actor.name, kind=kind, rule=one.rule, detail=one.note))
    return found
