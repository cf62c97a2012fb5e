"""A repair that costs: quoted, agreed to, the price changed and agreed to again; and one that our own warranty covers."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Enter, House
from tests.journeys.test_technician import come_in, draw, fits_a_thumb, leave_clean


def agree(page: Page, total: str) -> None:
    expect(page.locator(".hy-signature-says")).to_contain_text(total)
    draw(page)
    page.get_by_role("button", name="客户签字,同意报价").tap()
    expect(page.get_by_text("客户已同意,可以开工")).to_be_visible()


def test_a_changed_price_asks_again(enter: Enter, house: House) -> None:
    page, number = enter("technician", size=PHONE, has_touch=True, is_mobile=True), house.made["paid_order"]
    page.goto(f"/repairs/mine/{number}/")
    page.get_by_role("button", name="接单").tap()
    come_in(page, "马莉女士")
    page.get_by_role("button", name="到达").tap()
    expect(page.get_by_role("button", name="完工")).to_be_visible()
    page.get_by_role("link", name="查保修,定收费").tap()
    expect(page.get_by_label("哪个部件")).to_have_value("pipes")
    fits_a_thumb(page)
    page.get_by_role("button", name="查保修").tap()
    expect(page.get_by_role("main")).to_contain_text("不在保修期内")
    page.get_by_role("button", name="有偿,接着报价").tap()

    page.get_by_label("第 1 行项目").select_option(label="疏通下水 80.00 元/次")
    page.get_by_label("第 1 行数量").fill("1")
    fits_a_thumb(page)
    page.get_by_role("button", name="报价", exact=True).tap()
    agree(page, "第 1 版报价维修,合计 ¥80.00")
    expect(page.get_by_role("button", name="开工")).to_be_visible()

    page.get_by_text("改价,重新报").tap()
    page.get_by_label("第 2 行项目").select_option(label="角阀 38.00 元/个")
    page.get_by_label("第 2 行数量").fill("2")
    page.get_by_label("说明").fill("角阀锈死,要换两个")
    page.get_by_role("button", name="报新价").tap()
    expect(page.get_by_role("button", name="开工")).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("客户同意过,已不作数")
    page.goto(f"/repairs/mine/{number}/")
    expect(page.get_by_role("button", name="完工")).to_have_count(0)
    page.get_by_role("link", name="请客户看报价、同意").tap()
    agree(page, "第 2 版报价维修,合计 ¥156.00")
    page.get_by_role("button", name="开工").tap()

    page.get_by_label("修了什么、结果怎样").fill("疏通下水,换了两个角阀")
    leave_clean(page)
    page.get_by_role("button", name="完工").tap()
    expect(page.locator(".hy-signature-says")).to_contain_text("费用 ¥156.00")
    page.get_by_label("已向客户说明注意事项").first.check()
    page.get_by_label("满意程度").first.select_option(label="很满意")
    fits_a_thumb(page)
    draw(page)
    page.get_by_role("button", name="客户签字,办结").tap()
    expect(page.get_by_text("客户已签字,维修单办结")).to_be_visible()


def test_what_we_repaired_last_week_is_free_without_a_script(enter: Enter, house: House) -> None:
    page, number = enter("technician2", size=PHONE, java_script_enabled=False), house.made["again_order"]
    page.goto(f"/repairs/mine/{number}/")
    page.get_by_role("button", name="接单").click()
    come_in(page, "韩冬先生")
    page.get_by_role("button", name="到达").click()
    page.get_by_role("link", name="查保修,定收费").click()
    page.get_by_role("button", name="查保修").click()
    expect(page.get_by_role("main")).to_contain_text("同样的毛病我们修过,还在保修期内:免费")
    expect(page.get_by_role("main")).to_contain_text(house.made["earlier_order"])
    expect(page.get_by_role("button", name=re.compile("有偿|仍要收费"))).to_have_count(0)
    page.goto(f"/repairs/mine/{number}/")
    page.get_by_label("修了什么、结果怎样").fill("重新疏通,放水试过")
    leave_clean(page)
    page.get_by_role("button", name="完工").click()
    expect(page.get_by_text("客户签在纸单上")).to_be_visible()
