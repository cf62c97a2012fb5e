"""Return visits by telephone: who may not make them, who was not reached, who is not satisfied, who is."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Enter, House


def row(page: Page, text: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("link", name=re.compile(text)))


def grade(page: Page, **grades: str) -> None:
    for name, word in grades.items():
        page.locator(f"label:has(input[name={name}])").filter(has_text=re.compile(f"^{word}$")).click()


def test_whoever_did_the_work_is_not_the_one_to_ask(enter: Enter, house: House) -> None:
    colleague, doer = enter("clerk"), enter("butler")
    for page, seen in ((colleague, 1), (doer, 0)):
        page.goto("/return-visits/?type=complaint")
        expect(row(page, "楼道堆物没人管")).to_have_count(seen)
    doer.goto(f"/return-visits/{house.made['own_visit']}/")
    expect(doer.get_by_role("main")).to_contain_text("这件事是您经办的,回访要由别人做")
    expect(doer.get_by_role("button", name="已回访")).to_have_count(0)


def test_nobody_answers_and_then_somebody_is_not_satisfied(enter: Enter, house: House) -> None:
    page, visit = enter("clerk"), house.made["bad_visit"]
    page.goto("/return-visits/")
    expect(row(page, "卫生间排风扇不转")).to_contain_text("李强经办")
    row(page, "卫生间排风扇不转").get_by_role("button", name="没人接").click()
    expect(page.get_by_role("status").get_by_text("已记一次没联系上")).to_be_visible()
    expect(row(page, "卫生间排风扇不转")).to_contain_text("试过 1 次,上次")

    row(page, "卫生间排风扇不转").get_by_role("link", name="记录回访").click()
    expect(page.get_by_role("heading", name="可以这样说")).to_be_visible()
    matter = page.locator(".hy-crumbs").get_by_role("link").last.inner_text()
    grade(page, quality="一般", effect="满意", satisfaction="满意")
    outlook = page.locator("#verdict")
    expect(outlook).to_contain_text("客户不满意,保存后会马上:")
    expect(outlook).to_contain_text(f"登记一件投诉,关联 {matter},按投诉核实和答复")
    expect(outlook).to_contain_text("安排第 2 次回访")
    expect(outlook).to_contain_text("回访不合格,24 小时内书面通知整改")
    page.get_by_label("缺点和不足").fill("声音还是大")
    page.get_by_role("button", name="登记投诉并保存").click()
    expect(page.get_by_role("status").get_by_text("已记录:登记了投诉,并安排了下次回访")).to_be_visible()

    page.get_by_role("main").get_by_role("link", name="第 2 次回访").click()
    expect(page.locator(".hy-head")).to_contain_text("第 2 次")
    page.goto(f"/return-visits/{visit}/")
    page.get_by_role("main").get_by_role("link", name=re.compile(r"^YH-T\d{6}-\d{3}$")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("投诉 · 3-2-1602 孙悦女士")
    expect(page.locator(".case-said").first).to_have_text(f"回访不满意({matter}):声音还是大")
    expect(page.locator("#related")).to_contain_text(f"由这件引起 {matter}")


def test_a_satisfied_customer_ends_the_matter(enter: Enter, house: House) -> None:
    page = enter("clerk")
    page.goto(f"/return-visits/{house.made['good_visit']}/")
    grade(page, quality="满意", effect="满意", satisfaction="很满意")
    expect(page.locator("#verdict")).to_contain_text("合格")
    page.get_by_role("button", name="已回访").click()
    expect(page.get_by_role("status").get_by_text("已回访,合格")).to_be_visible()
    expect(row(page, "入户门关不严")).to_have_count(0)

    page.goto("/return-visits/made/?verdict=pass")
    made = page.get_by_role("row").filter(has_text="入户门关不严")
    expect(made).to_contain_text("合格")
    expect(made).to_contain_text("质量满意 · 效果满意 · 很满意")
