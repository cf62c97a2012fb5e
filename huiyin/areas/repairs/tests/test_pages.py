"""The board, the list, the paper slip: who may, what they show, what they cost, and that a refusal changes nothing."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.tests.factories import fresh, minutes, order_in, told
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("standard", "home", "clock")
Browser = Callable[[User], Client]


def text_of(response: Any) -> str:
    return str(response.content.decode())


def queries_for(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def untouched() -> tuple[Any, ...]:
    return list(WorkOrder.objects.order_by("id").values()), Entry.objects.count()


class TestWhoMay:
    @pytest.mark.parametrize("address", ["/repairs/", "/repairs/orders/"])
    def test_see_the_board_and_the_list(self, address: str, cast: Cast, browser_of: Browser) -> None:
        may = {"clerk", "butler", "lead", "supervisor", "director", "auditor"}
        for user in (cast.clerk, cast.butler, cast.lead, cast.supervisor, cast.director, cast.auditor, cast.technician):
            assert browser_of(user).get(address).status_code == (200 if user.username in may else 403)

    def test_only_the_lead_and_above_are_shown_what_they_may_do(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        told(estate, cast)
        assert "派给谁" in text_of(browser_of(cast.lead).get("/repairs/"))
        assert "派给谁" not in text_of(browser_of(cast.auditor).get("/repairs/"))

    def test_dispatch(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = told(estate, cast)
        address, sent = f"/repairs/orders/{order.number}/dispatch/", {"technician": cast.technician.pk}
        before = untouched()
        for user, status in ((cast.clerk, 403), (cast.auditor, 403), (cast.technician, 403), (cast.outsider, 404)):
            assert browser_of(user).post(address, sent).status_code == status
        assert untouched() == before
        assert browser_of(cast.lead).post(address, sent).status_code == 303
        assert fresh(order).technician == cast.technician

    def test_a_technician_sees_his_own_orders_only(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        mine, waiting = order_in("assigned", estate, cast), told(estate, cast)
        assert browser_of(cast.technician).get(f"/repairs/mine/{mine.number}/").status_code == 200
        assert browser_of(cast.technician).get(f"/repairs/mine/{waiting.number}/").status_code == 404
        assert browser_of(cast.second_technician).get(f"/repairs/mine/{mine.number}/").status_code == 404
        assert browser_of(cast.lead).get(f"/repairs/mine/{mine.number}/").status_code == 200

    def test_export_needs_its_own_right(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = order_in("finished", estate, cast)
        assert browser_of(cast.lead).get("/repairs/orders/export/").status_code == 403
        assert "导出" not in text_of(browser_of(cast.lead).get("/repairs/orders/"))
        response: Any = browser_of(cast.supervisor).post("/repairs/orders/export/", {"reason": "checking"})
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content))).get_sheet_by_index(0)
        rows = sheet.to_python()
        assert (rows[1][:3], rows[2][0], rows[2][6], rows[2][7]) == (
            ["单号", "房屋", "报修人"],
            order.number,
            "待验收",
            "李强",
        )


class TestTheBoard:
    def test_bands_with_honest_counts_and_the_urgent_first(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        told(estate, cast, text="一般的")
        told(estate, cast, text="紧急的", urgency="urgent")
        told(estate, cast, text="急修的", urgency="emergency")
        for status in ("assigned", "accepted", "working", "finished", "on_hold", "closed", "voided"):
            order_in(status, estate, cast, text=f"{status}的")
        page = text_of(browser_of(cast.lead).get("/repairs/"))
        assert page.index("急修的") < page.index("紧急的") < page.index("一般的") < page.index("assigned的")
        for band, count in (("待派单", 3), ("已派单未接", 1), ("进行中", 2), ("待验收", 1), ("挂起", 1)):
            assert f'{band}<span class="hy-count">{count}</span>' in page
        assert "closed的" not in page
        assert "voided的" not in page
        assert "<strong>8</strong> 张在办" in page

    def test_the_clock_of_the_standard_and_its_clause(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        told(estate, cast, at=minutes(-20), urgency="urgent")
        page = text_of(browser_of(cast.lead).get("/repairs/"))
        assert "逾期 15 分钟" in page
        assert "按《推荐标准》急修 5 分钟内派单" in page

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("technician=", {"甲", "乙", "丙"}),
            ("urgency=hurry", {"乙"}),
            ("urgency=normal", {"甲", "丙"}),
            ("q=1501", {"甲", "乙", "丙"}),
            ("q=9999", set()),
            ("urgency=nonsense", {"甲", "乙", "丙"}),
        ],
    )
    def test_filters(self, query: str, shown: set[str], estate: Estate, cast: Cast, browser_of: Browser) -> None:
        told(estate, cast, text="甲事")
        told(estate, cast, text="乙事", urgency="emergency")
        order_in("assigned", estate, cast, text="丙事")
        page = text_of(browser_of(cast.lead).get(f"/repairs/?{query}"))
        assert {word for word in "甲乙丙" if f"{word}事" in page} == shown

    def test_filter_by_technician(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        told(estate, cast, text="甲事")
        order_in("assigned", estate, cast, text="丙事")
        page = text_of(browser_of(cast.lead).get(f"/repairs/?technician={cast.technician.pk}"))
        assert "丙事" in page
        assert "甲事" not in page

    def test_fifty_a_page_and_the_band_counts_them_all(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        for number in range(53):
            told(estate, cast, text=f"第{number}件")
        lead = browser_of(cast.lead)
        first, second = text_of(lead.get("/repairs/")), text_of(lead.get("/repairs/?page=2"))
        assert (first.count("data-row"), second.count("data-row")) == (50, 3)
        for page in (first, second):
            assert '待派单<span class="hy-count">53</span>' in page
            assert "<strong>53</strong> 张在办" in page
        assert "这一页 51–53" in second

    def test_nothing_to_do(self, cast: Cast, browser_of: Browser) -> None:
        assert "没有在办的维修单" in text_of(browser_of(cast.lead).get("/repairs/"))

    def test_dispatching_swaps_the_board_in_place(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = told(estate, cast, text="甲事")
        response = browser_of(cast.lead).post(
            f"/repairs/orders/{order.number}/dispatch/",
            {"technician": cast.technician.pk, "asked": "urgency=normal"},
            headers={"HX-Request": "true", "HX-Request-Type": "partial"},
        )
        body = text_of(response)
        assert body.lstrip().startswith('<div id="board"')
        assert '已派单未接<span class="hy-count">1</span>' in body
        assert "紧急程度:一般" in body
        assert "\\u5df2\\u6d3e\\u7ed9" in response["X-Huiyin-Says"]

    def test_a_refusal_is_said_and_changes_nothing(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = order_in("assigned", estate, cast)
        before = untouched()
        lead = browser_of(cast.lead)
        for step, sent, says in (
            ("dispatch", {}, "请选择维修工"),
            ("dispatch", {"technician": cast.clerk.pk}, "请选择维修工"),
            ("dispatch", {"technician": cast.second_technician.pk}, "请写明改派的原因"),
            ("take-back", {}, "请填写原因"),
            ("void", {"note": " "}, "请填写原因"),
            ("appoint", {"start": "随便", "lasts": "120"}, "没看懂这个时间"),
            ("appoint", {"start": "昨天 9:00", "lasts": "30"}, "预约的时间已经过去"),
            ("reopen", {"note": "又漏"}, "不能再重开"),
        ):
            response = lead.post(f"/repairs/orders/{order.number}/{step}/", sent)
            assert (response.status_code, says in text_of(response)) == (409, True), (step, text_of(response))
        assert untouched() == before

    def test_the_steps_of_the_lead(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = order_in("assigned", estate, cast)
        lead = browser_of(cast.lead)
        address = f"/repairs/orders/{order.number}"
        response = lead.post(f"{address}/appoint/", {"start": "明天 9点", "lasts": "120", "next": "/repairs/?page=1"})
        assert (response.status_code, response["Location"]) == (303, "/repairs/?page=1")
        assert (fresh(order).appointment_from, fresh(order).appointment_to) == (minutes(23 * 60), minutes(25 * 60))
        lead.post(f"{address}/dispatch/", {"technician": cast.second_technician.pk, "note": "换人"})
        assert fresh(order).technician == cast.second_technician
        lead.post(f"{address}/take-back/", {"note": "再想想"})
        assert (fresh(order).status, fresh(order).technician) == ("new", None)
        response = lead.post(f"{address}/void/", {"note": "报错了", "next": "https://elsewhere.example/"})
        assert (fresh(order).status, response["Location"]) == ("voided", f"/cases/{order.case.number}/")

    def test_reopened_from_the_case_page(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = order_in("closed", estate, cast)
        browser_of(cast.lead).post(f"/repairs/orders/{order.number}/reopen/", {"note": "又漏了"})
        assert WorkOrder.objects.filter(case=order.case_id).count() == 2
        assert "又漏了" in Entry.objects.filter(kind="cases.case.reopened").get().note


class TestTheList:
    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("", {"new", "working", "closed"}),
            ("status=running", {"new", "working"}),
            ("status=closed", {"closed"}),
            ("since=2026-11-25&until=2026-11-25", {"new", "working", "closed"}),
            ("since=2026-11-26", set()),
            ("until=2026-11-24", set()),
            ("sort=-number", {"new", "working", "closed"}),
        ],
    )
    def test_filters(self, query: str, shown: set[str], estate: Estate, cast: Cast, browser_of: Browser) -> None:
        for status in ("new", "working", "closed"):
            order_in(status, estate, cast, text=f"《{status}》")
        page = text_of(browser_of(cast.clerk).get(f"/repairs/orders/?{query}"))
        assert {status for status in ("new", "working", "closed") if f"《{status}》" in page} == shown
        assert f"<strong>{len(shown)}</strong> 张" in page

    def test_of_another_company_nothing_is_seen(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        told(estate, cast, text="别人看不见")
        assert "别人看不见" not in text_of(browser_of(cast.outsider).get("/repairs/orders/"))


class TestCosts:
    @pytest.mark.parametrize(
        ("address", "who"), [("/repairs/", "lead"), ("/repairs/orders/", "lead"), ("/repairs/mine/", "technician")]
    )
    def test_one_row_costs_as_many_queries_as_three(
        self, address: str, who: str, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        client = browser_of(getattr(cast, who))
        order_in("assigned", estate, cast)
        one = queries_for(client, address)
        order_in("assigned", estate, cast)
        order_in("assigned", estate, cast, urgency="urgent")
        assert queries_for(client, address) == one
        assert one <= 21


class TestPaper:
    def test_a_finished_order_needs_only_the_slip(
        self, estate: Estate, cast: Cast, browser_of: Browser, clock: Any
    ) -> None:
        order = order_in("finished", estate, cast)
        clock.move(hours=3)
        clerk, address = browser_of(cast.clerk), f"/repairs/orders/{order.number}/paper/"
        assert "到达时间" not in text_of(clerk.get(address))
        sent = {"paper_slip": "W-0113", "signer": "王丽", "written_at": "今天 10:45"}
        response = clerk.post(address, sent)
        assert (response.status_code, response["Location"]) == (303, f"/cases/{order.case.number}/")
        order = fresh(order)
        assert (order.status, order.paper_written_at, order.closed_at) == ("closed", minutes(45), minutes(180))

    def test_a_whole_slip_for_a_technician_without_a_phone(
        self, estate: Estate, cast: Cast, browser_of: Browser, clock: Any
    ) -> None:
        order = told(estate, cast)
        clock.move(hours=3)
        clerk, address = browser_of(cast.clerk), f"/repairs/orders/{order.number}/paper/"
        sent = {
            "technician": cast.technician.pk,
            "arrived_at": "10:20",
            "finished_at": "10:50",
            "work_done": "换了角阀",
            "paper_slip": "W-0114",
            "signer": "王丽",
            "written_at": "10:52",
            "idempotency_key": "slip-1",
        }
        assert clerk.post(address, sent).status_code == 303
        entries = Entry.objects.count()
        assert clerk.post(address, sent).status_code in (303, 422)
        assert Entry.objects.count() == entries
        order = fresh(order)
        assert (order.status, order.technician, order.arrived_at) == ("closed", cast.technician, minutes(20))

    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ({"arrived_at": "11:00"}, "完工的时间不能早于到达的时间"),
            ({"arrived_at": "9:00"}, "到达的时间不能早于报修的时间"),
            ({"written_at": "23:00"}, "签收的时间不能晚于现在"),
            ({"signer": ""}, "请填写签收人"),
            ({"finished_at": "中午吧"}, "没看懂这个时间"),
        ],
    )
    def test_what_is_wrong_is_said_beside_what_was_typed(
        self, changed: dict[str, str], says: str, estate: Estate, cast: Cast, browser_of: Browser, clock: Any
    ) -> None:
        order = told(estate, cast)
        clock.move(hours=3)
        before = untouched()
        sent = {
            "technician": cast.technician.pk,
            "arrived_at": "10:20",
            "finished_at": "10:50",
            "work_done": "换了角阀",
            "paper_slip": "W-0114",
            "signer": "王丽",
            "written_at": "10:52",
        } | changed
        response = browser_of(cast.clerk).post(f"/repairs/orders/{order.number}/paper/", sent)
        assert response.status_code == 422
        assert says in text_of(response)
        assert "W-0114" in text_of(response)
        assert untouched() == before

    def test_an_order_that_is_over_takes_no_slip(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = order_in("closed", estate, cast)
        page = text_of(browser_of(cast.clerk).get(f"/repairs/orders/{order.number}/paper/"))
        assert "这张维修单已经结束" in page
        assert "录入并办结" not in page

    def test_who_may_not(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = order_in("finished", estate, cast)
        for user, status in ((cast.butler, 403), (cast.technician, 403), (cast.outsider, 404), (cast.lead, 200)):
            assert browser_of(user).get(f"/repairs/orders/{order.number}/paper/").status_code == status


class TestOnTheCasePage:
    def test_the_panel_shows_order_times_and_what_may_be_done(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        order = told(estate, cast)
        page = text_of(browser_of(cast.lead).get(f"/cases/{order.case.number}/"))
        assert order.number in page
        assert f"/repairs/orders/{order.number}/dispatch/" in page
        assert "赵刚 · 在岗 · 手上没有单" in page
        assert "派给谁" not in text_of(browser_of(cast.auditor).get(f"/cases/{order.case.number}/"))

    def test_the_signature_is_shown(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = fresh(order_in("closed", estate, cast))
        page = text_of(browser_of(cast.clerk).get(f"/cases/{order.case.number}/"))
        assert f'src="/files/{order.signature_id}/"' in page
        assert "手写签名:王丽" in page
