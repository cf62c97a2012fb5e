"""维修 by API: the orders, those in one's own hands, and every step of the lead, the technician and the desk."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.cases.models import Urgency
from huiyin.areas.estate import queries as estates
from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.api.numbers import NumberAsked
from huiyin.areas.repairs.api.visits import Arrival, NotLetIn, OrderFinish, OrderPhotos, VisitAgreed
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.states import OrderStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import (
    AskedId,
    Body,
    Day,
    Flag,
    Id,
    Line,
    Moment,
    Note,
    Number,
    Text,
    ValueRefused,
    Word,
)
from huiyin.foundation.kit.words import mask_phone

routes = Routes("repairs", title="维修")


class OrderLine(TypedDict):
    """A work order."""

    number: str
    id: int
    case: str
    thread: str
    status: str
    urgency: str
    location_kind: str
    unit: str
    technician: str | None
    technician_id: int | None
    appointment_from: datetime | None
    appointment_to: datetime | None
    opened_at: datetime
    dispatched_at: datetime | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    closed_at: datetime | None


class OrderWhole(OrderLine):
    """A work order with what was done and how it was accepted."""

    text: str
    place: str
    caller_name: str
    caller_phone: str
    work_done: str
    acceptance: str
    signer: str
    paper_slip: str
    paper_written_at: datetime | None


class OrderList(TypedDict):
    items: list[OrderLine]


class TechnicianLine(TypedDict):
    """Somebody who repairs here, and how many orders they hold."""

    id: int
    name: str
    load: int


class TechnicianList(TypedDict):
    items: list[TechnicianLine]


class OrdersAsked(NumberAsked):
    """What the list is narrowed to. `text` is a part of a number, a unit or a name."""

    estate: Number
    status: OrderStatus | Literal["running"] | None = None
    urgency: Urgency | None = None
    technician_id: AskedId | None = None
    since: Day | None = None
    until: Day | None = None
    text: Annotated[Word, Field(max_length=40)] = ""


@routes.read("/orders", right="repairs.see", says="维修单列表,新的在前", of=Page[OrderLine])
def orders(request: HttpRequest, asked: Query[OrdersAsked]) -> Page[OrderLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="repairs.see")
    found = queries.listed(
        user,
        estate.pk,
        status=asked.status or "",
        technician=str(asked.technician_id or ""),
        urgency=asked.urgency or "",
        since=asked.since,
        until=asked.until,
        q=asked.text,
        among=asked.orders(user, estate.pk),
    )
    return page_of(found, asked, _line)


class MyOrdersAsked(NumberAsked):
    """What one's own orders are narrowed to."""

    estate: Number
    status: OrderStatus | Literal["running"] | None = None


@routes.read("/orders/mine/all", right="repairs.work", says="我的维修单,新的在前", of=Page[OrderLine])
def my_orders(request: HttpRequest, asked: Query[MyOrdersAsked]) -> Page[OrderLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="repairs.work")
    among = asked.orders(user, estate.pk)
    found = queries.listed(user, estate.pk, status=asked.status or "", technician=str(user.pk), among=among)
    return page_of(found, asked, _line)


@routes.read("/orders/mine", right="repairs.work", says="我手上的维修单", of=OrderList)
def mine(request: HttpRequest) -> OrderList:
    user = signed_in(request)
    seen = {estate.pk for estate in estates.estates_of(user)}
    return {"items": [_line(one) for one in queries.orders_of_technician(user) if one.estate_id in seen]}


@routes.read("/orders/{number}", right="repairs.see", says="一张维修单", of=OrderWhole)
def order(request: HttpRequest, number: Number) -> OrderWhole:
    return _whole(queries.order_for(signed_in(request), number, to="repairs.see"))


@routes.read("/orders/mine/{number}", right="repairs.work", says="我手上的一张维修单", of=OrderWhole)
def job(request: HttpRequest, number: Number) -> OrderWhole:
    return _whole(queries.order_for(signed_in(request), number, to="repairs.work"))


@routes.read("/technicians", right="repairs.see", says="维修工和各自手上的单数", of=TechnicianList)
def technicians(request: HttpRequest, estate: Number) -> TechnicianList:
    place = estates.estate_for(signed_in(request), estate, to="repairs.see")
    found = queries.technicians_with_load(place.pk)
    return {"items": [{"id": one.pk, "name": one.name, "load": load} for one, load in found]}


class OrderDispatch(Body):
    technician_id: Id
    note: Text = ""


class OrderHold(Body):
    """What the order waits for, in words where it is something else, and when to look again."""

    why: Literal["parts", "resident", "contractor", "other"] = "other"
    note: Text = ""
    wakes_at: Moment


class Said(Body):
    """What the resident says when accepting; all of it may be left out."""

    precautions_explained: Flag = False
    satisfaction: Annotated[int | None, Field(ge=1, le=5)] = None
    opinion: Annotated[Line, Field(max_length=200)] = ""
    contact_phone: Annotated[Word, Field(max_length=40)] = ""

    def told(self) -> operations.Opinion:
        return operations.Opinion(
            precautions_explained=self.precautions_explained,
            satisfaction=self.satisfaction,
            opinion=self.opinion,
            contact_phone=self.contact_phone,
        )


class Signature(Said):
    """The drawn signature as `data:image/png;base64,…`, or the paper slip that was signed instead."""

    signer: Annotated[Word, Field(max_length=60)]
    drawing: Annotated[str, Field(max_length=300_000, pattern=r"^[A-Za-z0-9+/=:;,]*$")] = ""
    paper_slip: Annotated[Word, Field(max_length=40)] = ""
    written_at: Moment | None = None


class Slip(Said):
    """A signed paper slip; with a technician it is keyed in whole, without only the acceptance is."""

    paper_slip: Annotated[Word, Field(max_length=40)]
    signer: Annotated[Word, Field(max_length=60)]
    written_at: Moment
    technician_id: Id | None = None
    arrived_at: Moment | None = None
    finished_at: Moment | None = None
    work_done: Text = ""


@routes.act("/orders/{number}/dispatch", right="repairs.dispatch", says="派单")
def dispatch(request: HttpRequest, number: Number, said: OrderDispatch) -> None:
    one = _order(request, number, "repairs.dispatch")
    operations.dispatch(one, technician=_technician(one, said.technician_id), note=said.note, **acting(request))


@routes.act("/orders/{number}/appoint", right="repairs.dispatch", says="约上门时间")
def appoint(request: HttpRequest, number: Number, said: VisitAgreed) -> None:
    one = _order(request, number, "repairs.dispatch")
    if said.end <= said.start:
        raise ValueRefused("结束时间要晚于开始时间")
    plan = {"work": said.work, "minutes": said.minutes, "note": said.note}
    operations.appoint(one, start=said.start, end=said.end, **plan, **acting(request))  # type: ignore[arg-type]  # as named


@routes.act("/orders/{number}/take-back", right="repairs.dispatch", says="收回维修单")
def take_back(request: HttpRequest, number: Number, said: Note) -> None:
    operations.take_back(_order(request, number, "repairs.dispatch"), reason=said.note, **acting(request))


@routes.act("/orders/{number}/void", right="repairs.dispatch", says="作废维修单")
def void(request: HttpRequest, number: Number, said: Note) -> None:
    operations.void_order(_order(request, number, "repairs.dispatch"), reason=said.note, **acting(request))


@routes.act("/orders/{number}/reopen", right="repairs.dispatch", says="重开报修")
def reopen(request: HttpRequest, number: Number, said: Note) -> None:
    operations.reopen(_order(request, number, "repairs.dispatch").case, reason=said.note, **acting(request))


@routes.act("/orders/{number}/accept", right="repairs.work", says="接单")
def accept(request: HttpRequest, number: Number) -> None:
    operations.accept(_order(request, number), **acting(request))


@routes.act("/orders/{number}/return", right="repairs.work", says="退回班长")
def return_(request: HttpRequest, number: Number, said: Note) -> None:
    operations.return_order(_order(request, number), reason=said.note, **acting(request))


@routes.act("/orders/{number}/arrive", right="repairs.work", says="到达")
def arrive(request: HttpRequest, number: Number, said: Arrival) -> None:
    operations.arrive(_order(request, number), entry=said.entering(), **acting(request))


@routes.act("/orders/{number}/not-let-in", right="repairs.work", says="未获同意,没有进门")
def not_let_in(request: HttpRequest, number: Number, said: NotLetIn) -> None:
    operations.turn_away(_order(request, number), why=said.note, slot=said.slot(), **acting(request))


@routes.act("/orders/{number}/photos", right="repairs.work", says="存修前或修后照片")
def photos(request: HttpRequest, number: Number, said: OrderPhotos) -> None:
    files = [one.file() for one in said.photos]
    operations.add_photos(_order(request, number), stage=said.stage, photos=files, **acting(request))


@routes.act("/orders/{number}/hold", right="repairs.work", says="挂起维修")
def hold(request: HttpRequest, number: Number, said: OrderHold) -> None:
    one = _order(request, number)
    operations.hold(one, why=said.why, reason=said.note, wakes_at=said.wakes_at, **acting(request))


@routes.act("/orders/{number}/resume", right="repairs.work", says="恢复维修")
def resume(request: HttpRequest, number: Number) -> None:
    operations.resume(_order(request, number), **acting(request))


@routes.act("/orders/{number}/finish", right="repairs.work", says="完工")
def finish(request: HttpRequest, number: Number, said: OrderFinish) -> None:
    files = [one.file() for one in said.photos]
    told = {"work_done": said.work_done, "photos": files, "leaving": said.leaving()}
    operations.finish(_order(request, number), **told, **acting(request))  # type: ignore[arg-type]  # as named


@routes.act("/orders/{number}/rework", right="repairs.work", says="返工")
def rework(request: HttpRequest, number: Number, said: Note) -> None:
    operations.rework(_order(request, number), reason=said.note, **acting(request))


@routes.act("/orders/{number}/sign", right="repairs.work", says="客户签字,维修单办结")
def sign(request: HttpRequest, number: Number, said: Signature) -> None:
    one = _order(request, number)
    if not said.paper_slip:
        operations.sign(one, drawing=said.drawing, signer=said.signer, said=said.told(), **acting(request))
        return
    if one.technician_id != signed_in(request).pk:
        raise ValueRefused("这张维修单不在您手里,纸单请交前台录入")
    if said.written_at is None:
        raise ValueRefused("请写明纸单上的签收时间")
    operations.accept_by_paper(
        one,
        paper_slip=said.paper_slip,
        signer=said.signer,
        written_at=said.written_at,
        said=said.told(),
        **acting(request),
    )


@routes.act("/orders/{number}/paper", right="repairs.paper", says="录入纸质维修单")
def paper(request: HttpRequest, number: Number, said: Slip) -> None:
    one = _order(request, number, "repairs.paper")
    slip = {"paper_slip": said.paper_slip, "signer": said.signer, "written_at": said.written_at, "said": said.told()}
    if said.technician_id is None:
        operations.accept_by_paper(one, **slip, **acting(request))  # type: ignore[arg-type]  # as the body spells them
        return
    if said.finished_at is None:
        raise ValueRefused("请写明完工时间")
    operations.key_in_slip(
        one,
        technician=_technician(one, said.technician_id),
        arrived_at=said.arrived_at,
        finished_at=said.finished_at,
        work_done=said.work_done,
        **slip,  # type: ignore[arg-type]  # as the body spells them
        **acting(request),
    )


def _line(one: WorkOrder) -> OrderLine:
    return {
        "number": one.number,
        "id": one.pk,
        "case": one.case.number,
        "thread": one.thread,
        "status": one.status,
        "urgency": one.urgency,
        "location_kind": one.location_kind,
        "unit": one.case.caller_unit,
        "technician": one.technician.name if one.technician else None,
        "technician_id": one.technician_id,
        "appointment_from": one.appointment_from,
        "appointment_to": one.appointment_to,
        "opened_at": one.opened_at,
        "dispatched_at": one.dispatched_at,
        "accepted_at": one.accepted_at,
        "arrived_at": one.arrived_at,
        "finished_at": one.finished_at,
        "closed_at": one.closed_at,
    }


def _whole(one: WorkOrder) -> OrderWhole:
    return {
        **_line(one),
        "text": one.case.text,
        "place": one.case.place,
        "caller_name": one.case.caller_name,
        "caller_phone": mask_phone(one.case.caller_phone),
        "work_done": one.work_done,
        "acceptance": one.acceptance,
        "signer": one.signer,
        "paper_slip": one.paper_slip,
        "paper_written_at": one.paper_written_at,
    }


def _order(request: HttpRequest, number: str, right: str = "repairs.work") -> WorkOrder:
    return queries.order_for(signed_in(request), number, to=right)


def _technician(one: WorkOrder, user_id: int) -> User:
    found = queries.technician_of(one.estate_id, user_id)
    if found is None:
        raise ValueRefused("本小区没有这位维修工")
    return found
