"""What waits for somebody, and one promise: its spans, its ladder, release from it, made anew by name."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import Clock
from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.standards import operations
from huiyin.standards.models import Commitment, Rule, Step, Waiver
from huiyin.standards.tests.samples import publish
from tests.cast import AT, Cast, tell

Browser = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("standard", "clock")


def complain(estate: Estate, cast: Cast) -> Case:
    return tell(estate, cast.clerk, kind="complaint")


def owed(case: Case, code: str = "complaint.reply") -> Commitment:
    return Commitment.objects.get(thread=case.thread, code=code)


def told_supervisor(estate: Estate, cast: Cast, count: int = 1) -> list[Step]:
    for _ in range(count):
        complain(estate, cast)
    operations.note_misses(at=AT + timedelta(hours=25), actor=system_actor())
    operations.climb(at=AT + timedelta(hours=25), actor=system_actor())
    return list(Step.objects.filter(told=cast.supervisor, state="taken").order_by("pk"))


def test_what_somebody_was_told_waits_with_one_button(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    step = told_supervisor(estate, cast)[0]
    browser = browser_of(cast.supervisor)
    page = browser.get("/waiting/").content.decode()
    assert f'action="/waiting/{step.pk}/received/"' in page and step.commitment.does in page
    assert f'action="/waiting/{step.pk}/received/"' not in browser_of(cast.butler).get("/waiting/").content.decode()
    refused = browser_of(cast.butler).post(f"/waiting/{step.pk}/received/")
    assert refused.status_code == 409 and "不是发给您的" in refused.content.decode()
    answer = browser.post(f"/waiting/{step.pk}/received/")
    assert (answer.status_code, answer["Location"]) == (303, "/waiting/")
    step.refresh_from_db()
    assert step.received_by == cast.supervisor
    assert browser.post(f"/waiting/{step.pk}/received/").status_code == 409


def test_today_and_the_top_bar_count_what_waits(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    steps = told_supervisor(estate, cast)
    page = browser_of(cast.supervisor).get("/").content.decode()
    assert 'href="/waiting/"' in page
    waiting = len(steps) + 1  # the complaint itself has not been taken either
    assert f'待我确认</span><span class="hy-bignumber-value">{waiting}<' in page


@pytest.mark.parametrize("address", ["/waiting/", "/"])
def test_as_many_queries_for_one_as_for_three(estate: Estate, cast: Cast, browser_of: Browser, address: str) -> None:
    counts = []
    for more in (1, 2):
        told_supervisor(estate, cast, more)
        browser = browser_of(cast.supervisor)
        browser.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25


def test_a_promise_shows_when_it_ran_and_who_was_told(
    estate: Estate, cast: Cast, browser_of: Browser, clock: Clock
) -> None:
    case = complain(estate, cast)
    cases.hold_case(
        case, reason="等业主回来", wakes_at=AT + timedelta(days=1), actor=cast.clerk, at=AT + timedelta(hours=1)
    )
    cases.resume_case(Case.objects.get(pk=case.pk), actor=cast.clerk, at=AT + timedelta(hours=3))
    clock.move(hours=5)
    page = browser_of(cast.auditor).get(f"/promises/{owed(case).pk}/").content.decode()
    assert "等业主回来" in page and "2 小时" in page and "逐级提醒" in page and "客服主管" in page
    assert "申请免除" not in page
    assert browser_of(cast.outsider).get(f"/promises/{owed(case).pk}/").status_code in (403, 404)


def test_release_is_asked_by_one_and_decided_by_another(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    one = owed(complain(estate, cast))
    address = f"/promises/{one.pk}/waiver/"
    assert browser_of(cast.supervisor).post(address, {"reason": " "}).status_code == 422
    assert browser_of(cast.supervisor).post(address, {"reason": "客户撤回"}).status_code == 303
    own = browser_of(cast.supervisor).post(f"{address}decide/", {"granted": "yes"})
    assert own.status_code == 422 and "另一位同事" in own.content.decode()
    assert browser_of(cast.clerk).post(f"{address}decide/", {"granted": "yes"}).status_code == 403
    assert "去批" in browser_of(cast.director).get("/waiting/").content.decode()
    assert "去批" not in browser_of(cast.supervisor).get("/waiting/").content.decode()
    assert browser_of(cast.director).post(f"{address}decide/", {"granted": "no"}).status_code == 422
    assert Waiver.objects.get().granted is None
    assert browser_of(cast.director).post(f"{address}decide/", {"granted": "yes"}).status_code == 303
    one.refresh_from_db()
    assert (one.state, one.end_reason) == ("waived", "客户撤回")
    assert browser_of(cast.director).post(f"{address}decide/", {"granted": "yes"}).status_code == 404


def test_a_promise_is_made_anew_by_name(estate: Estate, cast: Cast, browser_of: Browser, tmp_path: Path) -> None:
    one = owed(complain(estate, cast))
    address = f"/promises/{one.pk}/again/"
    same = browser_of(cast.director).post(address, {"reason": "看看"})
    assert same.status_code == 422 and "就是按现行标准定的" in same.content.decode()
    assert one.rule is not None
    spec = Rule.objects.get(pk=one.rule_id).spec | {"within": "12 h"}
    publish(tmp_path, spec, estate_id=estate.pk, code="shorter", since=AT - timedelta(minutes=1))
    answer = browser_of(cast.director).post(address, {"reason": "新标准更严"})
    new = Commitment.objects.get(follows=one)
    assert (answer.status_code, answer["Location"]) == (303, f"/promises/{new.pk}/")
    assert (new.due_at, new.revision) == (AT + timedelta(hours=12), 2)
    assert browser_of(cast.supervisor).get(f"/promises/{one.pk}/").status_code == 200


def test_the_urgency_of_a_case_changes_its_promises_on_the_page(
    estate: Estate, cast: Cast, browser_of: Browser
) -> None:
    case = tell(estate, cast.clerk)
    before = set(Commitment.objects.filter(thread=case.thread, ended_at=None).values_list("code", flat=True))
    answer = browser_of(cast.clerk).post(
        f"/cases/{case.number}/urgency/", {"urgency": "emergency", "note": "水漫到楼下了"}
    )
    assert answer.status_code == 303
    after = set(Commitment.objects.filter(thread=case.thread, ended_at=None).values_list("code", flat=True))
    assert "repair.arrive.urgent" in after - before
    page = browser_of(cast.clerk).get(f"/cases/{case.number}/").content.decode()
    assert "紧急程度由一般改为急修" in page and "水漫到楼下了" in page
