"""The technician's phone: my jobs by slot, and one job with its steps in the order of the work."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.repairs import operations, queries, rules, words
from huiyin.areas.repairs.models import LocationKind, WorkOrder
from huiyin.areas.repairs.states import OrderStatus
from huiyin.areas.repairs.web.forms import (
    ArriveForm,
    FinishForm,
    HoldForm,
    PassOnForm,
    PhotosForm,
    SignForm,
    SlipForm,
    StepForm,
    StepReasonForm,
    TurnAwayForm,
)
from huiyin.areas.repairs.web.signals import shift_of
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.refusals import Refused

FORMS: dict[str, type[StepForm]] = {
    "accept": StepForm,
    "return": StepReasonForm,
    "arrive": ArriveForm,
    "start": StepForm,
    "not_let_in": TurnAwayForm,
    "photos": PhotosForm,
    "hold": HoldForm,
    "resume": StepForm,
    "finish": FinishForm,
    "rework": StepReasonForm,
    "sign": SignForm,
    "slip": SlipForm,
}


def _form_of(name: str, order: WorkOrder) -> type[StepForm]:
    """Return the form of a step; nobody is asked for consent to what belongs to all."""
    return StepForm if name == "arrive" and order.location_kind != LocationKind.IN_UNIT else FORMS[name]


@require_GET
@needs("repairs.work")
def mine(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now()
    orders = list(queries.orders_of_technician(user))
    clocks, arrivals = queries.clocks_and_arrivals(orders)
    bands: dict[str, list[WorkOrder]] = {title: [] for title in rules.JOB_BANDS}
    for order in orders:
        slot = localdate(order.appointment_from) if order.appointment_from else None
        woken = bool(order.case.next_at and order.case.next_at <= at)
        band = rules.job_band(
            status=order.status, urgency=order.urgency, appointment_date=slot, today=localdate(at), woken=woken
        )
        bands[band].append(order)
    return page(
        request,
        "repairs/mine.html",
        bands=bands,
        total=len(orders),
        clocks=clocks,
        arrivals=arrivals,
        waits=queries.waits_of(orders),
        open_to_me=queries.offers_open_to(user, at=at),
        asked_of_me=queries.transfers_to(user),
        key=uuid4(),
        words=words,
        tones=words.TONES,
        shift=shift_of(request),
        at=at,
    )


@require_GET
@needs("repairs.work")
def job(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    order = queries.order_for(user, number, to="repairs.work")
    return show_job(request, order, user, at=now())


def show_job(
    request: HttpRequest,
    order: WorkOrder,
    user: User,
    *,
    at: datetime,
    wrong: tuple[str, StepForm] | None = None,
) -> HttpResponse:
    """Answer with the job; `wrong` is the step that was refused and its form as it was filled in."""
    request.about_estate = order.estate_id  # type: ignore[attr-defined]  # what may be done here is asked of this estate
    steps: dict[str, Any] = {
        name: _form_of(name, order)(initial={"idempotency_key": uuid4()}, auto_id=f"{name}_%s") for name in FORMS
    }
    steps["sign"].initial["signer"] = steps["slip"].initial["signer"] = order.case.caller_name
    clocks, arrivals = queries.clocks_and_arrivals([order])
    lines = queries.lines_about(order)
    steps["photos"].initial["stage"] = "before"
    if wrong:
        steps[wrong[0]] = wrong[1]
    return page(
        request,
        "repairs/job.html",
        status=422 if wrong else 200,
        order=order,
        is_mine=order.technician_id == user.pk,
        steps=steps,
        wrong=wrong[0] if wrong else "",
        money=queries.money_of(order),
        clock=clocks.get(order.pk),
        arrival=arrivals.get(order.pk),
        asked=queries.transfers_of([order]).get(order.pk),
        times=queries.step_times(order, lines),
        told=queries.why_it_waits(order, lines),
        visit=queries.visit_of(order, lines),
        needed=queries.needed_items(order, at=at),
        earlier=queries.history_of(order),
        slips=queries.slips_open(order),
        # What the phone keeps for want of a signal has the forms of every state that may follow.
        ahead=[one.value for one in OrderStatus if one.value in words.STEP_OF] if "ahead" in request.GET else [],
        shift=shift_of(request),
        words=words,
        at=at,
    )


def _step(
    request: HttpRequest,
    number: str,
    name: str,
    act: Callable[[WorkOrder, User, StepForm, dict[str, Any]], None],
    says: str,
    *,
    leave: bool = False,
) -> HttpResponse:
    """Take one step: the form, one operation, and back to the job, or to the list when the job has left the hands."""
    user, at = signed_in(request), now()
    try:
        order = queries.order_for(user, number, to="repairs.work")
    except Http404:
        return out_of_hands(request, user, number, name)
    form = _form_of(name, order)(request.POST, request.FILES, auto_id=f"{name}_%s")
    if form.is_valid():
        with refusals(form):
            when = form.when(at)
            operations.by_phone(
                order,
                lambda: act(order, user, form, when),
                step=says,
                told=form.told(at),
                actor=user,
                at=at,
                key=when["key"],
            )
            where = reverse("repairs:mine") if leave else reverse("repairs:job", args=[number])
            return done(request, where, says)
    order = queries.order_for(user, number, to="repairs.work")
    return show_job(request, order, user, at=at, wrong=(name, form))


def out_of_hands(request: HttpRequest, user: User, number: str, name: str) -> HttpResponse:
    """Answer a step on an order that is in other hands now: taken before, or a sentence who has it."""
    order = queries.order_once_given(user, number)
    if order is None:
        raise Http404
    list_of_mine = reverse("repairs:mine")
    if queries.was_taken(request.POST.get("idempotency_key", ""), name, actor=user):
        return done(request, list_of_mine, "这一步早先已经送到")
    try:
        operations.mine(order, user)
    except Refused as refusal:
        return refused(request, refusal, back=list_of_mine)
    raise Http404


@require_POST
@needs("repairs.work")
def accept(request: HttpRequest, number: str) -> HttpResponse:
    def take(order: WorkOrder, user: User, form: StepForm, when: dict[str, Any]) -> None:
        operations.accept(order, actor=user, **when)

    return _step(request, number, "accept", take, "已接单")


@require_POST
@needs("repairs.work")
def return_(request: HttpRequest, number: str) -> HttpResponse:
    def give_back(order: WorkOrder, user: User, form: StepForm, when: dict[str, Any]) -> None:
        operations.return_order(order, reason=form.cleaned_data["note"], actor=user, **when)

    return _step(request, number, "return", give_back, "已退回班长,等待重新派单", leave=True)


@require_http_methods(["GET", "POST"])
@needs("repairs.work")
def pass_on(request: HttpRequest, number: str) -> HttpResponse:
    """Ask a colleague to take the order over; until they do, it stays where it is."""
    user, at = signed_in(request), now()
    order = queries.order_for(user, number, to="repairs.work")
    form = PassOnForm(request.POST or None, auto_id="pass_on_%s", initial={"idempotency_key": uuid4()})
    if form.is_valid():
        with refusals(form):
            receiver = queries.technician_of(order.estate_id, form.cleaned_data["receiver"])
            if receiver is None:
                raise Refused("请选择本小区的维修工")
            said = {"reason": form.cleaned_data["note"], "key": form.cleaned_data["idempotency_key"]}
            operations.ask_transfer(order, receiver=receiver, actor=user, at=at, **said)
            where = reverse("repairs:job", args=[number])
            return done(request, where, "已请对方接单;对方接下之前,单还在您手里")
    return page(
        request,
        "repairs/pass_on.html",
        status=422 if form.is_bound else 200,
        order=order,
        form=form,
        colleagues=queries.colleagues_of(order, at=at) if order.status in words.CAN_BE_PASSED_ON else [],
        words=words,
    )


@require_POST
@needs("repairs.work")
def arrive(request: HttpRequest, number: str) -> HttpResponse:
    def be_there(order: WorkOrder, user: User, form: StepForm, when: dict[str, Any]) -> None:
        entry = form.entering() if isinstance(form, ArriveForm) else None
        operations.arrive(order, entry=entry, actor=user, **when)

    return _step(request, number, "arrive", be_there, "已记到达时间")


@require_POST
@needs("repairs.work")
def start(request: HttpRequest, number: str) -> HttpResponse:
    def begin(order: WorkOrder, user: User, form: StepForm, when: dict[str, Any]) -> None:
        operations.start_work(order, actor=user, **when)

    return _step(request, number, "start", begin, "已开工")


@require_POST
@needs("repairs.work")
def not_let_in(request: HttpRequest, number: str) -> HttpResponse:
    def go_away(order: WorkOrder, user: User, form: StepForm, when: dict[str, Any]) -> None:
        slot = form.slot()  # type: ignore[attr-defined]  # a TurnAwayForm
        operations.turn_away(order, why=form.cleaned_data["note"], slot=slot, actor=user, **when)

    return _step(request, number, "not_let_in", go_away, "已记:未获同意,没有进门")


@require_POST
@needs("repairs.work")
def photos(request: HttpRequest, number: str) -> HttpResponse:
    def keep(order: WorkOrder, user: User, form: StepForm, when: dict[str, Any]) -> None:
        clean = form.cleaned_data
        operations.add_photos(order, stage=clean["stage"], photos=clean["photos"], actor=user, **when)

    return _step(request, number, "photos", keep, "照片已存")


@require_POST
@needs("repairs.work")
def hold(request: HttpRequest, number: str) -> HttpResponse:
    def wait(order: WorkOrder, user: User, form: StepForm, when: dict[str, Any]) -> None:
        clean = form.cleaned_data
        operations.hold(order, why=clean["why"], reason=clean["note"], wakes_at=clean["wakes_at"], actor=user, **when)

    return _step(request, number, "hold", wait, "已挂起,到时间会提醒")


@require_POST
@needs("repairs.work")
def resume(request: HttpRequest, number: str) -> HttpResponse:
    def go_on(order: WorkOrder, user: User, form: StepForm, when: dict[str, Any]) -> None:
        operations.resume(order, actor=user, **when)

    return _step(request, number, "resume", go_on, "已恢复,接着修")


@require_POST
@needs("repairs.work")
def finish(request: HttpRequest, number: str) -> HttpResponse:
    def end(order: WorkOrder, user: User, form: StepForm, when: dict[str, Any]) -> None:
        clean, leaving = form.cleaned_data, form.leaving()  # type: ignore[attr-defined]  # a FinishForm
        said = {"work_done": clean["work_done"], "photos": clean["photos"], "leaving": leaving}
        operations.finish(order, actor=user, **said, **when)

    return _step(request, number, "finish", end, "已完工,请客户签字")


@require_POST
@needs("repairs.work")
def rework(request: HttpRequest, number: str) -> HttpResponse:
    def work_on(order: WorkOrder, user: User, form: StepForm, when: dict[str, Any]) -> None:
        operations.rework(order, reason=form.cleaned_data["note"], actor=user, **when)

    return _step(request, number, "rework", work_on, "已记下客户的意见,请返工")


@require_POST
@needs("repairs.work")
def sign(request: HttpRequest, number: str) -> HttpResponse:
    """End the order on the drawn signature, or on a paper slip where there is no pad (`how=slip`)."""

    def on_screen(order: WorkOrder, user: User, form: StepForm, when: dict[str, Any]) -> None:
        clean = form.cleaned_data
        said = cast(SignForm, form).said()
        operations.sign(order, drawing=clean["drawing"], signer=clean["signer"], said=said, actor=user, **when)

    def on_paper(order: WorkOrder, user: User, form: StepForm, when: dict[str, Any]) -> None:
        clean = form.cleaned_data
        if order.technician_id != user.pk:
            raise Refused("这张维修单不在您手里,纸单请交前台录入")
        operations.accept_by_paper(
            order,
            paper_slip=clean["paper_slip"],
            signer=clean["signer"],
            written_at=clean["written_at"],
            said=cast(SlipForm, form).said(),
            actor=user,
            at=when.get("keyed_at", when["at"]),
            key=when["key"],
        )

    if request.POST.get("how") == "slip":
        return _step(request, number, "slip", on_paper, "客户已签收,维修单办结", leave=True)
    return _step(request, number, "sign", on_screen, "客户已签字,维修单办结", leave=True)
