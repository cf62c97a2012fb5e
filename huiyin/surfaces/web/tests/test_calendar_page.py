"""放假安排和开放时间 on a page: who may, the check by row, publishing, hours and exceptions."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import User
from huiyin.standards.models import DatedHours, HolidayYear, OpeningHours, Standard
from tests.cast import Cast

Browser = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("standard", "clock")
NOTICE = {"year": "2027", "source": "国办发明电〔2026〕9号", "text": "2027-01-01,元旦,off\n2027-01-09,元旦,work"}
WEEK = {f"day{number}": "09:00-12:00 13:00-17:00" for number in range(5)}


def test_who_may_publish(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    for who, status in (("director", 200), ("supervisor", 403), ("clerk", 403), ("auditor", 403)):
        answer = browser_of(getattr(cast, who)).post("/standards/calendar/notice/", NOTICE)
        assert answer.status_code == status
    assert not HolidayYear.objects.exists()


def test_a_notice_is_checked_first_and_then_published(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.director)
    page = browser.post("/standards/calendar/notice/", NOTICE).content.decode()
    assert "读到 2 天:放假 1 天,调休上班 1 天" in page and "没有看到:春节" in page
    assert not HolidayYear.objects.exists()
    answer = browser.post("/standards/calendar/notice/", NOTICE | {"publish": "yes"})
    assert (answer.status_code, answer["Location"]) == (303, "/standards/calendar/")
    notice = HolidayYear.objects.get()
    assert (notice.year, notice.published_by, notice.days["2027-01-09"]) == (2027, cast.director, ["元旦", "work"])
    page = browser.get("/standards/calendar/").content.decode()
    assert "2027 年" in page and "国办发明电〔2026〕9号" in page and "1 月 9 日" in page


def test_problems_are_told_by_row_and_nothing_is_published(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    wrong = NOTICE | {"text": "2027-01-01,元旦,off\n2027-01-05,元旦,work\n元月,元旦,off", "publish": "yes"}
    answer = browser_of(cast.director).post("/standards/calendar/notice/", wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第 2 行:2027-01-05 本来就是工作日" in page and "第 3 行:「元月」不是日期" in page
    assert "2027-01-05,元旦,work" in page
    assert not HolidayYear.objects.exists()


def test_a_file_does_as_well_and_nothing_at_all_is_asked_for(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.director)
    told = {"year": "2027", "source": "国办", "text": "", "sheet": SimpleUploadedFile("a.csv", b"2027-01-01,x,off")}
    assert "读到 1 天" in browser.post("/standards/calendar/notice/", told).content.decode()
    answer = browser.post("/standards/calendar/notice/", {"year": "2027", "source": "国办"})
    assert answer.status_code == 422 and "请粘贴内容,或选择文件" in answer.content.decode()


def test_hours_are_set_from_a_day_on(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.director)
    told = WEEK | {"channel": "office", "effective_from": "2026-12-01", "day5": "休", "day6": ""}
    assert browser.post("/standards/calendar/hours/", told).status_code == 303
    made = OpeningHours.objects.get()
    assert (made.estate_id, made.effective_from, made.set_by) == (estate.pk, date(2026, 12, 1), cast.director)
    assert made.week == [[["09:00", "12:00"], ["13:00", "17:00"]]] * 5 + [[], []]
    assert "2026-12-01 起换新的时间" in browser.get("/standards/calendar/").content.decode()
    again = browser.post("/standards/calendar/hours/", told | {"day0": "9点到5点"})
    assert again.status_code == 422 and OpeningHours.objects.count() == 1


def test_an_exception_is_set_for_a_day(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.director)
    told = {"channel": "desk", "day": "2026-11-30", "slots": "10:00-16:00", "reason": "停电检修"}
    assert browser.post("/standards/calendar/exception/", told).status_code == 303
    assert DatedHours.objects.get().slots == [["10:00", "16:00"]]
    assert "停电检修" in browser.get("/standards/calendar/").content.decode()
    answer = browser.post("/standards/calendar/exception/", told | {"day": "2026-11-01"})
    assert answer.status_code == 422 and "这一天已经过去" in answer.content.decode()


def test_the_page_reads_and_asks_little(
    estate: Estate,
    cast: Cast,
    standard: Standard,
    browser_of: Browser,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    browser = browser_of(cast.auditor)
    with django_assert_max_num_queries(25):
        page = browser.get("/standards/calendar/").content.decode()
    assert "放假安排公布到 2026 年底" in page and "公布一年的放假安排" not in page
    assert "全天" in page and "09:00–21:00" in page
