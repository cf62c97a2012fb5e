"""Deadlines: a fact promises something within a limit, another fact keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.standards.rules.limits import Within, within
from huiyin.standards.rules.reading import needed, owed_by, texts

KEYS = {"opens", "keeps", "within", "not_before", "who", "does"}


def read(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Read what only a deadline says."""
    needed(spec, "opens")
    needed(spec, "does")
    return {
        "keeps": frozenset(texts(spec, "keeps")),
        "within": within(needed(spec, "within"), "within"),
        "not_before": within(spec["not_before"], "not_before") if "not_before" in spec else None,
        "who": owed_by(spec, others=("subject", "receiver"), default="subject"),
    }


@dataclass(frozen=True)
class Promised:
    """From when until when something is to be done; whether the holidays up to then are not yet published."""

    not_before: datetime | None
    due_at: datetime
    provisional: bool


def promised(
    limit: Within, not_before: Within | None, *, start: datetime, values: Mapping[str, Any], calendar: WorkingCalendar
) -> Promised | None:
    """Return what the limit promises from that moment; None when it waits for a promised time and none was given.

    A time that was promised for the past is due at once.
    """
    due_at = limit.due(start, values, calendar)
    if due_at is None:
        return None
    opens = not_before.begins(start, calendar) if not_before else None
    due_at = max(due_at, start)
    return Promised(opens, due_at, calendar.is_provisional(due_at))
