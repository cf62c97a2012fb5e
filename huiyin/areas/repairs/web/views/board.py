"""The lead's dispatch board, and the steps the lead takes from there or from the case page."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.repairs import operations, queries, words
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.web.forms import AppointForm, BoardFilters, DispatchForm, ReasonForm
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.listing import Listing
from huiyin.foundation.kit.replies import done, page, refused, say, wants_part, where_next
from huiyin.foundation.refusals import Refused

SORTS = {"board": ("band", "haste", "opened_at")}


@require_GET
@needs("repairs.see")
def board(request: HttpRequest) -> HttpResponse:
    return _board(request, request.GET, at=now())


def _board(request: HttpRequest, asked: QueryDict, *, at: datetime) -> HttpResponse:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    crew = queries.crew_of(estate.pk, at=at)
    listing = Listing(
        asked,
        find=partial(queries.board, user, estate.pk, at=at),
        sorts=SORTS,
        first="board",
        filters=partial(BoardFilters, technicians=[(hand.person_id, hand.name, hand.load) for hand in crew.hands]),
    )
    return page(
        request,
        "repairs/board.html#board",
        listing=listing,
        crew=crew,
        **_said_of(listing.rows, crew),
        **_bands(listing),
        again=queries.repeats_on(listing.rows, at=at),
        lasts=AppointForm().fields["lasts"].choices,
        words=words,
        tones=words.TONES,
        at=at,
    )


def _bands(listing: Listing[WorkOrder]) -> dict[str, Any]:
    counts = queries.count_by_band(listing.found)
    rows: dict[str, list[WorkOrder]] = {code: [] for code, _, _ in words.BANDS}
    for order in listing.rows:
        rows[words.BANDS[order.band][0]].append(order)  # type: ignore[attr-defined]  # annotated by the board
    bands = [(code, title, counts.get(code, 0), rows[code]) for code, title, _ in words.BANDS]
    return {"bands": bands, "total": sum(counts.values())}


def _said_of(orders: Sequence[WorkOrder], crew: queries.Crew) -> dict[str, Any]:
    """Gather what the board says of each order besides what stands on it."""
    clocks, arrivals = queries.clocks_and_arrivals(orders)
    return {
        "clocks": clocks,
        "arrivals": arrivals,
        "candidates": {one.pk: crew.candidates(one) for one in orders if one.status in words.CAN_BE_GIVEN},
        "offers": queries.offers_of(orders, at=crew.at),
        "transfers": queries.transfers_of(orders),
        "told": queries.climbed(orders),
        "waits": queries.waits_of(orders),
    }


@require_POST
@needs("repairs.dispatch")
def dispatch(request: HttpRequest, number: str) -> HttpResponse:
    user, at = signed_in(request), now()
    order = queries.order_for(user, number, to="repairs.dispatch")
    form = DispatchForm(request.POST)
    technician = queries.technician_of(order.estate_id, form.cleaned_data["technician"]) if form.is_valid() else None
    back = back_to(request, order)
    if technician is None:
        return refused(request, Refused("请选择维修工"), back=back)
    note = form.cleaned_data["note"]
    says = f"{order.number} 已派给{technician.name}"
    try:
        operations.dispatch(order, technician=technician, actor=user, at=at, note=note)
    except Refused as refusal:
        return refused(request, refusal, back=back)
    if wants_part(request):
        return say(_board(request, QueryDict(request.POST.get("asked", "")), at=at), says)
    return done(request, back, says)


@require_POST
@needs("repairs.dispatch")
def appoint(request: HttpRequest, number: str) -> HttpResponse:
    def agree(order: WorkOrder, form: AppointForm) -> None:
        start, end = form.slot()
        plan = {name: form.cleaned_data[name] for name in ("work", "minutes", "note")}
        operations.appoint(order, start=start, end=end, actor=signed_in(request), at=now(), **plan)

    return _step(request, number, AppointForm(request.POST), agree, "已约好上门时间")


@require_POST
@needs("repairs.dispatch")
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    def take(order: WorkOrder, form: ReasonForm) -> None:
        operations.take_back(order, reason=form.cleaned_data["note"], actor=signed_in(request), at=now())

    return _step(request, number, ReasonForm(request.POST), take, "已收回,等待重新派单")


@require_POST
@needs("repairs.dispatch")
def void(request: HttpRequest, number: str) -> HttpResponse:
    def annul(order: WorkOrder, form: ReasonForm) -> None:
        operations.void_order(order, reason=form.cleaned_data["note"], actor=signed_in(request), at=now())

    return _step(request, number, ReasonForm(request.POST), annul, "维修单已作废")


@require_POST
@needs("repairs.dispatch")
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    def open_again(order: WorkOrder, form: ReasonForm) -> None:
        operations.reopen(order.case, reason=form.cleaned_data["note"], actor=signed_in(request), at=now())

    return _step(request, number, ReasonForm(request.POST), open_again, "已重开,等待派单")


def _step(
    request: HttpRequest, number: str, form: Form, act: Callable[[WorkOrder, Form], None], says: str
) -> HttpResponse:
    order = queries.order_for(signed_in(request), number, to="repairs.dispatch")
    back = back_to(request, order)
    if not form.is_valid():
        return refused(request, Refused(next(iter(form.errors.values()))[0]), back=back)
    try:
        act(order, form)
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, says)


def back_to(request: HttpRequest, order: WorkOrder) -> str:
    return where_next(request, reverse("web:case", args=[order.case.number]))
