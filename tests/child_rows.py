"""The rows of a database read past Django, by its URL, to compare what two processes see."""

from contextlib import closing
from hashlib import sha256
from typing import Any

import psycopg
import pysqlite3

SQLITE = "sqlite://"
_TABLES = {
    True: ("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", 'SELECT * FROM "{}" ORDER BY rowid'),
    False: (
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1",
        'SELECT one::text FROM "{}" one ORDER BY 1',
    ),
}


def rows_of(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Run one query on a connection of its own."""
    with closing(_connected(url)) as database:
        return list(database.execute(sql).fetchall())


def fingerprint(url: str) -> str:
    """Return the same text for the same rows."""
    tables, rows = _TABLES[url.startswith(SQLITE)]
    digest = sha256()
    # One connection for all: each reads the schema of the whole house first.
    with closing(_connected(url)) as database:
        for (table,) in database.execute(tables).fetchall():
            digest.update(repr((table, list(database.execute(rows.format(table)).fetchall()))).encode())
    return digest.hexdigest()


def _connected(url: str) -> Any:
    return pysqlite3.connect(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else psycopg.connect(url)
