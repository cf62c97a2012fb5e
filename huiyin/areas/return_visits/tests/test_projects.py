"""Visits after a project: drawn home by home, in their own window, about the home; a bad one raises a complaint."""

from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.areas.complaints.queries import complaint_of
from huiyin.areas.estate.models import Estate, Unit
from huiyin.areas.return_visits import operations, queries
from huiyin.areas.return_visits.documents import RECORD, visits_with
from huiyin.areas.return_visits.invariants import INVARIANTS
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.return_visits.operations import NotTheVisitor, VisitIncomplete
from huiyin.areas.return_visits.tests.factories import BAD, GOOD
from huiyin.areas.upkeep import operations as upkeep
from huiyin.areas.upkeep.models import Project
from huiyin.areas.upkeep.tests.factories import fresh, project, through
from huiyin.foundation.accounts.models import User
from huiyin.foundation.transactions import command
from huiyin.standards.models import Commitment, Draw
from huiyin.standards.operations.draws import seeded, top_up
from huiyin.standards.sampling import is_taken
from tests.cast import AT, SHANGHAI, Cast, hire, settle_family

pytestmark = pytest.mark.usefixtures("standard", "home")
Browser = Callable[[User], Client]
OPENS = datetime(2026, 12, 25, tzinfo=SHANGHAI)
CLOSES = datetime(2027, 1, 25, tzinfo=SHANGHAI)


@command
def settle(estate: Estate, count: int) -> list[Unit]:
    """3-2-1501 and so many others with somebody in each, and an empty one."""
    first = estate.units.get(code="3-2-1501")
    made = [first]
    for n in range(count):
        code = f"3-2-{1601 + n}"
        made.append(Unit.objects.create(estate=estate, entrance=first.entrance, code=code, unit_no=str(1601 + n)))
        settle_family(estate, unit=code, name=f"住户{n}", phone=f"1390013{n:04}")
    made.append(Unit.objects.create(estate=estate, entrance=first.entrance, code="3-2-1799", unit_no="1799"))
    return made


@pytest.fixture
def done(estate: Estate, cast: Cast) -> Project:
    """A completed project that touched ten homes with somebody in them, and an empty one."""
    made = project(estate, cast, homes=settle(estate, 9))
    through(made, cast, 1, 2)
    upkeep.hand_in_project(fresh(made), note="", actor=cast.lead, at=AT)
    upkeep.complete_project(fresh(made), remarks="合格", actor=cast.director, at=AT)
    return fresh(made)


def visit_of(done: Project) -> ReturnVisit:
    return queries.call_list(User.objects.get(username="butler"), at=OPENS)[0]


def sound() -> dict[str, list[str]]:
    return {one.code: found for one in INVARIANTS if (found := list(one.broken(AT)))}


def test_three_of_ten_homes_are_drawn_and_the_empty_one_is_not_asked(done: Project) -> None:
    draws = Draw.objects.filter(subject_type="upkeep.home").order_by("position")
    assert [draw.position for draw in draws] == list(range(10))
    assert {draw.rule.code for draw in draws} == {"return_visit.project"}
    taken = set(draws.filter(taken=True).values_list("subject_id", flat=True))
    visits = ReturnVisit.objects.all()
    assert (len(taken), {visit.home_id for visit in visits}) == (3, taken)
    assert {(visit.type, visit.case_id, visit.doer_id) for visit in visits} == {("project", None, done.responsible_id)}
    assert {(visit.window_from, visit.window_to) for visit in visits} == {(OPENS, CLOSES)}
    owed = Commitment.objects.filter(subject_type="return_visits.visit")
    assert {(one.owner_post, one.not_before, one.due_at) for one in owed} == {("butler", OPENS, CLOSES)}
    assert sound() == {}


def test_it_is_not_made_before_a_month_has_passed_nor_by_who_ran_the_project(done: Project, cast: Cast) -> None:
    assert queries.call_list(cast.butler, at=OPENS - timedelta(seconds=1)).count() == 0
    visit = visit_of(done)
    for actor, at, refusal in (
        (cast.butler, OPENS - timedelta(seconds=1), VisitIncomplete),
        (cast.lead, OPENS, NotTheVisitor),
    ):
        with pytest.raises(refusal), transaction.atomic():
            operations.record_visit(visit, mode="phone", evaluation=GOOD, actor=actor, at=at)
    assert ReturnVisit.objects.get(pk=visit.pk).status == "due"


def test_a_good_one_is_made_and_owed_no_more(done: Project, cast: Cast) -> None:
    visit = visit_of(done)
    operations.record_visit(visit, mode="phone", evaluation=GOOD, actor=cast.butler, at=OPENS)
    owed = Commitment.objects.get(code="return_visit.project", subject_id=visit.pk)
    assert (visit.status, owed.state, owed.thread) == ("done", "met", f"home:{visit.home_id}")
    assert sound() == {}


def test_a_bad_one_raises_a_complaint_of_the_home_and_a_second_visit(done: Project, cast: Cast) -> None:
    visit = visit_of(done)
    second = operations.record_visit(visit, mode="phone", evaluation=BAD, actor=cast.butler, at=OPENS)
    assert second is not None and visit.home is not None and visit.raised_case is not None
    assert (second.home_id, second.case_id, second.round) == (visit.home_id, None, 2)
    raised = visit.raised_case
    assert (raised.unit_id, raised.household_id, raised.person_id) == (
        visit.home.unit_id,
        visit.home.household_id,
        visit.home.person_id,
    )
    assert done.number in raised.text and raised.raised_by is None and complaint_of(raised) is not None
    assert sound() == {}


def test_what_is_topped_up_is_a_visit_of_its_home(estate: Estate, cast: Cast) -> None:
    """Of four homes none was drawn; when half their window has passed the rate is made up for."""
    rate = Fraction(3, 10)
    none = next(
        seed
        for seed in map(str, range(99))
        if not any(is_taken(rate, seed=seed, stratum="", position=n) for n in range(4))
    )
    made = project(estate, cast, homes=settle(estate, 3))
    through(made, cast, 1, 2)
    upkeep.hand_in_project(fresh(made), note="", actor=cast.lead, at=AT)
    with seeded(lambda: none):
        upkeep.complete_project(fresh(made), remarks="", actor=cast.director, at=AT)
    assert (Draw.objects.count(), ReturnVisit.objects.count()) == (4, 0)
    assert top_up(at=OPENS + timedelta(days=20), actor=cast.system) >= 1
    added = ReturnVisit.objects.all()[0]
    assert added.home is not None
    assert (added.home.project_id, added.type, added.doer_id, added.draw.reason) == (  # type: ignore[union-attr]  # visits of a project have a home and a draw
        made.pk,
        "project",
        cast.lead.pk,
        "top_up",
    )
    assert sound() == {}


def test_it_is_about_one_thing(done: Project, estate: Estate) -> None:
    visit = visit_of(done)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReturnVisit.objects.filter(pk=visit.pk).update(home=None)


def test_the_pages_say_whom_and_which_project(done: Project, cast: Cast, browser_of: Browser, clock: Any) -> None:
    clock.move(days=30, hours=2)
    visit, browser = visit_of(done), browser_of(cast.butler)
    calls = str(browser.get("/return-visits/?type=project").content.decode())
    assert calls.count("3 栋外墙维修(3 栋外墙)") == 3 and visit.about.caller in calls
    shown = str(browser.get(f"/return-visits/{visit.pk}/").content.decode())
    assert done.number in shown and "您楼里做的「3 栋外墙维修" in shown and visit.about.caller_phone not in shown
    answer = browser.post(
        f"/return-visits/{visit.pk}/record/",
        {"mode": "phone", "quality": "4", "effect": "4", "satisfaction": "4"},
    )
    assert answer.status_code == 303
    made = str(browser.get("/return-visits/made/?type=project").content.decode())
    assert visit.about.caller in made
    unit = visit.about.unit
    assert unit is not None
    assert done.number in str(browser.get(f"/units/{unit.pk}/").content.decode())
    assert [sheet.serial for sheet in RECORD.fill(RECORD, visits_with(cast.director, [visit.pk]))] == [
        f"{done.number}-H1"
    ]


def test_lists_take_as_many_queries_with_three_homes_as_with_one(
    done: Project, cast: Cast, browser_of: Browser, clock: Any
) -> None:
    clock.move(days=30, hours=2)
    browser = browser_of(cast.butler)

    def asked(url: str) -> int:
        with CaptureQueriesContext(connection) as queries_asked:
            assert browser.get(url).status_code == 200
        return len(queries_asked)

    asked("/return-visits/")
    all_three = asked("/return-visits/")
    for visit in ReturnVisit.objects.order_by("pk")[:2]:
        operations.excuse(visit, reason="refused", note="不用打", actor=cast.supervisor, at=OPENS)
    assert asked("/return-visits/") == all_three <= 25


def test_who_has_other_buildings_does_not_see_it(done: Project, estate: Estate) -> None:
    visit = visit_of(done)
    mine = hire("mine", "本楼管家", estate=estate, role="butler", buildings=[estate.buildings.get(code="3").pk])
    other = estate.buildings.create(code="9")
    others = hire("others", "别楼管家", estate=estate, role="butler", buildings=[other.pk])
    outsider = User.objects.get(username="outsider")
    seen = [queries.visible_to(user).filter(pk=visit.pk).exists() for user in (mine, others, outsider)]
    assert seen == [True, False, False]
