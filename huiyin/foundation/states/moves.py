"""The one function that changes a status. Nothing else in the house assigns `.status`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from django.db.models import Model

from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.journal.queries import last_of
from huiyin.foundation.refusals import Refused


class NoteNeeded(Refused):
    """The move asks for a reason and none was given."""


class MovedMeanwhile(Refused):
    """Somebody else moved the row first, or the button does not belong to this status."""


@dataclass(frozen=True)
class Move:
    """A named step from some statuses to one; `right` is what the person must hold."""

    code: str
    label: str
    sources: tuple[str, ...]
    target: str
    right: str
    needs_note: bool = False


class Stateful(Protocol):
    """What a model needs so that `perform` can move it."""

    journal_name: ClassVar[str]
    pk: Any
    status: str
    estate_id: int

    @property
    def thread(self) -> str: ...

    def get_status_display(self) -> str: ...


def perform(
    row: Any, move: Move, *, actor: User, at: datetime, note: str = "", fact: Fact | None = None, **fields: Any
) -> Entry:
    """Move the row along and write it to the journal; `fields` are saved in the same statement.

    With a fact, the fact is announced; without one, the line `<journal_name>.<move>` is recorded.
    Refused when the row no longer has one of the move's source statuses, or when a needed reason is missing.
    """
    if move.needs_note and not note.strip():
        raise NoteNeeded(f"请写明{move.label}的原因")
    model: type[Model] = type(row)
    moved = _update(model, row.pk, move, fields)
    if moved != 1:
        raise MovedMeanwhile(_who_was_first(row, move))
    row.status = move.target
    for name, value in fields.items():
        setattr(row, name, value)
    if fact is not None:
        return journal.announce(fact, actor=actor, at=at, note=note)
    return journal.record(
        f"{row.journal_name}.{move.code}",
        subject=(row.journal_name, row.pk),
        estate_id=row.estate_id,
        actor=actor,
        at=at,
        thread=row.thread,
        note=note,
    )


def _update(model: type[Model], pk: Any, move: Move, fields: dict[str, Any]) -> int:
    if any(hasattr(value, "resolve_expression") for value in fields.values()):
        still = model._default_manager.filter(pk=pk, status__in=move.sources)
        return still.update(status=move.target, **fields)
    return rows.change(model, pk, {"status": move.target, **fields}, where="status", among=move.sources)


def available_moves(row: Stateful, user: User, moves: Sequence[Move]) -> list[Move]:
    """Return the moves this person may make from the row's present status, in the order of the table."""
    access = access_of(user)
    return [move for move in moves if row.status in move.sources and access.may(move.right, row.estate_id)]


def _who_was_first(row: Stateful, move: Move) -> str:
    current = type(row)._default_manager.get(pk=row.pk)  # type: ignore[attr-defined]  # every model has one
    last = last_of(row.thread)
    who = f",刚由{last.actor.name}处理" if last else ""
    return f"现在是「{current.get_status_display()}」{who},不能再{move.label};您填写的内容还在"
