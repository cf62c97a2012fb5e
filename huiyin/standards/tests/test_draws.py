"""Draws in the database: every decision recorded, no subject drawn twice, no stratum left short at the end."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from pathlib import Path
from random import Random
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.standards import operations, queries
from huiyin.standards.invariants import INVARIANTS
from huiyin.standards.models import Adoption, Draw, Stratum
from huiyin.standards.shares import Share

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 2, 10, 0, tzinfo=SHANGHAI)
ESTATE = 7


@dataclass(frozen=True, kw_only=True)
class WorkEnded(Fact):
    code: ClassVar[str] = "sample.work.ended"
    subject_type: ClassVar[str] = "sample.work"
    kind: str = "a"
    anonymous: bool = False
    household_id: int | None = None


def rule(code: str = "visit.sample", **changed: Any) -> dict[str, Any]:
    return {
        "code": code,
        "kind": "sampling",
        "clauses": [],
        "says": "抽 30% 回访",
        "opens": "sample.work.ended",
        "rate": "30 %",
        "window": "0 d .. 3 d",
        "stratum": ["kind"],
        "visit": "sample",
        "exempt": ["anonymous"],
    } | changed


@pytest.fixture
def live_by(db: None, tmp_path: Path) -> Callable[..., None]:
    """Publish these rules as the standard of the estate, from that moment."""

    def publish(*rules: dict[str, Any], at: datetime = AT - timedelta(days=90)) -> None:
        folder = tmp_path / "sample"
        folder.mkdir(exist_ok=True)
        written = {"standard": "sample", "title": "样本标准", "rules": list(rules)}
        (folder / "rules.yaml").write_text(yaml.safe_dump(written, allow_unicode=True))
        operations.load_catalogue(at=at, folder=tmp_path)
        operations.adopt(ESTATE, "sample", since=at, actor=system_actor(), at=at)

    return publish


@pytest.fixture
def actor(db: None) -> User:
    return system_actor()


def ended(number: int, *, at: datetime = AT, **values: Any) -> list[operations.Drawn]:
    fact = WorkEnded(subject_id=number, estate_id=ESTATE, thread=f"case:{number}", **values)
    return operations.draw(fact, at=at)


def test_every_decision_is_recorded_with_its_place(live_by: Callable[..., None]) -> None:
    live_by(rule())
    for number in range(20):
        ended(number)
    draws = Draw.objects.order_by("id")
    assert [draw.position for draw in draws] == list(range(20))
    assert [draw.subject_id for draw in draws] == list(range(20))
    assert Counter(draw.reason for draw in draws) == {"drawn": 6, "not_drawn": 14}
    assert all(draw.taken == (draw.reason == "drawn") for draw in draws)
    stratum = Stratum.objects.get()
    assert (stratum.estate_id, stratum.rule_code, stratum.period, stratum.key) == (
        ESTATE,
        "visit.sample",
        "2026-11",
        "a",
    )
    assert (stratum.seen, stratum.taken) == (20, 6)
    assert len(stratum.seed) == 16


def test_strata_and_months_count_apart(live_by: Callable[..., None]) -> None:
    live_by(rule())
    for number in range(10):
        ended(number, kind="a")
        ended(100 + number, kind="b")
        ended(200 + number, kind="a", at=AT + timedelta(days=30))
    counts = Stratum.objects.order_by("period", "key").values_list("period", "key", "seen", "taken")
    assert list(counts) == [("2026-11", "a", 10, 3), ("2026-11", "b", 10, 3), ("2026-12", "a", 10, 3)]
    assert Stratum.objects.values("seed").distinct().count() == 3


def test_the_exempt_are_recorded_and_leave_the_count(live_by: Callable[..., None]) -> None:
    live_by(rule(rate="100 %"))
    ended(1, anonymous=True)
    ended(2)
    assert list(Draw.objects.order_by("id").values_list("taken", "reason", "position")) == [
        (False, "exempt:anonymous", None),
        (True, "drawn", 0),
    ]
    assert (Stratum.objects.get().seen, Stratum.objects.get().taken) == (1, 1)


def test_the_window_is_counted_from_the_event_in_days_of_the_estate(live_by: Callable[..., None]) -> None:
    live_by(rule(rate="100 %"), rule("visit.later", rate="100 %", window="30 d .. 60 d", visit="later"))
    late_evening = datetime(2026, 11, 2, 23, 50, tzinfo=SHANGHAI)
    windows = {drawn.rule.code: (drawn.draw.window_from, drawn.draw.window_to) for drawn in ended(1, at=late_evening)}
    assert windows == {
        "visit.sample": (late_evening, datetime(2026, 11, 6, tzinfo=SHANGHAI)),
        "visit.later": (datetime(2026, 12, 2, tzinfo=SHANGHAI), datetime(2027, 1, 2, tzinfo=SHANGHAI)),
    }


def test_of_two_rules_for_one_visit_the_stricter_is_followed(live_by: Callable[..., None]) -> None:
    live_by(rule(), rule("visit.strict", rate="100 %"))
    drawn = ended(1)
    assert [one.rule.code for one in drawn] == ["visit.strict"]
    assert Draw.objects.count() == 1


def test_no_standard_no_draw(live_by: Callable[..., None]) -> None:
    live_by(rule(), at=AT + timedelta(days=1))
    assert ended(1) == []
    assert not Draw.objects.exists()


def test_an_event_is_drawn_once_by_a_rule_and_anew_when_it_ends_again(live_by: Callable[..., None]) -> None:
    live_by(rule())
    ended(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ended(1)
    assert (Draw.objects.count(), Stratum.objects.get().seen) == (1, 1)
    ended(1, at=AT + timedelta(days=2))
    assert (Draw.objects.count(), Stratum.objects.get().seen) == (2, 2)


@pytest.mark.parametrize("percent", [5, 10, 30, 50, 60])
@pytest.mark.parametrize("count", [1, 7, 23])
def test_topped_up_at_the_end_no_stratum_is_short(
    percent: int, count: int, live_by: Callable[..., None], actor: User
) -> None:
    live_by(rule(rate=f"{percent} %"))
    for number in range(count):
        ended(number, kind="ab"[number % 2])
    assert operations.top_up(at=AT + timedelta(hours=1), actor=actor) == 0  # a window that has just opened waits
    operations.top_up(at=AT + timedelta(days=2), actor=actor)
    for stratum in Stratum.objects.all():
        wanted = ceil(Fraction(percent, 100) * stratum.seen)
        assert stratum.taken >= wanted
        drawn = Draw.objects.filter(stratum=stratum, taken=True)
        assert drawn.count() == stratum.taken
        assert drawn.values("subject_id").distinct().count() == stratum.taken
    assert operations.top_up(at=AT + timedelta(days=2, hours=1), actor=actor) == 0


def test_a_month_of_events_with_the_top_up_running_ends_at_the_rate(live_by: Callable[..., None], actor: User) -> None:
    live_by(rule())
    chance, number = Random(4), 0
    for hour in range(0, 28 * 24, 6):
        at = AT.replace(day=1, hour=0) + timedelta(hours=hour)
        for _ in range(chance.choice((0, 0, 0, 1, 2))):
            number += 1
            ended(number, at=at, kind=chance.choice("abc"))
        operations.top_up(at=at + timedelta(hours=1), actor=actor)
    for hour in range(0, 4 * 24, 6):
        operations.top_up(at=at + timedelta(hours=hour), actor=actor)
    for stratum in Stratum.objects.all():
        assert stratum.taken >= Fraction(3, 10) * stratum.seen
        # No more than one block's share beyond the rate: a top-up is given back by no block, but never repeated.
        assert stratum.taken <= ceil(Fraction(3, 10) * stratum.seen) + 3
    subjects = Draw.objects.filter(taken=True).values_list("subject_id", flat=True)
    assert len(subjects) == len(set(subjects))


@pytest.mark.usefixtures("unguarded")
def test_a_topped_up_draw_points_at_the_one_left_out_and_keeps_its_window(
    live_by: Callable[..., None], actor: User
) -> None:
    live_by(rule(rate="10 %"))
    number = 0
    while not (left_out := Draw.objects.filter(taken=False).first()):
        number += 1
        Draw.objects.all().delete()
        Stratum.objects.all().delete()
        ended(number)
    later = AT + timedelta(days=2)
    assert operations.top_up(at=later, actor=actor) == 1
    added = Draw.objects.get(tops_up=left_out)
    assert (added.taken, added.position, added.reason) == (True, None, "top_up")
    assert (added.window_from, added.window_to) == (later, left_out.window_to)
    assert (added.subject_id, added.thread, added.rule) == (left_out.subject_id, left_out.thread, left_out.rule)
    told = Entry.objects.get(kind="standards.draw.topped_up")
    assert (told.rule, told.subject_id, told.actor) == ("visit.sample", added.pk, actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draw.objects.filter(pk=added.pk).update(tops_up=None, at=left_out.at)


def test_closed_windows_are_not_topped_up(live_by: Callable[..., None], actor: User) -> None:
    live_by(rule(rate="5 %"))
    for number in range(5):
        ended(number)
    assert operations.top_up(at=AT + timedelta(days=4), actor=actor) == 0
    assert not Draw.objects.filter(reason="top_up").exists()


def test_the_exempt_are_never_topped_up(live_by: Callable[..., None], actor: User) -> None:
    live_by(rule(rate="5 %"))
    ended(1, anonymous=True)
    assert operations.top_up(at=AT + timedelta(days=2), actor=actor) == 0


def test_a_higher_rate_in_the_middle_of_a_month_is_reached_by_its_end(
    live_by: Callable[..., None], actor: User
) -> None:
    live_by(rule(rate="10 %"))
    for number in range(10):
        ended(number)
    assert Stratum.objects.get().taken == 1
    live_by(rule(rate="50 %"), at=AT + timedelta(hours=1))
    ended(10, at=AT + timedelta(hours=2))
    operations.top_up(at=AT + timedelta(days=2), actor=actor)
    stratum = Stratum.objects.get()
    assert (stratum.seen, stratum.taken) == (11, 6)


# The cap on contacts with one household


def test_a_household_that_had_enough_contacts_is_passed_over_and_the_loss_is_shown(
    live_by: Callable[..., None],
) -> None:
    live_by(rule(rate="100 %", cap="2 within 30 d"))
    for day in (0, 1, 2, 29, 30, 31, 32):
        ended(day, at=AT.replace(day=1) + timedelta(days=day), household_id=5)
    ended(50, household_id=6)
    ended(51)
    ended(52, anonymous=True, household_id=5)
    reasons = Draw.objects.filter(household_id=5).order_by("at", "pk").values_list("at__day", "taken", "reason")
    assert list(reasons) == [
        (1, True, "drawn"),
        (2, True, "drawn"),
        (2, False, "exempt:anonymous"),
        (3, False, "capped"),
        (30, False, "capped"),
        (1, False, "capped"),
        (2, True, "drawn"),
        (3, True, "drawn"),
    ]
    assert queries.drawn_share(ESTATE, "2026-11") == {"visit.sample": Share(6, 4, 2, {"anonymous": 1})}
    assert queries.drawn_share(ESTATE, "2026-11")["visit.sample"].percent == 66
    assert queries.drawn_share(ESTATE, "2026-10", code="visit.sample") == {}
    assert Share().percent is None


def test_contacts_by_another_rule_count_too(live_by: Callable[..., None]) -> None:
    live_by(
        rule("visit.first", rate="100 %", visit="first"),
        rule("visit.second", rate="100 %", visit="second", cap="1 within 30 d"),
    )
    ended(1, household_id=5)
    assert set(Draw.objects.values_list("rule__code", "reason")) == {
        ("visit.first", "drawn"),
        ("visit.second", "capped"),
    }


def test_what_the_cap_left_out_is_made_up_for_by_another_household(live_by: Callable[..., None], actor: User) -> None:
    live_by(rule(rate="50 %", cap="1 within 30 d"))
    with operations.draws.seeded(lambda: "0" * 16):
        for number in range(12):
            ended(number, household_id=1 if number < 8 else None)
    before = Stratum.objects.get()
    assert Draw.objects.filter(reason="capped").count() == 6 - before.taken > 0
    operations.top_up(at=AT + timedelta(days=2), actor=actor)
    share = queries.drawn_share(ESTATE, "2026-11")["visit.sample"]
    visited = Draw.objects.filter(taken=True).values_list("household_id", flat=True)
    assert list(visited).count(1) == 1
    assert (share.seen, share.taken) == (12, 5)
    assert share.capped >= 1
    assert not list(broken(AT + timedelta(days=9)))


def broken(at: datetime) -> list[str]:
    """Name what the invariants of draws find."""
    return [example for one in INVARIANTS if one.code.startswith("draw.") for example in one.check(at=at).examples]


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rate=st.sampled_from([5, 10, 30, 33, 50, 75, 100]),
    cap=st.sampled_from([None, "1 within 30 d", "2 within 7 d"]),
    happened=st.lists(
        st.tuples(st.integers(0, 44 * 24), st.sampled_from("ab"), st.sampled_from([None, 1, 2, 3]), st.booleans()),
        max_size=40,
    ),
    every=st.sampled_from([7, 24, 30]),
)
@pytest.mark.usefixtures("unguarded")
def test_at_the_close_of_each_period_the_share_is_at_least_the_rate(
    live_by: Callable[..., None],
    rate: int,
    cap: str | None,
    happened: list[tuple[int, str, int | None, bool]],
    every: int,
) -> None:
    """Events at random, the top-up by the clock, until all windows are closed: nothing is short but by the cap."""
    Draw.objects.exclude(tops_up=None).delete()
    Draw.objects.all().delete()
    Stratum.objects.all().delete()
    Adoption.objects.all().delete()
    live_by(rule(rate=f"{rate} %", **({"cap": cap} if cap else {})))
    start, coming = AT.replace(day=1, hour=0), sorted(happened, key=lambda one: one[:2])
    for hour in range(0, 50 * 24, every):
        while coming and coming[0][0] <= hour:
            at, kind, household, anonymous = coming.pop(0)
            ended(len(coming), at=start + timedelta(hours=at), kind=kind, household_id=household, anonymous=anonymous)
        operations.top_up(at=start + timedelta(hours=hour), actor=system_actor())
    end = start + timedelta(days=51)
    for stratum in Stratum.objects.all():
        draws = list(Draw.objects.filter(stratum=stratum))
        counted = [draw for draw in draws if draw.position is not None]
        capped = [draw for draw in counted if draw.reason == "capped" and not hasattr(draw, "topped_up_by")]
        taken = [draw for draw in draws if draw.taken]
        assert (stratum.seen, stratum.taken) == (len(counted), len(taken))
        assert len(taken) + len(capped) >= Fraction(rate, 100) * len(counted)
        assert cap or not capped
        assert len({(draw.subject_id, draw.at if not draw.tops_up else None) for draw in taken}) == len(taken)
    assert broken(end) == []
    assert {one.wrong for one in queries.redraw()} <= {""}


@pytest.mark.parametrize(
    ("changed", "sort", "wrong"),
    [
        ({"taken": False}, "not_drawn", "应抽中,记录为未抽"),
        ({"position": None}, "exempt", "没有位置,也不是免访或补抽"),
        ({"position": 0}, "drawn", ""),
    ],
)
@pytest.mark.usefixtures("unguarded")
def test_a_draw_that_was_tampered_with_does_not_come_out_the_same(
    live_by: Callable[..., None], changed: dict[str, Any], sort: str, wrong: str
) -> None:
    live_by(rule(rate="100 %"))
    ended(1)
    Draw.objects.update(**changed)
    (found,) = queries.redraw(ESTATE)
    assert (found.sort, found.wrong) == (sort, wrong)
    assert list(queries.redraw(ESTATE + 1)) == []


@pytest.mark.usefixtures("unguarded")
def test_a_capped_draw_that_was_taken_after_all_and_a_top_up_of_a_taken_one_are_found(
    live_by: Callable[..., None], actor: User
) -> None:
    live_by(rule(rate="10 %", cap="1 within 30 d"))
    for number in range(10):
        ended(number, household_id=number)
    assert {(one.sort, one.wrong) for one in queries.redraw()} == {("drawn", ""), ("not_drawn", "")}
    drawn = Draw.objects.get(taken=True)
    Draw.objects.filter(pk=drawn.pk).update(reason="capped")
    assert [one.wrong for one in queries.redraw() if one.sort == "capped"] == ["应不抽,记录为抽中"]
    other = Draw.objects.filter(taken=False).earliest("pk")
    Draw.objects.filter(pk=other.pk).update(position=None, taken=True, reason="top_up", tops_up=drawn)
    assert [one.wrong for one in queries.redraw() if one.sort == "top_up"] == ["补抽的对象本来就抽中了"]
