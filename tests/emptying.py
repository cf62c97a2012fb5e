"""How a server's database is emptied after a test that committed: what has rows, and nothing else.

Django's TRUNCATE of every table makes some hundred tables and their indexes anew and waits for whoever still looks at one
of them; a test leaves rows in a few. What migrations put there for every installation stays.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

_ALWAYS_THERE = {"django_content_type", "auth_permission"}


def _emptying(self: DatabaseOperations, style: object, tables: Sequence[str], **_: Any) -> list[str]:
    filled = _filled(self.connection, sorted(set(tables) - _ALWAYS_THERE))
    # A replica runs neither triggers nor the checks of foreign keys: everything goes at once, guards or not.
    return ["SET LOCAL session_replication_role = replica", *(f'DELETE FROM "{table}"' for table in filled)]


def _filled(connection: Any, tables: Sequence[str]) -> list[str]:
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [table for (table,) in cursor.fetchall()]


@contextmanager
def only_what_has_rows() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", _emptying)
        yield
