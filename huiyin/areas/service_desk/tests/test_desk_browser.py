"""A call at the desk in a real browser, with the keyboard alone."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from huiyin.areas.cases.models import Case, Category
from huiyin.areas.estate.models import Estate, Household
from huiyin.standards.models import Standard
from tests import cast as people
from tests.browser import launch

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@dataclass
class Hands:
    """A clerk at the keyboard; counts the presses that are not the caller's words."""

    page: Page
    presses: int = 0
    complaints: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def write_down(self, words: str) -> None:
        self.page.keyboard.insert_text(words)

    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.id || document.activeElement.name"))


@pytest.fixture
def hands(
    live_server: LiveServer,
    clock: object,
    home: Household,
    estate: Estate,
    standard: Standard,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Hands]:
    # Playwright keeps an event loop in this thread, which Django takes for async code.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    people.hire("clerk", "陈晓", estate=estate, role="clerk", post="front_desk")
    Category.objects.create(kind="repair", code="leak", title="渗漏水", keywords=["漏水", "滴水"])
    with sync_playwright() as play:
        browser = launch(play)
        page = browser.new_page()
        hands = Hands(page)
        page.on("console", lambda said: hands.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: hands.complaints.append(str(error)))
        page.goto(f"{live_server.url}/sign-in/?next=/desk/")
        page.fill("[name=username]", "clerk")
        page.fill("[name=password]", people.PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_selector("[data-desk-search]:focus")
        yield hands
        browser.close()


def test_a_known_caller_takes_at_most_twelve_presses(hands: Hands) -> None:
    page = hands.page
    hands.press(*"1501", "Enter")
    page.wait_for_selector("#home h2:text-is('3-2-1501')")
    page.wait_for_selector("#id_text:focus")
    hands.write_down("厨房天花板滴水")
    hands.press("Alt+w")
    page.wait_for_selector("#hints :text('渗漏水')")
    assert hands.focused() == "id_text"
    hands.press("Control+Enter")
    page.wait_for_selector(".hy-answer")

    assert "YH-W261125-001" in page.inner_text(".hy-answer-number")
    assert page.inner_text(".hy-answer-says").startswith("已登记,编号 YH-W261125-001。维修班长30 分钟内派单")
    hands.press("Enter")
    page.wait_for_selector("[data-desk-search]:focus")
    assert page.input_value("#id_text") == ""
    assert hands.presses <= 12
    assert hands.complaints == []
    case = Case.objects.get()
    assert (case.caller_name, case.category.code if case.category else "") == ("王丽女士", "leak")


def test_a_stranger_and_words_said_before_the_home_was_known(hands: Hands) -> None:
    page = hands.page
    page.fill("#id_text", "先说事情,再报电话")
    hands.press("Alt+t")
    page.click("h1")
    hands.press("/")
    assert hands.focused() == "q"
    page.keyboard.type("13911112222")
    hands.press("Enter")
    page.wait_for_selector("#id_caller_phone[value='13911112222']")

    assert page.input_value("#id_text") == "先说事情,再报电话"
    assert page.is_checked("[name=kind][value=complaint]")


def test_enter_in_a_field_never_presses_the_button_of_another_matter(hands: Hands, estate: Estate) -> None:
    first = people.tell(estate, people.User.objects.get(username="clerk"))
    page = hands.page
    page.goto(re.sub(r"/desk/.*", f"/desk/?unit={first.unit_id}", page.url))
    page.fill("#id_text", "另一件事")
    page.check("[name=kind][value=suggestion]", force=True)
    page.press("#id_place", "Enter")
    page.wait_for_selector(".hy-answer")

    assert "YH-J261125-001" in page.inner_text(".hy-answer-number")
    assert not Case.objects.filter(status="merged").exists()


def test_it_fits_its_window(hands: Hands, estate: Estate) -> None:
    case = people.tell(estate, people.User.objects.get(username="clerk"), text="漏" * 300)
    page = hands.page
    root = re.sub(r"/desk/.*", "", page.url)
    for address in (f"/desk/?unit={case.unit_id}", "/desk/ledger/", f"/units/{case.unit_id}/", "/desk/?q=1"):
        page.goto(root + address)
        for width in (360, 768, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0, (address, width)
    assert hands.complaints == []
