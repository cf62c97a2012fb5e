"""An incident with forty callers: the lead opens it, the desk answers each in one press, and everybody hears the end."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Enter
from tests.journeys.test_clerk import Hands, told

BY_KEYBOARD, CALLERS = 3, 40
HOMES = ("1502", "1503", "1601", "1602", "1603", "1701", "1702", "1703", "1801", "1802", "1803")
SENTENCE = "水泵坏了,正在换,今天 23:50 前恢复供水"


def opened(page: Page) -> str:
    """The lead opens the incident and comes to its page; return its number."""
    page.goto("/desk/incidents/open/")
    page.get_by_label("什么事").fill("3 栋停水")
    page.locator(".hy-chip", has_text="3 栋").click()
    page.get_by_label("怎么跟来电人说").fill(SENTENCE)
    page.get_by_label("预计什么时候好").fill("明天 12:00")
    page.get_by_role("button", name="开", exact=False).last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("3 栋停水")
    return str(page.url.rstrip("/").rpartition("/")[2])


def by_keyboard(hands: Hands, unit: str) -> None:
    """One caller without a mouse: the home, and one key."""
    page = hands.page
    hands.find(unit)
    expect(page.locator("#home h2").first).to_have_text(f"3-2-{unit}")
    expect(page.locator("#hints")).to_contain_text(SENTENCE)
    hands.press("Alt+i")
    expect(page.locator(".hy-answer-number")).to_have_text(re.compile(r"YH-L\d{6}-\d{3}"))
    assert SENTENCE in told(page)
    hands.press("Enter")
    expect(page.locator("[data-desk-search]")).to_be_focused()


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found[1]


def by_request(page: Page, unit_id: int, incident: str, *, wants: bool) -> None:
    """One caller by the same form, sent as the browser sends it."""
    desk = page.request.get(f"/desk/?unit={unit_id}").text()
    person = re.search(r'name="person" value="(\d+)"', desk)
    assert person
    sent: dict[str, Any] = {
        "csrfmiddlewaretoken": hidden(desk, "csrfmiddlewaretoken"),
        "idempotency_key": hidden(desk, "idempotency_key"),
        "unit": str(unit_id),
        "person": person[1],
        "channel": "call",
        "incident": incident,
    }
    if wants:
        sent["tell_when_over"] = "1"
    answer = page.request.post("/desk/", form=sent, headers={"Referer": page.url})
    assert answer.status == 200
    assert SENTENCE in answer.text()


def test_forty_callers_of_one_incident(enter: Enter) -> None:
    lead, clerk = enter("lead"), enter("clerk")
    number = opened(lead)
    clerk.goto("/desk/")
    hands = Hands(clerk)
    units = {}
    for unit in HOMES[:BY_KEYBOARD]:
        by_keyboard(hands, unit)
    for unit in HOMES:
        clerk.goto("/desk/")
        hands.find(unit)
        expect(clerk.locator("#home h2").first).to_have_text(f"3-2-{unit}")
        units[unit] = int(clerk.locator('#home [name="unit"]').input_value())
    for n in range(CALLERS - BY_KEYBOARD):
        by_request(clerk, units[HOMES[n % len(HOMES)]], number, wants=n % 2 == 0)

    lead.goto(f"/desk/incidents/{number}/")
    expect(lead.locator(".hy-saved")).to_contain_text(f"全部 {CALLERS}")
    lead.locator("#end > summary").click()
    lead.get_by_label("结束了怎么说").fill("已经恢复供水")
    lead.get_by_role("button", name="结束,列出要告诉的人").click()
    expect(lead.get_by_role("main")).to_contain_text("还有 19 位要告诉")

    clerk.goto(f"/desk/incidents/{number}/?show=waiting")
    clerk.locator("[data-pick]").first.check()
    clerk.get_by_label("怎么告诉的").fill("电话")
    clerk.get_by_role("button", name="告诉了选中的").click()
    expect(clerk.get_by_role("main")).to_contain_text("还有 18 位要告诉")
    clerk.get_by_label("怎么告诉的").fill("短信")
    clerk.get_by_role("button", name="18 位都告诉了").click()
    expect(clerk.get_by_role("main")).to_contain_text("要告诉的都告诉了")
    clerk.goto("/desk/?unit=" + str(units["1502"]))
    expect(clerk.locator("#hints")).not_to_contain_text(SENTENCE)
