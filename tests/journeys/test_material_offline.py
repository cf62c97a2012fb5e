"""Material in the cellar: taken out of the bag without a signal, once more than there is; said in words, nothing lost."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Enter, House
from tests.journeys.test_technician import come_in, fits_a_thumb


def use(page: Page, quantity: str) -> None:
    page.get_by_text("用了包里的…").tap()
    form = page.locator("form[data-label='用了包里的']")
    form.get_by_label("数量").fill(quantity)
    form.get_by_role("button", name="记下").tap()


def test_material_is_written_down_without_a_signal(enter: Enter, house: House) -> None:
    number = house.made["bag_order"]
    page = enter("technician2", size=PHONE, has_touch=True, is_mobile=True, watched=False)
    page.goto("/repairs/mine/")
    expect(page.locator("html")).to_have_attribute("data-pages-kept", re.compile(r"^[1-9]"))

    page.context.set_offline(True)
    page.goto(f"/repairs/mine/{number}/")
    page.get_by_role("button", name="接单").tap()
    expect(page.locator("[data-queued]")).to_contain_text("接单")
    come_in(page, "章敏女士")
    page.get_by_role("button", name="到达").tap()
    expect(page.locator("[data-queued]")).to_contain_text("到达")
    page.get_by_role("link", name="材料").tap()
    expect(page.locator("[data-offline-words]")).to_contain_text("离线")
    use(page, "1")
    expect(page.locator("[data-queued] li")).to_have_count(3)
    expect(page.locator("[data-queued]")).to_contain_text("用了包里的")
    fits_a_thumb(page)
    page.goto(f"/repairs/mine/{number}/materials/")
    use(page, "3")
    expect(page.locator("[data-queued] li")).to_have_count(4)

    page.context.set_offline(False)
    expect(page.locator("[data-stuck]")).to_contain_text("没发出去 1 项")
    page.goto("/repairs/mine/unsent/")
    group = page.locator(".rp-unsent")
    expect(group).to_contain_text("只有 1 个")
    expect(group).to_contain_text("用了包里的")
    expect(group.locator("dd").last).to_have_text("3")
    fits_a_thumb(page)
    page.get_by_role("button", name="写进事项备注").tap()
    expect(group).to_have_count(0)

    page.goto(f"/repairs/mine/{number}/materials/")
    expect(page.get_by_role("main")).to_contain_text("用在这里:角阀(加厚铜芯,冷热通用) 4 分 1 个")
    said = enter("supervisor")
    said.goto(f"/cases/{number.rsplit('-', 1)[0]}/")
    expect(said.get_by_text("用了随身的角阀")).to_have_count(1)
    expect(said.get_by_role("main")).to_contain_text("手机里没能送出的步骤")

    # With a signal what is wrong is said in the form, and what was typed is there.
    page.goto(f"/repairs/mine/{number}/materials/")
    use(page, "5")
    expect(page.locator("[data-form-errors]")).to_contain_text("只有 1 个")
    expect(page.locator("form[data-label='用了包里的']").get_by_label("数量")).to_have_value("5")
