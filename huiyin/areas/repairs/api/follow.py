"""What follows orders by API: copies, talks with residents, confirmed contact details."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Occupancy
from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import (
    Attitude,
    CommunicationNote,
    ContactChange,
    Materials,
    OrderCopies,
)
from huiyin.areas.repairs.operations import FollowUp
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import (
    AskedId,
    Body,
    Day,
    Flag,
    Id,
    Line,
    Moment,
    Number,
    Text,
    ValueRefused,
    Word,
)
from huiyin.foundation.kit.words import mask_name, mask_phone

routes = Routes("repairs", title="维修")


class CopiesLine(TypedDict):
    """The two copies of an accepted order."""

    order: str
    technician: str | None
    expected_at: datetime
    back_at: datetime | None
    materials: str
    materials_note: str
    seen_at: datetime | None
    training: bool
    training_note: str


class TalkLine(TypedDict):
    """What a technician told of the talk with a resident."""

    id: int
    order: str
    unit: str
    talked_at: datetime
    told_by: str
    points: str
    attitude: str
    needs: str
    follow_up: str
    follow_up_case: str | None


class ContactChangeLine(TypedDict):
    """Name and phone as confirmed on an order."""

    id: int
    order: str
    unit: str
    status: str
    name: str
    phone: str
    old_name: str
    old_phone: str
    confirmed_at: datetime
    decided_at: datetime | None


class OrderFollowed(TypedDict):
    """Everything that followed one order."""

    order: str
    copies: CopiesLine | None
    talks: list[TalkLine]
    contacts: list[ContactChangeLine]
    repeats_30_days: int
    repeats_90_days: int
    owed: list[str]


class Entered(TypedDict):
    id: int
    follow_up_case: str | None


class Confirmed(TypedDict):
    id: int
    status: str


class CopiesAsked(Asked):
    estate: Number
    show: Literal["", "back", "seen", "differ", "training"] = ""
    technician_id: AskedId | None = None


class TalksAsked(Asked):
    estate: Number
    attitude: Attitude | None = None
    since: Day | None = None
    until: Day | None = None


class ContactsAsked(Asked):
    estate: Number
    status: Literal["", "all", "same", "proposed", "accepted", "refused"] = ""


class CopyBack(Body):
    materials: Materials
    note: Line = ""


class CopySeen(Body):
    note: Line = ""
    training: Flag = False
    training_note: Line = ""


class TalkEntered(Body):
    """What is still to be done becomes a matter of the kind, or with `next_at` the next step of this one."""

    told_by_id: Id
    talked_at: Moment
    points: Text
    attitude: Attitude = Attitude.CALM
    needs: Text = ""
    follow_up: Text = ""
    follow_kind: Literal["enquiry", "repair", "suggestion", "special_service"] = "enquiry"
    next_at: Moment | None = None


class ContactGiven(Body):
    """Without a person it is somebody new in the household, of this kind."""

    name: Annotated[Word, Field(max_length=60)]
    phone: Annotated[Word, Field(max_length=24)]
    person_id: Id | None = None
    kind: Literal["owner", "tenant", "family"] = "family"


class ContactDecision(Body):
    accept: Flag
    note: Line = ""


@routes.read("/orders/{number}/follow", right="repairs.see", says="一张维修单的后续", of=OrderFollowed)
def follow(request: HttpRequest, number: Number) -> OrderFollowed:
    found = queries.followed(signed_in(request), number, at=now())
    for one in found.talks:
        one.order = found.order
    if found.copies:
        found.copies.order = found.order
    return {
        "order": found.order.number,
        "copies": _copies(found.copies) if found.copies else None,
        "talks": [_talk(one) for one in found.talks],
        "contacts": [_contact(one) for one in found.contacts],
        "repeats_30_days": found.repeats.short,
        "repeats_90_days": found.repeats.long,
        "owed": [one.does for one in found.standing],
    }


@routes.read("/copies", right="repairs.see", says="维修单两联", of=Page[CopiesLine])
def copies(request: HttpRequest, asked: Query[CopiesAsked]) -> Page[CopiesLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="repairs.see")
    technician = str(asked.technician_id or "")
    return page_of(queries.copies_listed(user, estate.pk, show=asked.show, technician=technician), asked, _copies)


@routes.act("/orders/{number}/copy-back", right="repairs.paper", says="第二联交回前台")
def copy_back(request: HttpRequest, number: Number, said: CopyBack) -> None:
    one = queries.copies_for(signed_in(request), number, to="repairs.paper")
    operations.take_copy_back(one, materials=said.materials, note=said.note, **acting(request))


@routes.act("/orders/{number}/copy-seen", right="repairs.dispatch", says="核对第一联")
def copy_seen(request: HttpRequest, number: Number, said: CopySeen) -> None:
    one = queries.copies_for(signed_in(request), number, to="repairs.dispatch")
    training = {"training": said.training, "training_note": said.training_note}
    operations.look_at_copy(one, note=said.note, **training, **acting(request))  # type: ignore[arg-type]  # as named


@routes.read("/talks", right="repairs.see", says="业户沟通情况,新的在前", of=Page[TalkLine])
def talks(request: HttpRequest, asked: Query[TalksAsked]) -> Page[TalkLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="repairs.see")
    found = queries.talks_listed(user, estate.pk, attitude=asked.attitude, since=asked.since, until=asked.until)
    return page_of(found, asked, _talk)


@routes.act("/orders/{number}/talk", right="repairs.paper", says="录入沟通情况", of=Entered, status=201)
def talk(request: HttpRequest, number: Number, said: TalkEntered) -> Entered:
    order = queries.order_for(signed_in(request), number, to="repairs.paper")
    told_by = queries.technician_of(order.estate_id, said.told_by_id)
    if told_by is None:
        raise ValueRefused("本小区没有这位维修工")
    note = operations.enter_talk(
        order,
        told_by=told_by,
        talked_at=said.talked_at,
        points=said.points,
        attitude=said.attitude,
        needs=said.needs,
        follow_up=FollowUp(said.follow_up, said.follow_kind, said.next_at) if said.follow_up else None,
        **acting(request),
    )
    return {"id": note.pk, "follow_up_case": note.follow_up_case.number if note.follow_up_case else None}


@routes.read("/contact-changes", right="estate.edit", says="核到的联系方式", of=Page[ContactChangeLine])
def contacts(request: HttpRequest, asked: Query[ContactsAsked]) -> Page[ContactChangeLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="estate.edit")
    return page_of(queries.changes_listed(user, estate.pk, status=asked.status), asked, _contact)


@routes.act("/orders/{number}/contact", right="repairs.paper", says="核对姓名电话", of=Confirmed, status=201)
def contact(request: HttpRequest, number: Number, said: ContactGiven) -> Confirmed:
    user = signed_in(request)
    order = queries.order_for(user, number, to="repairs.paper")
    people = queries.followed(user, number, at=now()).people
    person = next((one.person for one in people if one.person.pk == said.person_id), None)
    if said.person_id and person is None:
        raise ValueRefused("这一户里没有登记这个人")
    given: dict[str, Any] = {"name": said.name, "phone": said.phone, "person": person}
    change = operations.confirm_contact(order, **given, kind=Occupancy.Kind(said.kind), **acting(request))
    return {"id": change.pk, "status": change.status}


@routes.act("/contact-changes/{change_id}/decide", right="estate.edit", says="核定联系方式")
def contact_decide(request: HttpRequest, change_id: AskedId, said: ContactDecision) -> None:
    change = queries.change_for(signed_in(request), change_id, to="estate.edit")
    if said.accept:
        operations.accept_contact(change, **acting(request))
    else:
        operations.refuse_contact(change, reason=said.note, **acting(request))


def _copies(one: OrderCopies) -> CopiesLine:
    return {
        "order": one.order.number,
        "technician": one.order.technician.name if one.order.technician else None,
        "expected_at": one.expected_at,
        "back_at": one.back_at,
        "materials": one.materials,
        "materials_note": one.materials_note,
        "seen_at": one.seen_at,
        "training": one.training,
        "training_note": one.training_note,
    }


def _talk(one: CommunicationNote) -> TalkLine:
    return {
        "id": one.pk,
        "order": one.order.number,
        "unit": one.order.case.caller_unit,
        "talked_at": one.talked_at,
        "told_by": one.told_by.name,
        "points": one.points,
        "attitude": one.attitude,
        "needs": one.needs,
        "follow_up": one.follow_up,
        "follow_up_case": one.follow_up_case.number if one.follow_up_case else None,
    }


def _contact(one: ContactChange) -> ContactChangeLine:
    return {
        "id": one.pk,
        "order": one.order.number,
        "unit": one.order.case.caller_unit,
        "status": one.status,
        "name": mask_name(one.name),
        "phone": mask_phone(one.phone),
        "old_name": mask_name(one.old_name),
        "old_phone": mask_phone(one.old_phone),
        "confirmed_at": one.confirmed_at,
        "decided_at": one.decided_at,
    }
