"""条款看板: each number opens as many records, the sheet says the same, a share of nothing is a dash."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from conftest import Clock
from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.upkeep.operations import BY_PLAN
from huiyin.foundation.accounts.models import User
from huiyin.standards import operations as standards
from huiyin.standards.models import Commitment, Draw, Standard
from tests.cast import AT, Cast
from tests.world import World, furnish, tell

Browsers = Callable[[User], Client]
LINK = re.compile(r'<a href="(/(?:control/promises|standards/draws)/\?[^"]+)"[^>]*>([\d,]+)</a>')


@pytest.fixture
def world(estate: Estate, cast: Cast, home: Household, standard: Standard) -> World:
    return furnish(estate, cast, home, standard)


def seen(browser: Client, query: str = "") -> str:
    answer = browser.get(f"/standards/board/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def listed(browser: Client, url: str) -> int:
    page = browser.get(unescape(url)).content.decode()
    found = re.search(r'hy-list-count" role="status"><strong>([\d,]+)', page)
    assert found, url
    return int(found[1].replace(",", ""))


def test_each_number_opens_as_many_records(world: World, browser_of: Browsers, clock: Clock) -> None:
    clock.move(hours=6)
    standards.note_misses(at=clock.at, actor=world.cast.system)
    browser = browser_of(world.cast.director)
    numbers = LINK.findall(seen(browser))
    assert {url.split("/")[1] for url, _ in numbers} == {"control", "standards"}
    for url, count in numbers:
        assert listed(browser, url) == int(count.replace(",", "")), url


def test_the_whole_is_what_fell_due_this_month(world: World, browser_of: Browsers, clock: Clock) -> None:
    page = seen(browser_of(world.cast.director))
    # What falls due at midnight belongs to the day that ends.
    due = Commitment.objects.filter(
        estate_id=world.estate.pk, due_at__gt=AT.replace(day=1, hour=0), due_at__lte=AT.replace(day=1, month=12, hour=0)
    )
    found = re.search(r"到期 <strong>([\d,]+)</strong>", page)
    assert found and int(found[1]) == due.exclude(state="replaced").count() > 0


def test_a_share_of_nothing_is_a_dash(world: World, browser_of: Browsers, clock: Clock) -> None:
    page = seen(browser_of(world.cast.director), "?period=last_year")
    assert "2025-01-01 至 2025-12-31" in page
    assert "100%" not in re.sub(r"/ 100%", "", page)
    assert '到期 <strong>0</strong>,按时 <span class="hy-quiet">—</span>' in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "2026-11-01 至 2026-11-30"),
        ("?period=last_month", "2026-10-01 至 2026-10-31"),
        ("?period=quarter", "2026-10-01 至 2026-12-31"),
        ("?period=last_quarter", "2026-07-01 至 2026-09-30"),
        ("?period=year", "2026-01-01 至 2026-12-31"),
        ("?period=dates&first=2026-11-20&last=2026-11-22", "2026-11-20 至 2026-11-22"),
        ("?first=2026-11-22&last=2026-11-20", "2026-11-20 至 2026-11-22"),
        ("?period=dates&first=nonsense", "2026-11-01 至 2026-11-30"),
        ("?period=never&standard=none", "2026-11-01 至 2026-11-30"),
    ],
)
def test_the_period_is_said_in_days(world: World, browser_of: Browsers, clock: Clock, query: str, said: str) -> None:
    assert said in seen(browser_of(world.cast.director), query)


def test_another_standard_has_no_evidence_here(world: World, browser_of: Browsers, clock: Clock) -> None:
    standards.load_catalogue(at=AT)
    page = seen(browser_of(world.cast.director), "?standard=s4")
    assert "投诉 24 小时内解决或答复" in page
    assert LINK.findall(page) == []
    own = seen(browser_of(world.cast.director), "?standard=recommended")
    lived = LINK.findall(seen(browser_of(world.cast.director)))
    # What an area promises where no clause asks for it stands on the board of what was lived alone.
    assert LINK.findall(own) == [one for one in lived if f"code={BY_PLAN}" not in one[0]] != lived


def test_samples_say_whom_they_count_and_what_left_the_count(world: World, browser_of: Browsers, clock: Clock) -> None:
    page = seen(browser_of(world.cast.director))
    assert "分母:期间内投诉办结,不含匿名、只要复函的" in page
    drawn = Draw.objects.filter(stratum__rule_code="return_visit.repair", reason__in=["drawn", "not_drawn"])
    url = next(unescape(url) for url, _ in LINK.findall(page) if "return_visit.repair&amp;" in url and "seen" in url)
    assert listed(browser_of(world.cast.director), url) == drawn.count() > 0
    assert "抽中" in browser_of(world.cast.director).get(url).content.decode()


def test_draws_say_their_group_and_their_fate(world: World, browser_of: Browsers, clock: Clock) -> None:
    browser = browser_of(world.cast.director)
    page = browser.get("/standards/draws/").content.decode()
    rows = page.split("<tr data-row")[1:]
    assert len(rows) == Draw.objects.filter(topped_up_by=None).count() > 0
    assert "2026-11" in rows[0] and "抽中" in rows[0]
    assert "<label" in page and "哪一条" in page
    gone = browser.get("/standards/draws/?code=gone.rule&how=nonsense&first=x")
    assert gone.status_code == 200 and "gone.rule(以前的)" in gone.content.decode()


def test_rules_that_wait_are_counted_by_their_area(world: World, browser_of: Browsers, clock: Clock) -> None:
    page = seen(browser_of(world.cast.director))
    waiting = page.split("还在等区域建成的规则")[1]
    assert "走访" in waiting and "收费" in waiting
    assert "每月 15 日送付款请求书" not in page


def test_the_sheet_says_what_the_page_says(world: World, browser_of: Browsers, clock: Clock) -> None:
    browser = browser_of(world.cast.supervisor)
    answer = browser.post("/standards/board/export/?period=month", {"reason": "reporting"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer)))
    _, head, *rows = book.get_sheet_by_index(0).to_python()
    by_code = {row[2]: dict(zip(head, row, strict=True)) for row in rows}
    reply = by_code["complaint.reply"]
    promised = Commitment.objects.filter(code="complaint.reply", estate_id=world.estate.pk)
    assert reply["到期"] == promised.count() > 0
    assert reply["条款"] == "S1-21、S4-62"
    assert "survey.grievance" not in by_code  # checked on the spot: nothing falls due
    assert by_code["return_visit.repair"]["计入(分母)"] >= by_code["return_visit.repair"]["抽中(分子)"] > 0
    assert by_code["suggestion.decide"]["按时率"] == "—"


def test_only_those_who_may_control_see_it(world: World, browser_of: Browsers, clock: Clock) -> None:
    assert browser_of(world.cast.clerk).get("/standards/board/").status_code == 403
    assert browser_of(world.cast.clerk).get("/standards/draws/").status_code == 403
    assert "条款看板" in seen(browser_of(world.cast.supervisor))


def test_queries_are_few_and_do_not_grow(world: World, browser_of: Browsers, clock: Clock) -> None:
    browser = browser_of(world.cast.director)

    def count(url: str) -> int:
        with CaptureQueriesContext(connection) as made:
            assert browser.get(url).status_code == 200
        return len(made)

    urls = ("/standards/board/", "/standards/draws/", "/standards/compare/", "/standards/contradictions/")
    for url in urls:
        count(url)
    before = {url: count(url) for url in urls}
    for number in range(2):
        tell(world.estate, world.cast.clerk, at=AT + timedelta(minutes=number), kind="complaint")
    assert {url: count(url) for url in urls} == before
    assert max(before.values()) <= 25
