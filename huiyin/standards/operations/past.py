"""Promises of matters that were handled before this house knew of them: kept or missed long ago, or still owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huiyin.foundation import bulk
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.operations import PastLine
from huiyin.standards.in_force import calendar_version
from huiyin.standards.models import Commitment, CommitmentState, Miss

_COLUMNS = (
    "id", "estate_id", "rule_id", "code", "does", "subject_type", "subject_id", "thread", "opened_at", "opened_by_id",
    "not_before", "due_at", "calendar", "provisional", "state", "owner_id", "owner_post", "follows_subject",
    "after_closing", "met_at", "met_by_id", "ended_at", "end_reason", "revision",
)  # fmt: skip


@dataclass(frozen=True)
class PastPromise:
    """What was promised by when, and when it was kept; `met_by` is the journal entry that shows it."""

    code: str
    does: str
    subject: tuple[str, int]
    thread: str
    opened_at: datetime
    opened_by: int
    due_at: datetime
    met_at: datetime | None = None
    met_by: int | None = None
    owner_post: str = ""

    def state(self, at: datetime) -> CommitmentState:
        if self.met_at is not None:
            return CommitmentState.MET if self.met_at <= self.due_at else CommitmentState.LATE
        return CommitmentState.MISSED if self.due_at < at else CommitmentState.OPEN


def record_past_promises(promises: Sequence[PastPromise], *, estate_id: int, actor: User, at: datetime) -> None:
    """Record promises as they turned out; what is still owed goes on somebody's list. Misses are recorded as such."""
    ids = bulk.reserve_ids(Commitment, len(promises))
    states = [one.state(at) for one in promises]
    calendar = calendar_version()
    bulk.insert(
        Commitment,
        _COLUMNS,
        (
            (
                pk,
                estate_id,
                None,
                one.code,
                one.does,
                *one.subject,
                one.thread,
                one.opened_at,
                one.opened_by,
                None,
                one.due_at,
                calendar,
                False,
                state.value,
                None,
                one.owner_post,
                one.met_at is None,
                False,
                one.met_at,
                one.met_by,
                one.met_at,
                "",
                1,
            )
            for pk, one, state in zip(ids, promises, states, strict=True)
        ),
    )
    late = (CommitmentState.LATE, CommitmentState.MISSED)
    missed = [(pk, one) for pk, one, state in zip(ids, promises, states, strict=True) if state in late]
    lines = [
        PastLine(
            "standards.commitment.missed",
            (Commitment.journal_name, pk),
            one.thread,
            at,
            rule=one.code,
            values={"does": one.does, "due_at": one.due_at},
        )
        for pk, one in missed
    ]
    noticed = journal.record_past(lines, estate_id=estate_id, actor=actor)
    bulk.insert(
        Miss,
        ("commitment_id", "due_at", "noticed_at", "entry_id"),
        ((pk, one.due_at, at, entry) for (pk, one), entry in zip(missed, noticed, strict=True)),
    )
