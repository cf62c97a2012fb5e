"""Promises by exact values: opened, kept, late, missed, paused, handed over, settled, waived."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.journal.models import Entry
from huiyin.standards import operations
from huiyin.standards.models import Commitment, Miss, Pause
from huiyin.standards.operations import Owner
from huiyin.standards.operations.commitments import RequirementUnmet
from huiyin.standards.operations.shared import PauseInvalid
from huiyin.standards.tests.samples import (
    AT,
    DAY,
    ESTATE,
    HOUR,
    SHANGHAI,
    MatterClosed,
    VisitOpened,
    WorkDone,
    WorkOpened,
    happens,
    now,
    opened,
    publish,
    rule,
)


@pytest.fixture
def live_by(db: None, tmp_path: Path) -> Callable[..., None]:
    """Let the estate live by these rules since ninety days."""
    return partial(publish, tmp_path)


@pytest.fixture
def anna(db: None) -> User:
    return accounts.create_user("anna", name="安娜", password="huiyin-2026")


@pytest.fixture
def ben(db: None) -> User:
    return accounts.create_user("ben", name="本", password="huiyin-2026")


def states() -> list[tuple[int, str]]:
    return list(Commitment.objects.order_by("id").values_list("subject_id", "state"))


# Opening


def test_a_fact_opens_a_promise_with_everything_it_will_be_judged_by(live_by: Callable[..., None]) -> None:
    live_by(rule(not_before="1 d"))
    entry = happens(WorkOpened)
    one = Commitment.objects.select_related("rule").get()
    assert (one.code, one.does, one.state, one.due_at) == ("work.done", "办完", "open", AT + DAY)
    assert (one.subject_type, one.subject_id, one.thread, one.estate_id) == ("sample.work", 1, "case:1", ESTATE)
    assert (one.opened_at, one.opened_by, one.met_at, one.ended_at) == (AT, entry, None, None)
    assert one.not_before == datetime(2026, 11, 26, tzinfo=SHANGHAI)
    assert one.rule is not None and one.rule.code == "work.done"
    assert (one.calendar, one.provisional, one.after_closing) == ("cn-20261231", False, False)


def test_a_limit_beyond_the_published_holidays_is_provisional(live_by: Callable[..., None]) -> None:
    live_by(rule(within="60 working d"))
    assert opened().provisional


@pytest.mark.parametrize(
    ("who", "receives", "owner", "follows"),
    [
        ("subject", True, ("ben", "butler"), True),
        ("receiver", True, ("anna", ""), False),
        ("receiver", False, ("ben", "butler"), False),
        ("post.cs_manager", True, (None, "cs_manager"), False),
    ],
)
def test_who_owes(
    live_by: Callable[..., None],
    anna: User,
    ben: User,
    who: str,
    receives: bool,
    owner: tuple[str | None, str],
    follows: bool,
) -> None:
    live_by(rule(who=who))
    one = opened(responsible_id=ben.pk, receiver_id=anna.pk if receives else None)
    assert (one.owner.username if one.owner else None, one.owner_post) == owner
    assert one.follows_subject is follows


def test_nothing_is_promised_where_the_conditions_do_not_hold_or_no_time_was_agreed(
    live_by: Callable[..., None],
) -> None:
    live_by(
        rule("other", when=[{"field": "kind", "op": "is", "value": "b"}]),
        rule("agreed", within="promised: promised_at"),
    )
    happens(WorkOpened)
    assert not Commitment.objects.exists()
    assert opened(2, promised_at=AT + HOUR).due_at == AT + HOUR


def test_a_time_agreed_in_the_past_is_due_at_once(live_by: Callable[..., None]) -> None:
    live_by(rule(within="promised: promised_at"))
    assert opened(promised_at=AT - HOUR).due_at == AT


def test_an_estate_without_a_standard_promises_nothing(db: None) -> None:
    happens(WorkOpened)
    assert not Commitment.objects.exists()


# Keeping


@pytest.mark.parametrize(
    ("after", "state", "missed"),
    [
        (timedelta(0), "met", False),
        (DAY, "met", False),
        (DAY + timedelta(microseconds=1), "late", True),
        (3 * DAY, "late", True),
    ],
)
def test_a_promise_is_kept_in_time_up_to_its_last_moment(
    live_by: Callable[..., None], after: timedelta, state: str, missed: bool
) -> None:
    live_by(rule())
    one = opened()
    entry = happens(WorkDone, at=AT + after)
    kept = now(one)
    assert (kept.state, kept.met_at, kept.met_by, kept.ended_at) == (state, AT + after, entry, AT + after)
    assert list(Miss.objects.values_list("commitment", "due_at", "noticed_at")) == (
        [(one.pk, AT + DAY, AT + after)] if missed else []
    )


def test_a_fact_keeps_only_its_own_subject(live_by: Callable[..., None]) -> None:
    live_by(rule())
    opened(1)
    opened(2)
    opened(3, thread="case:2")
    happens(WorkDone, 2)
    assert states() == [(1, "open"), (2, "met"), (3, "open")]


def test_a_fact_about_the_matter_keeps_what_is_owed_on_all_its_parts(live_by: Callable[..., None]) -> None:
    live_by(rule())
    opened(1)
    opened(2)
    opened(3, thread="case:2")
    happens(MatterClosed, 2)
    assert states() == [(1, "met"), (2, "met"), (3, "open")]


def test_a_fact_keeps_only_the_rules_that_name_it(live_by: Callable[..., None]) -> None:
    live_by(rule(), rule("work.seen", keeps="sample.work.seen"))
    happens(WorkOpened)
    happens(WorkDone)
    assert dict(Commitment.objects.values_list("code", "state")) == {"work.done": "met", "work.seen": "open"}


def test_what_has_ended_is_not_kept_again(live_by: Callable[..., None]) -> None:
    live_by(rule())
    one = opened()
    first = happens(WorkDone, at=AT + HOUR)
    happens(WorkDone, at=AT + 2 * HOUR)
    assert (now(one).met_at, now(one).met_by) == (AT + HOUR, first)


def test_a_subject_is_kept_by_codes_or_whole(live_by: Callable[..., None]) -> None:
    live_by(rule(), rule("other"))
    entry = happens(WorkOpened)
    operations.keep_subject(("sample.work", 1), entry=entry, at=AT, codes=["other"])
    assert dict(Commitment.objects.values_list("code", "state")) == {"work.done": "open", "other": "met"}
    operations.keep_subject(("sample.work", 2), entry=entry, at=AT)
    operations.keep_subject(("sample.work", 1), entry=entry, at=AT)
    assert dict(Commitment.objects.values_list("code", "state")) == {"work.done": "met", "other": "met"}


# Missing


def test_a_miss_is_noted_once_and_stays(live_by: Callable[..., None]) -> None:
    live_by(rule())
    one, system = opened(), system_actor()
    assert operations.note_misses(at=AT + DAY, actor=system) == 0
    assert operations.note_misses(at=AT + DAY + HOUR, actor=system) == 1
    assert operations.note_misses(at=AT + DAY + 2 * HOUR, actor=system) == 0
    assert (now(one).state, now(one).ended_at) == ("missed", None)
    entry = Entry.objects.get(kind="standards.commitment.missed")
    assert (entry.actor, entry.rule, entry.thread) == (system, "work.done", "case:1")
    happens(WorkDone, at=AT + 2 * DAY)
    assert (now(one).state, now(one).ended_at) == ("late", AT + 2 * DAY)
    assert list(Miss.objects.values_list("commitment", "due_at", "noticed_at", "entry")) == [
        (one.pk, AT + DAY, AT + DAY + HOUR, entry.pk)
    ]


def test_the_sweep_takes_more_than_one_batch(live_by: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations.misses, "_SWEEP_SIZE", 2)
    live_by(rule())
    for number in range(5):
        opened(number, thread=f"case:{number}")
    assert operations.note_misses(at=AT + 2 * DAY, actor=system_actor()) == 5
    assert Miss.objects.count() == 5


# Pausing


@pytest.mark.parametrize(
    ("within", "paused", "resumed", "due"),
    [
        # 14 of 24 hours were left
        ("24 h", "2026-11-25T20:00", "2026-11-30T08:00", "2026-11-30T22:00"),
        # 10:00–12:00 and 14:00–15:00 are used; three of six hours run again from Monday 9:00
        ("6 working h", "2026-11-25T15:00", "2026-11-30T09:00", "2026-11-30T12:00"),
        # paused in the evening, when no working time ran
        ("8 working h", "2026-11-25T20:00", "2026-11-27T13:00", "2026-11-27T16:00"),
        # three days were left on Wednesday evening
        ("3 d", "2026-11-25T20:00", "2026-12-01T09:00", "2026-12-05T00:00"),
        ("3 d", "2026-11-27T09:00", "2026-12-01T09:00", "2026-12-03T00:00"),
        ("end of day", "2026-11-25T20:00", "2026-12-01T09:00", "2026-12-02T00:00"),
        ("promised: promised_at", "2026-11-25T11:00", "2026-11-26T11:00", "2026-11-26T16:00"),
    ],
)
def test_a_promise_runs_on_with_what_was_left(
    live_by: Callable[..., None], within: str, paused: str, resumed: str, due: str
) -> None:
    live_by(rule(within=within))
    one = opened(promised_at=AT + 6 * HOUR)
    pause_at, resume_at = (datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) for text in (paused, resumed))
    assert operations.pause("case:1", reason="等配件", wakes_at=resume_at, at=pause_at) == 1
    assert now(one).state == "paused"
    assert operations.resume("case:1", at=resume_at) == 1
    assert now(one).state == "open"
    assert now(one).due_at == datetime.fromisoformat(due).replace(tzinfo=SHANGHAI)
    span = Pause.objects.get()
    assert (span.since, span.until, span.reason, span.wakes_at) == (pause_at, resume_at, "等配件", resume_at)


@pytest.mark.parametrize(
    ("reason", "wakes", "sentence"),
    [
        (" ", HOUR, "请写明暂停的原因"),
        ("等配件", timedelta(0), "再次查看的时间要晚于现在"),
        ("等配件", -HOUR, "再次查看的时间要晚于现在"),
    ],
)
def test_a_pause_needs_a_reason_and_a_time_to_look_again(
    live_by: Callable[..., None], reason: str, wakes: timedelta, sentence: str
) -> None:
    live_by(rule())
    one = opened()
    with pytest.raises(PauseInvalid) as refusal:
        operations.pause("case:1", reason=reason, wakes_at=AT + wakes, at=AT)
    assert refusal.value.sentence == sentence
    assert (now(one).state, Pause.objects.count()) == ("open", 0)


def test_what_is_late_or_of_another_matter_or_a_follow_up_is_not_paused(live_by: Callable[..., None]) -> None:
    live_by(rule(), rule("visit", opens="return_visits.sample.opened"))
    opened(1, at=AT - 2 * DAY)
    opened(2, at=AT - 2 * DAY)
    operations.note_misses(at=AT - DAY + HOUR, actor=system_actor())
    opened(3, at=AT - DAY - HOUR)
    opened(4, thread="case:2")
    happens(VisitOpened, 5)
    assert operations.pause("case:1", reason="等配件", wakes_at=AT + HOUR, at=AT) == 0
    assert states() == [(1, "missed"), (2, "missed"), (3, "open"), (4, "open"), (5, "open")]


def test_a_promise_kept_while_it_is_paused_is_kept_in_time(live_by: Callable[..., None]) -> None:
    live_by(rule())
    one = opened()
    operations.pause("case:1", reason="等配件", wakes_at=AT + 9 * DAY, at=AT + HOUR)
    operations.note_misses(at=AT + 5 * DAY, actor=system_actor())
    happens(WorkDone, at=AT + 5 * DAY)
    assert (now(one).state, now(one).due_at) == ("met", AT + 5 * DAY)
    assert Pause.objects.get().until == AT + 5 * DAY
    assert not Miss.objects.exists()
    assert operations.resume("case:1", at=AT + 6 * DAY) == 0


# Other hands


def owners() -> list[tuple[int, str | None, str]]:
    return list(Commitment.objects.order_by("id").values_list("subject_id", "owner__username", "owner_post"))


def test_what_follows_the_responsible_follows(live_by: Callable[..., None], anna: User) -> None:
    live_by(
        rule(),
        rule("fixed", opens="sample.matter.closed", who="post.cs_manager"),
        rule("visit", opens="return_visits.sample.opened"),
    )
    opened(1)
    opened(2)
    happens(WorkDone, 2)
    opened(3, thread="case:2")
    happens(MatterClosed, 4, thread="case:3")
    happens(VisitOpened, 5)
    assert operations.hand_over("case:1", owner=Owner(anna.pk, "cs_agent")) == 1
    assert operations.hand_over("case:3", owner=Owner(anna.pk, "cs_agent")) == 0
    assert owners() == [
        (1, "anna", "cs_agent"),
        (2, None, "butler"),
        (3, None, "butler"),
        (4, None, "cs_manager"),
        (5, None, "butler"),
    ]


def test_only_one_subject_or_only_what_somebody_owed_is_handed_over(
    live_by: Callable[..., None], anna: User, ben: User
) -> None:
    live_by(rule())
    opened(1)
    opened(2, responsible_id=ben.pk)
    opened(3)
    assert operations.hand_over("case:1", owner=Owner(anna.pk), subject=("sample.work", 3)) == 1
    assert operations.hand_over("case:1", owner=Owner(anna.pk, "lead"), was=Owner(None, "butler")) == 1
    assert owners() == [(1, "anna", "lead"), (2, "ben", "butler"), (3, "anna", "")]


def test_a_subject_is_given_to_somebody_and_what_has_ended_stays(live_by: Callable[..., None], anna: User) -> None:
    live_by(rule(who="post.cs_manager"))
    opened(1)
    opened(2)
    happens(WorkDone, 2)
    assert operations.give("sample.work", 1, owner=Owner(anna.pk, "butler")) == 1
    assert operations.give("sample.work", 2, owner=Owner(anna.pk, "butler")) == 0
    assert owners() == [(1, "anna", "butler"), (2, None, "cs_manager")]


def test_what_somebody_owed_goes_to_the_post(live_by: Callable[..., None], anna: User) -> None:
    live_by(rule(), rule("heard", who="receiver", opens="sample.matter.closed"))
    opened(1, responsible_id=anna.pk)
    happens(MatterClosed, 2, receiver_id=anna.pk, thread="case:2")
    opened(3, responsible_id=anna.pk)
    happens(WorkDone, 3)
    assert operations.rehome(anna.pk, post="cs_supervisor") == 2
    assert owners() == [(1, None, "butler"), (2, None, "cs_supervisor"), (3, "anna", "butler")]


# Ending


def test_a_matter_that_is_over_is_owed_no_more_and_what_was_missed_stays_missed(live_by: Callable[..., None]) -> None:
    live_by(rule(), rule("visit", opens="return_visits.sample.opened"))
    opened(1, at=AT - 2 * DAY)
    operations.note_misses(at=AT - HOUR, actor=system_actor())
    opened(2)
    operations.pause("case:1", reason="等配件", wakes_at=AT + DAY, at=AT)
    opened(3)
    happens(VisitOpened, 4)
    opened(5, thread="case:2")
    operations.settle("case:1", at=AT + HOUR, reason="事项办结")
    assert states() == [(1, "missed"), (2, "waived"), (3, "waived"), (4, "open"), (5, "open")]
    ended = Commitment.objects.exclude(ended_at=None).order_by("id")
    assert [(one.subject_id, one.ended_at, one.end_reason) for one in ended] == [
        (number, AT + HOUR, "事项办结") for number in (1, 2, 3)
    ]
    assert Pause.objects.get().until == AT + HOUR


def test_a_promise_is_waived_with_a_reason_and_once(live_by: Callable[..., None], anna: User) -> None:
    live_by(rule())
    one = opened()
    operations.pause("case:1", reason="等配件", wakes_at=AT + DAY, at=AT)
    with pytest.raises(PauseInvalid, match="请写明免除的原因"):
        operations.waive(one, reason=" ", actor=anna, at=AT)
    operations.waive(one, reason="客户撤回", actor=anna, at=AT + HOUR)
    assert (now(one).state, now(one).ended_at, now(one).end_reason) == ("waived", AT + HOUR, "客户撤回")
    assert Pause.objects.get().until == AT + HOUR
    entry = Entry.objects.get(kind="standards.commitment.waived")
    assert (entry.actor, entry.note, entry.rule) == (anna, "客户撤回", "work.done")
    with pytest.raises(PauseInvalid, match="这项承诺已经结束,不能再免除"):
        operations.waive(one, reason="再免", actor=anna, at=AT + HOUR)


# Words of people, and gates


def test_a_word_given_by_a_person_is_owed_without_a_rule(live_by: Callable[..., None], anna: User) -> None:
    live_by(rule())
    entry = happens(MatterClosed)
    one = operations.promise(
        "再打一次电话",
        estate_id=ESTATE,
        subject=("sample.matter", 1),
        thread="case:1",
        entry=entry,
        due_at=AT + HOUR,
        owner=Owner(anna.pk),
        at=AT,
    )
    kept = now(one)
    assert (kept.rule, kept.code, kept.does, kept.due_at) == (None, "promise", "再打一次电话", AT + HOUR)
    assert (kept.owner, kept.follows_subject, kept.after_closing) == (anna, True, False)
    operations.pause("case:1", reason="等配件", wakes_at=AT + DAY, at=AT + timedelta(minutes=20))
    operations.resume("case:1", at=AT + DAY)
    assert now(one).due_at == AT + DAY + timedelta(minutes=40)


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"answer": "好了"}, False),
        ({"answer": ""}, True),
        ({"answer": None}, True),
        ({}, True),
        ({"answer": "好了", "closer_is_complained": True}, True),
        ({"answer": "好了", "closer_is_complained": False}, False),
        ({"kind": "compliment"}, False),
    ],
)
def test_a_gate_opens_when_its_needs_are_there_and_what_it_forbids_is_not(
    live_by: Callable[..., None], values: dict[str, Any], refused: bool
) -> None:
    live_by(
        {
            "code": "close",
            "kind": "requirement",
            "clauses": [],
            "says": "先答复再关闭",
            "gates": "sample.close",
            "when": [{"field": "kind", "op": "is_not", "value": "compliment"}],
            "needs": ["answer"],
            "forbids": ["closer_is_complained"],
        }
    )
    operations.require("sample.other", estate_id=ESTATE, values={}, at=AT)
    if not refused:
        operations.require("sample.close", estate_id=ESTATE, values=values, at=AT)
        return
    with pytest.raises(RequirementUnmet) as refusal:
        operations.require("sample.close", estate_id=ESTATE, values=values, at=AT)
    assert refusal.value.sentence == "先答复再关闭"
