"""管理: the five numbers are those of their lists, and every number says what it counts."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import Clock
from huiyin.areas.cases import operations as cases
from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.return_visits import operations as visits
from huiyin.areas.return_visits.rules import Evaluation
from huiyin.foundation.accounts.models import User
from huiyin.standards import operations as standards
from huiyin.standards import queries as promises
from huiyin.standards.models import Commitment, Standard
from tests.cast import AT, Cast, tell
from tests.world import World, furnish

Browsers = Callable[[User], Client]


@pytest.fixture
def world(estate: Estate, cast: Cast, home: Household, standard: Standard) -> World:
    return furnish(estate, cast, home, standard)


def figures(page: str) -> dict[str, tuple[str, str]]:
    """The five numbers by their names, each with its address."""
    found = re.findall(
        r'<a class="hy-bignumber[^"]*" href="([^"]*)".*?hy-bignumber-label">(?:<svg.*?</svg>)?([^<]+)</span>'
        r'<span class="hy-bignumber-value">([^<]*)<',
        page,
        re.DOTALL,
    )
    return {name: (value, url.replace("&amp;", "&")) for url, name, value in found}


def listed(browser: Client, url: str) -> int:
    return browser.get(url).content.decode().count("<tr data-row")


def test_an_empty_house_prints_dashes_and_noughts(
    estate: Estate, cast: Cast, standard: Standard, browser_of: Browsers, clock: Clock
) -> None:
    page = browser_of(cast.director).get("/control/").content.decode()
    assert [value for value, _ in figures(page).values()] == ["0", "0", "0", "0", "—"]
    assert "现在没有逾期" in page and "今明两天没有到期的事" in page


def test_each_number_opens_as_many_rows(world: World, browser_of: Browsers, clock: Clock) -> None:
    clock.move(hours=6)
    standards.note_misses(at=clock.at, actor=world.cast.system)
    browser = browser_of(world.cast.director)
    found = figures(browser.get("/control/").content.decode())
    assert int(found["现在逾期"][0]) == listed(browser, found["现在逾期"][1]) > 0
    assert int(found["今天要兑现"][0]) == listed(browser, found["今天要兑现"][1]) > 0


def test_the_rate_is_what_was_kept_of_what_fell_due(world: World, browser_of: Browsers, clock: Clock) -> None:
    clock.move(hours=6)
    month = Commitment.objects.filter(estate_id=world.estate.pk)
    met = month.filter(state="met").count()
    missed = month.filter(state="open", due_at__lt=clock.at).count()
    page = browser_of(world.cast.director).get("/control/").content.decode()
    assert figures(page)["本月按时率"][0] == f"{met * 100 // (met + missed)}%"
    assert f"{met} / {met + missed}" in page


def test_a_failed_visit_and_a_reopened_case_are_counted(
    world: World, browser_of: Browsers, clock: Clock, at: datetime
) -> None:
    clock.move(hours=1)
    visits.record_visit(
        world.visit,
        mode="phone",
        evaluation=Evaluation(1, 2, 3, shortcomings="又不响了"),
        actor=world.cast.clerk,
        at=clock.at,
    )
    case = tell(world.estate, world.cast.clerk, at=at, kind="enquiry")
    cases.close_case(case, answer="已说明", actor=world.cast.clerk, at=clock.at)
    cases.reopen_case(case, reason="又来问", actor=world.cast.clerk, at=clock.at)
    clock.move(minutes=5)
    browser = browser_of(world.cast.director)
    found = figures(browser.get("/control/").content.decode())
    assert found["不满意"][0] == "1" and listed(browser, found["不满意"][1]) == 1
    assert found["重开或再报"][0] == "1" and listed(browser, found["重开或再报"][1]) == 1


def test_who_is_late_links_to_what_is_late(world: World, browser_of: Browsers, clock: Clock) -> None:
    clock.move(hours=6)
    browser = browser_of(world.cast.director)
    panel = browser.get("/control/").content.decode().split("逾期在谁手上")[1].split("</table>")[0]
    rows = re.findall(r'<td>([^<]+)</td><td class="hy-figures"><a href="([^"]+)"[^>]*>(\d+)</a>', panel)
    assert rows
    for _, url, count in rows:
        assert listed(browser, url.replace("&amp;", "&")) == int(count)


def test_queries_are_few_and_constant(world: World, browser_of: Browsers, clock: Clock) -> None:
    browser = browser_of(world.cast.director)

    def count() -> int:
        with CaptureQueriesContext(connection) as made:
            browser.get("/control/")
        return len(made)

    count()
    before = count()
    for number in range(2):
        tell(world.estate, world.cast.clerk, at=AT + timedelta(minutes=number), kind="complaint")
    assert count() == before
    assert before <= 25


def test_the_list_narrows_by_state_holder_rule_and_day(world: World, browser_of: Browsers, clock: Clock) -> None:
    browser, owed = browser_of(world.cast.director), Commitment.objects.filter(estate_id=world.estate.pk)
    assert listed(browser, "/control/promises/?state=owed") == owed.filter(ended_at=None).count()
    technician = world.cast.technician
    mine = owed.filter(owner=technician, ended_at=None).count()
    assert listed(browser, f"/control/promises/?state=owed&who={technician.pk}") == mine > 0
    replies = owed.filter(code="complaint.reply").count()
    assert listed(browser, "/control/promises/?code=complaint.reply&due_from=2026-11-01&due_to=2026-11-30") == replies
    assert listed(browser, "/control/promises/?state=owed&due_from=2027-01-01") == 0
    assert listed(browser, "/control/promises/?state=met") == owed.filter(state="met").count() > 0


def test_what_is_due_at_midnight_belongs_to_the_day_that_ends(world: World, browser_of: Browsers, clock: Clock) -> None:
    midnight = AT.replace(hour=0, minute=0) + timedelta(days=1)
    tonight = Commitment.objects.filter(due_at=midnight)
    assert tonight.exists()
    page = browser_of(world.cast.director).get("/control/promises/?due_from=2026-11-25&due_to=2026-11-25")
    assert "2026-11-25 24:00" in page.content.decode() and "今天 24:00" in page.content.decode()
    next_day = browser_of(world.cast.director).get("/control/promises/?due_from=2026-11-26&due_to=2026-11-26")
    assert "2026-11-25 24:00" not in next_day.content.decode()


@pytest.mark.parametrize(
    "asked", ["state=nonsense", "who=abc", "code=gone.rule", "due_from=x", "page=999", "sort=owner"]
)
def test_an_address_that_makes_no_sense_is_answered_all_the_same(
    world: World, browser_of: Browsers, clock: Clock, asked: str
) -> None:
    assert browser_of(world.cast.director).get(f"/control/promises/?{asked}").status_code == 200


def test_tallies_agree_with_the_single_one(world: World, clock: Clock) -> None:
    span = (AT - timedelta(days=30), AT + timedelta(days=30))
    whole = promises.tally(world.estate.pk, span, at=clock.at)
    by_code = promises.tallies(world.estate.pk, span, at=clock.at)
    assert sum(tally.due for tally in by_code.values()) == whole.due
    assert sum(tally.met for tally in by_code.values()) == whole.met
    for code, tally in by_code.items():
        assert promises.tally(world.estate.pk, span, at=clock.at, code=code) == tally
