"""维保: what is due, one round with its checklist, and what came of it."""

from functools import partial
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.upkeep import operations, queries, words
from huiyin.areas.upkeep.models import Round
from huiyin.areas.upkeep.web.forms import ReasonForm, RoundFilters, RoundForm
from huiyin.areas.upkeep.web.steps import estate_at_hand, export, take
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.listing import ExportColumn, Listing
from huiyin.foundation.kit.replies import done, page, refusals

SORTS = {"due": ("due_at", "id"), "equipment": ("plan__equipment__name", "due_at"), "done": ("done_at", "id")}
COLUMNS = (
    ExportColumn("设备", lambda one: one.plan.equipment.title, 24),
    ExportColumn("位置", lambda one: one.plan.equipment.where, 20),
    ExportColumn("任务", lambda one: one.plan.task, 24),
    ExportColumn("周期", lambda one: one.plan.cycle.words, 10),
    ExportColumn("应做", lambda one: one.due_on),
    ExportColumn("执行", lambda one: one.plan.person.name if one.plan.person else one.plan.post.title, 12),
    ExportColumn("结果", lambda one: one.get_status_display(), 10),
    ExportColumn("做完", lambda one: one.done_at),
    ExportColumn("谁做的", lambda one: one.done_by.name if one.done_by else "", 10),
    ExportColumn("晚了", lambda one: "是" if one.was_late else "", 8),
    ExportColumn("没做的检查项", lambda one: "、".join(one.left_out), 24),
    ExportColumn("说明", lambda one: one.remarks, 30),
    ExportColumn("维修单事项", lambda one: one.case.number if one.case else "", 22),
)


def listing_of(request: HttpRequest, right: str = "upkeep.see") -> Listing[Round]:
    estate = estate_at_hand(request, right)
    return Listing(
        request.GET,
        find=partial(queries.listed_rounds, signed_in(request), estate.pk, at=now()),
        sorts=SORTS,
        first="-due",
        filters=RoundFilters,
    )


@require_GET
@needs("upkeep.see")
def rounds(request: HttpRequest) -> HttpResponse:
    return page(request, "upkeep/rounds.html#rows", listing=listing_of(request), tones=words.TONES, at=now())


@require_http_methods(["GET", "POST"])
@needs("cases.export")
def export_rounds(request: HttpRequest) -> HttpResponseBase:
    return export(request, partial(listing_of, request), COLUMNS, what="设备维保", back="upkeep:rounds")


@require_GET
@needs("upkeep.see")
def one_round(request: HttpRequest, round_id: int) -> HttpResponse:
    return _show(request, queries.round_for(signed_in(request), round_id, to="upkeep.see"))


def _show(request: HttpRequest, one: Round, form: RoundForm | None = None) -> HttpResponse:
    request.about_estate = one.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    fresh = RoundForm(checklist=one.plan.checklist, initial={"idempotency_key": uuid4(), "fine": "yes"})
    return page(
        request,
        "upkeep/round.html",
        status=422 if form else 200,
        one=one,
        form=form or fresh,
        earlier=[other for other in queries.rounds_of(one.plan, at_most=6) if other.pk != one.pk],
        tones=words.TONES,
        at=now(),
    )


@require_POST
@needs("upkeep.do")
def record_round(request: HttpRequest, round_id: int) -> HttpResponse:
    user = signed_in(request)
    one = queries.round_for(user, round_id, to="upkeep.do")
    form = RoundForm(request.POST, checklist=one.plan.checklist)
    if form.is_valid():
        with refusals(form):
            said = form.cleaned_data
            told: dict[str, Any] = {"note": said["note"], "key": said["idempotency_key"], "actor": user, "at": now()}
            case = operations.record_round(one, fine=said["fine"] == "yes", checked=said["checked"], **told)
            says = f"已登记,开了维修单 {case.number}" if case else "已登记:正常"
            return done(request, reverse("upkeep:round", args=[round_id]), says)
    return _show(request, queries.round_for(user, round_id, to="upkeep.do"), form)


@require_POST
@needs("upkeep.edit")
def drop_round(request: HttpRequest, round_id: int) -> HttpResponse:
    user = signed_in(request)
    one = queries.round_for(user, round_id, to="upkeep.edit")

    def drop(said: dict[str, Any]) -> None:
        operations.drop_round(one, note=said["note"], actor=user, at=now())

    back = reverse("upkeep:round", args=[round_id])
    return take(request, ReasonForm(request.POST), drop, "这次维保取消了", back=back)
