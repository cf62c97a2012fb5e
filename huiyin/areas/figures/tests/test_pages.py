"""The pages of the figures: every link, who may, within which buildings, what they cost, the sheet, a technician's own."""

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.figures.queries import CODES
from huiyin.areas.figures.tests.life import Promise, Repair, Stage
from huiyin.areas.repairs.models import WorkOrder
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from tests.cast import Cast, hire, open_estate

pytestmark = pytest.mark.usefixtures("standard", "clock")
Browser = Callable[[User], Client]
ALL_DAYS = "first=2026-05-01&last=2026-12-31"
KEPT, LATE = Promise("repair.accept", "met", 1), Promise("repair.accept", "late", 1)
LIFE = [
    Repair(75 * 24, 5, "closed", promises=(KEPT,), charged=8_000, uses=((200, 3_800),)),
    Repair(60 * 24, 5, "closed", fault="water.tap", promises=(LATE,), uses=((100, None),)),
    Repair(50 * 24, 5, "closed", unit=1, fault="electric", arrivals=2, second=True),
    Repair(45 * 24, 5, "closed", unit=2, fault="", reworked=True),
    Repair(9 * 24, 30, "finished", urgency="urgent", promises=(Promise("repair.arrive", "missed", 1),)),
    Repair(5, 0, "working", unit=1, promises=(Promise("repair.arrive", "open", 72),)),
    Repair(3, 0, "voided", promises=(Promise("repair.accept", "waived", 1),)),
    Repair(1, 0, "new", second=True),
]


@pytest.fixture
def stage(estate: Estate, cast: Cast) -> Stage:
    stage = Stage(estate, cast)
    stage.live(LIFE)
    return stage


def text_of(response: Any) -> str:
    return str(response.content.decode())


def links(page: str) -> list[tuple[str, str]]:
    """Return address and words of every link to a list of orders."""
    found = re.findall(r'<a href="(/repairs/(?:mine/)?orders/\?[^"]*)">([^<]*)</a>', page)
    return [(unescape(address), words) for address, words in found]


def count_on(page: str) -> str:
    found = re.search(r'class="hy-list-count" role="status"><strong>([^<]*)</strong>', page)
    assert found
    return found[1]


def is_count(address: str, words: str) -> bool:
    """Tell an amount or a length of time from a count."""
    return words.replace(",", "").isdecimal()


@pytest.mark.parametrize("code", CODES)
def test_every_number_opens_a_list_of_as_many(code: str, stage: Stage, cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.director)
    found = links(text_of(browser.get(f"/figures/{code}/?{ALL_DAYS}")))
    assert len(found) >= 4
    for address, words in found:
        shown = text_of(browser.get(address))
        assert "统计:" in shown
        if is_count(address, words):
            assert count_on(shown) == words, address
        else:
            assert int(count_on(shown)) > 0, address


def test_a_list_is_counted_whole_behind_a_number(stage: Stage, cast: Cast, browser_of: Browser) -> None:
    pattern = WorkOrder.objects.get(number="W-7")
    values = {field.attname: getattr(pattern, field.attname) for field in WorkOrder._meta.concrete_fields}
    rows = [WorkOrder(**values | {"id": None, "number": f"X-{n}"}) for n in range(1_100)]
    WorkOrder.objects.bulk_create(rows)
    address = "/repairs/orders/?figure=rework&col=all&first=2026-05-01&last=2026-12-31"
    assert count_on(text_of(browser_of(cast.director).get(address))) == "1,107"


def test_an_address_somebody_altered_shows_nothing(stage: Stage, cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.director)
    for asked in (
        "figure=rework&col=everything",
        "figure=nothing&col=all",
        "figure=load&row=99999999999999999999&col=taken",
        "figure=load&row=x&col=taken",
        "figure=on_time&row=normal&col=met",
        "figure=cohorts&row=x&col=kept",
    ):
        page = text_of(browser.get(f"/repairs/orders/?{asked}&{ALL_DAYS}"))
        assert (count_on(page), "统计:" in page) == ("0", False), asked
    for days in ("", "&first=9999-12-31&last=9999-12-31", "&first=0001-01-01&last=0001-01-01"):
        assert count_on(text_of(browser.get(f"/repairs/orders/?figure=rework&col=all{days}"))) == "0"


def test_who_may(stage: Stage, cast: Cast, browser_of: Browser) -> None:
    see = {cast.lead, cast.supervisor, cast.director, cast.auditor, cast.group}
    for user in (*see, cast.clerk, cast.butler, cast.technician, cast.cashier, cast.archivist):
        for address in ("/figures/", "/figures/load/", "/figures/load/export/"):
            assert browser_of(user).get(address).status_code == (200 if user in see else 403), user.username
    assert browser_of(cast.director).get("/figures/nothing/").status_code == 404


def test_another_company_sees_nothing_of_it(stage: Stage, cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.outsider)
    assert browser.get(f"/figures/costs/?estate=YH&{ALL_DAYS}").status_code == 404
    assert browser.get(f"/repairs/orders/?estate=YH&figure=rework&col=all&{ALL_DAYS}").status_code == 404
    assert links(text_of(browser.get(f"/figures/costs/?{ALL_DAYS}"))) == []


def test_a_link_names_its_estate(stage: Stage, cast: Cast, browser_of: Browser) -> None:
    open_estate("回音物业", "AA", "另一个小区")
    browser = browser_of(cast.director)
    assert "另一个小区" in text_of(browser.get("/figures/rework/"))
    page = text_of(browser.get(f"/figures/rework/?estate=YH&{ALL_DAYS}"))
    assert "云河苑" in page
    assert all("estate=YH" in address for address, _ in links(page))
    assert count_on(text_of(browser.get(links(page)[0][0]))) == links(page)[0][1]


def test_who_has_some_buildings_counts_those(stage: Stage, cast: Cast, browser_of: Browser) -> None:
    building = Building.objects.get(estate=stage.estate, code="4")
    theirs = hire("lead4", "班长四", estate=stage.estate, role="lead", buildings=[building.pk])
    browser = browser_of(theirs)
    page = text_of(browser.get(f"/figures/cohorts/?{ALL_DAYS}&step=month"))
    assert "3 栋" not in page
    assert "4 栋" in page
    kept = [words for address, words in links(page) if "col=kept" in address]
    assert kept[-1] == "2"
    for address, words in links(page):
        assert count_on(text_of(browser.get(address))) == words


class TestMine:
    def test_a_technician_sees_himself_alone(self, stage: Stage, cast: Cast, browser_of: Browser) -> None:
        browser = browser_of(cast.technician)
        page = text_of(browser.get(f"/figures/mine/?{ALL_DAYS}"))
        assert cast.technician.name in page
        assert cast.second_technician.name not in page
        found = links(page)
        assert len(found) >= 5
        for address, words in found:
            shown = text_of(browser.get(address))
            if is_count(address, words):
                assert count_on(shown) == words, address

    def test_his_numbers_are_those_of_the_lead(self, stage: Stage, cast: Cast, browser_of: Browser) -> None:
        def numbers(user: User, address: str) -> list[tuple[str, str]]:
            found = links(text_of(browser_of(user).get(f"{address}?{ALL_DAYS}")))
            row = f"row={cast.technician.pk}&"
            return [(address.partition("?")[2], words) for address, words in found if row in address]

        mine = numbers(cast.technician, "/figures/mine/")
        assert mine == numbers(cast.lead, "/figures/load/")
        assert mine

    def test_the_list_never_shows_another_s(self, stage: Stage, cast: Cast, browser_of: Browser) -> None:
        other = f"/repairs/mine/orders/?figure=load&row={cast.second_technician.pk}&col=taken&{ALL_DAYS}"
        assert count_on(text_of(browser_of(cast.technician).get(other))) == "0"
        everything = text_of(browser_of(cast.technician).get("/repairs/mine/orders/"))
        assert int(count_on(everything)) == WorkOrder.objects.filter(technician=cast.technician).count()


class TestConditions:
    @pytest.mark.parametrize(
        ("asked", "says"),
        [
            ("period=days", "请填从哪一天开始"),
            ("period=days&first=2026-11-01", "请填到哪一天为止"),
            ("first=2026-11-30&last=2026-11-01", "最后一天不能早于第一天"),
            ("first=2000-01-01&last=2026-11-01", "一次最多看五年"),
            ("first=x&last=2026-11-01", "日期请写成 2026-11-25 这样"),
            ("building=77", "楼栋里没有这个选项"),
            ("first=9999-12-31&last=9999-12-31", "年份不对,请核对"),
            ("first=0001-01-01&last=0001-01-01", "年份不对,请核对"),
        ],
    )
    def test_what_is_wrong_is_said(self, asked: str, says: str, stage: Stage, cast: Cast, browser_of: Browser) -> None:
        answer = browser_of(cast.director).get(f"/figures/rework/?{asked}")
        assert answer.status_code == 422
        assert says in text_of(answer)
        assert browser_of(cast.director).get(f"/figures/rework/export/?{asked}").status_code == 422

    def test_a_named_period_is_stronger_than_days_left_in_the_form(
        self, stage: Stage, cast: Cast, browser_of: Browser
    ) -> None:
        page = text_of(browser_of(cast.director).get(f"/figures/rework/?period=last_month&{ALL_DAYS}"))
        assert "2026-10-01 至 2026-10-31" in page

    def test_nothing_in_the_days(self, stage: Stage, cast: Cast, browser_of: Browser) -> None:
        for code in CODES:
            page = text_of(browser_of(cast.director).get(f"/figures/{code}/?first=2020-01-01&last=2020-01-31"))
            assert ("没有可数的维修单" in page) == (code != "load" and code != "cohorts"), code


@pytest.mark.parametrize("code", CODES)
def test_the_page_costs_the_same_for_a_longer_life(code: str, stage: Stage, cast: Cast, browser_of: Browser) -> None:
    def cost(browser: Client) -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(address).status_code == 200
        return len(caught)

    address, browser = f"/figures/{code}/?{ALL_DAYS}", browser_of(cast.director)
    before = cost(browser)
    for number in range(3):
        stage.more([Repair(one.age + number, one.took, one.status, fault="electric") for one in LIFE])
    assert cost(browser) == before <= 25


@pytest.mark.parametrize("code", CODES)
def test_the_sheet_holds_the_table(code: str, stage: Stage, cast: Cast, browser_of: Browser) -> None:
    lead = browser_of(cast.lead)
    address = f"/figures/{code}/export/?{ALL_DAYS}"
    assert "用途" in text_of(lead.get(address))
    answer: Any = lead.post(address, {"reason": "checking"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
    mark, head, *rows = sheet.to_python()
    assert str(mark[0]).startswith(f"导出人:{cast.lead.name}")
    page = text_of(lead.get(f"/figures/{code}/?{ALL_DAYS}"))
    assert [row[0] for row in rows] == re.findall(r'<th scope="row"[^>]*>([^<]*)</th>', page)
    assert len(head) == len({*head})
    counts = [words.replace(",", "") for address, words in links(page) if is_count(address, words)]
    written = [f"{cell:g}" for row in rows for cell in row[1:] if isinstance(cell, float)]
    assert not [count for count in counts if count not in written]
    entry = Entry.objects.filter(kind="privacy.taken_out").latest("pk")
    assert (entry.values["what"], entry.values["rows"]) == (f"统计:{page_title(page)}", len(rows))


def page_title(page: str) -> str:
    found = re.search(r"<h1[^>]*>([^<]*)", page)
    assert found
    return found[1].strip()


def test_the_control_room_leads_there(cast: Cast, browser_of: Browser) -> None:
    assert 'href="/figures/"' in text_of(browser_of(cast.director).get("/control/"))
