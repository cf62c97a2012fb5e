"""Promises that change while they run: revisions with their time kept, waivers, corrections, spans that add up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.calendar.chinese import chinese_calendar
from huiyin.foundation.journal.models import Entry
from huiyin.standards import operations, queries, spans
from huiyin.standards.models import Commitment, CommitmentState, Miss, Pause, Waiver
from huiyin.standards.operations.revisions import RevisionInvalid
from huiyin.standards.operations.shared import PauseInvalid
from huiyin.standards.operations.waivers import WaiverInvalid
from huiyin.standards.rules import within
from huiyin.standards.tests.samples import (
    AT,
    DAY,
    HOUR,
    SHANGHAI,
    WorkDone,
    WorkOpened,
    happens,
    now,
    opened,
    publish,
    rule,
)

MINUTE = timedelta(minutes=1)
NORMAL = {"field": "kind", "op": "is", "value": "a"}
URGENT = {"field": "kind", "op": "is", "value": "b"}


@pytest.fixture
def live_by(db: None, tmp_path: Path) -> Callable[..., None]:
    return partial(publish, tmp_path)


@pytest.fixture
def anna(db: None) -> User:
    return accounts.create_user("anna", name="安娜", password="huiyin-2026")


@pytest.fixture
def ben(db: None) -> User:
    return accounts.create_user("ben", name="本", password="huiyin-2026")


def revisions() -> list[tuple[str, str, int, datetime]]:
    return list(Commitment.objects.order_by("pk").values_list("code", "state", "revision", "due_at"))


# Spans


def test_spans_say_when_it_ran_and_why_it_stood_still(live_by: Callable[..., None]) -> None:
    live_by(rule())
    one = opened()
    operations.pause("case:1", reason="等配件", wakes_at=AT + DAY, at=AT + HOUR)
    operations.resume("case:1", at=AT + 3 * HOUR)
    operations.pause("case:1", reason="等客户", wakes_at=AT + DAY, at=AT + 5 * HOUR)
    assert [(s.state, s.since, s.until, s.reason) for s in queries.spans(now(one), at=AT + 6 * HOUR)] == [
        ("running", AT, AT + HOUR, ""),
        ("paused", AT + HOUR, AT + 3 * HOUR, "等配件"),
        ("running", AT + 3 * HOUR, AT + 5 * HOUR, ""),
        ("paused", AT + 5 * HOUR, AT + 6 * HOUR, "等客户"),
    ]
    happens(WorkDone, at=AT + 7 * HOUR)
    assert queries.spans(now(one), at=AT + 9 * DAY)[-1].until == AT + 7 * HOUR


@given(
    opened_for=st.integers(0, 5000),
    pauses=st.lists(st.tuples(st.integers(-100, 5000), st.integers(0, 900) | st.none()), max_size=6),
)
def test_spans_add_up_without_gap_or_overlap(opened_for: int, pauses: list[tuple[int, int | None]]) -> None:
    told = [
        (AT + since * MINUTE, None if length is None else AT + (since + length) * MINUTE, "等")
        for since, length in sorted(pauses, key=lambda pause: pause[0])
    ]
    end = AT + opened_for * MINUTE
    found = spans.stretches(AT, end, told)
    assert sum((one.length for one in found), timedelta(0)) == end - AT
    edges = [AT, *(one.until for one in found)]
    assert [one.since for one in found] == edges[:-1] and (not found or edges[-1] == end)
    paused = {
        minute
        for since, until, _ in told
        for minute in range(opened_for)
        if since <= AT + minute * MINUTE < (until or end)
    }
    said = sum((one.length for one in found if one.state == "paused"), timedelta(0))
    assert said == len(paused) * MINUTE


LIMITS = (
    "24 h",
    "90 min",
    "6 working h",
    "3 d",
    "2 working d",
    "2 working d same time",
    "end of day",
    "1 month",
    "at 16:00",
)


@given(limit=st.sampled_from(LIMITS), used=st.integers(0, 3000), paused=st.integers(0, 20_000))
def test_a_pause_never_takes_time_away(limit: str, used: int, paused: int) -> None:
    """Due again is never earlier than before, and a pause of no length changes nothing of what is counted exactly."""
    calendar = chinese_calendar()
    read = within(limit, "within")
    due = read.due(AT, {}, calendar)
    assert due is not None
    since, until = AT + used * MINUTE, AT + (used + paused) * MINUTE
    if since >= due:
        return
    again = spans.due_again(read, spans.left(read, due, at=since, calendar=calendar), at=until, calendar=calendar)
    assert again >= due and again > until - MINUTE
    if paused == 0 and not read.counts_working_time:
        assert again == due
    if "working" in limit:
        assert calendar.is_workday(calendar.local_date(again - timedelta(microseconds=1)))


@pytest.mark.parametrize(
    ("limit", "paused", "resumed", "due"),
    [
        # three of five working days were left on Monday; the weekend is not counted
        ("5 working d", "2026-11-30T09:00", "2026-12-04T09:00", "2026-12-09T00:00"),
        # nothing but today was left, and nobody works on Saturday
        ("1 working d", "2026-11-26T09:00", "2026-11-28T09:00", "2026-12-01T00:00"),
        ("at 16:00", "2026-11-25T11:00", "2026-11-27T10:00", "2026-11-27T16:00"),
        ("at 16:00", "2026-11-25T11:00", "2026-11-27T17:00", "2026-11-28T16:00"),
    ],
)
def test_what_was_left_is_counted_in_its_own_measure(limit: str, paused: str, resumed: str, due: str) -> None:
    calendar = chinese_calendar()
    read = within(limit, "within")
    since, until, wanted = (datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) for text in (paused, resumed, due))
    assert spans.due_from(read, AT, [(since, until)], {}, calendar) == wanted


# Revisions


def test_a_revision_follows_the_old_one_and_keeps_the_time_used(live_by: Callable[..., None], anna: User) -> None:
    live_by(rule(when=[NORMAL]), rule("work.hurry", within="4 h", when=[URGENT]))
    one = opened()
    changed = operations.revise("case:1", {"kind": "b"}, actor=anna, at=AT + HOUR, reason="水漫到楼下")
    assert changed == 1
    assert revisions() == [("work.done", "replaced", 1, AT + DAY), ("work.hurry", "open", 2, AT + 4 * HOUR)]
    new = Commitment.objects.get(code="work.hurry")
    assert (new.follows, new.opened_at, now(one).ended_at, now(one).end_reason) == (
        one,
        AT + HOUR,
        AT + HOUR,
        "水漫到楼下",
    )
    assert queries.first_revision(new) == one
    entry = Entry.objects.get(kind="standards.commitment.moved")
    assert (entry.actor, entry.note, entry.rule, entry.thread) == (anna, "水漫到楼下", "work.done", "case:1")


def test_a_revision_leaves_out_what_was_paused(live_by: Callable[..., None], anna: User) -> None:
    live_by(rule(when=[NORMAL]), rule("work.hurry", within="4 h", when=[URGENT]))
    opened()
    operations.pause("case:1", reason="等客户", wakes_at=AT + DAY, at=AT + HOUR)
    operations.resume("case:1", at=AT + 3 * HOUR)
    operations.revise("case:1", {"kind": "b"}, actor=anna, at=AT + 4 * HOUR, reason="急了")
    assert revisions()[-1] == ("work.hurry", "open", 2, AT + 6 * HOUR)


def test_a_paused_promise_stays_paused_in_its_revision(live_by: Callable[..., None], anna: User) -> None:
    live_by(rule(when=[NORMAL]), rule("work.hurry", within="4 h", when=[URGENT]))
    one = opened()
    operations.pause("case:1", reason="等客户", wakes_at=AT + DAY, at=AT + HOUR)
    operations.revise("case:1", {"kind": "b"}, actor=anna, at=AT + 2 * HOUR, reason="急了")
    assert [state for _, state, *_ in revisions()] == ["replaced", "paused"]
    assert list(Pause.objects.order_by("pk").values_list("commitment", "since", "until", "reason")) == [
        (one.pk, AT + HOUR, AT + 2 * HOUR, "等客户"),
        (one.pk + 1, AT + 2 * HOUR, None, "等客户"),
    ]
    operations.resume("case:1", at=AT + 10 * HOUR)
    assert revisions()[-1] == ("work.hurry", "open", 2, AT + 13 * HOUR)


def test_a_rule_that_leaves_no_time_makes_it_due_at_once(live_by: Callable[..., None], anna: User) -> None:
    live_by(rule(when=[NORMAL]), rule("work.hurry", within="30 min", when=[URGENT]))
    opened()
    operations.revise("case:1", {"kind": "b"}, actor=anna, at=AT + HOUR, reason="急了")
    assert revisions()[-1] == ("work.hurry", "open", 2, AT + HOUR)


def test_back_and_forth_counts_from_the_start(live_by: Callable[..., None], anna: User) -> None:
    live_by(rule(when=[NORMAL]), rule("work.hurry", within="4 h", when=[URGENT]))
    opened()
    operations.revise("case:1", {"kind": "b"}, actor=anna, at=AT + HOUR, reason="急了")
    operations.revise("case:1", {"kind": "a"}, actor=anna, at=AT + 2 * HOUR, reason="不急了")
    assert revisions()[-1] == ("work.done", "open", 3, AT + DAY)
    assert operations.revise("case:1", {"kind": "a"}, actor=anna, at=AT + 3 * HOUR, reason="没变") == 0
    happens(WorkDone, at=AT + 4 * HOUR)
    assert [state for _, state, *_ in revisions()] == ["replaced", "replaced", "met"]


def test_what_a_change_asks_for_besides_is_promised_from_now(live_by: Callable[..., None], anna: User) -> None:
    seen = rule("work.seen", within="30 min", keeps="sample.work.seen", when=[URGENT])
    live_by(rule(), seen)
    opened()
    operations.revise("case:1", {"kind": "b"}, actor=anna, at=AT + HOUR, reason="急了")
    assert revisions() == [("work.done", "open", 1, AT + DAY), ("work.seen", "open", 1, AT + HOUR + 30 * MINUTE)]
    operations.revise("case:1", {"kind": "a"}, actor=anna, at=AT + HOUR + MINUTE, reason="弄错了")
    assert [state for _, state, *_ in revisions()] == ["open", "waived"]


@pytest.mark.parametrize("swept", [True, False])
def test_what_is_overdue_is_not_revised(live_by: Callable[..., None], anna: User, swept: bool) -> None:
    live_by(rule(when=[NORMAL]), rule("work.hurry", within="72 h", when=[URGENT]))
    one = opened()
    if swept:
        operations.note_misses(at=AT + 25 * HOUR, actor=system_actor())
    assert operations.revise("case:1", {"kind": "b"}, actor=anna, at=AT + 26 * HOUR, reason="拖一拖") == 0
    with pytest.raises(RevisionInvalid, match="逾期"):
        operations.replace(one, due_at=AT + 9 * DAY, actor=anna, at=AT + 26 * HOUR, reason="拖一拖")
    assert [code for code, *_ in revisions()] == ["work.done"]


@pytest.mark.parametrize("state", list(CommitmentState))
def test_only_what_runs_is_replaced(live_by: Callable[..., None], anna: User, state: str) -> None:
    live_by(rule())
    one = opened()
    match state:
        case "met":
            happens(WorkDone, at=AT + MINUTE)
        case "paused":
            operations.pause("case:1", reason="等", wakes_at=AT + DAY, at=AT)
        case "waived":
            operations.waive(one, reason="撤回", actor=anna, at=AT)
        case "replaced":
            operations.replace(one, due_at=AT + 2 * DAY, actor=anna, at=AT, reason="改约")
        case "missed" | "late":
            operations.note_misses(at=AT + 2 * DAY, actor=system_actor())
            if state == "late":
                happens(WorkDone, at=AT + 2 * DAY)
    assert now(one).state == state
    if state in ("open", "paused"):
        new = operations.replace(one, due_at=AT + 3 * DAY, actor=anna, at=AT, reason="改约")
        assert (new.state, new.due_at, new.revision, new.rule_id) == (state, AT + 3 * DAY, 2, one.rule_id)
    else:
        with pytest.raises(RevisionInvalid):
            operations.replace(one, due_at=AT + 3 * DAY, actor=anna, at=AT + 2 * DAY, reason="改约")


def test_a_new_version_touches_nothing_until_it_is_promised_anew(
    live_by: Callable[..., None], anna: User, tmp_path: Path
) -> None:
    live_by(rule())
    one = opened()
    later = tmp_path / "later"
    later.mkdir()
    publish(later, rule(within="48 h"), code="second", since=AT + HOUR)
    assert (now(one).due_at, now(one).state) == (AT + DAY, "open")
    with pytest.raises(RevisionInvalid, match="就是按现行标准定的"):
        operations.re_promise(one, actor=anna, at=AT, reason="看看")
    new = operations.re_promise(one, actor=anna, at=AT + 2 * HOUR, reason="新标准宽一些,已告知客户")
    assert (new.due_at, new.revision, new.follows) == (AT + 2 * DAY, 2, one)
    assert new.rule is not None and one.rule is not None and new.rule.version != one.rule.version


def test_a_promise_opened_again_is_linked_to_the_one_before(live_by: Callable[..., None]) -> None:
    live_by(rule())
    first = opened()
    happens(WorkDone, at=AT + HOUR)
    happens(WorkOpened, at=AT + 5 * HOUR)
    assert operations.link_reopened("case:1", at=AT + 5 * HOUR) == 1
    again = Commitment.objects.get(state="open")
    assert (again.follows, again.revision, again.due_at) == (first, 1, AT + 5 * HOUR + DAY)
    assert queries.first_revision(again) == again


# Misses that were none


def test_an_act_recorded_late_with_its_true_time_corrects_the_miss(live_by: Callable[..., None]) -> None:
    live_by(rule())
    one = opened()
    operations.note_misses(at=AT + 25 * HOUR, actor=system_actor())
    entry = happens(WorkDone, at=AT + 23 * HOUR)
    kept = now(one)
    assert (kept.state, kept.met_at, kept.met_by) == ("met", AT + 23 * HOUR, entry)
    assert Miss.objects.get().commitment == one
    line = Entry.objects.get(kind="standards.commitment.miss_corrected")
    assert (line.rule, line.thread, line.values["by"]) == ("work.done", "case:1", entry.pk)


def test_an_act_before_the_pause_recorded_after_it_leaves_the_spans_whole(live_by: Callable[..., None]) -> None:
    live_by(rule())
    one = opened()
    operations.pause("case:1", reason="等配件", wakes_at=AT + DAY, at=AT + 2 * HOUR)
    happens(WorkDone, at=AT + HOUR)
    span = Pause.objects.get()
    assert (span.since, span.until) == (AT + 2 * HOUR, AT + 2 * HOUR)
    assert [(s.state, s.since, s.until) for s in queries.spans(now(one), at=AT + DAY)] == [("running", AT, AT + HOUR)]


# Waivers


def test_a_waiver_is_asked_by_one_and_decided_by_another(live_by: Callable[..., None], anna: User, ben: User) -> None:
    live_by(rule())
    one = opened()
    waiver = operations.ask_waiver(one, reason="客户撤回", actor=anna, at=AT)
    assert now(one).state == "open"
    with pytest.raises(WaiverInvalid, match="已经有人申请"):
        operations.ask_waiver(one, reason="再申请", actor=ben, at=AT)
    with pytest.raises(WaiverInvalid, match="另一位同事"):
        operations.decide_waiver(waiver, granted=True, note="", actor=anna, at=AT)
    operations.decide_waiver(waiver, granted=True, note="同意", actor=ben, at=AT + HOUR)
    assert (now(one).state, now(one).ended_at, now(one).end_reason) == ("waived", AT + HOUR, "客户撤回")
    with pytest.raises(WaiverInvalid, match="已经有人批过"):
        operations.decide_waiver(waiver, granted=False, note="不行", actor=ben, at=AT + HOUR)
    kinds = ["standards.waiver.asked", "standards.waiver.granted"]
    assert list(Entry.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", "actor__username")) == [
        ("standards.waiver.asked", "anna"),
        ("standards.waiver.granted", "ben"),
    ]


def test_a_refused_waiver_needs_its_reason_and_the_promise_runs_on(
    live_by: Callable[..., None], anna: User, ben: User
) -> None:
    live_by(rule())
    one = opened()
    waiver = operations.ask_waiver(one, reason="忙不过来", actor=anna, at=AT)
    with pytest.raises(WaiverInvalid, match="请写明理由"):
        operations.decide_waiver(waiver, granted=False, note=" ", actor=ben, at=AT)
    operations.decide_waiver(waiver, granted=False, note="不是理由", actor=ben, at=AT)
    assert (now(one).state, Waiver.objects.get().granted) == ("open", False)
    assert operations.ask_waiver(one, reason="客户撤回", actor=anna, at=AT + HOUR).granted is None


def test_what_was_missed_stays_missed_when_it_is_waived(live_by: Callable[..., None], anna: User, ben: User) -> None:
    live_by(rule())
    one = opened()
    operations.note_misses(at=AT + 25 * HOUR, actor=system_actor())
    waiver = operations.ask_waiver(one, reason="客户撤回", actor=anna, at=AT + 26 * HOUR)
    operations.decide_waiver(waiver, granted=True, note="", actor=ben, at=AT + 27 * HOUR)
    assert (now(one).state, now(one).ended_at) == ("missed", AT + 27 * HOUR)
    assert Miss.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_waiver_needs_a_reason_and_something_owed(live_by: Callable[..., None], anna: User, reason: str) -> None:
    live_by(rule())
    one = opened()
    with pytest.raises(WaiverInvalid, match="请写明为什么"):
        operations.ask_waiver(one, reason=reason, actor=anna, at=AT)
    operations.waive(one, reason="撤回", actor=anna, at=AT)
    with pytest.raises(WaiverInvalid, match="已经结束"):
        operations.ask_waiver(one, reason="撤回", actor=anna, at=AT)
    with pytest.raises(PauseInvalid):
        operations.waive(one, reason="撤回", actor=anna, at=AT)
