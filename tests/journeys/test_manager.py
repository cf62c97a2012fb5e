"""The supervisor: numbers that open their lists, a major complaint judged by two, twins merged and parted, a sheet."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from tests.journeys.conftest import Enter, House

FIGURES = ("现在逾期", "今天要兑现", "不满意", "重开或再报")
TRIES = 5
Numbers = dict[str, tuple[int, str]]


def figures(page: Page) -> Numbers:
    """Return the numbers on top, each with the address it opens."""
    found = {}
    for one in page.locator(".hy-bignumber").all():
        label = one.locator(".hy-bignumber-label").inner_text().strip()
        if label in FIGURES:
            found[label] = (number(one.locator(".hy-bignumber-value").inner_text()), str(one.get_attribute("href")))
    return found


def table(caption: str) -> Callable[[Page], Numbers]:
    """Read the numbers of a table that are links, by line and address."""

    def read(page: Page) -> Numbers:
        found = {}
        for line in (
            page.locator("table").filter(has=page.locator("caption", has_text=caption)).locator("tbody tr").all()
        ):
            name = line.locator("td").first.inner_text()
            for link in line.locator("td.hy-figures a").all():
                address = str(link.get_attribute("href"))
                found[f"{name} {address}"] = (number(link.inner_text()), address)
        return found

    return read


def number(said: str) -> int:
    return int(said.replace(",", ""))


def counted(page: Page, address: str) -> int:
    """Return how many the list at the address says it has."""
    listed = re.search(r'class="hy-list-count"[^>]*><strong>([\d,]+)<', page.request.get(address).text())
    assert listed, address
    return number(listed[1])


@pytest.mark.parametrize(
    ("read", "at_least"),
    [(figures, 4), (table("逾期,按人和岗位"), 1), (table("今明两天到期"), 1), (table("本月回访,按规则"), 2)],
    ids=["figures", "overdue", "load", "visits"],
)
def test_every_number_of_the_control_room_opens_its_list(
    enter: Enter, read: Callable[[Page], Numbers], at_least: int
) -> None:
    page = enter("supervisor")
    # Time passes between two pages, and with it deadlines: only numbers that stood still meanwhile are compared.
    for _ in range(TRIES):
        page.goto("/control/")
        shown = read(page)
        listed = {name: (counted(page, address), address) for name, (_, address) in shown.items()}
        page.goto("/control/")
        if read(page) == shown:
            break
    assert len(shown) >= at_least
    assert listed == shown


def test_a_number_of_the_control_room_is_a_link(enter: Enter) -> None:
    page = enter("supervisor")
    page.goto("/control/")
    shown = figures(page)["不满意"][0]
    page.get_by_role("link", name="不满意").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("回访记录")
    expect(page.locator("tbody tr")).to_have_count(shown)


def test_a_major_complaint_takes_two_and_not_the_one_complained_about(enter: Enter, house: House) -> None:
    address = f"/cases/{house.made['complaint']}/"
    butler, supervisor, director = enter("butler"), enter("supervisor"), enter("director")
    butler.goto(address)
    panel = butler.locator("#complaint")
    expect(panel).to_contain_text("您是被投诉人,不能核实、决定或办结这件投诉,请转给其他同事")
    expect(panel.get_by_role("link")).to_have_count(0)
    expect(panel.get_by_role("button")).to_have_count(0)

    page, panel = supervisor, supervisor.locator("#complaint")
    page.goto(address)
    panel.get_by_role("link", name="核实").click()
    panel.get_by_label("核实情况").fill("监控和在场业主都证实")
    panel.get_by_text("有效", exact=True).click()
    panel.get_by_role("button", name="核实完了").click()
    expect(panel.locator("header").first).to_contain_text("待决定")
    panel.get_by_role("link", name="决定处理办法").click()
    panel.get_by_label("怎么处理").fill("当面道歉,调离岗位培训")
    panel.get_by_label("责任部门").select_option(label="客户服务部")
    panel.get_by_role("button", name="决定").click()
    expect(panel.locator("header").first).to_contain_text("处理中")
    panel.get_by_role("link", name="答复投诉人").click()
    panel.get_by_label("怎么答复投诉人的").fill("已当面道歉,郑先生接受")
    panel.get_by_role("button", name="已答复").click()
    expect(panel.locator("header").first).to_contain_text("已答复")
    expect(panel).to_contain_text("重大投诉不能由一个人从头办到尾,请另一位同事办结")
    expect(panel.get_by_role("link", name="办结")).to_have_count(0)

    page, panel = director, director.locator("#complaint")
    page.goto(address)
    panel.get_by_role("link", name="办结").click()
    panel.get_by_role("button", name="办结").click()
    expect(panel.locator("header").first).to_contain_text("已办结")
    expect(page.locator("#next")).to_contain_text("已办结")
    expect(page.locator("#return-visits")).to_contain_text("第 1 次回访")


def test_twins_are_merged_and_parted_again(enter: Enter, house: House) -> None:
    first, second = house.made["twins"]
    page = enter("supervisor")
    page.goto(f"/cases/{second}/")
    expect(page.locator("#related")).to_contain_text(f"可能是同一件 {first}")
    page.locator("#related").get_by_role("button", name="并到那一件").click()
    expect(page.locator("#next")).to_contain_text(f"已并入 {first},在那一件里办")
    page.goto(f"/cases/{first}/")
    expect(page.locator("#related")).to_contain_text(f"并进来的 {second}")

    page.goto(f"/cases/{second}/")
    page.locator("#next").get_by_role("link", name="撤销并案").click()
    page.locator("#next").get_by_label("原因").fill("一个是过道,一个是电梯厅")
    page.locator("#next").get_by_role("button", name="撤销并案").click()
    expect(page.get_by_role("status").get_by_text("已撤销并案,单独办理")).to_be_visible()
    expect(page.locator("#next")).not_to_contain_text("已并入")
    expect(page.locator("#timeline")).to_contain_text("一个是过道,一个是电梯厅")


def test_the_sheet_has_the_rows_of_the_list(enter: Enter, tmp_path: Path) -> None:
    page = enter("supervisor")
    page.goto("/cases/?kind=complaint&status=all")
    listed = page.locator("tbody tr").evaluate_all("(rows) => rows.map((row) => row.cells[0].innerText.trim())")
    count = number(page.locator(".hy-list-count strong").inner_text())
    page.get_by_role("link", name="导出 Excel").click()
    page.get_by_label("核对工作").check(force=True)
    with page.expect_download() as begun:
        page.locator("form button[type=submit]").last.click()
    file = tmp_path / "事项.xlsx"
    begun.value.save_as(file)
    mark, head, *rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()

    assert re.fullmatch(r"事项-云河苑-\d{8}\.xlsx", begun.value.suggested_filename)
    assert mark[0].startswith("导出人:林芳") and mark[0].endswith("用途:核对工作")
    assert head[:3] == ["编号", "类别", "状态"]
    assert len(rows) == len(listed) == count > 0
    assert [row[0] for row in rows] == listed
    assert {row[1] for row in rows} == {"投诉"}
