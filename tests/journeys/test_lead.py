"""The maintenance lead at the board: what is new and how much time it has, who takes it, who takes it instead."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Enter, House

TEXT = "水管爆裂,水往外冒"


def row(page: Page, band: str) -> Locator:
    bands = page.locator(".hy-band").filter(has=page.get_by_role("heading", name=re.compile(f"^{band}")))
    return bands.get_by_role("listitem").filter(has_text=TEXT)


def load(page: Page, name: str) -> int:
    """Return how many orders the board says somebody has in hand."""
    chips = page.get_by_role("navigation", name="维修工手里的单").get_by_role("link", name=name)
    return int(chips.locator(".hy-count").inner_text())


def choose(among: Locator, name: str) -> None:
    """Choose somebody from those proposed; what speaks for them stands behind the name."""
    proposed = among.locator("option", has_text=name)
    expect(proposed).to_have_text(re.compile(f"^{name} · 在岗 · "))
    among.select_option(value=proposed.get_attribute("value"))


def test_a_new_order_is_given_out_and_given_to_somebody_else(enter: Enter, house: House) -> None:
    page, number = enter("lead"), house.made["new_order"]
    page.goto("/repairs/")
    new = row(page, "待派单")
    expect(new).to_have_count(1)
    expect(new).to_contain_text("3-2-1502")
    expect(new.locator(".hy-due")).to_have_text(re.compile("分钟|小时"))
    expect(new).to_contain_text("按《推荐标准》急修 5 分钟内派单,不分昼夜")
    first, second = load(page, "李强"), load(page, "赵刚")

    choose(new.get_by_label(f"派给谁:{number}"), "李强")
    new.get_by_role("button", name="派单", exact=True).click()
    expect(page.get_by_role("status").get_by_text(f"{number} 已派给李强")).to_be_visible()
    given = row(page, "已派单未接")
    expect(given).to_contain_text("李强")
    expect(given.locator(".hy-due")).not_to_be_empty()
    assert (load(page, "李强"), load(page, "赵刚")) == (first + 1, second)

    given.get_by_label(f"更多:{number}").click()
    choose(given.get_by_label("改派给"), "赵刚")
    given.get_by_label("原因", exact=True).fill("李强在另一栋,赵刚近")
    given.get_by_role("button", name="改派", exact=True).click()
    expect(page.get_by_role("status").get_by_text(f"{number} 已派给赵刚")).to_be_visible()
    expect(row(page, "已派单未接")).to_contain_text("赵刚")
    assert (load(page, "李强"), load(page, "赵刚")) == (first, second + 1)

    row(page, "已派单未接").get_by_role("link", name=re.compile(TEXT)).click()
    expect(page.locator("#timeline")).to_contain_text("李强在另一栋,赵刚近")
    expect(page.locator("#repairs")).to_contain_text("赵刚")


def test_a_hint_that_was_written_leaves_an_empty_form(enter: Enter) -> None:
    page = enter("lead")
    page.goto("/repairs/hints/")
    page.get_by_label("提示").first.fill("电梯周五年检,上午停一台")
    page.get_by_role("button", name="写上").click()
    expect(page.get_by_text("前台马上看得到")).to_be_visible()
    expect(page.get_by_label("提示").first).to_have_value("")
    expect(page.get_by_text("已恢复上次没保存的内容")).to_have_count(0)
