"""对比: two standards side by side, and every contradiction with how it is settled."""

from collections.abc import Callable

import pytest
from django.test import Client

from conftest import Clock
from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import User
from huiyin.standards import operations as standards
from tests.cast import AT, Cast

Browsers = Callable[[User], Client]


@pytest.fixture
def browser(cast: Cast, estate: Estate, browser_of: Browsers, clock: Clock) -> Client:
    return browser_of(cast.clerk)


def seen(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_differing_values_stand_against_each_other_with_their_clauses(browser: Client) -> None:
    page = seen(browser, "/standards/compare/?left=s1&right=s4")
    row = next(part for part in page.split("<tr>") if "S1-21" in part and "S4-62" in part)
    assert "72 小时</strong> 对 <strong>24 小时" in row
    assert '/standards/contradictions/#C04">C04 投诉多久答复</a>' in row
    assert "《手册二 业户服务规范》与《手册五 来电来访》" in page


def test_what_one_side_does_not_say_is_shown_on_demand(browser: Client) -> None:
    assert "没有写" not in seen(browser, "/standards/compare/?left=s0&right=s4").split("hy-table")[0]
    whole = seen(browser, "/standards/compare/?left=s0&right=s4&show=all")
    assert "只有一边写了" in whole
    both = seen(browser, "/standards/compare/?left=s0&right=s4&show=both")
    assert "只有一边写了" not in both and "一样" in both


def test_a_standard_does_not_differ_from_itself(browser: Client) -> None:
    assert "这两个标准没有说法不一的地方" in seen(browser, "/standards/compare/?left=s3&right=s3")


def test_the_law_is_named_by_article(browser: Client) -> None:
    page = seen(browser, "/standards/compare/?left=s1&right=law-national&show=all")
    assert "《民法典》第 281 条" in page


def test_a_published_version_is_compared_as_it_is_in_effect(browser: Client) -> None:
    url = "/standards/compare/?left=s0&right=s3"
    before = seen(browser, url).split("<table")[1:]
    standards.load_catalogue(at=AT)
    assert seen(browser, url).split("<table")[1:] == before
    assert len(before) >= 3


def test_what_is_no_standard_is_not_found(browser: Client) -> None:
    assert browser.get("/standards/compare/?left=none&right=s3").status_code == 404


def test_every_contradiction_is_shown_with_its_settlement(browser: Client) -> None:
    page = seen(browser, "/standards/contradictions/")
    assert "32 个题目,32 个说法不一" in page
    assert page.count("hy-settled") == 32
    reply = page.split('id="C04"')[1].split('id="C05"')[0]
    for said in ("S1-21", "S4-62", "72 小时", "24 小时", "推荐标准", "承诺取短的"):
        assert said in reply
