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
    embedded = url.startswith(SQLITE)
    with closing(pysqlite3.connect(url.removeprefix(SQLITE)) if embedded else psycopg.connect(url)) as database:
        return list(database.execute(sql).fetchall())


def fingerprint(url: str) -> str:
    """Return the same text for the same rows."""
    tables, rows = _TABLES[url.startswith(SQLITE)]
    digest = sha256()
    for (table,) in rows_of(url, tables):
        digest.update(repr((table, rows_of(url, rows.format(table)))).encode())
    return digest.hexdigest()
