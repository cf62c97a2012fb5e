"""Promises not kept in time. A miss is a record of its own and stays, whatever follows."""

from datetime import datetime

from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.transactions import command
from huiyin.standards.models import Commitment, CommitmentState, Miss
from huiyin.standards.operations.shared import write_line

_SWEEP_SIZE = 500


def note_misses(*, at: datetime, actor: User) -> int:
    """Record a miss for every promise whose time has passed; return how many. Costs what is due, not what exists."""
    total = 0
    while due := list(
        Commitment.objects.filter(state=CommitmentState.OPEN, due_at__lt=at).order_by("due_at")[:_SWEEP_SIZE]
    ):
        total += _note(due, at=at, actor=actor)
    return total


@command
def _note(due: list[Commitment], *, at: datetime, actor: User) -> int:
    noted = 0
    for commitment in due:
        claimed = Commitment.objects.filter(pk=commitment.pk, state=CommitmentState.OPEN, due_at__lt=at).update(
            state=CommitmentState.MISSED
        )
        if claimed:
            record_miss(commitment, at=at, actor=actor)
            noted += 1
    return noted


def record_miss(commitment: Commitment, *, at: datetime, actor: User) -> None:
    entry = write_line(commitment, "standards.commitment.missed", actor=actor, at=at)
    Miss.objects.create(commitment=commitment, due_at=commitment.due_at, noticed_at=at, entry=entry)


def correct_miss(commitment: Commitment, *, entry: Entry, at: datetime) -> None:
    """Say on the record that the promise was kept in time after all: its act was recorded later than it was done.

    The miss stays; the line beside it names the act and its true time.
    """
    write_line(
        commitment,
        "standards.commitment.miss_corrected",
        actor=entry.actor,
        at=at,
        values={"met_at": at, "by": entry.pk},
    )
