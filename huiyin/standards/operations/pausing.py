"""Promises that stand still for a while, with a reason and a time to look again. Nothing falls due meanwhile."""

from datetime import datetime

from huiyin.foundation import rows
from huiyin.foundation.transactions import command
from huiyin.standards import spans
from huiyin.standards.in_force import rule_by_id, working_calendar
from huiyin.standards.models import Commitment, CommitmentState, Pause
from huiyin.standards.operations.ladders import shift_steps
from huiyin.standards.operations.shared import PauseInvalid
from huiyin.standards.rules import Within

_RUNNING = """
SELECT id, estate_id, rule_id, due_at FROM standards_commitment
WHERE thread = %s AND state = 'open' AND NOT after_closing AND due_at >= %s ORDER BY id
"""
_STOP = "UPDATE standards_commitment SET state = 'paused' WHERE id = %s AND state = 'open'"
_PAUSED = """
SELECT p.id, p.since, p.remaining, c.id, c.estate_id, c.rule_id, c.opened_at
FROM standards_pause p JOIN standards_commitment c ON c.id = p.commitment_id
WHERE c.thread = %s AND p.until IS NULL ORDER BY c.id
"""


@command
def pause(thread: str, *, reason: str, wakes_at: datetime, at: datetime) -> int:
    """Stop the running promises of the matter and remember what is left of each; return how many.

    Their ladders stand still with them. Refused without a reason, or when the time to look again has passed. A promise
    already missed stays missed.
    """
    if not reason.strip():
        raise PauseInvalid("请写明暂停的原因")
    if wakes_at <= at:
        raise PauseInvalid("再次查看的时间要晚于现在")
    running = rows.read(_RUNNING, [thread, at])
    begun = [
        Pause(
            commitment_id=pk,
            since=at,
            reason=reason,
            wakes_at=wakes_at,
            remaining=spans.left(
                _limit(rule_id), rows.moment(due_at), at=at, calendar=working_calendar(estate_id=estate_id)
            ),
        )
        for pk, estate_id, rule_id, due_at in running
    ]
    rows.insert_all(begun)
    rows.run_all(_STOP, [[pk] for pk, *_ in running])
    return len(begun)


@command
def resume(thread: str, *, at: datetime) -> int:
    """Let the paused promises of the matter run on with the time that was left, and their ladders too; return how many."""
    paused = rows.read(_PAUSED, [thread])
    for span_id, since, remaining, pk, estate_id, rule_id, opened_at in paused:
        calendar = working_calendar(estate_id=estate_id)
        due_at = spans.due_again(_limit(rule_id), remaining, at=at, calendar=calendar)
        running = {"due_at": due_at, "provisional": calendar.is_provisional(due_at), "state": CommitmentState.OPEN}
        rows.change(Commitment, pk, running, where="state", among=(CommitmentState.PAUSED,))
        rows.change(Pause, span_id, {"until": at})
        shift_steps(
            pk,
            rule_id=rule_id,
            estate_id=estate_id,
            opened_at=rows.moment(opened_at),
            due_at=due_at,
            by=at - rows.moment(since),
            calendar=calendar,
        )
    return len(paused)


def _limit(rule_id: int | None) -> Within | None:
    return rule_by_id(rule_id).within if rule_id else None
