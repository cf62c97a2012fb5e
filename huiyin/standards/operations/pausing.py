"""Promises that stand still for a while, with a reason and a time to look again. Nothing falls due meanwhile."""

from datetime import datetime

from huiyin.foundation.transactions import command
from huiyin.standards import spans
from huiyin.standards.in_force import working_calendar
from huiyin.standards.models import Commitment, CommitmentState, Pause
from huiyin.standards.operations.ladders import shift_steps
from huiyin.standards.operations.shared import PauseInvalid, limit_of


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
    running = list(
        Commitment.objects.filter(
            thread=thread, state=CommitmentState.OPEN, after_closing=False, due_at__gte=at
        ).select_related("rule")
    )
    Pause.objects.bulk_create(
        Pause(commitment=c, since=at, reason=reason, wakes_at=wakes_at, remaining=remaining_of(c, at=at))
        for c in running
    )
    Commitment.objects.filter(pk__in=[c.pk for c in running]).update(state=CommitmentState.PAUSED)
    return len(running)


@command
def resume(thread: str, *, at: datetime) -> int:
    """Let the paused promises of the matter run on with the time that was left, and their ladders too; return how many."""
    paused = Pause.objects.filter(commitment__thread=thread, until=None).select_related("commitment__rule")
    count = 0
    for span in paused:
        commitment = span.commitment
        calendar = working_calendar(estate_id=commitment.estate_id)
        commitment.due_at = spans.due_again(limit_of(commitment), span.remaining, at=at, calendar=calendar)
        commitment.provisional = calendar.is_provisional(commitment.due_at)
        commitment.state = CommitmentState.OPEN
        commitment.save(update_fields=["due_at", "provisional", "state"])
        shift_steps(commitment, by=at - span.since, calendar=calendar)
        count += 1
    paused.update(until=at)
    return count


def remaining_of(commitment: Commitment, *, at: datetime) -> int:
    """Return what is left of the promise, in its own measure."""
    calendar = working_calendar(estate_id=commitment.estate_id)
    return spans.left(limit_of(commitment), commitment.due_at, at=at, calendar=calendar)
