"""The pages about the staff: who may, who may not, what they say, what they cost."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.staffing import operations
from huiyin.areas.staffing.models import Assignment, Department, Duty, Post, Zone
from huiyin.foundation.accounts.models import Grant, Role, User
from tests.cast import AT, SHANGHAI, Cast, hire

BrowserOf = Callable[[User], Client]
MONDAY = datetime(2026, 11, 30, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def stopped(clock: Any) -> None:
    """The pages ask the clock; here it stands."""


@pytest.fixture
def places(estate: Estate, cast: Cast) -> dict[str, int]:
    """One of everything an address may name."""
    desk = Post.objects.get(estate=estate, code="front_desk")
    duty = operations.plan_duty(
        desk, cast.clerk, starts_at=MONDAY + timedelta(hours=8), ends_at=MONDAY + timedelta(hours=16)
    )
    return {
        "post_id": desk.pk,
        "assignment_id": Assignment.objects.get(post=desk, user=cast.clerk).pk,
        "user_id": cast.clerk.pk,
        "duty_id": duty.pk,
    }


PAGES = {"people": "", "post": "post_id", "leave": "user_id", "roster": ""}
NEW = {"hire-name": "李小", "hire-username": "xiaoli", "hire-since_date": "2026-11-25"}


def actions(estate: Estate, cast: Cast) -> dict[str, tuple[str, dict[str, Any]]]:
    """What each action is sent."""
    department = Department.objects.filter(estate=estate).earliest("id").pk
    held = Assignment.objects.get(user=cast.clerk)
    return {
        "set_up_department": ("", {"department-name": "秩序部"}),
        "set_up_post": ("", {"code": "archivist", "title": "档案员", "department": department}),
        "post": ("post_id", {"title": "接待", "department": department}),
        "appoint": ("post_id", {"appoint-person": cast.butler.pk, "appoint-since_date": "2026-11-25"}),
        "hire": ("post_id", {**NEW, "hire-role": Role.objects.get(code="clerk").pk}),
        "end_assignment": ("assignment_id", {"until_date": "2026-11-25"}),
        "leave": ("user_id", {}),
        "set_up_zone": ("", {"zone-name": "东区", "zone-buildings": [Building.objects.get(estate=estate).pk]}),
        "roster": ("", {"who": held.pk, "starts": "08:00", "ends": "16:00", "days": ["2026-11-26"]}),
        "copy_week": ("", {"week": "2026-12-07"}),
        "cancel_duty": ("duty_id", {}),
    }


NAMES = [
    "set_up_department",
    "post",
    "appoint",
    "hire",
    "end_assignment",
    "leave",
    "set_up_zone",
    "roster",
    "copy_week",
    "cancel_duty",
]


def address(name: str, key: str, places: dict[str, int]) -> str:
    return reverse(f"staffing:{name}", kwargs={key: places[key]} if key else None)


def everything() -> list[list[tuple[object, ...]]]:
    models = (Department, Post, Assignment, Duty, Zone, Grant)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


@pytest.mark.parametrize("name", PAGES)
def test_who_may_see_which_page(name: str, places: dict[str, int], cast: Cast, browser_of: BrowserOf) -> None:
    url = address(name, PAGES[name], places)
    assert browser_of(cast.supervisor).get(url).status_code == 200
    for user in (cast.clerk, cast.butler, cast.technician, cast.auditor):
        assert browser_of(user).get(url).status_code == 403
    assert browser_of(cast.outsider).get(url).status_code == (404 if PAGES[name] else 200)
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize("name", NAMES)
def test_who_may_not_changes_nothing(
    name: str, places: dict[str, int], estate: Estate, cast: Cast, browser_of: BrowserOf
) -> None:
    key, said = actions(estate, cast)[name]
    url = address(name, key, places)
    before = everything()
    assert browser_of(cast.clerk).post(url, said).status_code == 403
    assert browser_of(cast.auditor).post(url, said).status_code == 403
    if key:
        assert browser_of(cast.outsider).post(url, said).status_code == 404
    assert Client().post(url, said).status_code == 302
    assert everything() == before


@pytest.mark.parametrize("name", NAMES)
def test_who_may_changes_it(
    name: str, places: dict[str, int], estate: Estate, cast: Cast, browser_of: BrowserOf
) -> None:
    key, said = actions(estate, cast)[name]
    before = everything()
    answer = browser_of(cast.director).post(address(name, key, places), said)
    assert answer.status_code == (200 if name == "hire" else 303)  # the link is shown once, at once
    assert everything() != before


@pytest.mark.parametrize(
    ("name", "said", "sentence"),
    [
        ("set_up_department", {"department-name": "客户服务部"}, "已经有「客户服务部」了"),
        ("set_up_post", {"title": "x"}, "请选择是哪个岗位"),
        ("post", {"title": ""}, "请填写本小区叫它"),
        ("appoint", {"appoint-person": "0"}, "没有这个选项"),
        ("hire", {**NEW, "hire-username": "小李"}, "账号只能用字母、数字"),
        ("hire", {**NEW, "hire-name": ""}, "请填写姓名"),
        ("end_assignment", {"until_date": "2020-01-01"}, "不能早于上岗日期"),
        ("set_up_zone", {"zone-name": "东区"}, "请选择楼栋"),
        ("roster", {"starts": "08:00", "ends": "16:00"}, "请选择谁,在哪个岗位"),
    ],
)
def test_a_refusal_is_said_on_the_page_and_changes_nothing(
    name: str,
    said: dict[str, str],
    sentence: str,
    places: dict[str, int],
    estate: Estate,
    cast: Cast,
    browser_of: BrowserOf,
) -> None:
    before = everything()
    key = actions(estate, cast)[name][0]
    answer = browser_of(cast.supervisor).post(address(name, key, places), said)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert everything() == before


def test_what_has_no_form_is_refused_on_a_page_of_its_own(
    places: dict[str, int], cast: Cast, browser_of: BrowserOf
) -> None:
    client = browser_of(cast.supervisor)
    empty = client.post(reverse("staffing:copy_week"), {"week": "2026-11-30"})
    assert (empty.status_code, "上一周没有排班" in empty.content.decode()) == (409, True)
    Duty.objects.update(starts_at=AT - timedelta(hours=1))
    begun = client.post(reverse("staffing:cancel_duty", args=[places["duty_id"]]))
    assert (begun.status_code, "已经开始" in begun.content.decode()) == (409, True)
    assert Duty.objects.count() == 1


def test_nobody_lets_themselves_go(cast: Cast, browser_of: BrowserOf) -> None:
    url = reverse("staffing:leave", args=[cast.supervisor.pk])
    page = browser_of(cast.supervisor).get(url).content.decode()
    assert "不能给自己办离职" in page
    assert browser_of(cast.supervisor).post(url).status_code == 409
    assert User.objects.get(pk=cast.supervisor.pk).is_active


def test_the_leaving_page_says_what_is_let_go_of(
    places: dict[str, int], estate: Estate, cast: Cast, browser_of: BrowserOf
) -> None:
    operations.draw_zone(estate, name="东区", butler=cast.clerk, buildings=[])
    page = browser_of(cast.supervisor).get(reverse("staffing:leave", args=[cast.clerk.pk])).content.decode()
    for said in ("不再担任前台接待", "1 个班撤掉", "东区没有了管家", "clerk 立即停用", "确认陈晓离职"):
        assert said in page


def test_the_people_page_shows_posts_holders_and_gaps(estate: Estate, cast: Cast, browser_of: BrowserOf) -> None:
    page = browser_of(cast.supervisor).get("/staff/").content.decode()
    for said in (
        "客户服务部",
        "前台接待",
        "没人时由客服主管顶",
        "陈晓",
        "最后负责",
        "没有人",
        "还没有岗位",
        "还没有责任区",
    ):
        assert said in page
    Zone.objects.create(estate=estate, name="西区")
    assert "还没有归到责任区:3 栋" in browser_of(cast.supervisor).get("/staff/").content.decode()


def test_the_roster_shows_the_week_asked_for(places: dict[str, int], cast: Cast, browser_of: BrowserOf) -> None:
    client = browser_of(cast.supervisor)
    this_week = client.get("/staff/roster/").content.decode()
    assert "11 月 23 日至 11 月 29 日" in this_week
    assert "这一周还没有排班" in this_week
    next_week = client.get("/staff/roster/?week=2026-12-02").content.decode()
    assert "11 月 30 日至 12 月 6 日" in next_week
    assert "08:00–16:00" in next_week
    assert "撤掉陈晓 周一的班" in next_week
    assert "11 月 23 日" in client.get("/staff/roster/?week=nonsense").content.decode()
    assert "11 月 23 日" in client.get("/staff/roster/?week=9999-12-31").content.decode()


def test_a_night_duty_ends_the_next_day(estate: Estate, cast: Cast, browser_of: BrowserOf) -> None:
    held = Assignment.objects.get(user=cast.clerk)
    said = {"who": held.pk, "starts": "20:00", "ends": "08:00", "days": ["2026-11-26", "2026-11-27"]}
    answer = browser_of(cast.supervisor).post("/staff/roster/?week=2026-11-23", said)
    assert answer.url == "/staff/roster/?week=2026-11-23"
    assert [duty.ends_at - duty.starts_at for duty in Duty.objects.all()] == [timedelta(hours=12)] * 2
    assert "20:00–次日 08:00" in browser_of(cast.supervisor).get(answer.url).content.decode()


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize(("name", "cost"), [("people", 23), ("post", 13), ("roster?week=2026-11-30", 10)])
def test_three_rows_cost_what_one_costs(
    name: str, cost: int, places: dict[str, int], estate: Estate, cast: Cast, browser_of: BrowserOf
) -> None:
    page, _, asked = name.partition("?")
    url = address(page, PAGES[page], places) + (f"?{asked}" if asked else "")
    client = browser_of(cast.supervisor)
    Zone.objects.create(estate=estate, name="东区").buildings.set(Building.objects.filter(estate=estate))
    one = queries_of(client, url)
    for number in (1, 2):
        user = hire(f"new{number}", "新人", estate=estate, role="clerk", post="front_desk")
        Zone.objects.create(estate=estate, name=f"区{number}", butler=user)
        starts_at = MONDAY + timedelta(days=number, hours=8)
        operations.plan_duty(
            Post.objects.get(pk=places["post_id"]), user, starts_at=starts_at, ends_at=starts_at + timedelta(hours=8)
        )
    assert (one, queries_of(client, url)) == (cost, cost)


def test_an_estate_without_staff_says_what_to_do(cast: Cast, browser_of: BrowserOf) -> None:
    Duty.objects.all().delete()
    Assignment.objects.all().delete()
    Post.objects.update(falls_to=None)
    Post.objects.all().delete()
    assert "还没有岗位" in browser_of(cast.supervisor).get("/staff/roster/").content.decode()
    Department.objects.all().delete()
    page = browser_of(cast.supervisor).get("/staff/").content.decode()
    assert "先建一个部门" in page
