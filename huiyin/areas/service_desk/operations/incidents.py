"""Callers of an incident: each is entered, answered with its sentence and counted; who asked is told when it is over."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import Caller
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs.models import Incident
from huiyin.areas.repairs.states import IncidentStatus
from huiyin.areas.service_desk import events
from huiyin.areas.service_desk.models import Contact, IncidentCaller
from huiyin.areas.service_desk.operations.ending import ContactIncomplete, answer_contact
from huiyin.areas.service_desk.operations.taking import Home, Matter, register_contact, take_matter
from huiyin.areas.service_desk.states import ContactStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards
from huiyin.standards import queries as promises
from huiyin.standards.in_force import working_calendar
from huiyin.standards.operations import Owner


@command
def answer_for_incident(
    estate: Estate,
    *,
    incident: Incident,
    wants_telling: bool,
    channel: str,
    caller: Caller,
    actor: User,
    at: datetime,
    text: str = "",
    home: Home | None = None,
    written_at: datetime | None = None,
    key: str = "",
) -> Contact:
    """Enter somebody who asks about the incident and answer with its sentence: one press. A repeated key enters once.

    Refused when it is over, or when somebody wants to be told who left no phone.
    """
    contact = register_contact(
        estate,
        channel=channel,
        text=text.strip() or f"问「{incident.title}」",
        caller=caller,
        actor=actor,
        at=at,
        home=home,
        written_at=written_at,
        key=key,
        kind="enquiry",
    )
    if contact.status != ContactStatus.OPEN:
        return contact
    _tie(contact, incident, wants_telling=wants_telling, actor=actor, at=at)
    answer_contact(contact, answer=incident.sentence, actor=actor, at=at)
    return contact


@command
def take_matter_of_incident(
    estate: Estate,
    *,
    incident: Incident,
    wants_telling: bool,
    matter: Matter,
    actor: User,
    at: datetime,
    **told: Any,
) -> Case:
    """Enter somebody to whom the incident did something that needs work of its own: a case, tied to the incident.

    Refused as taking a matter and `answer_for_incident` are.
    """
    case = take_matter(estate, matter=matter, actor=actor, at=at, **told)
    contact = Contact.objects.get(outcomes__case=case)
    if not IncidentCaller.objects.filter(contact=contact).exists():
        _tie(contact, incident, wants_telling=wants_telling, case=case, actor=actor, at=at)
    return case


def owe_telling(incident: Incident, *, actor: User, at: datetime) -> int:
    """Owe everybody who asked to hear of the end a word; return how many."""
    waiting = IncidentCaller.objects.filter(incident=incident, wants_telling=True, told_at=None)
    callers = list(waiting.select_related("contact__receiver").order_by("id"))
    end_of_day = working_calendar(estate_id=incident.estate_id).add_workdays_end_of_day(at, 1)
    for one in callers:
        fact = events.IncidentTellingOwed(**_frame(one, incident))
        entry = journal.announce(fact, actor=actor, at=at)
        if not promises.of_entry(entry):
            standards.promise(
                "告诉来电人已经恢复",
                estate_id=incident.estate_id,
                subject=(one.journal_name, one.pk),
                thread=incident.thread,
                entry=entry,
                due_at=end_of_day,
                owner=Owner(fact.responsible_id, fact.responsible_post),
                at=at,
            )
    return len(callers)


@command
def tell_callers(callers: Iterable[IncidentCaller], *, how: str, actor: User, at: datetime) -> int:
    """Record that these callers were told how it ended; return how many. Who was told already is left as it is.

    Refused without saying how, or while the incident runs.
    """
    if not how.strip():
        raise ContactIncomplete("请写明怎么告诉的:电话、短信、微信群、单元门口张贴")
    told = 0
    for one in callers:
        if one.incident.status != IncidentStatus.OVER:
            raise ContactIncomplete("这件事还没有结束,先结束再逐个告知")
        waiting = IncidentCaller.objects.filter(pk=one.pk, wants_telling=True, told_at=None)
        if not waiting.update(told_at=at, told_by=actor, told_how=how.strip()):
            continue
        told += 1
        fact = events.IncidentTold(**_frame(one, one.incident), how=how.strip())
        entry = journal.announce(fact, actor=actor, at=at)
        standards.keep_subject((one.journal_name, one.pk), entry=entry, at=at)
    return told


@command
def join_matter(case: Case, *, into: Case, actor: User, at: datetime) -> None:
    """Let what one has just taken be one with a matter that is open already: 就是这件, said after registering.

    The desk needs no right to merge for it, because it merges only what it took itself and nobody has begun.
    """
    if case.first_contact_owner_id != actor.pk or case.status != "new":
        raise ContactIncomplete("只有自己刚登记、还没人受理的,才能在这里并过去;其他的请主管并案")
    cases.merge_case(case, into=into, actor=actor, at=at)


def _tie(
    contact: Contact,
    incident: Incident,
    *,
    wants_telling: bool,
    actor: User,
    at: datetime,
    case: Case | None = None,
) -> IncidentCaller:
    if contact.estate_id != incident.estate_id:
        raise ContactIncomplete("这件事不在这个小区")
    # Locked: whoever ends it meanwhile waits, so that nobody asks to be told of an end that has been told already.
    running = Incident.objects.select_for_update().filter(pk=incident.pk, status=IncidentStatus.OPEN)
    if not running.exists():
        raise ContactIncomplete(f"「{incident.title}」刚刚结束了,请按现在的情况答复")
    if wants_telling and not contact.caller_phone.strip():
        raise ContactIncomplete("要告诉他恢复了,请先记下号码")
    one = IncidentCaller.objects.create(incident=incident, contact=contact, case=case, wants_telling=wants_telling)
    fact = events.IncidentAsked(**_frame(one, incident) | {"thread": contact.thread}, wants_telling=wants_telling)
    journal.announce(fact, actor=actor, at=at)
    return one


def _frame(one: IncidentCaller, incident: Incident) -> dict[str, Any]:
    receiver = one.contact.receiver
    return {
        "subject_id": one.pk,
        "estate_id": incident.estate_id,
        "thread": incident.thread,
        "contact_id": one.contact_id,
        "incident": incident.number,
        "responsible_id": receiver.pk if receiver.is_active else None,
        "responsible_post": "front_desk",
        "receiver_id": receiver.pk if receiver.is_active else None,
    }
