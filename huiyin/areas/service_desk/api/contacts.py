"""前台 by API: a contact is entered and becomes what it is, as at the desk; the ledger is read, and its lines are ended."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.cases import queries as cases
from huiyin.areas.cases.models import CaseKind, Urgency
from huiyin.areas.cases.rules import Caller
from huiyin.areas.complaints.models import Responsibility, Severity
from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs.models import LocationKind
from huiyin.areas.service_desk import operations, queries
from huiyin.areas.service_desk.models import Channel, Contact
from huiyin.areas.service_desk.operations import Ending, Home, Matter
from huiyin.areas.service_desk.states import ContactStatus
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import Body, Day, Id, Moment, Number, Text, ValueRefused, Word
from huiyin.foundation.kit.words import mask_phone

routes = Routes("service_desk", title="前台")


class ContactLine(TypedDict):
    """One line of the ledger."""

    number: str
    id: int
    thread: str
    status: str
    channel: str
    received_at: datetime
    written_at: datetime | None
    receiver: str
    unit: str
    text: str
    promised_at: datetime | None
    settled_at: datetime | None
    cases: list[str]


class ContactWhole(ContactLine):
    estate: str
    caller_name: str
    caller_phone: str
    answer: str


class Registered(TypedDict):
    """What came of it. Follow `thread`: webhooks and the history of the case go by it."""

    contact: str
    status: str
    case: str | None
    case_id: int | None
    thread: str
    merged_into: str | None


class LedgerAsked(Asked):
    estate: Number
    status: ContactStatus | None = None
    channel: Channel | None = None
    since: Day | None = None
    until: Day | None = None
    text: Annotated[Word, Field(max_length=40)] = ""


@routes.read("/contacts", right="desk.see", says="来电来访登记,新的在前", of=Page[ContactLine])
def ledger(request: HttpRequest, asked: Query[LedgerAsked]) -> Page[ContactLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="desk.see")
    found = queries.ledger_lines(
        user,
        estate,
        status=asked.status,
        channel=asked.channel,
        since=asked.since,
        until=asked.until,
        text=asked.text,
    )
    return page_of(found, asked, lambda one: _line(one, [outcome.case.number for outcome in one.outcomes.all()]))


@routes.read("/contacts/{number}", right="desk.see", says="一条登记", of=ContactWhole)
def contact(request: HttpRequest, number: Number) -> ContactWhole:
    one = queries.contact_for(signed_in(request), number)
    return {
        **_line(one, [case.number for case in queries.cases_of(one)]),
        "estate": one.estate.code,
        "caller_name": one.caller_name,
        "caller_phone": mask_phone(one.caller_phone),
        "answer": one.answer,
    }


class CallerSaid(Body):
    """Who called, as told. Without a name the caller is anonymous."""

    name: Annotated[Word, Field(max_length=60)] = ""
    phone: Annotated[Word, Field(max_length=24)] = ""
    unit: Annotated[Word, Field(max_length=40)] = ""


class MatterSaid(Body):
    """What the contact becomes a case as. What belongs to another kind than the one named is left out."""

    kind: CaseKind
    category_id: Id | None = None
    urgency: Urgency = Urgency.NORMAL
    place: Word = ""
    location_kind: LocationKind = LocationKind.IN_UNIT
    appointment_from: Moment | None = None
    appointment_to: Moment | None = None
    severity: Severity = Severity.MINOR
    responsibility: Responsibility = Responsibility.INTERNAL
    about_department_id: Id | None = None
    about_person_id: Id | None = None


class EndingSaid(Body):
    """How an enquiry ends at once: an answer, else a time, else somebody calls back."""

    answer: Text = ""
    promised_at: Moment | None = None
    by_id: Id | None = None


class Registration(Body):
    """A contact. With `matter` it becomes a case, with `ending` it is ended at once, with `same_as` it joins an open
    case, and with none of them it stays open in the ledger. `unit` is the home's code in the roster."""

    estate: Number
    channel: Channel
    text: Text
    caller: CallerSaid = CallerSaid()
    unit: Annotated[Word, Field(max_length=40)] = ""
    person_id: Id | None = None
    written_at: Moment | None = None
    matter: MatterSaid | None = None
    ending: EndingSaid | None = None
    same_as: Annotated[Word, Field(max_length=60)] = ""


class ContactAnswer(Body):
    answer: Text


class ContactPromise(Body):
    promised_at: Moment
    by_id: Id | None = None


class Callback(Body):
    by_id: Id | None = None


class PassOn(Body):
    matter: MatterSaid
    text: Text = ""


@routes.act("/contacts", right="desk.register", says="登记一个来电来访", of=Registered, status=201)
def desk(request: HttpRequest, said: Registration) -> Registered:
    user = signed_in(request)
    estate = estates.estate_for(user, said.estate, to="desk.register")
    if sum(1 for one in (said.matter, said.ending, said.same_as) if one) > 1:
        raise ValueRefused("matter、ending、same_as 只能写一个")
    home = _home(estate, said)
    unit = said.caller.unit or (home.unit.code if home.unit else "")
    frame = {
        "channel": said.channel.value,
        "text": said.text,
        "caller": Caller(said.caller.name, said.caller.phone, unit),
        "home": home,
        "written_at": said.written_at,
        **acting(request),
    }
    if said.same_as:
        into = cases.case_for(user, said.same_as.strip().upper())
        return _of_case(user, operations.report_again(estate, into=into, **frame).number)
    if said.matter:
        return _of_case(user, operations.take_matter(estate, matter=_matter(estate, said.matter), **frame).number)
    if said.ending:
        return _of_contact(operations.settle_at_desk(estate, ending=_ending(estate, said.ending, user), **frame))
    return _of_contact(operations.register_contact(estate, **frame))


@routes.act("/contacts/{number}/answer", right="desk.register", says="记下答复")
def contact_answer(request: HttpRequest, number: Number, said: ContactAnswer) -> None:
    operations.answer_contact(_contact(request, number), answer=said.answer, **acting(request))


@routes.act("/contacts/{number}/promise", right="desk.register", says="约定答复时间")
def contact_promise(request: HttpRequest, number: Number, said: ContactPromise) -> None:
    one = _contact(request, number)
    by = _colleague(one.estate, said.by_id, signed_in(request))
    operations.promise_contact(one, promised_at=said.promised_at, by=by, **acting(request))


@routes.act("/contacts/{number}/ask-back", right="desk.register", says="请回电")
def contact_ask_back(request: HttpRequest, number: Number, said: Callback) -> None:
    one = _contact(request, number)
    operations.ask_callback(one, by=_colleague(one.estate, said.by_id, signed_in(request)), **acting(request))


@routes.act("/contacts/{number}/call-back", right="desk.register", says="记下回电")
def contact_call_back(request: HttpRequest, number: Number, said: ContactAnswer) -> None:
    operations.call_back(_contact(request, number), answer=said.answer, **acting(request))


@routes.act("/contacts/{number}/pass-on", right="desk.register", says="转为事项", of=Registered, status=201)
def contact_pass_on(request: HttpRequest, number: Number, said: PassOn) -> Registered:
    one = _contact(request, number)
    case = operations.pass_on(one, matter=_matter(one.estate, said.matter), text=said.text, **acting(request))
    return _of_case(signed_in(request), case.number)


def _line(one: Contact, numbers: list[str]) -> ContactLine:
    return {
        "number": one.number,
        "id": one.pk,
        "thread": one.thread,
        "status": one.status,
        "channel": one.channel,
        "received_at": one.received_at,
        "written_at": one.written_at,
        "receiver": one.receiver.name,
        "unit": one.caller_unit,
        "text": one.text,
        "promised_at": one.promised_at,
        "settled_at": one.settled_at,
        "cases": numbers,
    }


def _of_case(user: User, number: str) -> Registered:
    told = queries.told(user, number)
    assert told.case is not None
    return {
        "contact": told.contact.number,
        "status": told.contact.status,
        "case": told.case.number,
        "case_id": told.case.pk,
        "thread": told.case.thread,
        "merged_into": told.joined.number if told.joined else None,
    }


def _of_contact(one: Contact) -> Registered:
    return {
        "contact": one.number,
        "status": one.status,
        "case": None,
        "case_id": None,
        "thread": one.thread,
        "merged_into": None,
    }


def _contact(request: HttpRequest, number: str) -> Contact:
    return queries.contact_for(signed_in(request), number, to="desk.register")


def _home(estate: Estate, said: Registration) -> Home:
    """Return the home the roster knows by this code, and the resident if one is named. Refused for unknown ones."""
    if not said.unit:
        return Home()
    unit = estates.unit_by_code(estate.pk, said.unit)
    if unit is None:
        raise ValueRefused("本小区没有这个房号;不确定时写在 caller.unit 里")
    card = estates.household_card(unit)
    person = next((one.person for one in card.people if one.person.pk == said.person_id), None)
    if said.person_id and person is None:
        raise ValueRefused("这套房屋里没有登记这个人")
    return Home(unit, card.household, person)


def _matter(estate: Estate, said: MatterSaid) -> Matter:
    repair, complaint = said.kind == CaseKind.REPAIR, said.kind == CaseKind.COMPLAINT
    if (said.appointment_from is None) != (said.appointment_to is None):
        raise ValueRefused("预约从几点到几点,两头都要写")
    if said.appointment_from and said.appointment_to and said.appointment_to <= said.appointment_from:
        raise ValueRefused("预约的结束时间要晚于开始时间")
    category = next((one for one in cases.all_categories(estate.pk) if one.pk == said.category_id), None)
    if said.category_id and (category is None or category.kind != said.kind):
        raise ValueRefused("这个类别里没有这个分类")
    department = next((d for d in staffing.departments_of(estate.pk) if d.pk == said.about_department_id), None)
    if said.about_department_id and department is None:
        raise ValueRefused("本小区没有这个部门")
    return Matter(
        kind=said.kind.value,
        category=category,
        urgency=said.urgency.value,
        place=said.place,
        location_kind=said.location_kind.value if repair else "in_unit",
        appointment_from=said.appointment_from if repair else None,
        appointment_to=said.appointment_to if repair else None,
        severity=said.severity.value if complaint else "minor",
        responsibility=said.responsibility.value if complaint else "internal",
        about_department=department if complaint else None,
        about_person=_named(estate, said.about_person_id) if complaint and said.about_person_id else None,
    )


def _ending(estate: Estate, said: EndingSaid, user: User) -> Ending:
    return Ending(answer=said.answer, promised_at=said.promised_at, by=_colleague(estate, said.by_id, user))


def _colleague(estate: Estate, person_id: int | None, otherwise: User) -> User:
    return _named(estate, person_id) if person_id else otherwise


def _named(estate: Estate, person_id: int) -> User:
    found = next((one for one in staffing.colleagues(estate.pk) if one.pk == person_id), None)
    if found is None:
        raise ValueRefused("本小区没有这位同事")
    return found
