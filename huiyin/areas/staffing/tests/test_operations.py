"""Posts, people who come and go, zones: what is recorded, and every refusal."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.staffing import operations, queries
from huiyin.areas.staffing.events import PersonLeft
from huiyin.areas.staffing.models import Assignment, Department, Duty, Post, Zone
from huiyin.areas.staffing.operations import NotLetGo, PostInvalid
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Grant, Role, User
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.signing_in import queries as signing_in
from tests.cast import Cast

TODAY = date(2026, 11, 25)


@pytest.fixture
def by(cast: Cast, at: datetime) -> dict[str, Any]:
    return {"actor": cast.director, "at": at}


@pytest.fixture
def department(estate: Estate) -> Department:
    return Department.objects.filter(estate=estate).earliest("id")


def post(estate: Estate, code: str) -> Post:
    return Post.objects.get(estate=estate, code=code)


def everything() -> list[list[tuple[object, ...]]]:
    models = (Department, Post, Assignment, Duty, Zone, Zone.buildings.through, User, Grant, Entry)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def refuses(error: type[Refused], says: str, act: Callable[[], object]) -> None:
    before = everything()
    with pytest.raises(error) as refused:
        act()
    assert says in refused.value.sentence
    assert everything() == before


def said(kind: str) -> dict[str, Any]:
    return Entry.objects.get(kind=kind).values


def test_roles_are_loaded_twice_without_doubling(db: None) -> None:
    first = operations.load_roles()
    assert [role.pk for role in operations.load_roles()] == [role.pk for role in first]
    assert {role.code for role in first} >= {"clerk", "technician", "supervisor", "auditor"}


def test_a_department_and_a_post_are_set_up(estate: Estate, by: dict[str, Any]) -> None:
    made = operations.set_up_department(estate, name=" 秩序部 ", **by)
    Post.objects.get(estate=estate, code="butler").assignments.all().delete()
    Post.objects.filter(estate=estate, code="butler").delete()
    new = operations.set_up_post(made, code="butler", title="管家", falls_to=post(estate, "cs_supervisor"), **by)
    assert (made.name, new.department, new.falls_to) == ("秩序部", made, post(estate, "cs_supervisor"))
    assert said("staffing.department.opened") == {"name": "秩序部"}
    assert said("staffing.post.opened") == {"code": "butler", "title": "管家"}


def test_setting_up_is_refused(estate: Estate, department: Department, cast: Cast, by: dict[str, Any]) -> None:
    elsewhere = post(Estate.objects.get(code="BJ"), "butler")
    for says, act in (
        ("请写部门名称", lambda: operations.set_up_department(estate, name=" ", **by)),
        ("已经有「客户服务部」了", lambda: operations.set_up_department(estate, name="客户服务部", **by)),
        ("请写岗位名称", lambda: operations.set_up_post(department, code="x", title=" ", falls_to=None, **by)),
        (
            "已经有了,叫「管家」",
            lambda: operations.set_up_post(department, code="butler", title="楼管", falls_to=None, **by),
        ),
        ("不是这个小区的", lambda: operations.set_up_post(department, code="x", title="x", falls_to=elsewhere, **by)),
    ):
        refuses(PostInvalid, says, act)


def test_a_post_is_changed_with_old_and_new(estate: Estate, by: dict[str, Any]) -> None:
    desk, engineers = post(estate, "front_desk"), Department.objects.get(estate=estate, name="工程维修部")
    operations.change_post(desk, title="接待", department=engineers, falls_to=post(estate, "butler"), **by)
    desk.refresh_from_db()
    assert (desk.title, desk.department, desk.falls_to) == ("接待", engineers, post(estate, "butler"))
    assert said("staffing.post.changed") == {
        "old_title": "前台接待",
        "old_falls_to": "客服主管",
        "title": "接待",
        "falls_to": "管家",
    }


def test_a_ladder_never_ends_where_it_began(
    estate: Estate, department: Department, cast: Cast, by: dict[str, Any]
) -> None:
    supervisor, desk = post(estate, "cs_supervisor"), post(estate, "front_desk")

    def change(one: Post, falls_to: Post, title: str = "x", where: Department = department) -> Callable[[], object]:
        return lambda: operations.change_post(one, title=title, department=where, falls_to=falls_to, **by)

    refuses(PostInvalid, "绕一圈又回到「客服主管」", change(supervisor, desk))
    refuses(PostInvalid, "绕一圈又回到「前台接待」", change(desk, desk))
    refuses(PostInvalid, "请写岗位名称", change(desk, supervisor, title=" "))
    other = Department.objects.filter(estate__code="BJ").earliest("id")
    refuses(PostInvalid, "部门不是这个小区的", change(desk, supervisor, where=other))


def test_somebody_is_put_on_a_post_and_taken_off(estate: Estate, cast: Cast, by: dict[str, Any], at: datetime) -> None:
    desk = post(estate, "front_desk")
    assignment = operations.appoint(cast.butler, desk, since_date=TODAY, **by)
    running = operations.plan_duty(
        desk, cast.butler, starts_at=at - timedelta(hours=1), ends_at=at + timedelta(hours=1)
    )
    operations.plan_duty(desk, cast.butler, starts_at=at + timedelta(days=1), ends_at=at + timedelta(days=1, hours=8))
    other = operations.plan_duty(
        post(estate, "butler"), cast.butler, starts_at=at + timedelta(days=2), ends_at=at + timedelta(days=2, hours=8)
    )
    operations.end_assignment(assignment, until_date=TODAY, **by)
    assert [(duty.pk, duty.ends_at) for duty in Duty.objects.order_by("id")] == [
        (running.pk, at),
        (other.pk, other.ends_at),
    ]
    assert said("staffing.post.assigned") == {"person": "周敏", "since_date": "2026-11-25"}
    assert said("staffing.post.unassigned") == {"person": "周敏", "until_date": "2026-11-25"}
    assert cast.butler not in queries.holders_of(desk)


def test_putting_on_and_off_is_refused(estate: Estate, cast: Cast, by: dict[str, Any]) -> None:
    desk = post(estate, "front_desk")
    held = Assignment.objects.get(post=desk, user=cast.clerk)
    refuses(
        PostInvalid,
        "陈晓已经在「前台接待」岗位上",
        lambda: operations.appoint(cast.clerk, desk, since_date=TODAY, **by),
    )
    refuses(PostInvalid, "不属于本公司", lambda: operations.appoint(cast.outsider, desk, since_date=TODAY, **by))
    accounts.disable_user(cast.auditor, at=by["at"])
    refuses(PostInvalid, "账号已停用", lambda: operations.appoint(cast.auditor, desk, since_date=TODAY, **by))
    refuses(PostInvalid, "不能早于上岗日期", lambda: operations.end_assignment(held, until_date=date(2020, 1, 1), **by))
    operations.end_assignment(held, until_date=TODAY, **by)
    refuses(
        PostInvalid, "已经不在「前台接待」岗位上了", lambda: operations.end_assignment(held, until_date=TODAY, **by)
    )


def test_a_new_colleague_gets_account_role_and_post(estate: Estate, cast: Cast, by: dict[str, Any]) -> None:
    role = Role.objects.get(code="clerk")
    hired = operations.hire(
        post(estate, "duty_clerk"),
        username="xiaoli",
        name="李小",
        phone="13700137000",
        role=role,
        since_date=TODAY,
        **by,
    )
    user = hired.user
    assert (user.company_id, user.has_usable_password()) == (estate.company_id, False)
    link = signing_in.link_by(hired.token)
    assert link and (link.kind, link.user, link.made_by) == ("join", user, by["actor"])
    assert list(Grant.objects.filter(user=user).values_list("role__code", "estate_id")) == [("clerk", estate.pk)]
    assert [one.title for one in queries.held_posts(user)] == ["值班员"]
    assert said("staffing.person.hired") == {"person": "李小", "role": "前台", "title": "值班员"}


def test_nobody_gives_rights_they_do_not_hold(estate: Estate, cast: Cast, at: datetime) -> None:
    new = {"username": "x1", "name": "李", "phone": "", "since_date": TODAY, "at": at}
    desk, clerk = post(estate, "front_desk"), Role.objects.get(code="clerk")
    chief = accounts.define_role("chief", title="总管", rights=["staffing.edit", "cases.void", "fees.waive"])
    codes = {role.code for role in queries.roles_to_give(cast.supervisor, estate.pk)}
    assert codes == {role.code for role in Role.objects.all()} - {"chief", "director"}
    assert queries.roles_to_give(cast.clerk, estate.pk) == []
    assert queries.roles_to_give(cast.outsider, estate.pk) == []
    refuses(
        PostInvalid,
        "「总管」能管人员,您自己没有它的全部权限",
        lambda: operations.hire(desk, role=chief, actor=cast.supervisor, **new),
    )
    refuses(PostInvalid, "全部权限", lambda: operations.hire(desk, role=clerk, actor=cast.outsider, **new))
    refuses(
        accounts.NameTaken,
        "账号 clerk 已被使用",
        lambda: operations.hire(desk, role=clerk, actor=cast.supervisor, **{**new, "username": "clerk"}),
    )


def test_who_leaves_lets_go_of_everything(estate: Estate, cast: Cast, by: dict[str, Any], at: datetime) -> None:
    desk = post(estate, "front_desk")
    running = operations.plan_duty(desk, cast.clerk, starts_at=at - timedelta(hours=1), ends_at=at + timedelta(hours=1))
    operations.plan_duty(desk, cast.clerk, starts_at=at + timedelta(days=1), ends_at=at + timedelta(days=1, hours=8))
    zone = operations.draw_zone(
        estate, name="东区", butler=cast.clerk, buildings=Building.objects.filter(estate=estate)
    )
    ends = queries.loose_ends(cast.clerk, at=at)
    assert (ends.titles, ends.zones, ends.duties, ends.promises) == (["前台接待"], ["东区"], 2, 0)
    operations.let_go(cast.clerk, estate_id=estate.pk, **by)
    assert not User.objects.get(pk=cast.clerk.pk).is_active
    assert not Assignment.objects.filter(user=cast.clerk, until_date=None).exists()
    assert not Grant.objects.filter(user=cast.clerk, until=None).exists()
    assert [(duty.pk, duty.ends_at) for duty in Duty.objects.filter(user=cast.clerk)] == [(running.pk, at)]
    zone.refresh_from_db()
    assert zone.butler is None
    entry = Entry.objects.get(kind=PersonLeft.code)
    assert (entry.actor, entry.subject_id) == (cast.director, cast.clerk.pk)
    assert queries.responsible_now(estate.pk, "front_desk", at=at).post.code == "cs_supervisor"


def test_letting_go_is_refused(estate: Estate, cast: Cast, by: dict[str, Any]) -> None:
    refuses(NotLetGo, "不能给自己办离职", lambda: operations.let_go(cast.director, estate_id=estate.pk, **by))
    operations.let_go(cast.clerk, estate_id=estate.pk, **by)
    refuses(NotLetGo, "陈晓已经离职了", lambda: operations.let_go(cast.clerk, estate_id=estate.pk, **by))


def test_a_zone_has_a_butler_and_buildings(estate: Estate, cast: Cast, by: dict[str, Any]) -> None:
    buildings = list(Building.objects.filter(estate=estate))
    zone = operations.set_up_zone(estate, name="东区", butler=cast.butler, buildings=buildings, **by)
    again = operations.set_up_zone(estate, name="东区", butler=None, buildings=buildings, **by)
    assert (again.pk, Zone.objects.get().butler) == (zone.pk, None)
    assert [entry.values for entry in Entry.objects.filter(kind="staffing.zone.drawn").order_by("id")] == [
        {"name": "东区", "butler": "周敏", "buildings": "3 栋"},
        {"name": "东区", "buildings": "3 栋"},
    ]


def test_drawing_a_zone_is_refused(estate: Estate, cast: Cast, by: dict[str, Any]) -> None:
    buildings = list(Building.objects.filter(estate=estate))
    operations.set_up_zone(estate, name="东区", butler=None, buildings=buildings, **by)

    def draw(name: str, butler: User | None = None, chosen: list[Building] = buildings) -> Callable[[], object]:
        return lambda: operations.set_up_zone(estate, name=name, butler=butler, buildings=chosen, **by)

    refuses(PostInvalid, "请写责任区名称", draw(" "))
    refuses(PostInvalid, "选出楼栋", draw("西区", chosen=[]))
    refuses(PostInvalid, "有的已归「东区」", draw("西区"))
    refuses(PostInvalid, "孙立在这个小区没有岗位", draw("东区", cast.auditor))
