"""今日: every band holds what falls in it, the three numbers agree with their lists, leaders see their people."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import Clock
from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import Caller
from huiyin.areas.estate.models import Estate, Household
from huiyin.foundation.accounts.models import User
from huiyin.standards.models import Commitment, Standard
from huiyin.surfaces.web import worklist
from tests.cast import SHANGHAI, Cast, tell
from tests.world import World, furnish

Browsers = Callable[[User], Client]


def owe(case: Case, user: User, due_at: datetime, does: str) -> None:
    """Let the person have promised something of the case for that time."""
    Commitment.objects.filter(thread=case.thread).update(ended_at=due_at, state="waived", end_reason="测试")
    cases.promise_time(case, promised_at=due_at, does=does, actor=user, at=case.opened_at)
    Commitment.objects.filter(thread=case.thread, ended_at=None).update(owner=user, owner_post="", does=does)


def titles(page: str) -> list[str]:
    """The bands of the page, in order, with their counts."""
    heads = page.split('<section class="hy-band"><h2')[1:]
    return [
        "".join(piece.split(">", 1)[1] for piece in head.split("</h2>")[0].split("<") if not piece.startswith("svg"))
        for head in heads
    ]


@pytest.fixture
def case(estate: Estate, cast: Cast, home: Household, at: datetime) -> Case:
    return tell(estate, cast.clerk, at=at - timedelta(days=3), kind="enquiry", text="问停车费")


def told_again(estate: Estate, cast: Cast, at: datetime) -> Case:
    return tell(estate, cast.clerk, at=at - timedelta(days=3), kind="enquiry", text="问停车费")


@pytest.mark.parametrize(
    ("hours", "band"),
    [
        (-1, "逾期"),
        (1, "两小时内"),
        (2, "今天"),
        (14, "今天"),  # midnight ends today
        (14.1, "明天"),
        (38, "明天"),
        (38.1, "本周"),
        (110, "本周"),  # Sunday midnight
        (110.1, "以后"),
    ],
)
def test_each_promise_stands_in_its_band(
    case: Case, cast: Cast, browser_of: Browsers, clock: Clock, at: datetime, hours: float, band: str
) -> None:
    owe(case, cast.butler, at + timedelta(hours=hours), "答复咨询")
    page = browser_of(cast.butler).get("/").content.decode()
    assert titles(page) == [f"{band}1"]
    assert "答复咨询 · 3-2-1501 王女士:问停车费" in page


def test_bands_never_overlap_or_leave_a_gap(at: datetime) -> None:
    for hour in range(0, 24 * 8, 5):
        bands = worklist.bands(at + timedelta(hours=hour, minutes=17), SHANGHAI)
        assert [band.code for band in bands] == ["overdue", "soon", "today", "tomorrow", "week", "later"]
        assert all(before.span[1] == after.span[0] for before, after in pairwise(bands))
        assert all(band.span[0] <= band.span[1] for band in bands)


def test_the_row_says_why_and_leads_to_the_page(
    estate: Estate, cast: Cast, standard: Standard, home: Household, browser_of: Browsers, clock: Clock
) -> None:
    case = tell(estate, cast.clerk, kind="complaint", text="楼道灯坏了")
    page = browser_of(cast.supervisor).get("/").content.decode()
    assert "答复投诉人 · 3-2-1501 王女士:楼道灯坏了" in page
    assert "按《推荐标准》" in page and "投诉 24 小时内答复" in page
    assert f'<a class="btn btn-sm" href="/cases/{case.number}/">核实</a>' in page


def test_numbers_agree_with_their_lists(
    estate: Estate, cast: Cast, home: Household, browser_of: Browsers, clock: Clock, at: datetime
) -> None:
    for hours in (-5, -1, 1, 3, 5, 30):
        owe(told_again(estate, cast, at), cast.butler, at + timedelta(hours=hours), "答复咨询")
    browser = browser_of(cast.butler)
    numbers = browser.get("/").content.decode().split('<nav class="hy-numbers"')[1].split("</nav>")[0]
    assert [part.split("<")[0] for part in numbers.split('hy-bignumber-value">')[1:]] == ["2", "3", "0"]
    assert browser.get("/?show=overdue").content.decode().count("<li ") == 2
    assert browser.get("/?show=due").content.decode().count("<li ") == 3


def test_nothing_due_today_says_what_is_next(
    case: Case, cast: Cast, browser_of: Browsers, clock: Clock, at: datetime
) -> None:
    owe(case, cast.butler, at + timedelta(hours=24), "答复咨询")
    page = browser_of(cast.butler).get("/").content.decode()
    assert "今天没有到期的事" in page
    assert "下一件:明天 10:00 答复咨询" in page


def test_an_empty_day_says_so(cast: Cast, browser_of: Browsers, clock: Clock) -> None:
    assert "新的事情一来就会出现在这里" in browser_of(cast.butler).get("/").content.decode()


def test_a_paused_promise_is_not_on_the_list_and_its_waking_is(
    estate: Estate, cast: Cast, standard: Standard, home: Household, browser_of: Browsers, clock: Clock, at: datetime
) -> None:
    case = tell(estate, cast.clerk, at=at, kind="enquiry", text="问停车费")
    cases.take_case(case, actor=cast.clerk, at=at)
    cases.hold_case(case, reason="等财务回话", wakes_at=at + timedelta(hours=5), actor=cast.clerk, at=at)
    page = browser_of(cast.clerk).get("/").content.decode()
    assert titles(page) == ["今天1"]
    assert "恢复处理 · 3-2-1501" in page and "挂起到时间了" in page


def test_new_cases_wait_for_their_post_and_are_counted(
    estate: Estate, cast: Cast, home: Household, browser_of: Browsers, clock: Clock
) -> None:
    case = tell(estate, cast.clerk)
    told = browser_of(cast.lead).get("/waiting/").content.decode()
    assert case.number in told and "受理" in told
    assert "没有等您确认的事项" in browser_of(cast.butler).get("/waiting/").content.decode()


def test_a_technician_is_led_to_the_order_in_hand(world: World, browser_of: Browsers, clock: Clock) -> None:
    page = browser_of(world.cast.technician).get("/").content.decode()
    assert f'href="/repairs/mine/{world.order.number}/"' in page
    assert "/cases/" not in page


def test_a_return_visit_leads_to_its_form(world: World, browser_of: Browsers, clock: Clock) -> None:
    page = browser_of(world.cast.supervisor).get("/?whose=all").content.decode()
    assert f'href="/return-visits/{world.visit.pk}/">回访</a>' in page


@pytest.fixture
def world(estate: Estate, cast: Cast, home: Household, standard: Standard) -> World:
    return furnish(estate, cast, home, standard)


def test_only_leaders_see_what_others_owe(cast: Cast, browser_of: Browsers, clock: Clock) -> None:
    assert browser_of(cast.clerk).get("/?whose=all").status_code == 403
    assert browser_of(cast.clerk).get("/?whose=team").status_code == 403
    assert browser_of(cast.supervisor).get("/?whose=all").status_code == 200


def test_a_team_is_what_falls_to_its_leader(
    estate: Estate, cast: Cast, home: Household, browser_of: Browsers, clock: Clock, at: datetime
) -> None:
    owe(told_again(estate, cast, at), cast.butler, at - timedelta(hours=1), "管家的事")
    owe(told_again(estate, cast, at), cast.technician, at - timedelta(hours=1), "维修工的事")
    team = browser_of(cast.supervisor).get("/?whose=team").content.decode()
    everybody = browser_of(cast.supervisor).get("/?whose=all").content.decode()
    assert "管家的事" in team and "维修工的事" not in team
    assert "管家的事" in everybody and "维修工的事" in everybody


def test_who_carries_most_stands_first_and_opens(
    estate: Estate, cast: Cast, home: Household, browser_of: Browsers, clock: Clock, at: datetime
) -> None:
    for hours in (-3, -2, 4):
        owe(told_again(estate, cast, at), cast.butler, at + timedelta(hours=hours), "管家的事")
    owe(told_again(estate, cast, at), cast.clerk, at - timedelta(hours=1), "前台的事")
    browser = browser_of(cast.supervisor)
    page = browser.get("/?whose=all").content.decode()
    table = page.split("谁手上最多")[1]
    assert table.index("周敏") < table.index("陈晓")
    assert f"?whose=all&amp;person={cast.butler.pk}" in table
    only = browser.get(f"/?whose=all&person={cast.butler.pk}").content.decode()
    assert "管家的事" in only and "前台的事" not in only and "只看 周敏" in only


def test_work_of_another_estate_is_nobodys_here(
    estate: Estate, cast: Cast, home: Household, browser_of: Browsers, clock: Clock, at: datetime
) -> None:
    owe(told_again(estate, cast, at), cast.butler, at - timedelta(hours=1), "管家的事")
    page = browser_of(cast.outsider).get(f"/?whose=all&person={cast.butler.pk}").content.decode()
    assert "管家的事" not in page and "周敏" not in page


def test_a_long_band_is_paged(
    estate: Estate, cast: Cast, home: Household, browser_of: Browsers, clock: Clock, at: datetime
) -> None:
    case = told_again(estate, cast, at)
    owe(case, cast.butler, at - timedelta(hours=1), "答复咨询")
    one = Commitment.objects.get(thread=case.thread, ended_at=None)
    for number in range(1, 53):
        one.pk, one.does, one.due_at = None, f"第{number}件", at - timedelta(minutes=60 - number)
        one.save(force_insert=True)
    browser = browser_of(cast.butler)
    page = browser.get("/").content.decode()
    assert page.count("<li ") == 50 and titles(page) == ["逾期53"]
    rest = browser.get("/?show=overdue&page=2").content.decode()
    assert rest.count("<li ") == 3 and "第52件" in rest and "第49件" not in rest


def test_a_page_is_shared_out_and_every_band_shows_something(
    estate: Estate, cast: Cast, home: Household, browser_of: Browsers, clock: Clock, at: datetime
) -> None:
    case = told_again(estate, cast, at)
    owe(case, cast.butler, at - timedelta(hours=1), "答复咨询")
    one = Commitment.objects.get(thread=case.thread, ended_at=None)
    for number in range(48):
        one.pk, one.due_at = None, at - timedelta(minutes=number + 1)
        one.save(force_insert=True)
    for number in range(5):
        one.pk, one.due_at = None, at + timedelta(hours=30, minutes=number)
        one.save(force_insert=True)
    page = browser_of(cast.butler).get("/").content.decode()
    assert titles(page) == ["逾期49", "明天5"]
    assert page.count("<li ") == 52
    assert 'href="/?show=tomorrow&amp;page=1">看全部' in page


def test_queries_do_not_follow_the_rows(
    estate: Estate, cast: Cast, home: Household, standard: Standard, browser_of: Browsers, clock: Clock, at: datetime
) -> None:
    def count(user: User, address: str) -> int:
        browser = browser_of(user)
        with CaptureQueriesContext(connection) as made:
            assert browser.get(address).status_code == 200
        return len(made)

    tell(estate, cast.clerk, kind="complaint")
    one = [count(cast.supervisor, "/"), count(cast.supervisor, "/?whose=team"), count(cast.clerk, "/")]
    for _ in range(2):
        tell(estate, cast.clerk, kind="complaint")
    three = [count(cast.supervisor, "/"), count(cast.supervisor, "/?whose=team"), count(cast.clerk, "/")]
    assert one == three == [15, 16, 9]


def test_an_anonymous_caller_is_said_to_be_so(
    estate: Estate, cast: Cast, browser_of: Browsers, clock: Clock, at: datetime
) -> None:
    case = cases.register_case(
        estate, kind="enquiry", text="有人问\n装修时间", caller=Caller(), actor=cast.clerk, at=at - timedelta(days=2)
    )
    owe(case, cast.butler, at + timedelta(hours=1), "答复咨询")
    assert "答复咨询 · 匿名:有人问 装修时间" in browser_of(cast.butler).get("/").content.decode()
