"""The page of a case: who may see it, what it says, and how many queries it takes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import Clock
from huiyin.areas.cases import operations
from huiyin.areas.cases.tests.factories import case_in
from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.queries import complaint_of
from huiyin.areas.estate.models import Estate, Household
from huiyin.foundation.accounts.models import User
from huiyin.standards.models import Rule
from tests.cast import AT, Cast, tell

Browser = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("standard", "clock")


def read(browser: Client, number: str, **asked: str) -> str:
    answer = browser.get(f"/cases/{number}/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("kind", ["enquiry", "complaint", "repair", "suggestion", "compliment", "special_service"])
def test_who_may_see_a_case(kind: str, estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = tell(estate, cast.clerk, kind=kind)
    wanted = {"clerk": 200, "lead": 200, "director": 200, "auditor": 200, "technician": 403, "outsider": 404}
    for who, status in wanted.items():
        assert browser_of(getattr(cast, who)).get(f"/cases/{case.number}/").status_code == status, who
    assert browser_of(cast.clerk).get("/cases/YH-Z990101-001/").status_code == 404
    assert Client().get(f"/cases/{case.number}/").status_code == 302


@pytest.mark.parametrize("status", ["new", "working", "on_hold", "closed", "merged", "voided"])
def test_a_case_of_every_status_has_its_page(status: str, estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = case_in(status, estate, cast)
    page = read(browser_of(cast.supervisor), case.number)
    assert case.get_status_display() in page and case.text in page
    if status == "on_hold":
        assert "等配件" in page
    if status == "voided":
        assert "登记错了" in page


def test_on_top_stands_what_comes_next(
    estate: Estate, cast: Cast, home: Household, browser_of: Browser, clock: Clock
) -> None:
    case = tell(estate, cast.clerk, kind="enquiry", text="物业费怎么交")
    clock.move(hours=3)
    page = read(browser_of(cast.clerk), case.number)
    top = page[page.index('id="next"') : page.index('id="timeline"')]
    rule = Rule.objects.get(code="case.progress")
    for said in (
        "告知住户办理进度",
        "今天 16:00",
        "前台接待 陈晓",
        "时间用了 50%",
        "没办完的,当天 16:00 前告知住户进度",
    ):
        assert said in top
    assert f"/standards/rules/{rule.pk}/" in top
    assert top.count("btn-primary") == 1
    assert "138****8000" in page and "13800138000" not in page
    assert f"/units/{home.unit_id}/" in page


def test_a_late_case_says_so_in_red(estate: Estate, cast: Cast, browser_of: Browser, clock: Clock) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    clock.move(hours=8)
    page = read(browser_of(cast.clerk), case.number)
    assert "逾期 2 小时" in page and "hy-panel-red" in page and "时间用完了" in page


def test_who_may_only_look_sees_no_buttons(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    page = read(browser_of(cast.auditor), case.number)
    assert "您可以看,不能办" in page
    assert f"/cases/{case.number}/take/" not in page and "并案" not in page


def test_the_timeline_names_the_rule_behind_a_promise(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    operations.comment(case, text="内部的话", actor=cast.clerk, at=AT)
    page = read(browser_of(cast.clerk), case.number)
    told = page[page.index('id="timeline"') :]
    assert "登记了这件事" in told and "记了一笔" in told and "内部的话" in told
    assert "定下承诺:今天 16:00 前告知住户办理进度" in told
    assert "《推荐标准》没办完的,当天 16:00 前告知住户进度" in told
    assert 'data-kind="internal"' in told and 'data-kind="resident"' in told and 'data-kind="rule"' in told


def test_a_long_story_shows_its_end_first(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    for n in range(105):
        operations.comment(case, text=f"第 {n} 句", actor=cast.clerk, at=AT + timedelta(minutes=n))
    page = read(browser_of(cast.clerk), case.number)
    assert "第 104 句" in page and "第 3 句" not in page and "更早的记录" in page
    whole = read(browser_of(cast.clerk), case.number, all="1")
    assert "第 3 句" in whole and "登记了这件事" in whole and "更早的记录" not in whole


def test_look_alikes_are_merged_into_the_earlier_one_by_one_press(
    estate: Estate, cast: Cast, browser_of: Browser
) -> None:
    first, second = (tell(estate, cast.clerk, kind="enquiry", text=f"第 {n} 次问") for n in (1, 2))
    browser = browser_of(cast.supervisor)
    assert f'action="/cases/{second.number}/merge/"' in read(browser, first.number)
    page = read(browser, second.number)
    assert f'action="/cases/{second.number}/merge/"' in page
    browser.post(f"/cases/{second.number}/merge/", {"into": first.number, "next": f"/cases/{first.number}/"})
    page = read(browser, first.number)
    assert "2 人来说过这件事" in page and f"{second.number} 并进来了" in page
    assert "并进来的" in page
    assert first.number in read(browser, second.number)


def test_the_person_complained_about_is_told_why_he_may_not_judge(
    estate: Estate, cast: Cast, browser_of: Browser
) -> None:
    case = tell(estate, cast.clerk, kind="complaint", about_person=cast.supervisor)
    page = read(browser_of(cast.supervisor), case.number)
    assert "您是被投诉人,不能核实、决定或办结这件投诉" in page
    assert f"/complaints/{case.number}/verify/" not in page
    page = read(browser_of(cast.director), case.number)
    assert f"/complaints/{case.number}/verify/" in page and "您是被投诉人" not in page


def test_a_complaint_goes_its_way_on_the_page(estate: Estate, cast: Cast, browser_of: Browser, clock: Clock) -> None:
    case = tell(estate, cast.clerk, kind="complaint")
    browser, closer = browser_of(cast.supervisor), browser_of(cast.director)
    department = cast.supervisor.assignments.get().post.department
    steps = [
        ("verify", {"finding": "楼上 22:30 还在装修", "validity": "valid"}, "决定处理办法"),
        (
            "decide",
            {
                "method": "约谈装修单位",
                "department": str(department.pk),
                "resolve_by": "明天 18:00",
                "severity": "important",
                "responsibility": "external",
            },
            "答复投诉人",
        ),
        ("reply", {"reply": "今后 18:00 后不施工"}, "办结"),
        ("reject", {"reason": "昨晚又吵"}, "答复投诉人"),
        ("reply", {"reply": "已停工整改"}, "办结"),
    ]
    for step, data, next_step in steps:
        clock.move(minutes=10)
        answer = browser.post(f"/complaints/{case.number}/{step}/", data)
        assert (answer.status_code, answer["Location"]) == (303, f"/cases/{case.number}/"), step
        page = read(browser, case.number)
        panel = page[page.index('id="complaint"') : page.index('id="timeline"')]
        assert panel.count("btn-primary") == 1
        assert next_step in panel[panel.index("btn-primary") :]
    clock.move(minutes=10)
    assert closer.post(f"/complaints/{case.number}/close/").status_code == 303
    page = read(closer, case.number)
    for said in ("已停工整改", "重要", "外单位", "郑海", "重开"):
        assert said in page
    assert closer.post(f"/complaints/{case.number}/reopen/", {"reason": "又吵"}).status_code == 303
    complaint = complaint_of(case)
    assert complaint is not None and complaint.status == "registered"


@pytest.mark.parametrize(
    ("step", "may"),
    [
        ("acknowledge", {"butler", "lead", "supervisor", "director"}),
        ("verify", {"butler", "lead", "supervisor", "director"}),
        ("decide", {"supervisor", "director"}),
        ("reply", {"clerk", "butler", "lead", "supervisor", "director"}),
        ("reject", {"clerk", "butler", "lead", "supervisor", "director"}),
        ("close", {"supervisor", "director"}),
        ("reopen", {"butler", "lead", "supervisor", "director"}),
    ],
)
def test_who_may_take_a_step_of_a_complaint(
    step: str, may: set[str], estate: Estate, cast: Cast, browser_of: Browser
) -> None:
    case = tell(estate, cast.clerk, kind="complaint")
    for who in ("clerk", "butler", "technician", "lead", "supervisor", "director", "auditor"):
        answer = browser_of(getattr(cast, who)).get(f"/complaints/{case.number}/{step}/")
        assert answer.status_code == (200 if who in may else 403), who
    assert browser_of(cast.outsider).get(f"/complaints/{case.number}/{step}/").status_code == 404
    enquiry = tell(estate, cast.clerk, kind="enquiry")
    assert browser_of(cast.director).get(f"/complaints/{enquiry.number}/{step}/").status_code == 404


def test_the_second_judge_reads_that_it_was_decided(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = tell(estate, cast.clerk, kind="complaint")
    complaint = complaint_of(case)
    assert complaint is not None
    complaints.verify(complaint, finding="属实", validity="valid", actor=cast.director, at=AT)
    answer = browser_of(cast.supervisor).post(
        f"/complaints/{case.number}/verify/", {"finding": "我查到的情况", "validity": "invalid"}
    )
    assert answer.status_code == 409
    assert "现在是「待决定」,刚由郑海处理,不能再核实" in answer.content.decode()
    assert "我查到的情况" in answer.content.decode()


def queries_of(browser: Client, number: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        read(browser, number)
    return len(asked)


def test_a_longer_story_takes_no_more_queries(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.supervisor)
    counted = []
    for kind in ("enquiry", "complaint"):
        first, *others = (tell(estate, cast.clerk, kind=kind) for _ in range(4))
        operations.merge_case(others[0], into=first, actor=cast.supervisor, at=AT)
        operations.comment(first, text="一句", actor=cast.clerk, at=AT)
        counted.append(queries_of(browser, first.number))
        for other in others[1:]:
            operations.merge_case(other, into=first, actor=cast.supervisor, at=AT)
            operations.comment(first, text="又一句", actor=cast.clerk, at=AT)
            tell(estate, cast.clerk, kind=kind, repeat_of=first)
        assert queries_of(browser, first.number) == counted[-1]
    assert counted == [18, 19]
