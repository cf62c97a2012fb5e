"""A technician's phone: 360 pixels and a thumb; and the same without JavaScript, the customer signing on paper."""

import re
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Enter, House

THUMB = 44
REST = 0.2
STROKE = [(0.2, 0.6), (0.35, 0.3), (0.5, 0.7), (0.65, 0.35), (0.8, 0.6)]
# The trail above a heading is for reading; the bar below leads to the same page.
TARGETS = """(least) => [...document.querySelectorAll("a.btn, button, summary, select, textarea, .hy-bottom a, input:not([type=hidden])")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 1)
  .filter((one) => !["radio", "checkbox"].includes(one.type))
  .map((one) => [one.outerHTML.slice(0, 90), Math.round(one.getBoundingClientRect().height)])
  .filter(([, high]) => high < least)"""


def fits_a_thumb(page: Page) -> None:
    assert page.evaluate(TARGETS, THUMB) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def come_in(page: Page, who: str) -> None:
    """At the door: who agreed, and every item."""
    page.get_by_label("谁同意进门").fill(who)
    page.get_by_text("当面同意").click()
    tick(page, "着装整洁", "轻敲门", "再说一遍", "套上鞋套", "装在袋里")


def leave_clean(page: Page) -> None:
    tick(page, "铺了垫布", "没坐卧", "没收住户", "收拾干净")


def tick(page: Page, *items: str) -> None:
    for words in items:
        page.get_by_role("checkbox", name=words).check()


def draw(page: Page) -> None:
    """Sign on the pad with a finger."""
    expect(page.get_by_role("button", name="重签")).to_be_visible()
    pad = page.locator("[data-signature] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    finger = page.context.new_cdp_session(page)
    points = [{"x": box["x"] + box["width"] * x, "y": box["y"] + box["height"] * y} for x, y in STROKE]
    # The finger rests before it is lifted: what ends in a swing is a fling to Chromium, which swallows the next tap.
    steps = [
        ("touchStart", points[:1]),
        *(("touchMove", [point]) for point in [*points[1:], points[-1]]),
        ("touchEnd", []),
    ]
    began = time.time()
    for step, (kind, touching) in enumerate(steps):
        when = {"timestamp": began + step * REST}
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touching, **when})


def test_from_the_list_to_the_signature_with_a_thumb(enter: Enter, house: House) -> None:
    page, number = enter("technician", size=PHONE, has_touch=True, is_mobile=True), house.made["touch_order"]
    page.goto("/start/")
    expect(page.get_by_role("heading", level=1)).to_have_text("我的维修")
    card = page.get_by_role("article").filter(has_text="厨房水槽下漏水")
    expect(card).to_contain_text("3-2-1503")
    fits_a_thumb(page)

    card.get_by_role("link", name="去接单").tap()
    expect(page).to_have_url(re.compile(f"/repairs/mine/{number}/$"))
    expect(page.get_by_role("main")).to_contain_text("二单元门禁不灵,先打电话")
    expect(page.get_by_role("link", name="13800001503")).to_have_attribute("href", "tel:13800001503")
    fits_a_thumb(page)
    page.get_by_role("button", name="接单").tap()
    come_in(page, "陈静女士")
    fits_a_thumb(page)
    page.get_by_role("button", name="到达").tap()
    page.get_by_label("修了什么、结果怎样").fill("换了下水软管,放水十分钟不漏")
    leave_clean(page)
    fits_a_thumb(page)
    page.get_by_role("button", name="完工").tap()

    expect(page.locator(".hy-signature-says")).to_have_text("我已看过:换了下水软管,放水十分钟不漏")
    expect(page.get_by_label("签字人")).to_have_value("陈静女士")
    fits_a_thumb(page)
    draw(page)
    expect(page.locator("[data-signature] input")).to_have_value(re.compile("^data:image/png;base64,"))
    page.get_by_role("button", name="客户签字,办结").tap()
    expect(page.get_by_text("客户已签字,维修单办结")).to_be_visible()
    expect(page.get_by_role("article").filter(has_text="厨房水槽下漏水")).to_have_count(0)

    page.goto(f"/repairs/mine/{number}/")
    expect(page.get_by_role("list", name="进度").locator("[aria-current]")).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("手写签名:陈静女士")


def test_without_javascript_the_customer_signs_on_paper(enter: Enter, house: House) -> None:
    page, number = enter("technician2", size=PHONE, java_script_enabled=False), house.made["plain_order"]
    page.goto("/repairs/mine/")
    page.get_by_role("article").filter(has_text="客厅插座没电").get_by_role("link", name="去接单").click()
    page.get_by_role("button", name="接单").click()
    come_in(page, "赵磊先生")
    page.get_by_role("button", name="到达").click()
    page.get_by_label("修了什么、结果怎样").fill("换了插座面板")
    leave_clean(page)
    page.get_by_role("button", name="完工").click()

    page.get_by_text("客户签在纸单上").click()
    slip = page.locator("[data-step=slip]")
    slip.get_by_label("纸质维修单编号").fill("B-0107")
    slip.get_by_label("签收时间").fill(f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}")
    slip.get_by_role("button", name="按纸单办结").click()
    expect(page.get_by_text("客户已签收,维修单办结")).to_be_visible()

    page.goto(f"/repairs/mine/{number}/")
    expect(page.get_by_role("main")).to_contain_text("赵磊先生,纸单 B-0107")
