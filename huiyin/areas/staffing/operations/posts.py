"""Roles, departments, posts with their ladder, who holds them, and the zones of the butlers."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import yaml

from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.staffing import events, queries
from huiyin.areas.staffing.models import Assignment, Department, Duty, Post, Zone
from huiyin.areas.staffing.operations.lines import about
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Role, User
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command

ROLES = Path(__file__).parents[1] / "roles.yaml"
POSTS = Path(__file__).parents[1] / "posts.yaml"


class PostInvalid(Refused):
    """The department, the post, the assignment or the zone cannot be like that."""


@command
def load_roles(file: Path = ROLES) -> list[Role]:
    """Set up the roles shipped with the product, with the rights of this version. Repeatable."""
    return [
        accounts.define_role(row["code"], title=row["title"], rights=row["rights"])
        for row in yaml.safe_load(file.read_text())
    ]


@command
def open_shipped_posts(estate: Estate, file: Path = POSTS) -> dict[str, Post]:
    """Set up the departments and posts shipped with the product, by code. Repeatable; renames nothing."""
    posts = {post.code: post for post in Post.objects.filter(estate=estate)}
    for row in yaml.safe_load(file.read_text()):
        if row["code"] not in posts:
            department = open_department(estate, name=row["department"])
            falls_to = posts.get(row.get("falls_to", ""))
            posts[row["code"]] = open_post(department, code=row["code"], title=row["title"], falls_to=falls_to)
    return posts


@command
def open_department(estate: Estate, *, name: str) -> Department:
    """Set up a department; a second call finds the first."""
    return Department.objects.get_or_create(estate=estate, name=name)[0]


@command
def open_post(department: Department, *, code: str, title: str, falls_to: Post | None = None) -> Post:
    """Set up a post with the title this estate uses, or give it this title and ladder from now on."""
    return Post.objects.update_or_create(
        estate_id=department.estate_id,
        code=code,
        defaults={"department": department, "title": title, "falls_to": falls_to},
    )[0]


@command
def assign(user: User, post: Post, *, since_date: date) -> Assignment:
    """Put the person on the post; a second call finds the first."""
    return Assignment.objects.get_or_create(post=post, user=user, until_date=None, defaults={"since_date": since_date})[
        0
    ]


@command
def draw_zone(estate: Estate, *, name: str, butler: User | None, buildings: Iterable[Building]) -> Zone:
    """Set up a zone with its butler and buildings, or give it these from now on."""
    zone, _ = Zone.objects.update_or_create(estate=estate, name=name, defaults={"butler": butler})
    zone.buildings.set(buildings)
    return zone


@command
def set_up_department(estate: Estate, *, name: str, actor: User, at: datetime) -> Department:
    """Set up a department. Refused without a name, or when there is one of that name."""
    name = name.strip()
    if not name:
        raise PostInvalid("请写部门名称")
    if Department.objects.filter(estate=estate, name=name).exists():
        raise PostInvalid(f"已经有「{name}」了")
    department = Department.objects.create(estate=estate, name=name)
    subject = ("staffing.department", department.pk)
    about(events.DEPARTMENT_OPENED, subject, estate_id=estate.pk, actor=actor, at=at, values={"name": name})
    return department


@command
def set_up_post(
    department: Department, *, code: str, title: str, falls_to: Post | None, actor: User, at: datetime
) -> Post:
    """Set up a post of this code. Refused without a title, or when the estate has the post."""
    title = title.strip()
    if not title:
        raise PostInvalid("请写岗位名称")
    known = Post.objects.filter(estate_id=department.estate_id, code=code).first()
    if known:
        raise PostInvalid(f"这个岗位已经有了,叫「{known.title}」")
    _check_ladder(department.estate_id, None, falls_to)
    post = open_post(department, code=code, title=title, falls_to=falls_to)
    _tell_post(events.POST_OPENED, post, actor, at, {"code": code, "title": title})
    return post


@command
def change_post(
    post: Post, *, title: str, department: Department, falls_to: Post | None, actor: User, at: datetime
) -> None:
    """Give the post this title, department and next post on its ladder.

    Refused without a title, with a department or post of another estate, or when the ladder would end where it began.
    """
    title = title.strip()
    if not title:
        raise PostInvalid("请写岗位名称")
    if department.estate_id != post.estate_id:
        raise PostInvalid("部门不是这个小区的")
    _check_ladder(post.estate_id, post, falls_to)
    old = {"old_title": post.title, "old_falls_to": post.falls_to.title if post.falls_to else ""}
    post.title, post.department, post.falls_to = title, department, falls_to
    post.save(update_fields=["title", "department", "falls_to"])
    _tell_post(
        events.POST_CHANGED, post, actor, at, {**old, "title": title, "falls_to": falls_to.title if falls_to else ""}
    )


@command
def appoint(user: User, post: Post, *, since_date: date, actor: User, at: datetime) -> Assignment:
    """Put the person on the post. Refused when the account is closed or of another company, or they hold it already."""
    if not user.is_active or user.company_id != post.estate.company_id:
        raise PostInvalid(f"{user.name}的账号已停用或不属于本公司,不能安排岗位")
    if Assignment.objects.filter(post=post, user=user, until_date=None).exists():
        raise PostInvalid(f"{user.name}已经在「{post.title}」岗位上")
    assignment = Assignment.objects.create(post=post, user=user, since_date=since_date)
    _tell_post(events.ASSIGNED, post, actor, at, {"person": user.name, "since_date": since_date})
    return assignment


@command
def end_assignment(assignment: Assignment, *, until_date: date, actor: User, at: datetime) -> None:
    """Record that the person no longer holds the post; duties planned there for later are taken off the roster.

    Refused before they came, or when it has ended already.
    """
    post, user = assignment.post, assignment.user
    if until_date < assignment.since_date:
        raise PostInvalid(f"结束日期不能早于上岗日期 {assignment.since_date}")
    if not Assignment.objects.filter(pk=assignment.pk, until_date=None).update(until_date=until_date):
        raise PostInvalid(f"{user.name}已经不在「{post.title}」岗位上了")
    assignment.until_date = until_date
    Duty.objects.filter(post=post, user=user, starts_at__gt=at).delete()
    Duty.objects.filter(post=post, user=user, starts_at__lt=at, ends_at__gt=at).update(ends_at=at)
    _tell_post(events.UNASSIGNED, post, actor, at, {"person": user.name, "until_date": until_date})


@command
def set_up_zone(
    estate: Estate, *, name: str, butler: User | None, buildings: Iterable[Building], actor: User, at: datetime
) -> Zone:
    """Draw a zone, or give the one of that name this butler and these buildings from now on.

    Refused without a name or buildings, when a building is in another zone, or when the butler holds no post here.
    """
    name, chosen = name.strip(), list(buildings)
    if not name or not chosen:
        raise PostInvalid("请写责任区名称,并选出楼栋")
    taken = Zone.objects.filter(estate=estate, buildings__in=chosen).exclude(name=name).distinct().first()
    if taken:
        raise PostInvalid(f"选中的楼栋有的已归「{taken.name}」,请先从那里去掉")
    if butler and queries.post_of(butler, estate.pk) is None:
        raise PostInvalid(f"{butler.name}在这个小区没有岗位,不能当管家")
    zone = draw_zone(estate, name=name, butler=butler, buildings=chosen)
    values = {"name": name, "butler": butler.name if butler else "", "buildings": "、".join(map(str, chosen))}
    about(events.ZONE_DRAWN, ("staffing.zone", zone.pk), estate_id=estate.pk, actor=actor, at=at, values=values)
    return zone


def _check_ladder(estate_id: int, post: Post | None, falls_to: Post | None) -> None:
    if falls_to is None:
        return
    if falls_to.estate_id != estate_id:
        raise PostInvalid("顶班岗位不是这个小区的")
    posts = {one.pk: one for one in Post.objects.filter(estate_id=estate_id)}
    step: Post | None = posts[falls_to.pk]
    while step is not None:
        if post is not None and step.pk == post.pk:
            raise PostInvalid(f"没人时由「{falls_to.title}」顶,绕一圈又回到「{post.title}」,请换一个岗位")
        step = posts.get(step.falls_to_id) if step.falls_to_id else None


def _tell_post(kind: str, post: Post, actor: User, at: datetime, values: dict[str, object]) -> None:
    about(kind, ("staffing.post", post.pk), estate_id=post.estate_id, actor=actor, at=at, values=values)
