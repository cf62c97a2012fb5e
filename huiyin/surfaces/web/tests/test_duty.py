"""A duty reaches the Today of whoever owes it, and is recorded as done on its page, once, with a note."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import Clock
from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.repairs.events import OrderClosed
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.standards import operations as standards
from huiyin.standards import queries as promises
from huiyin.standards.models import Commitment, Occurrence, Standard
from tests.cast import AT, Cast, tell

Browsers = Callable[[User], Client]
DAY = timedelta(days=1)


@pytest.fixture
def handover(estate: Estate, cast: Cast, standard: Standard, clock: Clock) -> Occurrence:
    """Today's handing over of the shift. Nobody is a duty clerk here, so it falls to the desk."""
    standards.open_duties(at=AT, actor=cast.system)
    return Occurrence.objects.get(rule_code="staffing.handover", period="2026-11-25")


def repeat(estate: Estate, cast: Cast, times: int) -> Occurrence:
    """Close orders of the same fault in the same unit until the threshold is raised."""
    for number in range(times):
        case = tell(estate, cast.clerk, at=AT - (9 - number) * DAY)
        fact = OrderClosed(
            subject_id=900 + number,
            estate_id=estate.pk,
            thread=case.thread,
            case_id=case.pk,
            urgency="normal",
            location_kind="in_unit",
            fault="leak",
            unit="3-2-1501",
        )
        journal.announce(fact, actor=cast.lead, at=AT - (9 - number) * DAY)
    return Occurrence.objects.get(rule_code="repair.repeat")


def address(duty: Occurrence) -> str:
    return f"/duties/{duty.pk}/"


def test_it_stands_in_the_today_of_whoever_holds_the_post_it_falls_to(
    handover: Occurrence, cast: Cast, browser_of: Browsers
) -> None:
    assert handover.commitment is not None and handover.commitment.owner_post == "front_desk"
    page = browser_of(cast.clerk).get("/").content.decode()
    assert f'href="{address(handover)}"' in page
    assert f"{handover.commitment.does} · 11 月 25 日" in page
    assert address(handover) not in browser_of(cast.technician).get("/").content.decode()


def test_recording_it_keeps_the_promise_and_it_leaves_the_list(
    handover: Occurrence, cast: Cast, browser_of: Browsers
) -> None:
    browser = browser_of(cast.clerk)
    answer = browser.post(address(handover), {"note": "早班交给晚班,钥匙 12 把,未结 3 件"})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    promise = Commitment.objects.get(subject_type="standards.duty", subject_id=handover.pk)
    assert promise.met_by is not None
    assert (promise.state, promise.met_by.actor, promise.met_by.note) == (
        "met",
        cast.clerk,
        "早班交给晚班,钥匙 12 把,未结 3 件",
    )
    assert f'href="{address(handover)}"' not in browser.get("/").content.decode()
    page = browser.get(address(handover)).content.decode()
    assert "早班交给晚班,钥匙 12 把,未结 3 件" in page and "登记已办" not in page


def test_without_a_note_nothing_is_recorded(handover: Occurrence, cast: Cast, browser_of: Browsers) -> None:
    answer = browser_of(cast.clerk).post(address(handover), {"note": " "})
    assert answer.status_code == 422
    assert "做了什么" in answer.content.decode()
    assert Commitment.objects.get(subject_id=handover.pk, subject_type="standards.duty").state == "open"


def test_the_second_who_records_it_reads_that_it_is_done(
    handover: Occurrence, cast: Cast, browser_of: Browsers
) -> None:
    browser_of(cast.clerk).post(address(handover), {"note": "交了"})
    answer = browser_of(cast.supervisor).post(address(handover), {"note": "我也交了"})
    assert answer.status_code == 409
    assert "这件事已经有人登记过了" in answer.content.decode()
    assert Occurrence.objects.get(pk=handover.pk).done_note == "交了"


@pytest.mark.parametrize(
    ("member", "status"),
    [
        ("clerk", 303),
        ("supervisor", 303),
        ("director", 303),
        ("technician", 403),
        ("butler", 403),
        ("auditor", 403),
        ("outsider", 404),
    ],
)
def test_who_owes_it_or_leads_records_it(
    handover: Occurrence, cast: Cast, browser_of: Browsers, member: str, status: int
) -> None:
    answer = browser_of(getattr(cast, member)).post(address(handover), {"note": "交了"})
    assert answer.status_code == status
    assert Occurrence.objects.get(pk=handover.pk).done_note == ("交了" if status == 303 else "")


def test_who_may_not_record_it_reads_who_does(handover: Occurrence, cast: Cast, browser_of: Browsers) -> None:
    page = browser_of(cast.technician).get(address(handover)).content.decode()
    assert "这件事由前台接待办,由办的人来登记" in page and "<textarea" not in page


def test_a_threshold_shows_what_it_rests_on(
    estate: Estate, cast: Cast, home: Household, standard: Standard, clock: Clock, browser_of: Browsers
) -> None:
    duty = repeat(estate, cast, 3)
    page = browser_of(cast.director).get(address(duty)).content.decode()
    assert "3 次同样的事" in page and "3-2-1501 王女士:厨房漏水" in page and "leak" not in page
    out_of_sight = browser_of(cast.technician).get(address(duty)).content.decode()
    assert "3 次同样的事" in out_of_sight and "王女士" not in out_of_sight
    numbers = [one.thread.removeprefix("case:") for one in promises.counted_for(duty)]
    assert len(numbers) == 3
    assert page.count('<a href="/cases/') >= 3
    assert f'href="{address(duty)}"' in browser_of(cast.director).get("/?whose=all").content.decode()


@pytest.mark.usefixtures("unguarded")
def test_three_events_cost_what_one_costs(
    estate: Estate, cast: Cast, home: Household, standard: Standard, clock: Clock, browser_of: Browsers
) -> None:
    browser, duty = browser_of(cast.director), repeat(estate, cast, 3)

    def count() -> int:
        with CaptureQueriesContext(connection) as made:
            assert browser.get(address(duty)).status_code == 200
        return len(made)

    count()
    three = count()
    promises.counted_for(duty).exclude(pk=promises.counted_for(duty).latest("pk").pk).delete()
    assert (count(), three) == (three, three)
    assert three <= 25
