"""What must hold in the data, whatever anybody does: each promise of the house as a query that finds who breaks it.

Every area lists its own in `invariants.py` as `INVARIANTS`; `huiyin verify` walks through all of them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

EXAMPLES = 20
_CHUNK = 2000


@dataclass(frozen=True)
class Finding:
    """How many rows were looked at, how many break the invariant, and the first of these by name."""

    looked_at: int
    violations: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Invariant:
    """`says` is what a person reads. `looked_at` counts, `broken` names every violation; both as of a moment."""

    code: str
    says: str
    looked_at: Callable[[datetime], int]
    broken: Callable[[datetime], Iterable[str]]

    def check(self, *, at: datetime) -> Finding:
        """Look at the whole database. Memory stays flat however much is broken."""
        count, examples = 0, []
        for label in self.broken(at):
            count += 1
            if count <= EXAMPLES:
                examples.append(label)
        return Finding(self.looked_at(at), count, tuple(examples))


def by_query(code: str, says: str, *, looked_at: str, broken: str) -> Invariant:
    """Make an invariant of two queries: one counts, one returns a label for each row that breaks it.

    `looked_at` is a query, or a table with its condition ("cases_case WHERE status = 'closed'"), whose rows are counted.
    """
    counting = looked_at if looked_at.lstrip().upper().startswith("SELECT") else f"SELECT COUNT(*) FROM {looked_at}"
    return Invariant(
        code,
        says,
        looked_at=lambda at: int(next(rows_of(counting))[0]),
        broken=lambda at: (str(row[0]) for row in rows_of(broken)),
    )


def rows_of(sql: str, parameters: Iterable[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query as the database has them, a chunk at a time."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters) or None)
        while chunk := cursor.fetchmany(_CHUNK):
            yield from chunk
