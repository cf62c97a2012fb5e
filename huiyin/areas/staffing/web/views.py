"""The people of an estate: departments, posts with their ladder, who holds them, zones; coming and leaving."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing import operations, queries, words
from huiyin.areas.staffing.models import Post
from huiyin.areas.staffing.web.forms import (
    AbsentForm,
    AppointForm,
    DepartmentForm,
    EndForm,
    HireForm,
    PostForm,
    ZoneForm,
)
from huiyin.areas.staffing.web.links import show_link
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.refusals import Refused


def estate_to_staff(request: HttpRequest) -> tuple[User, Estate]:
    """Return who is asking and the estate at hand; 403 when they may not staff it."""
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "staffing.edit", estate.pk)
    return user, estate


@require_GET
@needs("staffing.edit")
def people(request: HttpRequest) -> HttpResponse:
    return _people(request, estate_to_staff(request)[1])


def _people(request: HttpRequest, estate: Estate, **forms: HouseForm) -> HttpResponse:
    departments = queries.departments_with_posts(estate.pk)
    fresh: dict[str, HouseForm] = {
        "department": DepartmentForm(prefix="department"),
        "new_post": _post_form(estate),
        "zone": _zone_form(estate),
    }
    zones = queries.zones_of(estate.pk)
    drawn = {building.pk for zone in zones for building in zone.buildings.all()}
    return page(
        request,
        "staffing/people.html",
        estate=estate,
        departments=departments,
        zones=zones,
        undrawn=[row.building for row in estates.buildings_of(estate) if row.building.pk not in drawn],
        me=signed_in(request),
        **fresh | forms,
    )


def _post_form(estate: Estate, data: Any = None, post: Post | None = None, **initial: Any) -> PostForm:
    departments = queries.departments_of(estate.pk)
    posts = list(queries.posts_of(estate.pk).values())
    return PostForm(data, departments=departments, posts=posts, post=post, initial=initial)


def _zone_form(estate: Estate, data: Any = None) -> ZoneForm:
    buildings = [row.building for row in estates.buildings_of(estate)]
    return ZoneForm(data, prefix="zone", people=queries.colleagues(estate.pk), buildings=buildings)


@require_POST
@needs("staffing.edit")
def set_up_department(request: HttpRequest) -> HttpResponse:
    user, estate = estate_to_staff(request)
    form = DepartmentForm(request.POST, prefix="department")
    if form.is_valid():
        with refusals(form):
            made = operations.set_up_department(estate, actor=user, at=now(), **form.cleaned_data)
            return done(request, reverse("staffing:people"), f"{made}已建立")
    return _people(request, estate, department=form)


@require_POST
@needs("staffing.edit")
def set_up_post(request: HttpRequest) -> HttpResponse:
    user, estate = estate_to_staff(request)
    form = _post_form(estate, request.POST)
    if form.is_valid():
        with refusals(form):
            chosen = form.chosen()
            made = operations.set_up_post(
                chosen["department"],
                code=form.cleaned_data["code"],
                title=chosen["title"],
                falls_to=chosen["falls_to"],
                actor=user,
                at=now(),
            )
            return done(request, reverse("staffing:post", args=[made.pk]), f"{made}已建立,可以安排人了")
    return _people(request, estate, new_post=form)


@require_http_methods(["GET", "POST"])
@needs("staffing.edit")
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    user = signed_in(request)
    one = queries.post_for(user, post_id)
    if request.method == "GET":
        return _post(request, one)
    form = _post_form(one.estate, request.POST, one)
    if form.is_valid():
        with refusals(form):
            operations.change_post(one, actor=user, at=now(), **form.chosen())
            return done(request, reverse("staffing:post", args=[one.pk]), f"{one}已保存")
    return _post(request, one, about=form)


def _post(request: HttpRequest, one: Post, **forms: HouseForm) -> HttpResponse:
    request.about_estate = one.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    about = {"title": one.title, "department": one.department_id, "falls_to": one.falls_to_id}
    fresh: dict[str, HouseForm] = {
        "about": _post_form(one.estate, None, one, **about),
        "appointing": _appoint_form(one),
        "hiring": _hire_form(request, one),
        "ending": EndForm(initial={"until_date": localdate()}),
    }
    return page(
        request,
        "staffing/post.html",
        one=one,
        holders=queries.present_on(one),
        skills=words.SKILLS,
        me=signed_in(request),
        **fresh | forms,
    )


def _appoint_form(one: Post, data: Any = None) -> AppointForm:
    people = queries.company_people(one.estate.company_id)
    return AppointForm(data, people=people, prefix="appoint", initial={"since_date": localdate()})


def _hire_form(request: HttpRequest, one: Post, data: Any = None) -> HireForm:
    roles = queries.roles_to_give(signed_in(request), one.estate_id)
    return HireForm(data, roles=roles, prefix="hire", initial={"since_date": localdate()})


@require_POST
@needs("staffing.edit")
def appoint(request: HttpRequest, post_id: int) -> HttpResponse:
    user = signed_in(request)
    one = queries.post_for(user, post_id)
    form = _appoint_form(one, request.POST)
    if form.is_valid():
        with refusals(form):
            since = form.cleaned_data["since_date"]
            operations.appoint(form.chosen(), one, since_date=since, actor=user, at=now())
            return done(request, reverse("staffing:post", args=[one.pk]), f"{form.chosen().name}已上岗")
    return _post(request, one, appointing=form)


@never_cache
@require_POST
@needs("staffing.edit", raised=True)
def hire(request: HttpRequest, post_id: int) -> HttpResponse:
    user = signed_in(request)
    one = queries.post_for(user, post_id)
    form = _hire_form(request, one, request.POST)
    if form.is_valid():
        with refusals(form):
            new = operations.hire(one, actor=user, at=now(), **form.chosen())
            return show_link(request, new.user, new.token, back=reverse("staffing:post", args=[one.pk]))
    return _post(request, one, hiring=form)


@require_POST
@needs("staffing.edit")
def end_assignment(request: HttpRequest, assignment_id: int) -> HttpResponse:
    user = signed_in(request)
    assignment = queries.assignment_for(user, assignment_id)
    form = EndForm(request.POST)
    if form.is_valid():
        with refusals(form):
            operations.end_assignment(assignment, actor=user, at=now(), **form.cleaned_data)
            says = f"{assignment.user.name}不再担任「{assignment.post.title}」"
            return done(request, reverse("staffing:post", args=[assignment.post_id]), says)
    return _post(request, queries.post_for(user, assignment.post_id), ending=form)


@require_http_methods(["GET", "POST"])
@needs("staffing.edit", raised=True)
def leave(request: HttpRequest, user_id: int) -> HttpResponse:
    user, estate = estate_to_staff(request)
    at = now()
    who = queries.colleague_for(user, user_id, estate.pk)
    if request.method == "GET":
        return page(request, "staffing/leave.html", who=who, ends=queries.loose_ends(who, at=at), me=user)
    try:
        operations.let_go(who, estate_id=estate.pk, actor=user, at=at)
    except Refused as refusal:
        return refused(request, refusal, back=reverse("staffing:people"))
    return done(request, reverse("staffing:people"), f"{who.name}已离职,名下的事已转出")


@require_http_methods(["GET", "POST"])
@needs("staffing.edit")
def absent(request: HttpRequest, user_id: int) -> HttpResponse:
    """Record that somebody is not there from now on, or is there again."""
    user, estate = estate_to_staff(request)
    at = now()
    who = queries.colleague_for(user, user_id, estate.pk)
    form, status = AbsentForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST" and request.POST.get("back") == "yes":
        with refusals(form):
            operations.report_back(who, estate_id=estate.pk, actor=user, at=at)
            return done(request, reverse("staffing:people"), f"{who.name}已回岗")
    elif form.is_valid():
        with refusals(form):
            operations.report_absent(who, estate_id=estate.pk, actor=user, at=at, **form.cleaned_data)
            return done(request, reverse("staffing:people"), f"{who.name}不在岗,手上的事已转给各自的岗位")
    if request.method == "POST":
        status = 422
    return page(
        request,
        "staffing/absent.html",
        status=status,
        who=who,
        form=form,
        absence=queries.absence_of(who, at=at),
        ends=queries.loose_ends(who, at=at),
        at=at,
    )


@require_POST
@needs("staffing.edit")
def set_up_zone(request: HttpRequest) -> HttpResponse:
    user, estate = estate_to_staff(request)
    form = _zone_form(estate, request.POST)
    if form.is_valid():
        with refusals(form):
            made = operations.set_up_zone(estate, actor=user, at=now(), **form.chosen())
            return done(request, reverse("staffing:people"), f"{made}已保存")
    return _people(request, estate, zone=form)
