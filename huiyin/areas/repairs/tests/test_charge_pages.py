"""The pages of prices, warranties and charges: who may, what they show and cost, and that a refusal changes nothing."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from huiyin.areas.cases.models import Category
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import queries
from huiyin.areas.repairs.models import Consent, Quote, TariffItem, Terms, Warranty, WorkOrder, WorkStart
from huiyin.areas.repairs.tests.factories import drawing, fresh, minutes, order_in
from huiyin.areas.repairs.tests.prices import (
    SHEET,
    agreed,
    begun,
    closed_paid_order,
    hand_over,
    item,
    paid_order,
    post_prices,
    quoted,
)
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("standard", "home", "clock")
Browser = Callable[[User], Client]


def text_of(response: Any) -> str:
    return str(response.content.decode())


def queries_for(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def at(order: WorkOrder, step: str = "") -> str:
    return f"/repairs/orders/{order.number}/charge/{step}"


def untouched() -> tuple[Any, ...]:
    return (
        *(model.objects.count() for model in (Terms, Quote, Consent, WorkStart, TariffItem, Warranty)),
        Entry.objects.count(),
    )


class TestThePriceList:
    def test_everybody_who_works_here_reads_it(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        post_prices(estate, cast)
        page = text_of(browser_of(cast.technician).get("/repairs/tariff/"))
        assert "疏通下水" in page
        assert "已停的项目" not in page
        assert "明年的项目" not in page
        assert "明年的项目" in text_of(browser_of(cast.clerk).get("/repairs/tariff/?state=coming"))
        assert "已停的项目" in text_of(browser_of(cast.clerk).get("/repairs/tariff/?state=all"))

    def test_the_same_queries_for_one_and_for_three(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        head, *rows = SHEET.splitlines()
        post_prices(estate, cast, f"{head}\n{rows[0]}\n")
        browser = browser_of(cast.clerk)
        one = queries_for(browser, "/repairs/tariff/")
        post_prices(estate, cast)
        assert queries_for(browser, "/repairs/tariff/") == one <= 12

    def test_a_sheet_is_checked_then_taken_in(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        browser = browser_of(cast.supervisor)
        answer = browser.post(
            "/repairs/tariff/import/", {"sheet": SimpleUploadedFile("收费标准.csv", SHEET.encode("gb18030"))}
        )
        report = answer.headers["Location"]
        assert "新增 6 个价格" in text_of(browser.get(report))
        assert not TariffItem.objects.exists()
        browser.post(f"{report}confirm/")
        assert TariffItem.objects.count() == 6
        assert "已导入 6 个价格" in text_of(browser.get(report))

    def test_what_is_wrong_is_told_by_row_and_column(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        browser = browser_of(cast.supervisor)
        text = SHEET.replace(",80,", ",八十,")
        answer = browser.post("/repairs/tariff/import/", {"sheet": SimpleUploadedFile("a.csv", text.encode())})
        page = text_of(browser.get(answer.headers["Location"]))
        assert "第 2 行「单价」" in page
        assert "确认导入" not in page
        assert browser.post(f"{answer.headers['Location']}confirm/").status_code == 409
        assert not TariffItem.objects.exists()

    def test_a_file_that_is_no_table_is_said_to_be_none(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        browser = browser_of(cast.supervisor)
        answer = browser.post("/repairs/tariff/import/", {"sheet": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")})
        assert "没有找到这几列" in text_of(browser.get(answer.headers["Location"]))

    def test_the_template_is_taken_in_as_it_is_filled_in(self, cast: Cast, browser_of: Browser) -> None:
        response: Any = browser_of(cast.supervisor).get("/repairs/tariff/template/")
        data = b"".join(response.streaming_content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        assert book.sheet_names == ["填写", "示例", "说明"]
        assert book.get_sheet_by_name("填写").to_python()[0] == [
            "编码", "项目", "类别", "单位", "单价", "生效日期", "失效日期", "公示日期"
        ]  # fmt: skip

    def test_who_may_not_take_in(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        before = untouched()
        for user in (cast.clerk, cast.technician, cast.lead, cast.auditor):
            for address in ("/repairs/tariff/import/", "/repairs/warranties/"):
                assert browser_of(user).get(address).status_code == 403
                assert browser_of(user).post(address, {}).status_code == 403
        assert untouched() == before


class TestWarranties:
    def test_a_building_is_handed_over(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        browser = browser_of(cast.supervisor)
        assert "没有交付日期" in text_of(browser.get("/repairs/warranties/"))
        browser.post("/repairs/warranties/", {"building": "3", "handed_over": "2024-05-20"})
        page = text_of(browser.get("/repairs/warranties/"))
        assert "2029-05-20" in page
        assert "建设工程质量管理条例" in page

    def test_a_unit_that_does_not_exist_and_a_day_to_come(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        browser = browser_of(cast.supervisor)
        for sent, says in (
            ({"building": "3", "unit": "9-9-9999", "handed_over": "2024-05-20"}, "没有「9-9-9999」这户"),
            ({"building": "3", "handed_over": "2027-05-20"}, "不能在今天以后"),
            ({"building": "77", "handed_over": "2024-05-20"}, "请写明是哪一栋"),
        ):
            answer = browser.post("/repairs/warranties/", sent)
            assert answer.status_code == 422
            assert says in text_of(answer)
        assert not Warranty.objects.exists()


class TestTheCharge:
    def test_from_the_check_to_the_consent_by_code(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        post_prices(estate, cast)
        hand_over(estate, cast)
        order = order_in("working", estate, cast, at=minutes(-60))
        at_door, desk = browser_of(cast.technician), browser_of(cast.clerk)
        at_door.post(at(order, "check/"), {"location_kind": "in_unit", "part": "pipes"})
        assert "不在保修期内" in text_of(at_door.get(at(order)))
        at_door.post(at(order, "decide/"), {"charge": "paid"})
        sent = {"item_0": item(order, "W01"), "quantity_0": "1", "item_1": item(order, "M01"), "quantity_1": "2"}
        assert at_door.post(at(order, "quote/"), sent).status_code == 303
        page = text_of(at_door.get(at(order)))
        assert "156.00" in page
        assert "取同意码" not in page  # not for whoever stands at the door
        told = text_of(desk.post(at(order, "code/")))
        found = re.search(r'rp-code">(\d{6})<', told)
        assert found
        wrong = f"{(int(found[1]) + 1) % 10**6:06d}"
        answer = at_door.post(at(order, "consent/"), {"how": "code", "version": 1, "code": wrong, "signer": "王丽"})
        assert (answer.status_code, Consent.objects.count()) == (422, 0)
        assert "同意码不对" in text_of(answer)
        at_door.post(at(order, "consent/"), {"how": "code", "version": 1, "code": found[1], "signer": "王丽"})
        assert Consent.objects.get().mode == "code"
        assert f"/repairs/mine/{order.number}/start/" in text_of(at_door.get(f"/repairs/mine/{order.number}/"))
        at_door.post(f"/repairs/mine/{order.number}/start/")
        assert WorkStart.objects.get().order_id == order.pk

    def test_signed_on_the_pad_and_on_paper(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast, at=minutes(-5))
        browser = browser_of(cast.technician)
        empty = {"how": "sign", "version": 1, "signer": "王丽", "drawing": ""}
        assert "请先让客户签名" in text_of(browser.post(at(order, "consent/"), empty))
        late = {"how": "paper", "version": 1, "signer": "王丽", "paper_slip": "B1", "written_at": "今天 9:00"}
        assert "不能早于报价时间" in text_of(browser.post(at(order, "consent/"), late))
        browser.post(at(order, "consent/"), {"how": "sign", "version": 1, "signer": "王丽", "drawing": drawing()})
        assert Consent.objects.get().mode == "signature"

    def test_a_changed_price_is_shown_and_asks_again(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        agreed(order, cast)
        browser = browser_of(cast.technician)
        browser.post(at(order, "quote/"), {"item_0": item(order, "W01"), "quantity_0": "2", "note": "两处都堵"})
        page = text_of(browser.get(at(order)))
        assert "客户同意过,已不作数" in page
        assert "我同意按第 2 版报价维修,合计 ¥160.00" in page
        job = text_of(browser.get(f"/repairs/mine/{order.number}/"))
        assert "请客户看报价、同意" in job
        assert "完工" not in job.split("<main")[1].split("时间</h2>")[0].replace("完工</li>", "").replace(
            "3</span>完工", ""
        )

    @pytest.mark.parametrize(
        ("sent", "says"),
        [
            ({}, "报价至少要有一行"),
            ({"quantity_0": "1"}, "请选收费项目"),
            ({"item_0": "W01"}, "请填写第 1 行数量|请填写数量"),
            ({"item_0": "W01", "quantity_0": "一"}, "请填数字"),
            ({"item_0": "W01", "quantity_0": "0"}, "不能小于"),
            ({"item_0": "W01", "quantity_0": "1", "discount_0": "100"}, "优惠不能是负数,也不能超过"),
            ({"item_0": "999999", "quantity_0": "1"}, "没有这个选项"),
        ],
    )
    def test_a_quote_that_does_not_add_up(
        self, sent: dict[str, str], says: str, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        order = paid_order(estate, cast)
        known = {key: str(item(order, value)) if value == "W01" else value for key, value in sent.items()}
        before = untouched()
        answer = browser_of(cast.technician).post(at(order, "quote/"), known)
        assert answer.status_code == 422
        assert re.search(says, text_of(answer))
        assert untouched() == before

    def test_without_posted_prices_there_is_nothing_to_quote(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        hand_over(estate, cast)
        order = order_in("working", estate, cast)
        browser = browser_of(cast.technician)
        browser.post(at(order, "check/"), {"location_kind": "in_unit", "part": "pipes"})
        browser.post(at(order, "decide/"), {"charge": "paid"})
        assert "还没有公示的收费标准" in text_of(browser.get(at(order)))

    def test_the_warranty_found_is_shown_and_charged_only_with_the_right(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        hand_over(estate, cast)
        category = Category.objects.create(kind="repair", code="leak", title="漏水渗水")
        first = order_in("closed", estate, cast, at=minutes(-600), category=category)
        second = order_in("working", estate, cast, at=minutes(-100), category=category)
        lead, supervisor = browser_of(cast.lead), browser_of(cast.supervisor)
        lead.post(at(second, "check/"), {"location_kind": "in_unit", "part": "waterproofing"})
        page = text_of(lead.get(at(second)))
        assert "同样的毛病我们修过" in page
        assert first.number in page
        assert "仍要收费" not in page
        assert lead.post(at(second, "override/"), {"charge": "paid", "reason": "x"}).status_code == 403
        assert "仍要收费" in text_of(supervisor.get(at(second)))
        answer = supervisor.post(at(second, "override/"), {"charge": "paid", "reason": ""})
        assert "请写明原因" in text_of(answer)
        supervisor.post(at(second, "override/"), {"charge": "paid", "reason": "住户自己拆坏的"})
        assert queries.money_of(second).is_paid

    def test_a_technician_and_the_orders_of_others(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = order_in("working", estate, cast)
        before = untouched()
        for step in ("check/", "decide/", "quote/", "consent/", "code/"):
            assert browser_of(cast.second_technician).post(at(order, step), {}).status_code == 404
            assert browser_of(cast.auditor).post(at(order, step), {}).status_code == 403
            assert browser_of(cast.outsider).post(at(order, step), {}).status_code == 404
        assert untouched() == before

    @pytest.mark.parametrize("status", ["finished", "closed", "voided"])
    def test_when_it_is_over_it_only_shows(self, status: str, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = order_in(status, estate, cast)
        page = text_of(browser_of(cast.clerk).get(at(order)))
        assert "收费不能再改" in page
        assert "<form" not in page.split("<main")[1].split("</main")[0]

    def test_what_the_pages_cost(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = paid_order(estate, cast, at=minutes(-90))
        quoted(order, cast)
        agreed(order, cast)
        begun(order, cast)
        quoted(order, cast, ("W01", "3"), at=minutes(50))
        browser = browser_of(cast.technician)
        assert queries_for(browser, at(order)) <= 20
        assert queries_for(browser, f"/repairs/mine/{order.number}/") <= 25
        assert queries_for(browser_of(cast.lead), f"/cases/{order.case.number}/") <= 25

    def test_the_case_shows_what_it_cost_and_what_was_said(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        order = closed_paid_order(estate, cast)
        page = text_of(browser_of(cast.lead).get(f"/cases/{order.case.number}/"))
        for said in ("有偿", "150.00", "客户已同意", "满意程度 5/5", "已说明注意事项", "修得快"):
            assert said in page


class TestTheSignature:
    def test_carries_what_the_resident_says(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = order_in("finished", estate, cast, at=minutes(-90))
        browser_of(cast.technician).post(
            f"/repairs/mine/{order.number}/sign/",
            {
                "signer": "王丽",
                "drawing": drawing(),
                "precautions_explained": "on",
                "satisfaction": "4",
                "opinion": "不错",
                "contact_phone": "138 0013 8000",
            },
        )
        accepted = queries.money_of(fresh(order)).accepted
        assert accepted is not None
        assert (accepted.precautions_explained, accepted.satisfaction, accepted.opinion, accepted.contact_phone) == (
            True,
            4,
            "不错",
            "13800138000",
        )

    def test_and_so_does_the_slip_keyed_in_at_the_desk(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = order_in("finished", estate, cast, at=minutes(-90))
        sent = {"paper_slip": "A1", "signer": "王丽", "written_at": "今天 9:30", "satisfaction": "2", "opinion": "慢"}
        browser_of(cast.clerk).post(f"/repairs/orders/{order.number}/paper/", sent)
        accepted = queries.money_of(fresh(order)).accepted
        assert accepted is not None
        assert (accepted.satisfaction, accepted.opinion, accepted.mode) == (2, "慢", "paper")
