"""How a contact ends without a case: answered, promised by a time, called back."""

from datetime import datetime
from typing import Any

from huiyin.areas.service_desk import events, states
from huiyin.areas.service_desk.models import Contact
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards
from huiyin.standards import queries as promises
from huiyin.standards.in_force import working_calendar
from huiyin.standards.operations import Owner


class ContactIncomplete(Refused):
    """What the ledger needs was not given."""


@command
def answer_contact(contact: Contact, *, answer: str, actor: User, at: datetime) -> None:
    """Record what was answered on the spot. Refused without words."""
    if not answer.strip():
        raise ContactIncomplete("请写下答复了什么")
    _may_close(contact, answer=answer, at=at)
    entry = perform(
        contact,
        states.ANSWER,
        actor=actor,
        at=at,
        note=answer,
        fact=events.ContactAnswered(**frame(contact)),
        answer=answer.strip(),
        settled_at=at,
    )
    standards.keep_subject((contact.journal_name, contact.pk), entry=entry, at=at)


@command
def promise_contact(
    contact: Contact, *, promised_at: datetime, by: User, actor: User, at: datetime, note: str = ""
) -> None:
    """Record by when somebody will answer. Refused for a time that has passed, or for somebody who has left."""
    if promised_at <= at:
        raise ContactIncomplete("约定的时间要晚于现在")
    _can_owe(by)
    entry = perform(
        contact,
        states.PROMISE,
        actor=actor,
        at=at,
        note=note,
        fact=events.ContactPromised(
            **(frame(contact) | {"responsible_id": by.pk, "receiver_id": by.pk}), promised_at=promised_at
        ),
        promised_at=promised_at,
        promised_by=by,
    )
    if not promises.of_entry(entry):
        standards.promise(
            "按约定时间答复",
            estate_id=contact.estate_id,
            subject=(contact.journal_name, contact.pk),
            thread=contact.thread,
            entry=entry,
            due_at=promised_at,
            owner=Owner(by.pk),
            at=at,
        )


@command
def ask_callback(contact: Contact, *, by: User, actor: User, at: datetime, note: str = "") -> None:
    """Record that the caller wants to be called back; the standard says how soon.

    Refused without a phone to call, or for somebody who has left.
    """
    if not contact.caller_phone.strip():
        raise ContactIncomplete("请先记下回电的号码")
    _can_owe(by)
    entry = journal.announce(
        events.CallbackAsked(**(frame(contact) | {"responsible_id": by.pk, "receiver_id": by.pk})),
        actor=actor,
        at=at,
        note=note,
    )
    due = promises.due_of_entry(entry) or working_calendar(estate_id=contact.estate_id).end_of_day(at)
    perform(contact, states.PROMISE, actor=actor, at=at, promised_at=due, promised_by=by)
    if not promises.of_entry(entry):
        standards.promise(
            "回电",
            estate_id=contact.estate_id,
            subject=(contact.journal_name, contact.pk),
            thread=contact.thread,
            entry=entry,
            due_at=due,
            owner=Owner(by.pk),
            at=at,
        )


@command
def call_back(contact: Contact, *, answer: str, actor: User, at: datetime) -> None:
    """Record the call back and what was answered. Refused without words."""
    journal.announce(events.CalledBack(**frame(contact)), actor=actor, at=at)
    answer_contact(contact, answer=answer, actor=actor, at=at)


def _can_owe(by: User) -> None:
    if not by.is_active:
        raise ContactIncomplete(f"{by.name}已经离岗,请另选一位同事")


def _may_close(contact: Contact, *, answer: str, at: datetime) -> None:
    standards.require(
        "service_desk.contact.close",
        estate_id=contact.estate_id,
        values={"answered": bool(answer.strip()), "promised_at": contact.promised_at, "answer": answer.strip()},
        at=at,
    )


def frame(contact: Contact) -> dict[str, Any]:
    """Return what every fact about the contact carries."""
    return {
        "subject_id": contact.pk,
        "contact_id": contact.pk,
        "estate_id": contact.estate_id,
        "thread": contact.thread,
        "responsible_id": contact.promised_by_id or contact.receiver_id,
        "receiver_id": contact.receiver_id,
        "channel": contact.channel,
    }
