"""A contact is taken, and becomes what it is: a case, one more caller of an open case, or something ended at once."""

from dataclasses import dataclass
from datetime import datetime

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case, Category
from huiyin.areas.cases.rules import Caller
from huiyin.areas.complaints import operations as complaints
from huiyin.areas.estate.models import Estate, Household, Person, Unit
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.service_desk import events, states
from huiyin.areas.service_desk.models import Contact, ContactCase
from huiyin.areas.service_desk.operations.ending import (
    ContactIncomplete,
    answer_contact,
    ask_callback,
    frame,
    promise_contact,
)
from huiyin.areas.staffing.models import Department
from huiyin.areas.staffing.queries import Responsible
from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.idempotency.operations import earlier_result, remember
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.numbers.operations import next_number
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards
from huiyin.standards.in_force import working_calendar


class AlreadyEntered(Refused):
    """The form was sent before, with other words: what is typed now would be lost."""


@dataclass(frozen=True)
class Home:
    """Where the caller belongs, as far as the roster knows."""

    unit: Unit | None = None
    household: Household | None = None
    person: Person | None = None


@dataclass(frozen=True)
class Ending:
    """How a contact ends that needs no case: answered now, or promised by a time, or called back by somebody.

    An answer wins over a time; without either it is a call back.
    """

    answer: str = ""
    promised_at: datetime | None = None
    by: User | None = None


@dataclass(frozen=True)
class Matter:
    """What the contact became: everything a case of its kind needs besides the caller and the text."""

    kind: str
    category: Category | None = None
    urgency: str = "normal"
    place: str = ""
    important: bool = False
    responsible: Responsible | None = None
    raised_by: Case | None = None
    repeat_of: Case | None = None
    severity: str = "minor"
    responsibility: str = "internal"
    about_department: Department | None = None
    about_person: User | None = None
    reply_letter_only: bool = False
    location_kind: str = "in_unit"
    large: bool = False
    appointment_from: datetime | None = None
    appointment_to: datetime | None = None


@command
def register_contact(
    estate: Estate,
    *,
    channel: str,
    text: str,
    caller: Caller,
    actor: User,
    at: datetime,
    home: Home | None = None,
    written_at: datetime | None = None,
    key: str = "",
    kind: str = "",
    urgency: str = "",
) -> Contact:
    """Enter a contact into the ledger at once, with the next serial of the day and the receiver's name.

    A repeated key returns the contact of the first time. Refused without a text, with a paper time in the future, for
    a home of another estate, or when the key was used for other words.
    """
    if earlier := earlier_result(key, "service_desk.register", actor=actor):
        return _entered(earlier, text)
    if not text.strip():
        raise ContactIncomplete("请写下客户说了什么")
    if written_at and written_at > at:
        raise ContactIncomplete("纸面上的时间不能晚于现在")
    home = home or Home()
    _belongs(home, estate)
    day = working_calendar(estate_id=estate.pk).local_date(at)
    serial = next_number(estate.pk, "contact", day)
    contact = rows.new(
        Contact,
        estate=estate,
        number=f"{estate.code}-L{day:%y%m%d}-{serial:03d}",
        channel=channel,
        received_at=at,
        written_at=written_at,
        receiver=actor,
        caller_name=caller.name,
        caller_phone=caller.phone,
        caller_unit=caller.unit_code or (home.unit.code if home.unit else ""),
        unit=home.unit,
        household=home.household,
        person=home.person,
        text=text.strip(),
    )
    rows.insert(contact)
    journal.announce(
        events.ContactRegistered(**(frame(contact) | {"kind": kind, "urgency": urgency})), actor=actor, at=at
    )
    remember(key, "service_desk.register", actor=actor, at=at, result=contact.pk)
    return contact


@command
def take_matter(
    estate: Estate,
    *,
    matter: Matter,
    channel: str,
    text: str,
    caller: Caller,
    actor: User,
    at: datetime,
    home: Home | None = None,
    written_at: datetime | None = None,
    key: str = "",
) -> Case:
    """Enter a contact and make it a case in one go: the desk's main act. A repeated key returns the first case."""
    contact = register_contact(
        estate,
        channel=channel,
        text=text,
        caller=caller,
        actor=actor,
        at=at,
        home=home,
        written_at=written_at,
        key=key,
        kind=matter.kind,
        urgency=matter.urgency,
    )
    if contact.status == states.ContactStatus.PASSED_ON:
        return contact.outcomes.select_related("case").order_by("id")[0].case
    return pass_on(contact, matter=matter, actor=actor, at=at, home=home)


@command
def report_again(
    estate: Estate,
    *,
    into: Case,
    channel: str,
    text: str,
    caller: Caller,
    actor: User,
    at: datetime,
    home: Home | None = None,
    written_at: datetime | None = None,
    key: str = "",
    place: str = "",
) -> Case:
    """Enter a contact about a matter that is open already: a case of its own, merged into the open one.

    So the caller has a number, counts among the callers of the matter, and is found again if the two turn out to be
    different (`cases.unmerge_case`). The desk may do this with what it has just taken; merging others takes its own
    right. Refused as taking a matter and merging are.
    """
    case = take_matter(
        estate,
        matter=Matter(kind=into.kind, category=into.category, urgency=into.urgency, place=place or into.place),
        channel=channel,
        text=text,
        caller=caller,
        actor=actor,
        at=at,
        home=home,
        written_at=written_at,
        key=key,
    )
    if case.merged_into_id is None:
        cases.merge_case(case, into=into, actor=actor, at=at)
    return case


@command
def settle_at_desk(
    estate: Estate,
    *,
    ending: Ending,
    channel: str,
    text: str,
    caller: Caller,
    actor: User,
    at: datetime,
    home: Home | None = None,
    written_at: datetime | None = None,
    key: str = "",
    kind: str = "enquiry",
    urgency: str = "",
) -> Contact:
    """Enter a contact and end it in one go without a case: answered on the spot, promised, or to be called back.

    A repeated key returns the contact of the first time.
    """
    contact = register_contact(
        estate,
        channel=channel,
        text=text,
        caller=caller,
        actor=actor,
        at=at,
        home=home,
        written_at=written_at,
        key=key,
        kind=kind,
        urgency=urgency,
    )
    if contact.status != states.ContactStatus.OPEN:
        return contact
    by = ending.by or actor
    if ending.answer.strip():
        answer_contact(contact, answer=ending.answer, actor=actor, at=at)
    elif ending.promised_at:
        promise_contact(contact, promised_at=ending.promised_at, by=by, actor=actor, at=at)
    else:
        ask_callback(contact, by=by, actor=actor, at=at)
    return contact


@command
def pass_on(
    contact: Contact,
    *,
    matter: Matter,
    actor: User,
    at: datetime,
    text: str = "",
    home: Home | None = None,
    key: str = "",
) -> Case:
    """Make a case of a contact. It may be called again: one contact can bring several matters.

    A repeated key returns the case of the first time. Refused for a contact that was answered.
    """
    if earlier := earlier_result(key, "service_desk.pass_on", actor=actor):
        return Case.objects.get(pk=earlier)
    if contact.status == states.ContactStatus.ANSWERED:
        raise ContactIncomplete("这条来电来访已经答复,如有新的事情请另行登记")
    home = home or Home(contact.unit, contact.household, contact.person)
    case = cases.register_case(
        contact.estate,
        kind=matter.kind,
        text=text or contact.text,
        caller=Caller(contact.caller_name, contact.caller_phone, contact.caller_unit),
        actor=actor,
        at=at,
        unit=home.unit,
        household=home.household,
        person=home.person,
        category=matter.category,
        urgency=matter.urgency,
        place=matter.place,
        channel=contact.channel,
        important=matter.important,
        written_at=contact.written_at,
        responsible=matter.responsible,
        raised_by=matter.raised_by,
        repeat_of=matter.repeat_of,
        followed=matter.kind == "repair",
    )
    if matter.kind == "repair":
        repairs.open_order(
            case,
            actor=actor,
            at=at,
            location_kind=matter.location_kind,
            large=matter.large,
            appointment_from=matter.appointment_from,
            appointment_to=matter.appointment_to,
        )
    elif matter.kind == "complaint":
        complaints.open_complaint(
            case,
            actor=actor,
            at=at,
            severity=matter.severity,
            responsibility=matter.responsibility,
            about_department=matter.about_department,
            about_person=matter.about_person,
            reply_letter_only=matter.reply_letter_only,
        )
    rows.insert(rows.new(ContactCase, contact=contact, case=case))
    if contact.status != states.ContactStatus.PASSED_ON:
        entry = perform(
            contact,
            states.PASS_ON,
            actor=actor,
            at=at,
            fact=events.ContactPassedOn(**(frame(contact) | {"kind": matter.kind}), case=case.number),
            settled_at=at,
        )
        standards.keep_subject((contact.journal_name, contact.pk), entry=entry, at=at)
    remember(key, "service_desk.pass_on", actor=actor, at=at, result=case.pk)
    return case


def _entered(contact_id: int, text: str) -> Contact:
    contact = Contact.objects.get(pk=contact_id)
    if contact.text != text.strip():
        raise AlreadyEntered(f"这张表单已登记为 {contact.number}。这次写的还没有登记,请复制下来,按「下一个」另登一条")
    return contact


def _belongs(home: Home, estate: Estate) -> None:
    """A home is of one estate and of one piece, or another household's file would get the line."""
    if any(part.estate_id != estate.pk for part in (home.unit, home.household, home.person) if part):
        raise ContactIncomplete("所选的房屋不在这个小区,请重新选择")
    if home.household and home.household.unit_id != (home.unit.pk if home.unit else None):
        raise ContactIncomplete("所选的住户不住在这套房屋,请重新选择")
