"""What the operations on promises share: who owes, the journal line, the rule's limit, where a revision began."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, F, QuerySet, Value
from django.db.models.functions import Greatest

from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.standards.in_force import rule_by_id
from huiyin.standards.models import Commitment, CommitmentState, Pause
from huiyin.standards.rules import Within

RUNNING_STATES = (CommitmentState.OPEN, CommitmentState.PAUSED, CommitmentState.MISSED)


class PauseInvalid(Refused):
    """A pause or a waiver without a reason, with a time to look again that has passed, or of what has ended."""


@dataclass(frozen=True)
class Owner:
    """Who owes a promise: a person, a post, or a person on a post."""

    user_id: int | None = None
    post: str = ""


def write_line(
    commitment: Commitment,
    kind: str,
    *,
    actor: User,
    at: datetime,
    note: str = "",
    values: Mapping[str, Any] | None = None,
) -> Entry:
    """Write a line about the promise into its matter, under its rule."""
    return journal.record(
        kind,
        subject=(Commitment.journal_name, commitment.pk),
        estate_id=commitment.estate_id,
        actor=actor,
        at=at,
        thread=commitment.thread,
        note=note,
        rule=commitment.code,
        values={"does": commitment.does, "due_at": commitment.due_at, **(values or {})},
    )


def limit_of(commitment: Commitment) -> Within | None:
    """Return the time limit of the promise's own rule; a word given by a person and a drawn visit have none."""
    return rule_by_id(commitment.rule_id).within if commitment.rule_id else None


def close_pauses(of: "Collection[int] | QuerySet[Commitment]", *, at: datetime) -> None:
    """End the running pauses of these promises. An act recorded later may lie before the pause began."""
    Pause.objects.filter(commitment__in=of, until=None).update(
        until=Greatest(F("since"), Value(at, output_field=DateTimeField()))
    )
