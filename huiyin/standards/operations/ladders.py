"""Escalation: the steps of a promise are laid down when it opens; the sweep takes each one once, when its time has come.

Whoever is told confirms the receipt; what somebody did not confirm goes on when they leave.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command, once_a_command
from huiyin.standards import on_duty, queries
from huiyin.standards.events import StepTaken
from huiyin.standards.in_force import RuleBook, book_for, rule_book
from huiyin.standards.models import Commitment, CommitmentState, Step, StepState
from huiyin.standards.on_duty import Reached
from huiyin.standards.rules import all_hold

_SWEEP_SIZE = 200
_DUE = """
SELECT s.id FROM standards_step s JOIN standards_commitment c ON c.id = s.commitment_id
WHERE s.state = 'waiting' AND s.at <= %s AND c.ended_at IS NULL AND c.state <> 'paused'
ORDER BY s.at LIMIT %s
"""
_LAY = """
INSERT INTO standards_step (commitment_id, rule_code, position, at, who, "then", state, told_post)
VALUES (%s, %s, %s, %s, %s, '[]', 'waiting', '')
"""
_MOVE = "UPDATE standards_step SET at = %s WHERE id = %s AND state = 'waiting'"
_WAITING = "SELECT id, rule_code, position, at FROM standards_step WHERE commitment_id = %s AND state = 'waiting'"
_OVER = (
    """
UPDATE standards_step SET state = 'dropped' WHERE id IN (
  SELECT s.id FROM standards_step s JOIN standards_commitment c ON c.id = s.commitment_id
  WHERE s.state = 'waiting' AND s.at <= %s AND c.ended_at IS NOT NULL AND c.ended_at <= %s)
""",
    """
UPDATE standards_step SET state = 'dropped' WHERE id IN (
  SELECT s.id FROM standards_step s JOIN standards_commitment c ON c.id = s.commitment_id
  WHERE s.state = 'taken' AND s.received_at IS NULL AND s.at <= %s AND c.ended_at IS NOT NULL AND c.ended_at <= %s)
""",
)


class ReceiptInvalid(Refused):
    """The step was confirmed already, or it was not told to this person."""


def lay_steps(
    opened: Iterable[Commitment],
    *,
    values: Mapping[str, Any],
    calendar: WorkingCalendar,
    at: datetime,
    began_at: datetime | None = None,
) -> None:
    """Lay down every step of the ladders that these new promises climb, by the version each was made under.

    What would come before now is left out.
    `began_at` is where the time of a new revision began; the steps that its forerunner took are behind it.
    """
    rows.run_all(
        _LAY,
        (
            (one.pk, rule.code, laid.position, laid.at, laid.who)
            for one in opened
            for rule in _book(one.rule_id, one.estate_id, one.opened_at).ladders_of(one.code)
            if rule.ladder and all_hold(rule.when, values)
            for laid in rule.ladder.lay(opened_at=began_at or one.opened_at, due_at=one.due_at, calendar=calendar)
            if laid.at >= at
        ),
    )


def shift_steps(
    commitment_id: int,
    *,
    rule_id: int | None,
    estate_id: int,
    opened_at: datetime,
    due_at: datetime,
    by: timedelta,
    calendar: WorkingCalendar,
) -> None:
    """Move the steps still to come of a promise that runs again: those counted from its due time keep their distance
    to the new one, the others come as much later as it stood still.
    """
    moved = []
    for pk, code, position, at in rows.read(_WAITING, [commitment_id]):
        rule = _book(rule_id, estate_id, opened_at).rules.get(code)
        rung = rule.ladder.rungs[position] if rule and rule.ladder else None
        if rung and rung.after == "due":
            moved.append((rung.moment(opened_at=opened_at, due_at=due_at, calendar=calendar), pk))
        else:
            moved.append((rows.moment(at) + by, pk))
    rows.run_all(_MOVE, moved)


def _book(rule_id: int | None, estate_id: int, opened_at: datetime) -> RuleBook:
    """Return the version a promise is judged by; a word given by a person climbs by what was in force then."""
    return book_for(rule_id) if rule_id else rule_book(estate_id, at=opened_at)


def climb(*, at: datetime, actor: User) -> int:
    """Take every step whose time has come, of promises still owed; return how many. Costs what is due.

    Steps of promises that have ended are dropped, also those taken that nobody has confirmed: what they said is over,
    and when and whom they told stays on them. A step of a paused promise waits for it. A step is taken once.
    """
    _drop_what_is_over(at=at)
    total = 0
    while (taken := _climb_some(at=at, actor=actor)) is not None:
        total += taken
    return total


@command
def _drop_what_is_over(*, at: datetime) -> None:
    for statement in _OVER:
        rows.run(statement, [at, at])


@command
def _climb_some(*, at: datetime, actor: User) -> int | None:
    """Take one batch in one transaction; None when nothing is due."""
    ids = [pk for (pk,) in rows.read(_DUE, [at, _SWEEP_SIZE])]
    if not ids:
        return None
    taken = 0
    # Locked until the end of the transaction: of two sweeps the second finds them taken.
    for step in Step.objects.select_for_update().filter(pk__in=ids, state=StepState.WAITING).order_by("at", "pk"):
        owed = Commitment.objects.select_for_update().get(pk=step.commitment_id)
        if owed.ended_at is None and owed.state != CommitmentState.PAUSED:
            _take(step, owed, at=at, actor=actor)
            taken += 1
    return taken


def _take(step: Step, owed: Commitment, *, at: datetime, actor: User) -> None:
    """Tell whoever the step means; the line with the rule named and the message are one with the claim."""
    reached = _reach(step, owed, at=at)
    entry = journal.announce(
        StepTaken(
            subject_id=step.pk,
            estate_id=owed.estate_id,
            thread=owed.thread,
            commitment_id=owed.pk,
            does=owed.does,
            due_at=owed.due_at,
            to_id=reached.user_id,
            to_post=reached.post,
            to_name=reached.name,
            position=step.position,
        ),
        actor=actor,
        at=at,
        rule=step.rule_code,
    )
    claimed = Step.objects.filter(pk=step.pk, state=StepState.WAITING).update(
        state=StepState.TAKEN, taken_at=at, told=reached.user_id, told_post=reached.post, entry=entry
    )
    assert claimed == 1, f"step {step.pk} was taken under its lock"


def _reach(step: Step, owed: Commitment, *, at: datetime) -> Reached:
    """Return who is told: the one meant, else the next on the promise's own ladder, else whoever owes it; never nobody."""
    meant = _asked(owed, step.who, at=at)
    if meant:
        return meant
    higher = Step.objects.filter(commitment=owed, rule_code=step.rule_code, position__gt=step.position)
    for who in higher.order_by("position").values_list("who", flat=True):
        if found := _asked(owed, who, at=at):
            return found
    return _asked(owed, "subject", at=at) or Reached(owed.owner_id, owed.owner_post or step.who.removeprefix("post."))


def _asked(owed: Commitment, who: str, *, at: datetime) -> Reached | None:
    if who == "subject":
        post, user_id = owed.owner_post, owed.owner_id
    else:
        post, user_id = who.removeprefix("post."), None
    asked = (owed.estate_id, post, user_id)
    return once_a_command(
        ("reach", *asked, at), lambda: on_duty.reach(owed.estate_id, post=post, user_id=user_id, at=at)
    )


@command
def confirm_receipt(step: Step, *, actor: User, posts: Mapping[int, Sequence[str]], at: datetime) -> None:
    """Record that whoever was told has read it; `posts` are the ones the actor holds, by estate.

    Refused for a step told to somebody else, and when it was confirmed already.
    """
    if not queries.told_to(actor.pk, posts).filter(pk=step.pk).exists():
        if Step.objects.filter(pk=step.pk, state=StepState.TAKEN, received_at__isnull=False).exists():
            raise ReceiptInvalid("已经有人确认过了")
        raise ReceiptInvalid("这条提醒不是发给您的,不能由您确认")
    mine = Step.objects.filter(pk=step.pk, state=StepState.TAKEN, received_at=None)
    if not mine.update(received_at=at, received_by=actor):
        raise ReceiptInvalid("已经有人确认过了")
    owed = step.commitment
    journal.record(
        "standards.step.received",
        subject=(Step.journal_name, step.pk),
        estate_id=owed.estate_id,
        actor=actor,
        at=at,
        thread=owed.thread,
        rule=step.rule_code,
        values={"does": owed.does},
    )


@command
def retell(user_id: int, *, actor: User, at: datetime) -> int:
    """Tell somebody else what this person was told and has not confirmed, because they are not there; return how many."""
    steps = list(
        Step.objects.filter(told=user_id, state=StepState.TAKEN, received_at=None).select_related("commitment")
    )
    for step in steps:
        owed = step.commitment
        reached = _reach(step, owed, at=at)
        if reached.user_id == user_id:
            reached = Reached(None, step.told_post or owed.owner_post or reached.post)
        Step.objects.filter(pk=step.pk, received_at=None).update(told=reached.user_id, told_post=reached.post)
        journal.record(
            "standards.step.retold",
            subject=(Step.journal_name, step.pk),
            estate_id=owed.estate_id,
            actor=actor,
            at=at,
            thread=owed.thread,
            rule=step.rule_code,
            values={"does": owed.does, "to_id": reached.user_id, "to_post": reached.post, "to_name": reached.name},
        )
    return len(steps)
