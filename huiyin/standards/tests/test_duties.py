"""Duties by exact values: opened ahead once each, done by a person or kept by a fact, missed when nobody did them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.calendar.chinese import StatutoryDay
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.standards import operations, populations, queries
from huiyin.standards.in_force import rule_book, working_calendar
from huiyin.standards.models import Commitment, Counted, Miss, Occurrence
from huiyin.standards.operations.calendars import publish_year
from huiyin.standards.operations.duties import DutyInvalid
from huiyin.standards.rules.periods import period_of
from huiyin.standards.rules.quota import Coverage, Member
from huiyin.standards.tests.samples import AT, DAY, ESTATE, HOUR, SHANGHAI, happens, publish

ZONES = {"东区": {"zone": "东区", "kind": "big"}, "西区": {"zone": "西区", "kind": "small"}}


@dataclass(frozen=True, kw_only=True)
class ReportFiled(Fact):
    code: ClassVar[str] = "cases.report.filed"
    subject_type: ClassVar[str] = "cases.report"
    zone: str = ""


@dataclass(frozen=True, kw_only=True)
class HomeVisited(Fact):
    code: ClassVar[str] = "cases.home.visited"
    subject_type: ClassVar[str] = "cases.home"
    household_id: int | None = None
    mode: str = "door"


@dataclass(frozen=True, kw_only=True)
class WorkClosed(Fact):
    code: ClassVar[str] = "cases.work.closed"
    subject_type: ClassVar[str] = "cases.work"
    size: str = "small"


@dataclass(frozen=True, kw_only=True)
class WorkInspected(Fact):
    code: ClassVar[str] = "cases.work.inspected"
    subject_type: ClassVar[str] = "cases.work"


def duty(code: str = "report.monthly", **changed: Any) -> dict[str, Any]:
    written = {
        "code": code,
        "kind": "periodic",
        "clauses": [],
        "says": "每月 28 日前报月报",
        "every": "month",
        "on": "day 28",
        "who": "post.cs_supervisor",
        "does": "报月报",
    } | changed
    return {name: value for name, value in written.items() if value is not None}


def quota(**changed: Any) -> dict[str, Any]:
    written = {
        "code": "visit.weekly",
        "kind": "quota",
        "clauses": [],
        "says": "每周走访一成住户",
        "counts": "cases.home.visited",
        "of": "households",
        "stratum": ["zone"],
        "every": "week",
        "at_least": "30 %",
        "who": "post.butler",
        "does": "走访住户",
    } | changed
    return {name: value for name, value in written.items() if value is not None}


@pytest.fixture
def live_by(db: None, tmp_path: Path) -> Callable[..., None]:
    return partial(publish, tmp_path)


@pytest.fixture
def zones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two zones of the estate; the east one has a butler by name."""
    members = [Member(name, values) for name, values in ZONES.items()]
    monkeypatch.setitem(populations._lists, "zones", lambda estate_id, day: members)


@pytest.fixture
def homes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten households, one to seven in the east."""
    members = [Member(str(n), {"zone": "东区" if n < 8 else "西区", "key": n == 1}) for n in range(1, 11)]
    monkeypatch.setitem(populations._lists, "households", lambda estate_id, day: members)


@pytest.fixture
def nobody_known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in list(populations._lists):
        monkeypatch.delitem(populations._lists, name)
    yield


def open_them(at: datetime = AT) -> int:
    return operations.open_duties(at=at, actor=system_actor())


def opened() -> list[tuple[str, str, datetime]]:
    rows = Occurrence.objects.order_by("pk").values_list("period", "key", "commitment__due_at")
    return [(period, key, due.astimezone(SHANGHAI)) for period, key, due in rows]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# Opening


def test_a_duty_is_opened_with_everything_it_will_be_judged_by(live_by: Callable[..., None]) -> None:
    live_by(duty(by="16:00"))
    assert open_them() == 1
    one = Occurrence.objects.get()
    promise = Commitment.objects.get()
    assert (one.estate_id, one.rule_code, one.period, one.key, one.commitment) == (
        ESTATE,
        "report.monthly",
        "2026-11",
        "",
        promise,
    )
    assert (promise.code, promise.does, promise.owner, promise.owner_post) == (
        "report.monthly",
        "报月报",
        None,
        "cs_supervisor",
    )
    assert (promise.due_at, promise.not_before) == (at("2026-11-28T16:00"), at("2026-11-01T00:00"))
    assert (promise.subject_type, promise.subject_id, promise.thread) == ("standards.duty", one.pk, f"duty:{one.pk}")
    entry = promise.opened_by
    assert (entry.kind, entry.thread, entry.rule, entry.subject_id) == (
        "standards.duty.opened",
        f"duty:{one.pk}",
        "report.monthly",
        one.pk,
    )


def test_a_duty_is_opened_once_however_often_the_clock_strikes(live_by: Callable[..., None]) -> None:
    live_by(duty())
    assert [open_them(), open_them(), open_them(AT + HOUR), open_them(AT + DAY)] == [1, 0, 0, 0]
    assert Commitment.objects.count() == 1


def test_a_duty_shows_when_its_span_begins_but_not_a_season_ahead(live_by: Callable[..., None]) -> None:
    live_by(
        duty("yearly", every="year", on="last day"),
        duty("quarterly", every="quarter", on="day 15", after="1 month"),
        duty("weekly", every="week", on="friday"),
        duty("daily", every="day", on="workday 1"),
    )
    open_them()  # Wednesday, 25 November
    assert [(row[0], row[2].date()) for row in opened()] == [
        ("2026-W48", date(2026, 11, 28)),
        ("2026-11-25", date(2026, 11, 26)),
        ("2026-11-26", date(2026, 11, 27)),
    ]
    open_them(at("2026-12-01T08:00"))
    assert ("2026", "", at("2027-01-01T00:00")) in opened()


def test_nothing_is_opened_that_fell_due_before_the_standard_came_into_force(db: None, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    publish(tmp_path, duty("daily", every="day", on=None))
    operations.adopt(ESTATE, "sample", since=AT - 2 * DAY, actor=system_actor(), at=AT)
    open_them()
    assert [row[0] for row in opened()] == ["2026-11-25", "2026-11-26"]


def test_what_fell_due_while_no_worker_ran_is_opened_late_and_only_for_those_who_had_it_before(
    live_by: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    members = [Member("东区", {})]
    monkeypatch.setitem(populations._lists, "zones", lambda estate_id, day: members)
    live_by(duty("daily", every="day", on=None, per="zone"))
    open_them()
    members.append(Member("西区", {}))
    open_them(AT + 5 * DAY)
    assert {(key, period[5:]) for period, key, _ in opened()} == {
        *(("东区", day) for day in ("11-25", "11-26", "11-27", "11-28", "11-29", "11-30", "12-01")),
        *(("西区", day) for day in ("11-30", "12-01")),
    }


def test_a_duty_of_another_estate_is_its_own(live_by: Callable[..., None], tmp_path: Path) -> None:
    live_by(duty())
    operations.adopt(8, "sample", since=AT - DAY, actor=system_actor(), at=AT)
    assert open_them() == 2
    assert set(Occurrence.objects.values_list("estate_id", flat=True)) == {7, 8}


def test_each_zone_has_its_own_duty_and_the_conditions_choose_among_them(
    live_by: Callable[..., None], zones: None
) -> None:
    live_by(duty("each", per="zone"), duty("big", per="zone", when=[{"field": "kind", "op": "is", "value": "big"}]))
    assert open_them() == 3
    assert set(Occurrence.objects.values_list("rule_code", "key")) == {
        ("each", "东区"),
        ("each", "西区"),
        ("big", "东区"),
    }


def test_who_holds_the_post_in_the_zone_owes_it_by_name(
    live_by: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    butler = User.objects.create(username="butler", name="管家")
    members = [Member("东区", {"butler_id": butler.pk}), Member("西区", {"butler_id": None})]
    monkeypatch.setitem(populations._lists, "zones", lambda estate_id, day: members)
    live_by(duty("by_butler", per="zone", who="post.butler"), duty("by_lead", per="zone", who="post.butler_lead"))
    open_them()
    owners = Commitment.objects.order_by("pk").values_list("code", "owner", "owner_post")
    assert list(owners) == [
        ("by_butler", butler.pk, "butler"),
        ("by_butler", None, "butler"),
        ("by_lead", None, "butler_lead"),
        ("by_lead", None, "butler_lead"),
    ]


def test_rules_whose_population_or_area_is_missing_wait(live_by: Callable[..., None], nobody_known: None) -> None:
    live_by(
        duty("each", per="zone"),
        duty("kept_by_none", keeps="greening.tour.made"),
        quota(),
        quota(code="of_none", counts="household_visits.visit.done"),
    )
    assert open_them() == 0


def test_a_duty_beyond_the_published_holidays_moves_when_they_are_published(live_by: Callable[..., None]) -> None:
    live_by(duty(on="workday 1"), duty("by_date", on="day 6"))
    open_them(at("2026-12-31T10:00"))
    dues = Commitment.objects.filter(due_at__gte=at("2027-01-01T00:00")).order_by("pk")
    assert [(one.due_at, one.provisional) for one in dues] == [
        (at("2027-01-02T00:00"), True),
        (at("2027-01-07T00:00"), True),
    ]
    days = {date(2027, 1, day): StatutoryDay("元旦", "off") for day in (1, 2, 3)}
    _, moved = publish_year(2027, days, source="国办发明电", actor=system_actor(), at=at("2026-12-31T12:00"))
    assert moved == 1
    assert [(one.due_at, one.provisional) for one in dues.all()] == [
        (at("2027-01-05T00:00"), False),
        (at("2027-01-07T00:00"), False),
    ]


# Done, kept, missed


def test_a_person_records_a_duty_as_done_and_the_line_proves_it(live_by: Callable[..., None]) -> None:
    live_by(duty())
    open_them()
    one, anna = Occurrence.objects.get(), User.objects.create(username="anna", name="安娜")
    entry = operations.record_duty(one, actor=anna, at=AT, note=" 月报已交经理 ")
    one.refresh_from_db()
    promise = Commitment.objects.get()
    assert (promise.state, promise.met_at, promise.met_by) == ("met", AT, entry)
    assert (entry.kind, entry.actor, entry.note, entry.thread) == (
        "standards.duty.done",
        anna,
        "月报已交经理",
        promise.thread,
    )
    assert one.done_note == "月报已交经理"


def test_a_duty_needs_a_note_and_is_done_once(live_by: Callable[..., None]) -> None:
    live_by(duty())
    open_them()
    one = Occurrence.objects.get()
    with pytest.raises(DutyInvalid, match="^请写明做了什么$"):
        operations.record_duty(one, actor=system_actor(), at=AT, note="  ")
    assert Commitment.objects.get().state == "open"
    operations.record_duty(one, actor=system_actor(), at=AT, note="做了")
    with pytest.raises(DutyInvalid, match="^这件事已经有人登记过了$"):
        operations.record_duty(one, actor=system_actor(), at=AT, note="又做了")
    assert Entry.objects.filter(kind="standards.duty.done").count() == 1


def test_what_a_fact_keeps_and_a_quota_are_not_recorded_by_hand(live_by: Callable[..., None], homes: None) -> None:
    live_by(duty(keeps="cases.report.filed"), quota(stratum=[]))
    open_them()
    for one in Occurrence.objects.all():
        with pytest.raises(DutyInvalid, match="不能直接登记"):
            operations.record_duty(one, actor=system_actor(), at=AT, note="做了")
    assert set(Commitment.objects.values_list("state", flat=True)) == {"open"}


def test_a_duty_nobody_did_is_missed_and_can_still_be_done_late(live_by: Callable[..., None]) -> None:
    live_by(duty())
    open_them()
    late = at("2026-11-30T09:00")
    operations.note_misses(at=late, actor=system_actor())
    operations.record_duty(Occurrence.objects.get(), actor=system_actor(), at=late, note="补报")
    assert (Commitment.objects.get().state, Miss.objects.count()) == ("late", 1)


def test_a_fact_keeps_the_duty_that_is_due_first_and_none_that_has_not_begun(live_by: Callable[..., None]) -> None:
    live_by(duty("daily", every="day", on=None, keeps="cases.report.filed"))
    open_them(AT - 60 * DAY)
    Commitment.objects.all().update(due_at=AT - DAY, not_before=AT - 2 * DAY)
    Commitment.objects.exclude(pk=Commitment.objects.earliest("pk").pk).update(not_before=AT + HOUR, due_at=AT + DAY)
    happens(ReportFiled, thread="case:1")
    happens(ReportFiled, thread="case:2")
    kept = Commitment.objects.filter(ended_at__isnull=False)
    assert [(one.state, one.met_by.kind, one.met_by.thread) for one in kept if one.met_by] == [
        ("late", "standards.duty.done", kept[0].thread)
    ]
    assert kept[0].met_by is not None
    assert (kept[0].met_by.values["by"], kept[0].met_by.values["by_thread"]) == ("cases.report.filed", "case:1")


def test_a_fact_keeps_the_duty_of_the_zone_it_names(live_by: Callable[..., None], zones: None) -> None:
    live_by(duty(per="zone", keeps="cases.report.filed"))
    open_them()
    happens(ReportFiled, zone="西区")
    happens(ReportFiled, zone="北区")
    states = Occurrence.objects.order_by("key").values_list("key", "commitment__state")
    assert dict(states) == {"东区": "open", "西区": "met"}


# Quotas


def visited(*households: int, at: datetime = AT, **values: Any) -> None:
    for household in households:
        happens(HomeVisited, household, at=at, household_id=household, **values)


def coverage(at: datetime = AT) -> list[Coverage]:
    rule = rule_book(ESTATE, at=at).rules["visit.weekly"]
    return queries.coverage(ESTATE, rule, period_of("week", AT.date()), at=at)


def test_coverage_counts_households_by_zone_and_week(live_by: Callable[..., None], homes: None) -> None:
    live_by(quota(when=[{"field": "mode", "op": "is", "value": "door"}]))
    visited(1, 1, 2, 8, 99)
    visited(3, mode="phone")
    visited(4, at=AT - 7 * DAY)
    assert coverage() == [Coverage("东区", 7, 3, 2), Coverage("西区", 3, 1, 1)]
    assert [one.short for one in coverage()] == [1, 0]
    assert set(Counted.objects.filter(at=AT).values_list("key", flat=True)) == {"1", "2", "8", "99"}


def test_a_quota_is_promised_for_each_zone_and_kept_when_it_is_reached(
    live_by: Callable[..., None], homes: None, zones: None
) -> None:
    live_by(quota())
    assert (open_them(), open_them()) == (2, 0)
    assert opened() == [
        ("2026-W48", "东区", at("2026-11-30T00:00")),
        ("2026-W48", "西区", at("2026-11-30T00:00")),
    ]
    visited(1, 2, 8)
    states = dict(Occurrence.objects.values_list("key", "commitment__state"))
    assert states == {"东区": "open", "西区": "met"}
    visited(3, at=AT + DAY)
    east = Occurrence.objects.get(key="东区").commitment
    assert east is not None and east.met_by is not None
    assert (east.state, east.met_at, east.met_by.values["by"]) == ("met", AT + DAY, "cases.home.visited")


def test_a_share_of_events_is_shown_but_not_promised(live_by: Callable[..., None]) -> None:
    live_by(quota(of="events:cases.work.closed", counts="cases.work.inspected", stratum=["size"], at_least="50 %"))
    for number in range(3):
        happens(WorkClosed, number, thread=f"case:{number}", size="large" if number else "small")
    happens(WorkInspected, 1, thread="case:1")
    happens(WorkInspected, 9, thread="case:9")
    assert open_them() == 0
    assert coverage() == [Coverage("small", 1, 1, 0), Coverage("large", 2, 1, 1)]


def test_a_quota_is_not_asked_for_in_a_week_in_which_it_came_into_force(
    live_by: Callable[..., None], homes: None
) -> None:
    live_by(quota())
    operations.adopt(ESTATE, "sample", since=AT - DAY, actor=system_actor(), at=AT)
    assert open_them() == 0
    assert open_them(AT + 7 * DAY) == 2


# Whatever happens


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(strikes=st.lists(st.integers(0, 60 * 24), min_size=1, max_size=12))
def test_every_working_day_has_its_duty_exactly_once_however_the_clock_strikes(
    live_by_daily: None, strikes: list[int]
) -> None:
    Occurrence.objects.all().delete()
    Commitment.objects.all().delete()
    moments = sorted(AT + timedelta(hours=hours) for hours in strikes)
    for moment in moments:
        open_them(moment)
    found = Occurrence.objects.order_by("period").values_list("period", flat=True)
    assert len(found) == len(set(found))
    calendar = working_calendar()
    expected: set[str] = set()
    for moment in moments:
        today, first = moment.astimezone(SHANGHAI).date(), min(expected, default="")
        for back in range(-7, 2):
            day = today + timedelta(days=back)
            still_to_come = datetime.combine(day, time(18), SHANGHAI) > moment
            if calendar.is_workday(day) and (still_to_come or "" < first < str(day)):
                expected.add(str(day))
    assert set(found) == expected
    dues = Commitment.objects.values_list("due_at", flat=True)
    assert {due.astimezone(SHANGHAI).time() for due in dues} <= {time(18)}


@pytest.fixture
def live_by_daily(live_by: Callable[..., None]) -> None:
    live_by(duty("daily", every="day", on="workday 1", by="18:00"))
