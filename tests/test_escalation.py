"""Escalation: steps laid down with the promise, taken once by the sweep, confirmed, moved by a pause, told on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing import operations as staffing
from huiyin.areas.staffing.models import Duty, Post
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.calendar.chinese import chinese_calendar
from huiyin.foundation.journal.models import Entry
from huiyin.standards import operations, queries, spans
from huiyin.standards.models import Commitment, Step
from huiyin.standards.operations.ladders import ReceiptInvalid
from huiyin.standards.rules import compile_rule
from huiyin.standards.tests import samples
from huiyin.standards.tests.samples import AT, DAY, HOUR, WorkDone, WorkOpened, happens, rule
from tests.cast import Cast

MINUTE = timedelta(minutes=1)


def ladder(*steps: tuple[str, str], of: str = "work.*", **changed: Any) -> dict[str, Any]:
    return {
        "code": "work.climb",
        "kind": "escalation",
        "clauses": [],
        "says": "快到期和逾期逐级提醒",
        "of": [of],
        "steps": [{"at": at, "who": who} for at, who in steps],
    } | changed


USUAL = ladder(("2 h before due", "subject"), ("due", "post.cs_supervisor"), ("24 h after due", "post.centre_director"))


def steps() -> list[tuple[int, datetime, str, str]]:
    return list(Step.objects.order_by("commitment", "position").values_list("position", "at", "who", "state"))


def climb(at: datetime) -> int:
    return operations.climb(at=at, actor=system_actor())


@pytest.fixture
def live_by(db: None, tmp_path: Path) -> Callable[..., None]:
    return partial(samples.publish, tmp_path)


@pytest.fixture
def live_in(db: None, tmp_path: Path, estate: Estate) -> Callable[..., None]:
    """Let the estate with its cast live by these rules."""
    return partial(samples.publish, tmp_path, estate_id=estate.pk)


def here() -> dict[str, int]:
    known = Estate.objects.first()
    return {"estate_id": known.pk} if known else {}


def opened(**frame: Any) -> Commitment:
    """Open the promise in the estate with its cast, or in the sample one where there is none."""
    return samples.opened(**here() | frame)


# Laying down


def test_every_step_is_laid_down_when_the_promise_opens(live_by: Callable[..., None]) -> None:
    live_by(rule(), USUAL)
    opened()
    assert steps() == [
        (0, AT + 22 * HOUR, "subject", "waiting"),
        (1, AT + DAY, "post.cs_supervisor", "waiting"),
        (2, AT + 2 * DAY, "post.centre_director", "waiting"),
    ]


def test_what_would_come_before_the_promise_is_left_out(live_by: Callable[..., None]) -> None:
    live_by(rule(within="30 min"), USUAL)
    opened()
    assert [position for position, *_ in steps()] == [1, 2]


@pytest.mark.parametrize(
    ("of", "when", "laid"),
    [
        ("work.*", [], 1),
        ("work.done", [], 1),
        ("work", [], 0),
        ("other.*", [], 0),
        ("work.*", [{"field": "kind", "op": "is", "value": "b"}], 0),
        ("work.*", [{"field": "kind", "op": "is", "value": "a"}], 1),
    ],
)
def test_a_ladder_is_for_the_promises_it_names(
    live_by: Callable[..., None], of: str, when: list[dict[str, Any]], laid: int
) -> None:
    live_by(rule(), ladder(("due", "subject"), of=of, when=when))
    opened()
    assert len(steps()) == laid


def test_a_word_given_by_a_person_climbs_too(live_by: Callable[..., None]) -> None:
    live_by(ladder(("due", "post.cs_supervisor"), of="promise"))
    entry = happens(WorkOpened)
    operations.promise(
        "再打一次电话",
        estate_id=entry.estate_id,
        subject=("sample.work", 1),
        thread="case:1",
        entry=entry,
        due_at=AT + HOUR,
        owner=operations.Owner(post="butler"),
        at=AT,
    )
    assert steps() == [(0, AT + HOUR, "post.cs_supervisor", "waiting")]


# Climbing


def test_a_step_is_taken_once_when_its_time_has_come(live_in: Callable[..., None], cast: Cast) -> None:
    live_in(rule(), USUAL)
    one = opened(responsible_id=cast.butler.pk)
    assert climb(AT + 22 * HOUR - MINUTE) == 0
    assert climb(AT + 22 * HOUR) == 1
    assert climb(AT + 22 * HOUR) == 0
    step = Step.objects.get(position=0)
    assert (step.state, step.taken_at, step.told, step.told_post) == ("taken", AT + 22 * HOUR, cast.butler, "butler")
    entry = Entry.objects.get(kind="standards.step.taken")
    assert (entry.pk, entry.rule, entry.thread, entry.subject_id) == (step.entry_id, "work.climb", "case:1", step.pk)
    assert entry.values["to_name"] == cast.butler.name
    assert entry.values["commitment_id"] == one.pk


def test_a_missed_promise_climbs_on_until_it_is_kept(live_in: Callable[..., None], cast: Cast) -> None:
    live_in(rule(), USUAL)
    opened()
    operations.note_misses(at=AT + 30 * HOUR, actor=system_actor())
    assert climb(AT + 30 * HOUR) == 2
    happens(WorkDone, **here(), at=AT + 31 * HOUR)
    assert climb(AT + 60 * HOUR) == 0
    assert [state for *_, state in steps()] == ["dropped", "dropped", "dropped"]
    assert Step.objects.filter(taken_at=None).count() == 1


@pytest.mark.parametrize("end", ["kept", "settled", "waived", "replaced"])
def test_nothing_climbs_for_a_promise_that_has_ended(live_in: Callable[..., None], cast: Cast, end: str) -> None:
    live_in(rule(), USUAL)
    one = opened()
    match end:
        case "kept":
            happens(WorkDone, **here(), at=AT + HOUR)
        case "settled":
            operations.settle("case:1", at=AT + HOUR, reason="事项办结")
        case "waived":
            operations.waive(one, reason="客户撤回", actor=cast.supervisor, at=AT + HOUR)
        case "replaced":
            operations.replace(one, due_at=AT + 3 * DAY, actor=cast.supervisor, at=AT + HOUR, reason="客户改约")
    assert climb(AT + 2 * DAY) == 0
    assert set(Step.objects.filter(commitment=one).values_list("state", flat=True)) == {"dropped"}


# Whom it reaches


def post_of(code: str) -> Post:
    return Post.objects.get(code=code, estate=Estate.objects.first())


def duty(post: Post, cast_member: Any, start: datetime, end: datetime) -> None:
    Duty.objects.create(post=post, user=cast_member, starts_at=start, ends_at=end)


def reached(who: str, live_in: Callable[..., None], at: datetime = AT, **frame: Any) -> tuple[str | None, str]:
    live_in(rule(), ladder(("due", who)))
    opened(**frame)
    climb(AT + DAY)
    step = Step.objects.select_related("told").get()
    return step.told.username if step.told else None, step.told_post


def test_a_post_is_whoever_is_on_duty_there(live_in: Callable[..., None], cast: Cast) -> None:
    post = post_of("technician")
    duty(post, cast.technician, AT, AT + DAY)
    duty(post, cast.second_technician, AT + DAY, AT + 2 * DAY)
    assert reached("post.technician", live_in) == (cast.second_technician.username, "technician")


def test_several_on_duty_share_their_post(live_in: Callable[..., None], cast: Cast) -> None:
    post = post_of("technician")
    for person in (cast.technician, cast.second_technician):
        duty(post, person, AT, AT + 2 * DAY)
    assert reached("post.technician", live_in) == (None, "technician")


def test_nobody_on_duty_goes_to_the_next_post(live_in: Callable[..., None], cast: Cast) -> None:
    duty(post_of("technician"), cast.technician, AT + 2 * DAY, AT + 3 * DAY)
    assert reached("post.technician", live_in) == (cast.lead.username, "maintenance_lead")


def test_nobody_on_duty_anywhere_goes_to_the_holder(live_in: Callable[..., None], cast: Cast) -> None:
    for post in Post.objects.all():
        duty(post, cast.technician, AT + 5 * DAY, AT + 6 * DAY)
    assert reached("post.maintenance_lead", live_in) == (cast.lead.username, "maintenance_lead")


def test_a_post_the_estate_has_not_goes_up_the_ladder(live_in: Callable[..., None], cast: Cast) -> None:
    live_in(rule(), ladder(("due", "post.finance_officer"), ("24 h after due", "post.cs_supervisor")))
    opened()
    climb(AT + DAY)
    step = Step.objects.select_related("told").get(position=0)
    assert (step.told, step.told_post) == (cast.supervisor, "cs_supervisor")


def test_without_any_known_post_whoever_owes_it_is_told(live_in: Callable[..., None], cast: Cast) -> None:
    assert reached("post.finance_officer", live_in, responsible_id=cast.butler.pk) == (cast.butler.username, "butler")


def test_where_nobody_knows_any_post_it_still_goes_to_the_owing_post(live_by: Callable[..., None]) -> None:
    assert reached("post.finance_officer", live_by) == (None, "butler")


def test_an_owner_off_duty_is_not_told_but_their_post(live_in: Callable[..., None], cast: Cast) -> None:
    post = post_of("technician")
    duty(post, cast.technician, AT, AT + HOUR)
    duty(post, cast.second_technician, AT + DAY - HOUR, AT + 2 * DAY)
    who = reached("subject", live_in, responsible_id=cast.technician.pk, responsible_post="technician")
    assert who == (cast.second_technician.username, "technician")


# Receipt


def test_receipt_is_confirmed_once_by_whoever_was_told(live_in: Callable[..., None], cast: Cast) -> None:
    reached("post.cs_supervisor", live_in)
    step = Step.objects.get()
    with pytest.raises(ReceiptInvalid, match="不是发给您的"):
        operations.confirm_receipt(step, actor=cast.clerk, posts={}, at=AT + DAY)
    operations.confirm_receipt(step, actor=cast.supervisor, posts={}, at=AT + DAY)
    with pytest.raises(ReceiptInvalid, match="已经有人确认过了"):
        operations.confirm_receipt(step, actor=cast.supervisor, posts={}, at=AT + DAY)
    step.refresh_from_db()
    assert (step.received_at, step.received_by) == (AT + DAY, cast.supervisor)
    assert Entry.objects.filter(kind="standards.step.received", actor=cast.supervisor).count() == 1


def test_what_a_post_was_told_any_holder_confirms(live_in: Callable[..., None], cast: Cast, estate: Estate) -> None:
    reached("post.technician", live_in)
    step = Step.objects.get()
    assert (step.told, step.told_post) == (None, "technician")
    posts = {estate.pk: ["technician"]}
    assert queries.count_told(cast.technician.pk, posts, cap=99) == 1
    assert queries.count_told(cast.technician.pk, {estate.pk + 1: ["technician"]}, cap=99) == 0
    operations.confirm_receipt(step, actor=cast.technician, posts=posts, at=AT + DAY)
    assert queries.count_told(cast.technician.pk, posts, cap=99) == 0


def test_what_somebody_did_not_confirm_is_told_on_when_they_leave(
    live_in: Callable[..., None], cast: Cast, estate: Estate
) -> None:
    reached("post.cs_supervisor", live_in)
    assert Step.objects.get().told == cast.supervisor
    staffing.let_go(cast.supervisor, estate_id=estate.pk, actor=cast.director, at=AT + 25 * HOUR)
    step = Step.objects.select_related("told").get()
    assert step.told != cast.supervisor
    assert step.told_post
    assert Entry.objects.filter(kind="standards.step.retold").count() == 1


# Pausing


def test_a_ladder_stands_still_with_its_promise_and_goes_on_with_it(live_in: Callable[..., None], cast: Cast) -> None:
    live_in(rule(), ladder(("4 h after opened", "subject"), ("2 h before due", "subject"), ("due", "subject")))
    opened()
    operations.pause("case:1", reason="等配件", wakes_at=AT + 9 * DAY, at=AT + HOUR)
    assert climb(AT + 5 * DAY) == 0
    operations.resume("case:1", at=AT + 5 * DAY)
    later = 5 * DAY - HOUR
    assert [at for _, at, *_ in steps()] == [AT + later + 4 * HOUR, AT + later + 22 * HOUR, AT + later + DAY]
    assert climb(AT + later + 4 * HOUR) == 1


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(
    within=st.sampled_from(["24 h", "90 min", "6 working h", "3 d", "2 working d"]),
    rung=st.sampled_from(["2 h before due", "due", "1 working h after due", "24 h after due", "10 min after opened"]),
    paused=st.integers(1, 80),
    minutes=st.integers(1, 20_000),
)
def test_after_a_pause_a_step_keeps_its_place_on_the_promise(within: str, rung: str, paused: int, minutes: int) -> None:
    """Counted from the due time it is where the ladder would lay it anew; from the opening, later by the pause."""
    calendar = chinese_calendar()
    spec = rule(within=within)
    limit = compile_rule(spec).within
    climbs = compile_rule(ladder((rung, "subject"))).ladder
    assert limit is not None and climbs is not None
    due = limit.due(AT, {}, calendar)
    assert due is not None
    laid = climbs.lay(opened_at=AT, due_at=due, calendar=calendar)
    since, until = AT + paused * MINUTE, AT + (paused + minutes) * MINUTE
    if since >= due or not laid or laid[0].at < since:
        return
    again = spans.due_again(limit, spans.left(limit, due, at=since, calendar=calendar), at=until, calendar=calendar)
    assert again >= until
    moved = climbs.rungs[0].moment(opened_at=AT, due_at=again, calendar=calendar)
    if climbs.rungs[0].after == "due":
        assert (moved - again) == (laid[0].at - due) or "working" in rung
    else:
        assert moved == laid[0].at


def test_what_somebody_did_not_confirm_is_told_on_while_they_are_absent(
    live_in: Callable[..., None], cast: Cast, estate: Estate
) -> None:
    reached("post.cs_supervisor", live_in)
    owed = Commitment.objects.get()
    Commitment.objects.filter(pk=owed.pk).update(owner=cast.supervisor)
    staffing.report_absent(
        cast.supervisor,
        estate_id=estate.pk,
        until=AT + 3 * DAY,
        reason="发烧",
        actor=cast.director,
        at=AT + 25 * HOUR,
    )
    step = Step.objects.get()
    assert step.told_id != cast.supervisor.pk and step.told_post
    assert Commitment.objects.get().owner is None
