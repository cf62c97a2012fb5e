"""Going through what happened once more under the very rules in force gives exactly what happened."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing import operations as staffing
from huiyin.areas.staffing.models import Department
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.journal import facts
from huiyin.standards import composition, operations, populations, trying
from huiyin.standards.in_force import working_calendar
from huiyin.standards.models import Commitment, Rule, Standard, Stratum
from huiyin.standards.replay import Promise, Replay
from huiyin.standards.rules import compile_rule
from huiyin.standards.waiting import waiting_area
from huiyin.surfaces.cli.setup import FIRST_DAY
from huiyin.surfaces.demo import make
from tests.cast import Cast, tell

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SINCE, STEP = datetime.fromisoformat("2020-01-01T00:00:00+08:00"), timedelta(microseconds=1)


@pytest.fixture
def lived(settings: object, tmp_path: object, at: datetime) -> Estate:
    """A small estate that has lived by the recommended standard for a month."""
    settings.MEDIA_ROOT = tmp_path
    system_actor()
    staffing.load_roles()
    cases.load_categories()
    operations.load_catalogue(at=FIRST_DAY)
    make(24, 1, seed=3, until=at)
    return Estate.objects.get()


def gone_through(estate: Estate, end: datetime) -> list[Promise]:
    rules = Rule.objects.filter(version__standard__code="recommended").order_by("pk")
    seeds = {(one.rule_code, one.period, one.key): one.seed for one in Stratum.objects.all()}
    found: list[Promise] = []
    going = Replay(
        [compile_rule(rule.spec) for rule in rules if not waiting_area(rule.spec)],
        working_calendar(),
        turn_of=facts.turns(),
        ended=found.append,
        raised=lambda raised: None,
        seeds=seeds,
    )
    for fact in trying.past_facts(estate.pk, going.kinds, start=SINCE, end=end):
        going.take(fact)
    going.finish(end)
    return found


def overdue(one: Commitment, end: datetime) -> bool:
    """Whether its time had passed when it ended without being kept; the sweep comes only every two hours here."""
    paused = one.pauses.filter(until=one.ended_at).exists() if one.ended_at else one.pauses.filter(until=None).exists()
    return one.due_at < (one.ended_at or end) and not paused


def both_sides(estate: Estate, end: datetime) -> tuple[Counter[object], Counter[object]]:
    """What going through the facts again comes to, and what happened: every promise with its times and its end."""
    happened: Counter[object] = Counter()
    for one in Commitment.objects.filter(rule__kind__in=["deadline", "sampling"]).exclude(state="replaced"):
        state = {"paused": "open"}.get(one.state, one.state)
        if state in ("open", "waived") and overdue(one, end):
            state = "missed"
        drawn = one.rule is not None and one.rule.kind == "sampling"
        subject = None if drawn else (one.subject_type, one.subject_id)
        happened[one.code, one.thread, subject, one.opened_at, one.due_at, one.met_at, state] += 1
    tried: Counter[object] = Counter()
    for promise in gone_through(estate, end):
        state = {"paused": "open"}.get(promise.state, promise.state)
        met_at = promise.ended_at if state in ("met", "late") else None
        tried[promise.code, promise.thread, promise.subject, promise.opened_at, promise.due_at, met_at, state] += 1
    return tried, happened


def test_a_matter_that_is_regraded_is_gone_through_as_it_was(
    estate: Estate, cast: Cast, standard: Standard, at: datetime
) -> None:
    """More urgent and less again, running, paused and overdue; a complaint judged graver when it is decided."""
    hour = timedelta(hours=1)

    def hurry(case: Case, urgency: str, when: datetime) -> None:
        cases.change_urgency(case, urgency=urgency, actor=cast.supervisor, at=when, note="住户说明")

    tell(estate, cast.clerk, at=at, text="没有变")
    there_and_back = tell(estate, cast.clerk, at=at, text="水管滴水")
    hurry(there_and_back, "urgent", at + hour / 12)
    hurry(there_and_back, "normal", at + hour / 6)
    too_late = tell(estate, cast.clerk, at=at, text="门锁坏了")
    hurry(too_late, "emergency", at + 30 * hour)
    resting = tell(estate, cast.clerk, at=at, text="水龙头坏了")
    cases.hold_case(resting, reason="等配件", wakes_at=at + 9 * hour, actor=cast.clerk, at=at + hour / 60)
    hurry(resting, "urgent", at + 2 * hour)
    cases.resume_case(resting, actor=cast.clerk, at=at + 5 * hour)
    hurry(resting, "normal", at + 5 * hour + hour / 60)
    told = Complaint.objects.select_related("case").get(case=tell(estate, cast.clerk, at=at, kind="complaint"))
    complaints.verify(told, finding="属实", validity="valid", actor=cast.supervisor, at=at + hour)
    complaints.decide(
        told,
        method="当天换",
        department=Department.objects.filter(estate=estate).order_by("pk")[0],
        severity="major",
        actor=cast.director,
        at=at + 2 * hour,
    )
    end = at + 40 * hour
    operations.note_misses(at=end, actor=cast.system)
    tried, happened = both_sides(estate, end)
    assert tried == happened
    assert Commitment.objects.filter(state="replaced").exists()
    assert Commitment.objects.filter(revision__gt=1).exists()


def test_the_rules_in_force_promise_again_what_was_promised_and_it_goes_as_it_went(lived: Estate, at: datetime) -> None:
    end = at + STEP
    tried, happened = both_sides(lived, end)
    assert tried == happened
    states = Counter(key[-1] for key in happened.elements())
    assert min(states[state] for state in ("met", "late", "missed", "waived", "open")) > 0

    version = Rule.objects.filter(version__standard__code="recommended").latest("pk").version
    trial = trying.try_rules(composition.specs_of(version), estate_id=lived.pk, start=SINCE, end=end)
    assert trial.facts > 300
    assert [line.code for line in trial.lines if line.tried != line.happened] == []
    assert trial.tried == trial.happened
    assert [(one.week, one.post) for one in trial.visits if one.tried != one.happened] == []
    assert sum(one.tried for one in trial.visits) > 10
    assert len(trial.breaches) == min(trial.tried.breaches, trying.BREACHES_SHOWN)


def test_duties_of_the_calendar_are_counted_by_their_days(estate: Estate, cast: Cast, standard: Standard) -> None:
    weekly = {
        "code": "log.weekly", "kind": "periodic", "clauses": [], "says": "每周看台账", "every": "week", "on": "friday",
        "per": "estate", "who": "post.cs_manager", "does": "看台账",
    }  # fmt: skip
    posted = {**weekly, "code": "log.posts", "on": "monday", "per": "post"}
    start, end = (datetime.fromisoformat(f"2026-11-{day:02}T00:00:00+08:00") for day in (7, 28))
    trial = trying.try_rules({"a": weekly, "b": posted}, estate_id=estate.pk, start=start, end=end)
    posts = len(populations.members_of("posts", estate.pk, start.date()) or [])
    assert [(one.code, one.tried, one.happened) for one in trial.duties] == [
        ("log.weekly", 3, 0),  # a Friday ends with the span's first moment, another with its end
        ("log.posts", 3 * posts, 0),
    ]
    assert posts > 1


def test_other_rules_would_have_gone_otherwise_and_nothing_is_written(lived: Estate, at: datetime) -> None:
    version = Rule.objects.filter(version__standard__code="recommended").latest("pk").version
    specs = composition.specs_of(version)
    before = (Commitment.objects.count(), Stratum.objects.count())
    hard = {**specs, "complaint.reply": {**specs["complaint.reply"], "within": "1 min"}}
    trial = trying.try_rules(hard, estate_id=lived.pk, start=SINCE, end=at + STEP)
    line = next(line for line in trial.lines if line.code == "complaint.reply")
    assert line.tried.opened == line.happened.opened
    assert line.tried.breaches > line.happened.breaches
    assert {one.code for one in trial.breaches} >= {"complaint.reply"}
    assert (Commitment.objects.count(), Stratum.objects.count()) == before

    few = {**specs, "return_visit.repair": {**specs["return_visit.repair"], "rate": "30 %"}}
    trial = trying.try_rules(few, estate_id=lived.pk, start=SINCE, end=at + STEP)
    drawn = next(one for one in trial.draws if one.code == "return_visit.repair")
    full = next(line for line in trial.lines if line.code == "return_visit.repair").happened.opened
    assert 0 < drawn.taken < drawn.seen <= full
    assert (drawn.taken + drawn.topped_up) * 100 >= 30 * drawn.seen
