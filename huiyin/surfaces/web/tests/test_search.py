"""Search: a number goes straight to its page, everything else is found by how people say it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from conftest import Clock
from huiyin.areas.estate.models import Estate, Household
from huiyin.foundation.accounts.models import User
from huiyin.standards.models import Standard
from tests.cast import Cast
from tests.world import World, furnish

Browsers = Callable[[User], Client]


@pytest.fixture
def world(estate: Estate, cast: Cast, home: Household, standard: Standard) -> World:
    return furnish(estate, cast, home, standard)


@pytest.mark.parametrize(
    "typed", ["YH-W261125-001", "yh-w261125-001", "W261125-001", " w261125-001 ", "YH-W261125-001-1"]
)
def test_a_number_goes_straight_to_the_case(world: World, browser_of: Browsers, clock: Clock, typed: str) -> None:
    assert world.repair.number == "YH-W261125-001"
    answer = browser_of(world.cast.clerk).get("/search/", {"q": typed})
    assert answer.headers["Location"] == "/cases/YH-W261125-001/"


def test_a_contact_and_an_order_have_pages_too(world: World, browser_of: Browsers, clock: Clock) -> None:
    contact = browser_of(world.cast.clerk).get("/search/", {"q": world.contact.number})
    assert contact.headers["Location"] == f"/desk/ledger/{world.contact.number}/"
    order = browser_of(world.cast.technician).get("/search/", {"q": world.order.number})
    assert order.headers["Location"] == f"/repairs/mine/{world.order.number}/"


def test_the_serial_of_today_is_enough(world: World, browser_of: Browsers, clock: Clock) -> None:
    browser = browser_of(world.cast.clerk)
    assert browser.get("/search/", {"q": "2"}).headers["Location"] == f"/cases/{world.done.number}/"
    several = browser.get("/search/", {"q": "001"}).content.decode()
    assert world.repair.number in several and world.complaint.case.number in several
    clock.move(days=1)
    assert browser.get("/search/", {"q": "2"}).status_code == 200


@pytest.mark.parametrize("typed", ["3-2-1501", "1501", "三栋二单元1501", "13800138000", "8000", "王丽"])
def test_a_household_is_found_by_unit_phone_and_name(
    world: World, browser_of: Browsers, clock: Clock, typed: str
) -> None:
    page = browser_of(world.cast.clerk).get("/search/", {"q": typed}).content.decode()
    assert f'href="/units/{world.home.unit_id}/"' in page
    assert "138****8000" in page and "13800138000" not in page.replace(f'value="{typed}"', "").replace(
        f"搜索:{typed}", ""
    )


def test_matters_are_found_by_the_callers_phone(world: World, browser_of: Browsers, clock: Clock) -> None:
    page = browser_of(world.cast.clerk).get("/search/", {"q": "138001"}).content.decode()
    assert all(case.number in page for case in (world.repair, world.done, world.complaint.case))


def test_nothing_is_found_and_it_says_how_else_to_ask(world: World, browser_of: Browsers, clock: Clock) -> None:
    browser = browser_of(world.cast.clerk)
    assert "没有找到“查无此人”" in browser.get("/search/", {"q": "查无此人"}).content.decode()
    assert "想找什么?" in browser.get("/search/").content.decode()


def test_another_company_finds_nothing(world: World, browser_of: Browsers, clock: Clock) -> None:
    browser = browser_of(world.cast.outsider)
    for typed in (world.repair.number, world.contact.number, "13800138000", "3-2-1501"):
        page = browser.get("/search/", {"q": typed})
        assert page.status_code == 200
        assert world.repair.number not in page.content.decode().replace(typed, "")
        assert f"/units/{world.home.unit_id}/" not in page.content.decode()


def test_a_technician_finds_no_households(world: World, browser_of: Browsers, clock: Clock) -> None:
    page = browser_of(world.cast.technician).get("/search/", {"q": "1501"}).content.decode()
    assert "没有找到“1501”" in page


@pytest.mark.parametrize("typed", ["%", "'; --", "-" * 80, "W999999-999", "\u200b", "<script>", "٣"])
def test_odd_words_do_no_harm(world: World, browser_of: Browsers, clock: Clock, at: datetime, typed: str) -> None:
    page = browser_of(world.cast.clerk).get("/search/", {"q": typed})
    assert page.status_code == 200 and "<script>" not in page.content.decode()
