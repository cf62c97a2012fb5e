"""维护检修计划: the list, its form F-28, one plan with how its rounds went, making and ending one."""

from functools import partial
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.staffing import queries as staffing
from huiyin.areas.upkeep import documents, operations, queries, words
from huiyin.areas.upkeep.models import Equipment, Plan
from huiyin.areas.upkeep.web.forms import PlanFilters, PlanForm, ReasonForm
from huiyin.areas.upkeep.web.steps import estate_at_hand, export, take
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.documents.web.pages import offer
from huiyin.foundation.jobs.tasks import task_at
from huiyin.foundation.kit.listing import ExportColumn, Listing
from huiyin.foundation.kit.replies import done, page, refusals

SORTS = {"next": ("to_do_on", "id"), "equipment": ("equipment__name", "id"), "task": ("task", "id")}
COLUMNS = (
    ExportColumn("设备", lambda plan: plan.equipment.title, 24),
    ExportColumn("位置", lambda plan: plan.equipment.where, 20),
    ExportColumn("任务", lambda plan: plan.task, 24),
    ExportColumn("检查项", lambda plan: "、".join(plan.checklist), 40),
    ExportColumn("周期", lambda plan: plan.cycle.words, 10),
    ExportColumn("首次", lambda plan: plan.first_on),
    ExportColumn("下次", lambda plan: plan.to_do_on),
    ExportColumn("执行岗位", lambda plan: plan.post.title, 12),
    ExportColumn("指定到人", lambda plan: plan.person.name if plan.person else "", 10),
    ExportColumn("状态", lambda plan: plan.get_status_display(), 10),
)


def listing_of(request: HttpRequest, right: str = "upkeep.see") -> Listing[Plan]:
    estate = estate_at_hand(request, right)
    find = partial(queries.listed_plans, signed_in(request), estate.pk)
    return Listing(request.GET, find=find, sorts=SORTS, first="next", filters=PlanFilters)


@require_GET
@needs("upkeep.see")
def plans(request: HttpRequest) -> HttpResponse:
    listing = listing_of(request)
    last = queries.last_rounds(listing.rows)
    return page(
        request, "upkeep/plans.html#rows", listing=listing, last=last, today=localdate(), tones=words.TONES, at=now()
    )


@require_http_methods(["GET", "POST"])
@needs("cases.export")
def export_plans(request: HttpRequest) -> HttpResponseBase:
    return export(request, partial(listing_of, request), COLUMNS, what="维保计划", back="upkeep:plans")


@require_http_methods(["GET", "POST"])
@needs("upkeep.see")
def print_plans(request: HttpRequest) -> HttpResponse:
    estate = estate_at_hand(request, "upkeep.see")
    task = task_at("huiyin.areas.upkeep.jobs.print_listed")
    listed, back = listing_of(request).sorted, reverse("upkeep:plans")
    return offer(request, documents.FORMS, listed, task, estate_id=estate.pk, back=back)


@require_GET
@needs("upkeep.see")
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    found = queries.plan_for(signed_in(request), plan_id, to="upkeep.see")
    request.about_estate = found.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    at = now()
    return page(
        request,
        "upkeep/plan.html",
        plan=found,
        rounds=queries.rounds_of(found),
        tally=queries.tally_of(found, at=at),
        today=localdate(at),
        tones=words.TONES,
        at=at,
    )


@require_http_methods(["GET", "POST"])
@needs("upkeep.edit")
def make_plan(request: HttpRequest, equipment_id: int) -> HttpResponse:
    user = signed_in(request)
    equipment = queries.equipment_for(user, equipment_id, to="upkeep.edit")
    request.about_estate = equipment.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    form = _form(request, equipment)
    if form.is_valid():
        with refusals(form):
            said = dict(form.cleaned_data)
            key = said.pop("idempotency_key")
            made = operations.make_plan(equipment, **said, key=key, actor=user, at=now())
            return done(request, reverse("upkeep:plan", args=[made.pk]), "计划排好了,到期前会自动生成维保任务")
    status = 422 if form.is_bound else 200
    return page(request, "upkeep/plan_new.html", status=status, equipment=equipment, form=form, words=words)


def _form(request: HttpRequest, equipment: Equipment) -> PlanForm:
    posts = list(staffing.posts_of(equipment.estate_id).values())
    known: dict[str, Any] = {"posts": posts, "people": staffing.colleagues(equipment.estate_id)}
    if request.method == "POST":
        return PlanForm(request.POST, **known)
    technicians = next((post.pk for post in posts if post.code == "technician"), None)
    initial = {"idempotency_key": uuid4(), "unit": "month", "post": technicians, "first_on": localdate()}
    return PlanForm(initial=initial, **known)


@require_POST
@needs("upkeep.edit")
def end_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    user = signed_in(request)
    found = queries.plan_for(user, plan_id, to="upkeep.edit")

    def end(said: dict[str, Any]) -> None:
        operations.end_plan(found, note=said["note"], actor=user, at=now())

    back = reverse("upkeep:plan", args=[plan_id])
    return take(request, ReasonForm(request.POST), end, "计划停止了,还没到期的维保已取消", back=back)
