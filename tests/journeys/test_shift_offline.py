"""A technician's shift in the cellar: no signal, two homes, one of them given away meanwhile; nothing lost, nothing twice."""

import re
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Enter, House
from tests.journeys.test_technician import come_in, draw, fits_a_thumb, leave_clean


def picture(color: str) -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (24, 16), color).save(drawn, "PNG")
    return drawn.getvalue()


# The server carries the step out; its answer is lost on the way.
LOSE_ONE_ANSWER = """() => {
  const usual = window.fetch;
  let lost = false;
  window.fetch = async (address, how) => {
    const answer = await usual(address, how);
    if (lost || how?.method !== "POST" || !String(address).endsWith("/finish/")) return answer;
    lost = true;
    throw new TypeError("Failed to fetch");
  };
}"""


def carry_out(page: Page, number: str, who: str, done: str) -> None:
    """From the door to the signature, without a signal."""
    page.goto(f"/repairs/mine/{number}/")
    expect(page.locator("[data-offline-words]")).to_contain_text("离线")
    page.get_by_role("button", name="接单").tap()
    expect(page.locator("[data-queued]")).to_contain_text("接单")
    come_in(page, who)
    page.get_by_role("button", name="到达").tap()
    expect(page.locator("[data-queued]")).to_contain_text("到达")
    page.get_by_text("拍修前照片").tap()
    page.get_by_label("修前照片").set_input_files(
        {"name": "前.png", "mimeType": "image/png", "buffer": picture("gray")}
    )
    page.get_by_role("button", name="存照片").tap()
    expect(page.locator("[data-queued]")).to_contain_text("修前照片")
    page.get_by_label("修了什么、结果怎样").fill(done)
    page.get_by_label("修后照片").set_input_files(
        {"name": "后.png", "mimeType": "image/png", "buffer": picture("white")}
    )
    leave_clean(page)
    fits_a_thumb(page)
    page.get_by_role("button", name="完工").tap()
    expect(page.locator(".hy-signature-says")).to_have_text(f"我已看过:{done}")
    draw(page)
    expect(page.locator("[data-signature] input")).to_have_value(re.compile("^data:image/png;base64,"))
    page.get_by_role("button", name="客户签字,办结").tap()
    expect(page.locator("[data-queued] li")).to_have_count(5)


def give_away(enter: Enter, house: House, number: str) -> None:
    lead = enter("lead")
    lead.goto("/repairs/")
    token = lead.locator("[name=csrfmiddlewaretoken]").first.input_value()
    sent = {"technician": house.made["crew"]["technician"], "note": "就近改派", "csrfmiddlewaretoken": token}
    assert lead.request.post(f"/repairs/orders/{number}/dispatch/", form=sent).ok


def test_a_shift_without_a_signal(enter: Enter, house: House) -> None:
    mine, lost = house.made["shift_orders"]
    page = enter("technician2", size=PHONE, has_touch=True, is_mobile=True, watched=False)
    page.goto("/repairs/mine/")
    expect(page.locator("html")).to_have_attribute("data-pages-kept", re.compile(r"^[1-9]"))

    page.context.set_offline(True)
    give_away(enter, house, lost)
    page.goto("/repairs/mine/")
    expect(page.locator("[data-offline-words]")).to_contain_text("的内容")
    carry_out(page, mine, "曹芳女士", "换了灯管和镇流器")
    carry_out(page, lost, "严峰先生", "疏通了地漏,灌水不返")
    came_at = datetime.now(ZoneInfo("Asia/Shanghai"))
    page.goto("/repairs/mine/")
    expect(page.locator("[data-waiting-count]")).to_have_text("10")
    expect(page.locator(f"[data-queued-card='{mine}']")).to_contain_text("待发送")

    page.evaluate(LOSE_ONE_ANSWER)
    page.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_be_hidden()
    expect(page.locator("[data-stuck]")).to_contain_text("没发出去 5 项")
    page.goto("/repairs/mine/unsent/")
    group = page.locator(".rp-unsent")
    expect(group).to_have_count(1)
    expect(group).to_contain_text("现在由李强负责")
    expect(group).to_contain_text("疏通了地漏,灌水不返")
    fits_a_thumb(page)

    said = enter("supervisor")
    said.goto(f"/cases/{mine.rsplit('-', 1)[0]}/")
    for step in ("到达现场", "完工,等客户验收", "维修单已关闭"):
        expect(said.get_by_text(step)).to_have_count(1)
    page.goto(f"/repairs/mine/{mine}/")
    expect(page.get_by_role("main")).to_contain_text("手写签名:曹芳女士")
    expect(page.get_by_role("heading", name="修前")).to_be_visible()
    expect(page.get_by_role("heading", name="修后")).to_be_visible()
    arrived = page.locator(".hy-facts div").filter(has_text="到达").locator("dd").inner_text()
    assert arrived[:16] <= f"{came_at:%Y-%m-%d %H:%M}"

    page.goto("/repairs/mine/unsent/")
    page.get_by_role("button", name="写进事项备注").tap()
    expect(group).to_have_count(0)
    said.goto(f"/cases/{lost.rsplit('-', 1)[0]}/")
    expect(said.get_by_role("main")).to_contain_text("疏通了地漏,灌水不返")


def test_what_was_kept_goes_with_the_one_who_signs_out(enter: Enter, house: House) -> None:
    page = enter("technician", size=PHONE, watched=False)
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_label("账号").fill("technician")
    page.get_by_label("密码", exact=True).fill("huiyin-2026")
    page.get_by_role("button", name="登录").first.click()
    expect(page.locator("html")).to_have_attribute("data-pages-kept", re.compile(r"^\d"))
    held = "caches.keys().then((names) => names.filter((one) => one.startsWith('huiyin-shift-')).length)"
    assert page.evaluate(held) == 1
    page.get_by_label("我:李强").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    assert page.evaluate(held) == 0
