"""A front-desk clerk's morning with the keyboard alone: never a mouse."""

import re
import time
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.journeys.conftest import Enter

FAR = 60  # more presses of Tab than any page of the desk has fields


@dataclass
class Hands:
    """Somebody at the keyboard; counts the presses that are not the caller's words."""

    page: Page
    presses: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def write(self, words: str) -> None:
        self.page.keyboard.insert_text(words)

    def walk_to(self, selector: str) -> None:
        """Press Tab until the focus is there."""
        for _ in range(FAR):
            if self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
            self.press("Tab")
        pytest.fail(f"Tab does not lead to {selector}")

    def find(self, typed: str) -> None:
        """Search in the box of the desk and take the first that is found."""
        box = self.page.locator("[data-desk-search]")
        self.page.wait_for_load_state()
        if not box.evaluate("(box) => box === document.activeElement"):
            self.press("/")
        expect(box).to_be_focused()
        self.page.keyboard.type(typed)
        self.presses += len(typed)
        self.press("Enter")


@pytest.fixture
def hands(enter: Enter) -> Hands:
    """The clerk, at the desk, with a fresh page."""
    page = enter("clerk")
    page.goto("/desk/")
    expect(page.locator("[data-desk-search]")).to_be_focused()
    page.keyboard.press("Escape")  # into the words, where one finds oneself after a call
    page.keyboard.press("Tab")
    return Hands(page)


def registered(page: Page, letter: str) -> str:
    """Wait for the answer, and return the number in large type."""
    expect(page.locator(".hy-answer-number")).to_have_text(re.compile(rf"YH-{letter}\d{{6}}-\d{{3}}"))
    return page.locator(".hy-answer-number").inner_text().strip()


def told(page: Page) -> str:
    return page.locator(".hy-answer-says").inner_text()


def test_signing_in_and_coming_to_the_desk(enter: Enter) -> None:
    page = enter()
    hands = Hands(page)
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/$"))
    expect(page.get_by_label("账号")).to_be_focused()
    hands.write("clerk")
    hands.press("Tab")
    hands.write(PASSWORD)
    hands.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("今日")
    hands.walk_to("nav a[href='/desk/']")
    hands.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("前台")
    expect(page.locator("[data-desk-search]")).to_be_focused()


def test_a_known_caller_takes_a_few_presses_and_a_few_seconds(hands: Hands) -> None:
    page, began = hands.page, time.monotonic()
    hands.find("1501")
    expect(page.locator("#home h2").first).to_have_text("3-2-1501")
    expect(page.locator("#id_text")).to_be_focused()
    hands.write("厨房天花板滴水")
    hands.press("Alt+w", "Control+Enter")
    number = registered(page, "W")
    took = time.monotonic() - began

    assert told(page).startswith(f"已登记,编号 {number}。")
    assert "派" in told(page)  # what drips from a ceiling may be taken for urgent
    expect(page.get_by_role("main")).to_contain_text("王丽女士")
    assert hands.presses <= 12
    assert took < 15

    hands.press("Enter")
    expect(page.locator("[data-desk-search]")).to_be_focused()
    expect(page.locator("#id_text")).to_have_value("")
    hands.find(number)
    expect(page.get_by_role("heading", level=1)).to_contain_text("报修")
    expect(page.locator(".case-said").first).to_have_text("厨房天花板滴水")


def test_a_caller_in_no_roster_is_taken_just_as_fast(hands: Hands) -> None:
    page = hands.page
    hands.find("13911112222")
    expect(page.locator("#id_caller_phone")).to_have_value("13911112222")
    expect(page.locator("#id_text")).to_be_focused()
    hands.write("大堂玻璃门夹到孩子的手")
    hands.press("Alt+t", "Control+Enter")
    number = registered(page, "T")

    assert told(page).startswith(f"已登记,编号 {number}。")
    assert "答复您" in told(page)


def test_an_enquiry_is_answered_on_the_spot(hands: Hands) -> None:
    page = hands.page
    hands.find("1501")
    expect(page.locator("#id_text")).to_be_focused()
    hands.write("装修押金什么时候退")
    hands.press("Alt+z")
    hands.walk_to("#id_answer")
    hands.write("验收合格三个月后,带收据来前台退")
    hands.press("Control+Enter")
    number = registered(page, "L")

    assert told(page) == f"这次已经答复您了。以后要再问,报编号 {number} 就行。"


def test_somebody_asks_to_be_called_back_and_is(hands: Hands) -> None:
    page = hands.page
    hands.find("1501")
    expect(page.locator("#id_text")).to_be_focused()
    hands.write("车位能不能转租")
    hands.press("Alt+z")
    hands.walk_to("[name=how]")
    while not page.locator("[name=how][value=callback]").is_checked():
        hands.press("ArrowRight")
    hands.press("Control+Enter")
    number = registered(page, "L")
    assert told(page).startswith(f"已登记,编号 {number}。陈晓")
    assert "您回电" in told(page)

    hands.press("o")
    expect(page.get_by_role("main")).to_contain_text("答应了陈晓答复")
    hands.walk_to("#call_back_answer")
    hands.write("可以,到前台登记承租人和车牌")
    hands.press("Control+Enter")
    expect(page.get_by_role("status").get_by_text("已记下回电")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("给客户回了电话")
