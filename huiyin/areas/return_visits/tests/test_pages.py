"""The call list, the record, the made visits: who may, what they show, what they cost, what a refusal leaves."""

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

from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs.tests.factories import drawing, minutes, photo
from huiyin.areas.return_visits import operations
from huiyin.areas.return_visits.models import Attempt, ReturnVisit
from huiyin.areas.return_visits.tests.factories import BAD, GOOD, fresh, visit_after_complaint, visit_due, visit_in
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.journal.models import Entry
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("standard", "home")
Browser = Callable[[User], Client]
FINE = {"mode": "phone", "quality": "4", "effect": "3", "satisfaction": "3"}
POOR = {"mode": "phone", "quality": "3", "effect": "2", "satisfaction": "1", "shortcomings": "还在漏"}


@pytest.fixture(autouse=True)
def later(clock: Any) -> Any:
    """It is 15:00: what was told at 10:00 is finished and may be visited."""
    clock.move(hours=5)
    return clock


def text_of(response: Any) -> str:
    return str(response.content.decode())


def untouched() -> tuple[Any, ...]:
    return (
        list(ReturnVisit.objects.order_by("id").values()),
        Case.objects.count(),
        Attempt.objects.count(),
        Entry.objects.count(),
        StoredFile.objects.count(),
    )


class TestWhoMay:
    @pytest.mark.parametrize("address", ["/return-visits/", "/return-visits/made/"])
    def test_see_the_lists(self, address: str, cast: Cast, browser_of: Browser) -> None:
        for user in (cast.clerk, cast.butler, cast.lead, cast.supervisor, cast.director, cast.auditor):
            assert browser_of(user).get(address).status_code == 200
        assert browser_of(cast.technician).get(address).status_code == 403

    def test_each_step_by_its_right(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        visit = visit_due(estate, cast)
        before = untouched()
        forbidden = {
            "record": (cast.auditor, cast.technician),
            "verdict": (cast.auditor, cast.technician),
            "attempt": (cast.auditor, cast.technician),
            "rectify": (cast.auditor, cast.technician),
            "excuse": (cast.clerk, cast.butler, cast.lead, cast.auditor, cast.technician),
            "assign": (cast.clerk, cast.butler, cast.lead, cast.auditor, cast.technician),
            "review": (cast.clerk, cast.butler, cast.lead, cast.auditor, cast.technician),
        }
        for step, people in forbidden.items():
            for user in people:
                assert browser_of(user).post(f"/return-visits/{visit.pk}/{step}/", FINE).status_code == 403
            assert browser_of(cast.outsider).post(f"/return-visits/{visit.pk}/{step}/", FINE).status_code == 404
        assert browser_of(cast.outsider).get(f"/return-visits/{visit.pk}/").status_code == 404
        assert untouched() == before

    def test_the_auditor_only_looks(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        visit = visit_due(estate, cast)
        assert "记录回访" not in text_of(browser_of(cast.auditor).get("/return-visits/"))
        page = text_of(browser_of(cast.auditor).get(f"/return-visits/{visit.pk}/"))
        assert "您只能看,不能回访" in page
        assert f"/return-visits/{visit.pk}/record/" not in page


class TestTheCallList:
    def test_who_is_called_about_what_done_by_whom_and_how_often_tried(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        visit = visit_due(estate, cast)
        operations.record_attempt(visit, mode="phone", result="no_answer", note="", actor=cast.butler, at=minutes(200))
        page = text_of(browser_of(cast.clerk).get("/return-visits/"))
        for words in ("3-2-1501 王女士:厨房漏水", "办了:换了角阀", "李强经办", "138****8000", "试过 1 次,上次无人接听"):
            assert words in page
        assert f"/reveal/case/{visit.case_id}/" in page
        assert "13800138000" not in page
        assert "<strong>1</strong> 位要回访" in page

    def test_the_window_closing_first_stands_first(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        visit_due(estate, cast, text="后办完的")
        visit_due(estate, cast, at=minutes(-60 * 24), text="先办完的")
        page = text_of(browser_of(cast.clerk).get("/return-visits/"))
        assert page.index("先办完的") < page.index("后办完的")

    def test_ones_own_work_is_not_on_it(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        visit_after_complaint(estate, cast)
        assert "大厅地面没人拖" in text_of(browser_of(cast.clerk).get("/return-visits/"))
        assert "大厅地面没人拖" not in text_of(browser_of(cast.supervisor).get("/return-visits/"))

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("", {"厨房漏水", "大厅地面没人拖"}),
            ("type=repair", {"厨房漏水"}),
            ("type=complaint", {"大厅地面没人拖"}),
            ("type=nonsense", {"厨房漏水", "大厅地面没人拖"}),
            ("whose=mine", {"厨房漏水"}),
            ("whose=nobody", {"大厅地面没人拖"}),
        ],
    )
    def test_filters(self, query: str, shown: set[str], estate: Estate, cast: Cast, browser_of: Browser) -> None:
        visit_after_complaint(estate, cast)
        operations.assign(visit_due(estate, cast), to=cast.clerk, actor=cast.supervisor, at=minutes(120))
        page = text_of(browser_of(cast.clerk).get(f"/return-visits/?{query}"))
        assert {words for words in ("厨房漏水", "大厅地面没人拖") if words in page} == shown

    def test_nobody_to_call(self, cast: Cast, browser_of: Browser) -> None:
        assert "现在没有要回访的" in text_of(browser_of(cast.clerk).get("/return-visits/"))

    @pytest.mark.parametrize("result", ["no_answer", "call_later", "wrong_number", "absent"])
    def test_not_reaching_somebody_takes_one_click(
        self, result: str, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        visit = visit_due(estate, cast)
        sent = {"result": result, "idempotency_key": "try-1", "next": "/return-visits/?type=repair"}
        for _ in range(2):
            response = browser_of(cast.clerk).post(f"/return-visits/{visit.pk}/attempt/", sent)
            assert (response.status_code, response["Location"]) == (303, "/return-visits/?type=repair")
        attempt = Attempt.objects.get()
        assert (attempt.result, attempt.by, attempt.at) == (result, cast.clerk, minutes(300))
        assert attempt.mode == ("door" if result == "absent" else "phone")


class TestTheRecord:
    def test_the_script_and_the_five_items_are_at_hand(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        visit = visit_due(estate, cast)
        page = text_of(browser_of(cast.clerk).get(f"/return-visits/{visit.pk}/"))
        assert "王女士好,我是云河苑客服陈晓" in page
        for item in ("质量", "效果", "满意程度", "缺点和不足", "意见和建议", "电话回访", "上门回访"):
            assert item in page
        assert "短信回访" not in page  # the rule of this visit does not allow it
        assert "指定回访人" not in page
        assert "data-signature" in page

    def test_a_good_answer_ends_it(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        visit = visit_due(estate, cast)
        response = browser_of(cast.clerk).post(f"/return-visits/{visit.pk}/record/", FINE)
        assert (response.status_code, response["Location"]) == (303, "/return-visits/")
        visit = fresh(visit)
        assert (visit.status, visit.visitor, visit.visited_at, visit.mode) == (
            "done",
            cast.clerk,
            minutes(300),
            "phone",
        )
        assert "签字" in (page := text_of(browser_of(cast.clerk).get(f"/return-visits/{visit.pk}/")))
        assert "电话回访" in page

    def test_a_bad_answer_is_shown_what_it_opens_before_it_is_saved(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        visit = visit_due(estate, cast)
        clerk, address = browser_of(cast.clerk), f"/return-visits/{visit.pk}/record/"
        before = untouched()
        shown = text_of(clerk.post(address, POOR))
        assert untouched() == before
        for words in (
            f"登记一件投诉,关联 {visit.case.number}",
            "安排第 2 次回访",
            "回访不合格,24 小时内书面通知整改",
            "约好的下次回访",
            "登记投诉并保存",
            "还在漏",
        ):
            assert words in shown
        agreed = re.search(r'name="agreed" value="(\w+)"', shown)
        assert agreed
        response = clerk.post(address, POOR | {"agreed": agreed[1], "next_visit_at": "后天 10点"})
        assert (response.status_code, response["Location"]) == (303, f"/return-visits/{visit.pk}/")
        visit = fresh(visit)
        second = ReturnVisit.objects.get(follows=visit)
        assert (visit.status, second.round, second.window_to) == ("failed", 2, minutes(48 * 60))
        page = text_of(clerk.get(f"/return-visits/{visit.pk}/"))
        assert visit.raised_case is not None
        assert visit.raised_case.number in page
        assert f"/return-visits/{second.pk}/" in page

    @pytest.mark.parametrize(
        ("grades", "says", "agreed"),
        [
            ({"quality": "4"}, "已回访", False),
            ({"quality": "4", "effect": "3", "satisfaction": "4"}, "合格", False),
            ({"quality": "2"}, "登记投诉并保存", True),
            ({"quality": "9"}, "已回访", False),
        ],
    )
    def test_the_verdict_follows_the_grades_while_they_are_given(
        self, grades: dict[str, str], says: str, agreed: bool, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        visit = visit_due(estate, cast)
        before = untouched()
        body = text_of(
            browser_of(cast.clerk).post(
                f"/return-visits/{visit.pk}/verdict/",
                grades,
                headers={"HX-Request": "true", "HX-Request-Type": "partial"},
            )
        )
        assert body.lstrip().startswith('<div id="verdict"')
        assert says in body
        assert ('name="agreed" value="fail"' in body) is agreed
        assert untouched() == before

    def test_at_the_door_with_a_drawn_signature_or_a_photo_of_a_signed_form(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        drawn, on_paper = visit_due(estate, cast), visit_due(estate, cast, at=minutes(30))
        door = FINE | {"mode": "door", "signer": "王丽"}
        clerk = browser_of(cast.clerk)
        assert clerk.post(f"/return-visits/{drawn.pk}/record/", door | {"drawing": drawing()}).status_code == 303
        upload = SimpleUploadedFile("签字.jpg", photo().read(), "image/jpeg")
        assert clerk.post(f"/return-visits/{on_paper.pk}/record/", door | {"signed_paper": upload}).status_code == 303
        for visit in (fresh(drawn), fresh(on_paper)):
            page = text_of(clerk.get(f"/return-visits/{visit.pk}/"))
            assert f'src="/files/{visit.signature_id}/"' in page

    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ({"quality": ""}, "请选择质量"),
            ({"mode": "sms"}, "没有这个选项"),
            ({"mode": "door"}, "上门回访需要客户签字"),
            ({"mode": "door", "drawing": "data:image/png;base64,AAAA"}, "签名没有收到"),
            ({"visited_at": "今天 16:00"}, "回访时间不能晚于现在"),
            ({"visited_at": "今天 9:00"}, "还没到回访窗口"),
            (POOR | {"shortcomings": "", "agreed": "fail"}, "请写明不足之处或意见"),
            (POOR | {"agreed": "fail", "next_visit_at": "今天 9:00"}, "下次回访的时间要晚于现在"),
        ],
    )
    def test_a_refusal_is_said_with_what_was_typed_and_changes_nothing(
        self, changed: dict[str, str], says: str, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        visit = visit_due(estate, cast)
        before = untouched()
        sent = FINE | {"signer": "王丽的妈妈"} | changed
        response = browser_of(cast.clerk).post(f"/return-visits/{visit.pk}/record/", sent)
        assert response.status_code == 422
        assert says in text_of(response)
        assert "王丽的妈妈" in text_of(response)
        assert untouched() == before

    def test_the_doer_gets_no_form_and_no_way_in(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        visit = visit_after_complaint(estate, cast)
        supervisor = browser_of(cast.supervisor)
        page = text_of(supervisor.get(f"/return-visits/{visit.pk}/"))
        assert "这件事是您经办的" in page
        assert f"/return-visits/{visit.pk}/record/" not in page
        before = untouched()
        assert supervisor.post(f"/return-visits/{visit.pk}/record/", FINE).status_code == 422
        assert untouched() == before

    def test_a_second_sending_does_nothing_twice(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        visit = visit_due(estate, cast)
        sent = POOR | {"agreed": "fail", "idempotency_key": "once"}
        clerk = browser_of(cast.clerk)
        assert clerk.post(f"/return-visits/{visit.pk}/record/", sent).status_code == 303
        before = untouched()
        assert clerk.post(f"/return-visits/{visit.pk}/record/", sent).status_code == 303
        assert untouched() == before


class TestAround:
    def test_excuse_assign_review_and_notice(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        supervisor = browser_of(cast.supervisor)
        visit = visit_due(estate, cast)
        page = text_of(supervisor.get(f"/return-visits/{visit.pk}/"))
        assert re.findall(r'<option value="\d+">([^<]+)</option>', page[page.index("指定回访人") :])[:2] == [
            "周敏",
            "陈晓",
        ]
        assert supervisor.post(f"/return-visits/{visit.pk}/assign/", {"to": cast.butler.pk}).status_code == 303
        assert fresh(visit).assigned == cast.butler
        sent = {"reason": "moved_away", "note": "上周搬走了"}
        assert supervisor.post(f"/return-visits/{visit.pk}/excuse/", sent).status_code == 303
        assert (fresh(visit).status, fresh(visit).excuse) == ("exempt", "moved_away")

        failed = visit_in("failed", estate, cast, at=minutes(60))
        assert "还没有发出" in text_of(supervisor.get(f"/return-visits/{failed.pk}/"))
        supervisor.post(f"/return-visits/{failed.pk}/rectify/", {"text": "周五前换掉角阀"})
        supervisor.post(f"/return-visits/{failed.pk}/review/", {"text": "同意,盯住"})
        page = text_of(supervisor.get(f"/return-visits/{failed.pk}/"))
        assert "周五前换掉角阀" in page
        assert "同意,盯住" in page

    @pytest.mark.parametrize(
        ("step", "sent", "says"),
        [
            ("excuse", {"reason": "", "note": "谢绝"}, "请选择原因"),
            ("excuse", {"reason": "refused"}, "请填写说明"),
            ("assign", {"to": ""}, "请选择指定给"),
            ("review", {"text": "好"}, "还没有回访,不能审阅"),
            ("rectify", {"text": "整改"}, "只有不合格的回访才需要整改通知"),
            ("attempt", {"result": "nonsense"}, "没有这个选项"),
        ],
    )
    def test_a_refusal_is_said_and_changes_nothing(
        self, step: str, sent: dict[str, str], says: str, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        visit = visit_due(estate, cast)
        before = untouched()
        response = browser_of(cast.supervisor).post(f"/return-visits/{visit.pk}/{step}/", sent)
        assert (response.status_code, says in text_of(response)) == (409, True)
        assert untouched() == before

    def test_the_doer_cannot_be_named(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        visit = visit_after_complaint(estate, cast)
        response = browser_of(cast.director).post(f"/return-visits/{visit.pk}/assign/", {"to": cast.supervisor.pk})
        assert response.status_code == 409
        assert fresh(visit).assigned is None


class TestMade:
    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("", {"合格的事", "不合格的事"}),
            ("verdict=pass", {"合格的事"}),
            ("verdict=fail", {"不合格的事"}),
            ("verdict=exempt", {"免访的事"}),
            ("mode=door", set()),
            ("type=complaint", set()),
            ("since=2026-11-25&until=2026-11-25", {"合格的事", "不合格的事"}),
            ("since=2026-11-26", set()),
        ],
    )
    def test_filters(self, query: str, shown: set[str], estate: Estate, cast: Cast, browser_of: Browser) -> None:
        whole: dict[str, Any] = {"mode": "phone", "actor": cast.clerk, "at": minutes(200)}
        operations.record_visit(visit_due(estate, cast, text="《合格的事》"), evaluation=GOOD, **whole)
        operations.record_visit(visit_due(estate, cast, text="《不合格的事》"), evaluation=BAD, **whole)
        excused = visit_due(estate, cast, text="《免访的事》")
        operations.excuse(excused, reason="refused", note="谢绝", actor=cast.supervisor, at=minutes(200))
        visit_due(estate, cast, text="《还没访的事》")
        page = text_of(browser_of(cast.clerk).get(f"/return-visits/made/?{query}"))
        every = ("合格的事", "不合格的事", "免访的事", "还没访的事")
        assert {words for words in every if f"《{words}》" in page} == shown
        assert f"<strong>{len(shown)}</strong> 次" in page

    def test_export_needs_its_own_right(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        visit = visit_in("failed", estate, cast)
        assert browser_of(cast.clerk).get("/return-visits/made/export/").status_code == 403
        response: Any = browser_of(cast.supervisor).post(
            "/return-visits/made/export/?verdict=fail", {"reason": "checking"}
        )
        book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
        _, head, row = book.get_sheet_by_index(0).to_python()
        line = dict(zip(head, row, strict=True))
        raised = fresh(visit).raised_case
        assert raised is not None
        assert (line["事项"], line["经办人"], line["回访人"], line["方式"]) == (
            visit.case.number,
            "李强",
            "陈晓",
            "电话回访",
        )
        assert (line["质量评价"], line["服务效果"], line["满意程度"], line["结论"]) == (
            "满意",
            "一般",
            "不满意",
            "不合格",
        )
        assert (line["缺点和不足"], line["转立投诉"]) == ("还在漏", raised.number)


class TestCosts:
    @pytest.mark.parametrize(("address", "status"), [("/return-visits/", "due"), ("/return-visits/made/", "failed")])
    def test_one_row_costs_as_many_queries_as_three(
        self, address: str, status: str, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        client = browser_of(cast.clerk)

        def cost() -> int:
            client.get(address)
            with CaptureQueriesContext(connection) as caught:
                assert client.get(address).status_code == 200
            return len(caught)

        made = [visit_in(status, estate, cast)]
        one = cost()
        made += [visit_in(status, estate, cast, at=minutes(n)) for n in (20, 40)]
        for visit in made if status == "due" else ():
            operations.record_attempt(
                visit, mode="phone", result="no_answer", note="", actor=cast.clerk, at=minutes(200)
            )
        assert cost() == one
        assert one <= 13


class TestOnTheCasePage:
    def test_the_panel_shows_visits_and_what_they_raised(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        visit = fresh(visit_in("failed", estate, cast))
        page = text_of(browser_of(cast.clerk).get(f"/cases/{visit.case.number}/"))
        assert f"/return-visits/{visit.pk}/" in page
        assert "第 2 次回访" in page
        assert visit.raised_case is not None
        assert visit.raised_case.number in page
