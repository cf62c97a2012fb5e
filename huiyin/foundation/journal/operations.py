"""Writing the record. Lines are added, never changed, and each takes its place in the chain of its estate."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from huiyin.foundation import bulk, rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import chaining, reactions
from huiyin.foundation.journal.chain import content_of_line
from huiyin.foundation.journal.facts import Fact, as_json
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.transactions import command

_COLUMNS = (
    "id", "at", "kind", "estate_id", "actor_id", "subject_type", "subject_id", "thread", "note", "rule", "values",
)  # fmt: skip
_BATCH = 5_000


@command
def record(
    kind: str,
    *,
    subject: tuple[str, int],
    estate_id: int,
    actor: User,
    at: datetime,
    thread: str = "",
    note: str = "",
    rule: str = "",
    values: dict[str, Any] | None = None,
) -> Entry:
    """Add one line to the journal. `rule` names the clause behind an automatic change."""
    entry = rows.new(
        Entry,
        at=at,
        kind=kind,
        estate_id=estate_id,
        actor=actor,
        subject_type=subject[0],
        subject_id=subject[1],
        thread=thread,
        note=note,
        rule=rule,
        values=as_json(values or {}),
    )
    rows.insert(entry)
    content = content_of_line(
        entry.pk, at, kind, estate_id, actor.pk, subject[0], subject[1], thread, note, rule, entry.values
    )
    chaining.chain(estate_id, entry.pk, content)
    return entry


@command
def record_all(
    kind: str,
    lines: Iterable[tuple[int, str, dict[str, Any]]],
    *,
    subject_type: str,
    estate_id: int,
    actor: User,
    at: datetime,
) -> None:
    """Add one line for each (subject id, thread, values), for work done in sets."""
    told = iter(lines)
    while batch := list(islice(told, _BATCH)):
        ids = bulk.reserve_ids(Entry, len(batch))
        _write(
            (pk, at, kind, estate_id, actor.pk, subject_type, subject_id, thread, "", "", as_json(values))
            for pk, (subject_id, thread, values) in zip(ids, batch, strict=True)
        )


@dataclass(frozen=True)
class PastLine:
    """Something that happened before this house knew of it."""

    kind: str
    subject: tuple[str, int]
    thread: str
    at: datetime
    note: str = ""
    rule: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@command
def record_past(lines: Sequence[PastLine], *, estate_id: int, actor: User) -> list[int]:
    """Add these lines, each at its own time, in the name of whoever took them over; return their ids."""
    ids = bulk.reserve_ids(Entry, len(lines))
    _write(
        (
            pk,
            one.at,
            one.kind,
            estate_id,
            actor.pk,
            *one.subject,
            one.thread,
            one.note,
            one.rule,
            as_json(one.values),
        )
        for pk, one in zip(ids, lines, strict=True)
    )
    return ids


def _write(lines: Iterable[tuple[Any, ...]]) -> None:
    """Insert the lines, given by `_COLUMNS`, and let each be linked."""

    def chained() -> Iterator[tuple[Any, ...]]:
        for line in lines:
            chaining.chain(line[3], line[0], content_of_line(*line))
            yield line

    bulk.insert(Entry, _COLUMNS, chained())


def announce(fact: Fact, *, actor: User, at: datetime, note: str = "", rule: str = "") -> Entry:
    """Record the fact and deliver it upwards, in the transaction that caused it. Refused outside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{fact.code} announced outside a transaction")
    entry = record(
        fact.code,
        subject=(fact.subject_type, fact.subject_id),
        estate_id=fact.estate_id,
        actor=actor,
        at=at,
        thread=fact.thread,
        note=note,
        rule=rule,
        values=fact.values,
    )
    reactions.deliver(fact, entry=entry, actor=actor, at=at)
    return entry
