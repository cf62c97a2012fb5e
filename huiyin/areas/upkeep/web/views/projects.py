"""维修工程: the list, opening one, one project with its stages, acceptance of the whole."""

from functools import partial
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.staffing import queries as staffing
from huiyin.areas.upkeep import operations, queries, words
from huiyin.areas.upkeep.models import Acceptance, Project
from huiyin.areas.upkeep.web.forms import (
    AcceptForm,
    ProjectFilters,
    ProjectForm,
    ReasonForm,
    RejectForm,
    SendBackForm,
    WordsForm,
)
from huiyin.areas.upkeep.web.steps import estate_at_hand, export, take
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.files import queries as files
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.listing import ExportColumn, Listing
from huiyin.foundation.kit.replies import done, page, refusals

SORTS = {"number": "id", "title": ("title", "id"), "ends": ("ends_on", "id"), "status": ("status", "-id")}
COLUMNS = (
    ExportColumn("编号", lambda one: one.number, 22),
    ExportColumn("工程", lambda one: one.title, 28),
    ExportColumn("地点", lambda one: one.place, 20),
    ExportColumn("施工", lambda one: one.done_by, 20),
    ExportColumn("预算", lambda one: one.budget, 12),
    ExportColumn("负责人", lambda one: one.responsible.name, 10),
    ExportColumn("计划开工", lambda one: one.begins_on),
    ExportColumn("计划竣工", lambda one: one.ends_on),
    ExportColumn("开工", lambda one: one.started_at),
    ExportColumn("竣工", lambda one: one.completed_at),
    ExportColumn("状态", lambda one: one.get_status_display(), 12),
    ExportColumn("工序", lambda one: f"{one.accepted_count}/{one.stage_count}", 8),
)


def listing_of(request: HttpRequest, right: str = "upkeep.see") -> Listing[Project]:
    estate = estate_at_hand(request, right)
    find = partial(queries.listed_projects, signed_in(request), estate.pk)
    return Listing(request.GET, find=find, sorts=SORTS, first="-number", filters=ProjectFilters)


@require_GET
@needs("upkeep.see")
def projects(request: HttpRequest) -> HttpResponse:
    return page(request, "upkeep/projects.html#rows", listing=listing_of(request), tones=words.TONES, at=now())


@require_http_methods(["GET", "POST"])
@needs("cases.export")
def export_projects(request: HttpRequest) -> HttpResponseBase:
    return export(request, partial(listing_of, request), COLUMNS, what="维修工程", back="upkeep:projects")


@require_http_methods(["GET", "POST"])
@needs("upkeep.edit")
def open_project(request: HttpRequest) -> HttpResponse:
    estate, user = estate_at_hand(request, "upkeep.edit"), signed_in(request)
    known: dict[str, Any] = {
        "people": staffing.colleagues(estate.pk),
        "buildings": queries.buildings_of(estate.pk),
    }
    fresh = request.method != "POST"
    form = ProjectForm(initial={"idempotency_key": uuid4()}, **known) if fresh else ProjectForm(request.POST, **known)
    if form.is_valid():
        said = form.cleaned_data
        units, unknown = queries.units_named(estate.pk, said["units"], said["buildings"])
        if unknown:
            form.add_error("units", f"没有找到这几户:{'、'.join(unknown[:10])}")
        else:
            with refusals(form):
                made = operations.open_project(
                    estate,
                    **form.plain(),
                    stages=form.stages(),
                    homes=units,
                    key=said["idempotency_key"],
                    actor=user,
                    at=now(),
                )
                return done(request, reverse("upkeep:project", args=[made.number]), f"立项了,编号 {made.number}")
    return page(request, "upkeep/project_new.html", status=422 if form.is_bound else 200, form=form)


@require_GET
@needs("upkeep.see")
def project(request: HttpRequest, number: str) -> HttpResponse:
    return show(request, queries.project_for(signed_in(request), number, to="upkeep.see"))


def show(request: HttpRequest, found: Project, wrong: tuple[str, HouseForm] | None = None) -> HttpResponse:
    """Answer with the page of the project; `wrong` names a form that is shown again with what was typed."""
    request.about_estate = found.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    stages, acceptances = queries.stages_of(found), queries.acceptances_of(found)
    made: dict[str, HouseForm] = {
        "complete": AcceptForm(initial={"idempotency_key": uuid4()}, auto_id="complete_%s"),
        "send_back": SendBackForm(stages=stages, initial={"redo_by": localdate()}, auto_id="back_%s"),
        "hand_in": WordsForm(auto_id="hand_%s"),
        "accept": WordsForm(auto_id="accept_%s"),
        "reject": RejectForm(initial={"redo_by": localdate()}, auto_id="reject_%s"),
    }
    if wrong:
        made[wrong[0]] = wrong[1]
    attached: dict[int, list[Any]] = {}
    for one in files.files_of_all([(Acceptance.journal_name, kept.pk) for kept in acceptances]):
        attached.setdefault(one.subject_id, []).append(one)
    return page(
        request,
        "upkeep/project.html",
        status=422 if wrong else 200,
        project=found,
        stages=stages,
        at_hand=next((one for one in stages if one.status != "accepted"), None),
        acceptances=acceptances,
        attached=attached,
        homes=queries.homes_of(found),
        forms=made,
        wrong=wrong[0] if wrong else "",
        me=signed_in(request),
        tones=words.TONES,
        at=now(),
    )


@require_POST
@needs("upkeep.do")
def hand_in(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    found = queries.project_for(user, number, to="upkeep.do")

    def act(said: dict[str, Any]) -> None:
        operations.hand_in_project(found, note=said["note"], actor=user, at=now())

    back = reverse("upkeep:project", args=[number])
    return take(request, WordsForm(request.POST), act, "报了竣工,等竣工验收", back=back)


@require_POST
@needs("upkeep.accept")
def complete(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    found = queries.project_for(user, number, to="upkeep.accept")
    form = AcceptForm(request.POST, request.FILES, auto_id="complete_%s")
    if form.is_valid():
        with refusals(form):
            said = form.cleaned_data
            told: dict[str, Any] = {"key": said["idempotency_key"], "actor": user, "at": now()}
            operations.complete_project(found, remarks=said["note"], attachments=form.attachments(), **told)
            return done(
                request, reverse("upkeep:project", args=[number]), "竣工验收合格,到时间会从涉及的住户里抽人回访"
            )
    return show(request, queries.project_for(user, number, to="upkeep.accept"), ("complete", form))


@require_POST
@needs("upkeep.accept")
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    found = queries.project_for(user, number, to="upkeep.accept")
    form = SendBackForm(request.POST, stages=queries.stages_of(found), auto_id="back_%s")
    if form.is_valid():
        with refusals(form):
            said = form.cleaned_data
            told: dict[str, Any] = {"redo_by": said["redo_by"], "actor": user, "at": now()}
            operations.send_back_project(found, stage=said["stage"], remarks=said["note"], **told)
            return done(request, reverse("upkeep:project", args=[number]), "退回整改了")
    return show(request, queries.project_for(user, number, to="upkeep.accept"), ("send_back", form))


@require_POST
@needs("upkeep.edit")
def void(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    found = queries.project_for(user, number, to="upkeep.edit")

    def act(said: dict[str, Any]) -> None:
        operations.void_project(found, note=said["note"], actor=user, at=now())

    back = reverse("upkeep:project", args=[number])
    return take(request, ReasonForm(request.POST), act, "工程作废了", back=back)
