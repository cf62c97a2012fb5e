"""人员 by API: departments, posts, who holds them, the roster; hiring, appointing, leaving, being absent."""

from datetime import date, datetime, timedelta
from typing import Annotated

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import make_aware
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing import operations, queries
from huiyin.areas.staffing.models import Assignment, Department, Duty, Post
from huiyin.areas.staffing.words import POSTS
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import AskedId, Body, Day, Id, Line, Moment, Number, ValueRefused, Word
from huiyin.foundation.kit.forms import read_phone

routes = Routes("staffing", title="人员")
Name = Annotated[Word, Field(min_length=1, max_length=40)]


class HolderLine(TypedDict):
    assignment_id: int
    person_id: int
    name: str
    username: str
    since: date
    skills: list[str]


class PostLine(TypedDict):
    id: int
    code: str
    title: str
    department_id: int
    department: str
    falls_to: str | None
    holders: list[HolderLine]


class ZoneLine(TypedDict):
    id: int
    name: str
    butler: str | None
    buildings: list[str]


class RoleLine(TypedDict):
    id: int
    code: str
    title: str


class DepartmentLine(TypedDict):
    id: int
    name: str


class Staff(TypedDict):
    """The people of an estate: departments, posts with who holds them, zones, and the roles one may give."""

    departments: list[DepartmentLine]
    posts: list[PostLine]
    zones: list[ZoneLine]
    roles: list[RoleLine]


class DutyLine(TypedDict):
    id: int
    post_id: int
    person_id: int
    person: str
    starts_at: datetime
    ends_at: datetime


class Roster(TypedDict):
    """The duties of one week, from its Monday."""

    monday: date
    items: list[DutyLine]


class Invited(TypedDict):
    """The new colleague, and the link by which they set their password; it is told this once."""

    id: int
    link: str


class Made(TypedDict):
    """The id of what is there now."""

    id: int


class Written(TypedDict):
    """How many duties were written, and how many were left out."""

    written: int
    left_out: int


@routes.read("/staff", right="staffing.edit", says="一个小区的部门、岗位和人", of=Staff)
def people(request: HttpRequest, estate: Number) -> Staff:
    place = _estate(request, estate)
    found = queries.departments_with_posts(place.pk)
    return {
        "departments": [{"id": row.department.pk, "name": row.department.name} for row in found],
        "posts": [_post(post, row.department, holders) for row in found for post, holders in row.posts],
        "zones": [
            {
                "id": one.pk,
                "name": one.name,
                "butler": one.butler.name if one.butler else None,
                "buildings": [building.code for building in one.buildings.all()],
            }
            for one in queries.zones_of(place.pk)
        ],
        "roles": [
            {"id": one.pk, "code": one.code, "title": one.title}
            for one in queries.roles_to_give(signed_in(request), place.pk)
        ],
    }


@routes.read("/roster", right="staffing.edit", says="一周的班", of=Roster)
def roster_week(request: HttpRequest, estate: Number, week: Day) -> Roster:
    place, monday = _estate(request, estate), week - timedelta(days=week.weekday())
    found = queries.week_of(place.pk, monday=_midnight(monday))
    return {"monday": monday, "items": [_duty(one) for one in found]}


class NewDepartment(Body):
    estate: Number
    name: Name


class PostSaid(Body):
    title: Name
    department_id: Id
    falls_to_id: Id | None = None


class NewPost(PostSaid):
    estate: Number
    code: Annotated[Word, Field(max_length=30)]


class PostAppointment(Body):
    person_id: Id
    since: Day


class Hiring(Body):
    name: Name
    username: Annotated[str, Field(pattern=r"^[a-zA-Z0-9._-]{2,60}$")]
    phone: Annotated[Word, Field(max_length=40)] = ""
    role_id: Id
    since: Day


class AssignmentEnding(Body):
    until: Day


class StaffLeaving(Body):
    estate: Number


class Away(Body):
    """Not there until then; without a time: there again."""

    estate: Number
    until: Moment | None = None
    reason: Annotated[Line, Field(max_length=120)] = ""


class Skilled(Body):
    """What somebody can do from now on; nothing: it is not recorded."""

    estate: Number
    skills: Annotated[list[Word], Field(max_length=20)]


class ZoneSaid(Body):
    estate: Number
    name: Name
    butler_id: Id | None = None
    building_ids: Annotated[list[Id], Field(min_length=1, max_length=200)]


class Span(Body):
    starts_at: Moment
    ends_at: Moment


class Duties(Body):
    assignment_id: Id
    spans: Annotated[list[Span], Field(min_length=1, max_length=31)]


class Week(Body):
    estate: Number
    week: Day


@routes.act("/departments", right="staffing.edit", says="建立部门", of=Made, status=201)
def set_up_department(request: HttpRequest, said: NewDepartment) -> Made:
    estate = _estate(request, said.estate)
    return {"id": operations.set_up_department(estate, name=said.name, **acting(request)).pk}


@routes.act("/posts", right="staffing.edit", says="建立岗位", of=Made, status=201)
def set_up_post(request: HttpRequest, said: NewPost) -> Made:
    estate = _estate(request, said.estate)
    if said.code not in POSTS:
        raise ValueRefused("没有这个岗位代码")
    if said.code in queries.posts_of(estate.pk):
        raise ValueRefused("本小区已有这个岗位")
    made = operations.set_up_post(
        _department(estate.pk, said.department_id),
        code=said.code,
        title=said.title,
        falls_to=_falls_to(estate.pk, said.falls_to_id),
        **acting(request),
    )
    return {"id": made.pk}


@routes.act("/posts/{post_id}", right="staffing.edit", says="改岗位")
def post(request: HttpRequest, post_id: AskedId, said: PostSaid) -> None:
    one = queries.post_for(signed_in(request), post_id)
    operations.change_post(
        one,
        title=said.title,
        department=_department(one.estate_id, said.department_id),
        falls_to=_falls_to(one.estate_id, said.falls_to_id),
        **acting(request),
    )


@routes.act("/posts/{post_id}/appoint", right="staffing.edit", says="安排一人上岗", of=Made, status=201)
def appoint(request: HttpRequest, post_id: AskedId, said: PostAppointment) -> Made:
    one = queries.post_for(signed_in(request), post_id)
    who = next((p for p in queries.company_people(one.estate.company_id) if p.pk == said.person_id), None)
    if who is None:
        raise ValueRefused("本公司没有这个人")
    return {"id": operations.appoint(who, one, since_date=said.since, **acting(request)).pk}


@routes.act(
    "/posts/{post_id}/hire",
    right="staffing.edit",
    says="为新同事建立账号并上岗",
    of=Invited,
    status=201,
    raised=True,
    told_once="link",
)
def hire(request: HttpRequest, post_id: AskedId, said: Hiring) -> Invited:
    user = signed_in(request)
    one = queries.post_for(user, post_id)
    role = next((found for found in queries.roles_to_give(user, one.estate_id) if found.pk == said.role_id), None)
    if role is None:
        raise ValueRefused("不能给这个角色")
    phone = read_phone(said.phone) if said.phone else ""
    if phone is None:
        raise ValueRefused("电话看起来不对,请核对")
    hired = operations.hire(
        one,
        username=said.username,
        name=said.name,
        phone=phone,
        role=role,
        since_date=said.since,
        **acting(request),
    )
    return {"id": hired.user.pk, "link": request.build_absolute_uri(reverse("accounts:link", args=[hired.token]))}


@routes.act("/assignments/{assignment_id}/end", right="staffing.edit", says="不再担任岗位")
def end_assignment(request: HttpRequest, assignment_id: AskedId, said: AssignmentEnding) -> None:
    one = queries.assignment_for(signed_in(request), assignment_id)
    operations.end_assignment(one, until_date=said.until, **acting(request))


@routes.act("/staff/{user_id}/leave", right="staffing.edit", says="离职", raised=True)
def leave(request: HttpRequest, user_id: AskedId, said: StaffLeaving) -> None:
    who, estate = _colleague(request, user_id, said.estate)
    operations.let_go(who, estate_id=estate.pk, **acting(request))


@routes.act("/staff/{user_id}/absent", right="staffing.edit", says="不在岗,或回岗")
def absent(request: HttpRequest, user_id: AskedId, said: Away) -> None:
    who, estate = _colleague(request, user_id, said.estate)
    if said.until is None:
        operations.report_back(who, estate_id=estate.pk, **acting(request))
    else:
        operations.report_absent(who, estate_id=estate.pk, until=said.until, reason=said.reason, **acting(request))


@routes.act("/staff/{user_id}/skills", right="staffing.edit", says="记下会什么")
def skills(request: HttpRequest, user_id: AskedId, said: Skilled) -> None:
    who, estate = _colleague(request, user_id, said.estate)
    operations.record_skills(who, estate_id=estate.pk, skills=said.skills, **acting(request))


@routes.act("/zones", right="staffing.edit", says="划分责任区", of=Made, status=201)
def set_up_zone(request: HttpRequest, said: ZoneSaid) -> Made:
    estate = _estate(request, said.estate)
    known = {row.building.pk: row.building for row in estates.buildings_of(estate)}
    if not set(said.building_ids) <= set(known):
        raise ValueRefused("有的楼栋不在本小区")
    butler = next((one for one in queries.colleagues(estate.pk) if one.pk == said.butler_id), None)
    if said.butler_id and butler is None:
        raise ValueRefused("本小区没有这位同事")
    buildings = [known[pk] for pk in dict.fromkeys(said.building_ids)]
    made = operations.set_up_zone(estate, name=said.name, butler=butler, buildings=buildings, **acting(request))
    return {"id": made.pk}


@routes.act("/roster", right="staffing.edit", says="排班", of=Written, status=201)
def roster(request: HttpRequest, said: Duties) -> Written:
    one = queries.assignment_for(signed_in(request), said.assignment_id)
    if any(not timedelta(0) < span.ends_at - span.starts_at <= timedelta(days=1) for span in said.spans):
        raise ValueRefused("每个班要有头有尾,不超过一天")
    spans = [(span.starts_at, span.ends_at) for span in said.spans]
    return {"written": len(operations.write_duties(one.post, one.user, spans=spans, **acting(request))), "left_out": 0}


@routes.act("/roster/copy", right="staffing.edit", says="抄上一周的班", of=Written, status=201)
def copy_week(request: HttpRequest, said: Week) -> Written:
    estate, monday = _estate(request, said.estate), said.week - timedelta(days=said.week.weekday())
    copied = operations.copy_week(estate, monday=_midnight(monday), **acting(request))
    return {"written": copied.written, "left_out": copied.left_out}


@routes.act("/roster/{duty_id}/cancel", right="staffing.edit", says="撤掉一个班")
def cancel_duty(request: HttpRequest, duty_id: AskedId) -> None:
    operations.cancel_duty(queries.duty_for(signed_in(request), duty_id), **acting(request))


def _post(post: Post, department: Department, holders: list[Assignment]) -> PostLine:
    return {
        "id": post.pk,
        "code": post.code,
        "title": post.title,
        "department_id": department.pk,
        "department": department.name,
        "falls_to": post.falls_to.code if post.falls_to else None,
        "holders": [
            {
                "assignment_id": one.pk,
                "person_id": one.user_id,
                "name": one.user.name,
                "username": one.user.username,
                "since": one.since_date,
                "skills": one.skills,
            }
            for one in holders
        ],
    }


def _duty(one: Duty) -> DutyLine:
    return {
        "id": one.pk,
        "post_id": one.post_id,
        "person_id": one.user_id,
        "person": one.user.name,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
    }


def _estate(request: HttpRequest, code: str) -> Estate:
    return estates.estate_for(signed_in(request), code, to="staffing.edit")


def _colleague(request: HttpRequest, user_id: int, code: str) -> tuple[User, Estate]:
    estate = _estate(request, code)
    return queries.colleague_for(signed_in(request), user_id, estate.pk), estate


def _department(estate_id: int, department_id: int) -> Department:
    found = next((one for one in queries.departments_of(estate_id) if one.pk == department_id), None)
    if found is None:
        raise ValueRefused("本小区没有这个部门")
    return found


def _falls_to(estate_id: int, post_id: int | None) -> Post | None:
    found = next((one for one in queries.posts_of(estate_id).values() if one.pk == post_id), None)
    if post_id and found is None:
        raise ValueRefused("本小区没有这个岗位")
    return found


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, datetime.min.time()))
