"""What fixtures lay out for nearly every test is made once by the real operations; after that its rows are written back.

Only on untouched ground: when a test has written anything of its own before, or commits, the operations run again. So a
test never stands on rows that could not have been there.
"""

import pickle
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connections

from huiyin.foundation.transactions import as_command

T = TypeVar("T")
Row = tuple[Any, ...]
Tables = dict[str, tuple[list[str], set[Row]]]
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "TRUNCATE", "WITH")


@dataclass(frozen=True)
class _Laid:
    """Statements with their rows, and what the fixture returned."""

    statements: list[tuple[str, list[Row]]]
    returned: bytes


_kept: dict[tuple[str, ...], _Laid] = {}


class Ground:
    """What lies in the database of one test: the names of what was laid out, or None when nobody can tell any more."""

    def __init__(self) -> None:
        self._names: tuple[str, ...] | None = ()
        self._laying = False

    def _watch(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self._laying and sql.lstrip()[:8].upper().startswith(_WRITES):
            self._names = None
        return execute(sql, params, many, context)

    def watch(self) -> None:
        """See from now on whether anybody writes."""
        # Taken here: a test may put another connection in this one's place, and then nothing is written back.
        self._connection = connections["default"]
        self._connection.execute_wrappers.append(self._watch)

    def look_away(self) -> None:
        """Watch no more: the test begins, and its statements go the way they go in the product."""
        if self._watch in self._connection.execute_wrappers:
            self._connection.execute_wrappers.remove(self._watch)
        self._names = None

    def spoil(self) -> None:
        self._names = None

    def lay(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` makes, from what was kept of the first time when that would be the same."""
        if self._names is None or connections["default"] is not self._connection:
            return make()
        self._names = (*self._names, name)
        self._laying = True
        try:
            if self._names not in _kept:
                before = _everything(self._connection)
                made = make()
                _kept[self._names] = _Laid(_difference(before, _everything(self._connection)), pickle.dumps(made))
                return made
            laid = _kept[self._names]
            with as_command(), self._connection.cursor() as cursor:
                for statement, rows in laid.statements:
                    cursor.executemany(statement, rows)
            return pickle.loads(laid.returned)
        finally:
            self._laying = False


def _everything(connection: Any) -> Tables:
    """Return every row of every table, each value as the engine itself would write it."""
    found: Tables = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
            columns = [one[0] for one in cursor.description]
            cursor.execute(f'SELECT {as_kept(connection, columns)} FROM "{table}"')
            found[table] = (columns, set(cursor.fetchall()))
    return found


def as_kept(connection: Any, columns: Iterable[str]) -> str:
    """Name the columns so that each value comes as the engine itself would write it, converted by nobody."""
    plain = '+"{}"' if connection.vendor == "sqlite" else '"{}"::text'
    return ", ".join(map(plain.format, columns))


def _difference(before: Tables, after: Tables) -> list[tuple[str, list[Row]]]:
    """Return what turns the one into the other: rows that are gone or were changed go first."""
    goes, comes = [], []
    for table, (columns, rows) in after.items():
        if gone := before[table][1] - rows:
            goes.append((f'DELETE FROM "{table}" WHERE "{columns[0]}" = %s', [row[:1] for row in gone]))
        if new := rows - before[table][1]:
            names, values = ", ".join(f'"{one}"' for one in columns), ", ".join(["%s"] * len(columns))
            comes.append((f'INSERT INTO "{table}" ({names}) VALUES ({values})', sorted(new, key=repr)))
    return goes + comes
