"""The frame shows each person their own doors, few queries, and the estate they work in."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from conftest import Clock
from huiyin.areas.estate.models import Estate, Household
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.kit.shell import Shell
from huiyin.surfaces.web import context
from huiyin.surfaces.web.can import Can
from tests.cast import Cast, tell

Browsers = Callable[[User], Client]


def asked_by(user: User, path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user, request.session = user, {}
    return request


def frame(user: User, path: str = "/") -> Shell:
    found = context.shell(asked_by(User.objects.get(pk=user.pk), path))["shell"]
    assert isinstance(found, Shell)
    return found


RAILS = {
    "clerk": ["今日", "前台", "台账", "事项", "维修", "收费", "回访", "标准", "小区"],
    "technician": ["今日", "前台", "我的维修", "随身料", "设备工程"],
    "lead": [
        "今日",
        "前台",
        "台账",
        "事项",
        "我的维修",
        "随身料",
        "维修",
        "材料",
        "设备工程",
        "收费",
        "回访",
        "管理",
        "统计",
        "标准",
        "小区",
    ],
    "supervisor": [
        "今日",
        "前台",
        "台账",
        "事项",
        "维修",
        "材料",
        "设备工程",
        "收费",
        "回访",
        "管理",
        "统计",
        "标准",
        "小区",
        "人员",
    ],
    "auditor": ["今日", "台账", "事项", "维修", "材料", "设备工程", "收费", "回访", "管理", "统计", "标准", "小区"],
}
BOTTOMS = {
    "clerk": ["今日", "前台", "事项", "回访"],
    "technician": ["我的维修", "随身料", "收款", "今日"],
    "lead": ["今日", "维修", "我的维修", "事项"],
    "supervisor": ["今日", "管理", "事项", "回访"],
    "auditor": ["今日", "台账", "事项", "维修"],
}


@pytest.mark.parametrize("member", RAILS)
def test_only_the_doors_that_open_are_shown(cast: Cast, member: str) -> None:
    found = frame(getattr(cast, member))
    assert [item.label for item in found.rail] == RAILS[member]
    assert [item.label for item in found.bottom] == BOTTOMS[member]


def test_one_door_is_marked_as_the_present_one(cast: Cast) -> None:
    marked = {
        path: [item.label for item in frame(cast.supervisor, path).rail if item.active]
        for path in ("/", "/cases/", "/desk/", "/desk/ledger/", "/standards/rules/1/", "/control/promises/")
    }
    assert list(marked.values()) == [["今日"], ["事项"], ["前台"], ["台账"], ["标准"], ["管理"]]


def test_the_frame_costs_five_queries_with_the_rights(cast: Cast) -> None:
    request = asked_by(User.objects.get(pk=cast.supervisor.pk))
    with CaptureQueriesContext(connection) as made:
        assert context.shell(request)["shell"].me == "林芳"
        assert context.shell(request)["can"].today_see
    assert len(made) == 5


def test_what_is_late_and_what_waits_is_counted(
    estate: Estate, cast: Cast, standard: object, home: Household, clock: Clock
) -> None:
    tell(estate, cast.clerk)
    assert (frame(cast.lead).waiting, frame(cast.lead).rail[0].count) == (1, 0)
    clock.move(days=3)
    assert frame(cast.lead).rail[0].count > 0 and frame(cast.lead).rail[0].urgent


def test_an_anonymous_page_gets_an_empty_frame() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert context.shell(request)["shell"].rail == ()


def test_switching_the_estate_stays_until_the_next(cast: Cast, estate: Estate, browser_of: Browsers) -> None:
    other = Estate.objects.create(company=estate.company, code="YX", name="云溪苑")
    browser = browser_of(cast.director)
    answer = browser.post("/estate/", {"estate": str(other.pk), "next": "/control/"})
    assert answer.headers["Location"] == "/control/"
    assert "云溪苑 ·" in browser.get("/control/").content.decode()


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org", "javascript:1", ""])
def test_switching_never_leaves_the_house(cast: Cast, browser_of: Browsers, back: str) -> None:
    assert browser_of(cast.director).post("/estate/", {"estate": "1", "next": back}).headers["Location"] == "/"


def test_an_estate_out_of_sight_is_not_switched_to(cast: Cast, browser_of: Browsers) -> None:
    foreign = Estate.objects.get(code="BJ")
    browser = browser_of(cast.clerk)
    browser.post("/estate/", {"estate": str(foreign.pk)})
    assert "estate" not in browser.session


def test_a_misspelt_right_is_an_error_and_not_a_no(cast: Cast) -> None:
    can = Can(access_of(cast.clerk))
    assert can.desk_register is True and can.cases_void is False
    with pytest.raises(AttributeError):
        can.desk_regster  # noqa: B018


def test_rights_are_asked_in_the_estate_of_the_record(cast: Cast, estate: Estate) -> None:
    request = asked_by(cast.clerk)
    request.about_estate = Estate.objects.get(code="BJ").pk
    assert context.shell(request)["can"].desk_register is False


def test_errors_speak_chinese(cast: Cast, browser_of: Browsers) -> None:
    browser = browser_of(cast.clerk)
    assert "没有找到这一页" in browser.get("/nothing/").content.decode()
    assert "您没有权限做这件事" in browser.get("/control/").content.decode()
