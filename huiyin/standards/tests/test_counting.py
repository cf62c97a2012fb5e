"""Thresholds by exact values: what is counted, when it is raised, what joins, when it is raised again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.standards import operations
from huiyin.standards.models import Commitment, Counted, Occurrence
from huiyin.standards.tests.samples import AT, DAY, ESTATE, HOUR, SHANGHAI, happens, publish


@dataclass(frozen=True, kw_only=True)
class FaultReported(Fact):
    code: ClassVar[str] = "cases.fault.reported"
    subject_type: ClassVar[str] = "cases.fault"
    unit: str = "3-1-501"
    fault: str = "leak"
    size: str = "small"


@dataclass(frozen=True, kw_only=True)
class NothingSpecial(Fact):
    code: ClassVar[str] = "cases.nothing.special"
    subject_type: ClassVar[str] = "cases.nothing"


def threshold(code: str = "repair.repeat", **changed: Any) -> dict[str, Any]:
    return {
        "code": code,
        "kind": "threshold",
        "clauses": [],
        "says": "同户同一毛病三次就查原因",
        "counts": "cases.fault.reported",
        "same": ["unit", "fault"],
        "reaches": "3 within 90 d",
        "raises": "nonconformity",
        "who": "post.maintenance_lead",
        "within": "3 d",
        "does": "查明返修原因",
    } | changed


@pytest.fixture
def live_by(db: None, tmp_path: Path) -> Callable[..., None]:
    return partial(publish, tmp_path)


def reported(*days: int, **values: Any) -> None:
    """Report the fault on these days after the first."""
    for day in days:
        happens(FaultReported, day, at=AT + day * DAY, thread=f"case:{day}", **values)


def raises() -> list[tuple[datetime, str, int]]:
    found = Entry.objects.filter(kind="standards.threshold.reached").order_by("pk")
    return [(entry.at.astimezone(SHANGHAI), entry.thread, entry.values["reached"]) for entry in found]


def handle(at: datetime) -> None:
    """Record what was done about the newest raise."""
    operations.record_duty(Occurrence.objects.latest("pk"), actor=system_actor(), at=at, note="换了管子")


def test_the_third_of_the_same_raises_it_and_somebody_owes_an_answer(live_by: Callable[..., None]) -> None:
    live_by(threshold())
    reported(0, 1)
    assert raises() == []
    reported(2)
    assert raises() == [(AT + 2 * DAY, "case:2", 3)]
    entry, one = Entry.objects.get(kind="standards.threshold.reached"), Commitment.objects.get()
    assert (entry.rule, entry.values["raises"], entry.values["key"]) == (
        "repair.repeat",
        "nonconformity",
        "3-1-501|leak",
    )
    assert (one.code, one.does, one.owner_post, one.thread, one.opened_by) == (
        "repair.repeat",
        "查明返修原因",
        "maintenance_lead",
        "case:2",
        entry,
    )
    assert one.due_at == datetime(2026, 12, 1, tzinfo=SHANGHAI)
    assert one.after_closing
    assert set(Counted.objects.values_list("thread", "raised")) == {(f"case:{n}", entry.pk) for n in range(3)}


def test_other_units_other_faults_and_what_the_conditions_leave_out_do_not_count(
    live_by: Callable[..., None],
) -> None:
    live_by(threshold(when=[{"field": "size", "op": "is", "value": "small"}]))
    reported(0, 1)
    reported(2, unit="3-1-502")
    reported(3, fault="lamp")
    reported(4, size="large")
    reported(5, fault="")
    assert raises() == []
    assert Counted.objects.count() == 4


def test_what_happened_too_long_ago_does_not_count(live_by: Callable[..., None]) -> None:
    live_by(threshold())
    reported(0, 1, 91)
    assert raises() == []
    reported(92 - 1)
    assert len(raises()) == 1


def test_while_somebody_is_about_it_further_events_join(live_by: Callable[..., None]) -> None:
    live_by(threshold())
    reported(0, 1, 2, 3, 4)
    assert len(raises()) == 1
    entry = Entry.objects.get(kind="standards.threshold.reached")
    assert set(Counted.objects.values_list("raised", flat=True)) == {entry.pk}


def test_once_it_was_handled_the_next_one_raises_it_anew(live_by: Callable[..., None]) -> None:
    live_by(threshold())
    reported(0, 1, 2)
    handle(AT + 2 * DAY + HOUR)
    reported(3)
    assert raises() == [(AT + 2 * DAY, "case:2", 3), (AT + 3 * DAY, "case:3", 4)]
    assert list(Occurrence.objects.order_by("pk").values_list("period", flat=True)) == ["#1", "#2"]
    assert list(Commitment.objects.order_by("pk").values_list("state", flat=True)) == ["met", "open"]


def test_after_a_quiet_season_it_begins_anew(live_by: Callable[..., None]) -> None:
    live_by(threshold())
    reported(0, 1, 2)
    handle(AT + 3 * DAY)
    reported(150, 151)
    assert len(raises()) == 1
    reported(152)
    assert raises()[1] == (AT + 152 * DAY, "case:152", 3)


def test_closing_the_matter_does_not_release_from_the_analysis(live_by: Callable[..., None]) -> None:
    live_by(threshold())
    reported(0, 1, 2)
    operations.settle("case:2", at=AT + 3 * DAY, reason="办结")
    assert Commitment.objects.get().ended_at is None


def test_a_threshold_of_the_whole_estate_needs_nothing_the_same(live_by: Callable[..., None]) -> None:
    live_by(threshold(same=[], reaches="2 within 1 h"))
    happens(FaultReported, 1, at=AT, unit="1")
    happens(FaultReported, 2, at=AT + HOUR, unit="2")
    assert len(raises()) == 1


def test_what_nobody_counts_costs_nothing(live_by: Callable[..., None]) -> None:
    live_by(threshold())
    happens(NothingSpecial)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        happens(NothingSpecial, 2, at=AT)
    statements = [query["sql"] for query in seen]
    assert not [sql for sql in statements if "standards_counted" in sql or "standards_occurrence" in sql]
    assert Counted.objects.count() == 0


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    happened=st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["a", "b"]), st.booleans()), max_size=25),
    times=st.integers(1, 4),
)
def test_it_is_raised_exactly_when_a_careful_reader_of_the_book_would(
    live_by_repeats: Callable[[int], str], happened: list[tuple[int, str, bool]], times: int
) -> None:
    """A reader with the whole book: at each event count back 30 days; raise unless the last raise is still open."""
    code = live_by_repeats(times)
    book: list[tuple[datetime, str]] = []
    is_open: dict[str, bool] = {}
    expected = []
    for hours, unit, handled in sorted(happened):
        at = AT + timedelta(hours=2 * hours)
        book.append((at, unit))
        first_day = at.astimezone(SHANGHAI).date() - timedelta(days=30)
        reached = [seen for seen, its in book if its == unit and seen.astimezone(SHANGHAI).date() >= first_day]
        if len(reached) >= times and not is_open.get(unit):
            expected.append((at, unit, len(reached)))
            is_open[unit] = True
        happens(FaultReported, at=at, unit=unit, thread=f"case:{unit}")
        if handled and is_open.get(unit):
            duty = Occurrence.objects.filter(rule_code=code, key=unit).latest("pk")
            operations.record_duty(duty, actor=system_actor(), at=at, note="办了")
            is_open[unit] = False
    found = Entry.objects.filter(kind="standards.threshold.reached", rule=code).order_by("pk")
    assert [(one.at, one.values["key"], one.values["reached"]) for one in found] == expected
    assert all(Counted.objects.filter(raised=one).exists() for one in found)


@pytest.fixture
def live_by_repeats(db: None, tmp_path: Path) -> Callable[[int], str]:
    """Let the estate live by a threshold of so many times, each time under another code."""
    count = iter(range(10_000))

    def adopt(times: int) -> str:
        number = next(count)
        code = f"repeat.n{number}"
        publish_at(tmp_path, f"sample{number}", threshold(code, same=["unit"], reaches=f"{times} within 30 d"))
        return code

    def publish_at(folder: Path, name: str, rule: dict[str, Any]) -> None:
        publish(folder, rule, code=name, estate_id=9_000 + int(name.removeprefix("sample")))
        since = AT - 80 * DAY + int(name.removeprefix("sample")) * timedelta(seconds=1)
        operations.adopt(ESTATE, name, since=since, actor=system_actor(), at=since)

    return adopt
