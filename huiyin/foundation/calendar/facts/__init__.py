"""Facts about calendars, read from files and held against ours: this start, this span, hence this due time."""

from collections.abc import Sequence
from pathlib import Path

from huiyin.foundation.calendar.facts.fact import Answer, Fact, UnreadableFacts, text_of
from huiyin.foundation.calendar.facts.tables import DueAfter, read_table
from huiyin.foundation.calendar.facts.vectors import read_vectors

__all__ = ["Answer", "Fact", "UnreadableFacts", "read_facts"]


def read_facts(path: Path, *, due_after: DueAfter) -> Sequence[Fact]:
    """Read a file of facts, whole, before anything is judged.

    A city's due dates are no facts about the calendar alone: `due_after` (calendar, opened, working days) is the rule
    they are held against.
    Refused when the file cannot be opened, is in no known shape, is empty, or has a row that cannot be read.
    """
    text = text_of(path)
    facts = list(read_vectors(path, text) if text.lstrip().startswith("{") else read_table(path, text, due_after))
    if not facts:
        raise UnreadableFacts(f"{path.name} 里没有可以核对的行")
    return facts
