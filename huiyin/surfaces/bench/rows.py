"""The rows one act wrote: found by the highest id before it, taken away again, inserted bare. Only for SQLite."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

Written = dict[str, list[tuple[Any, ...]]]


def marks(tables: Iterable[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"SELECT COALESCE(MAX(rowid), 0) FROM {table}")
            found[table] = cursor.fetchone()[0]
        return found


def since(before: dict[str, int]) -> Written:
    raw = connection.connection
    return {
        table: raw.execute(f"SELECT {_texts(table)} FROM {table} WHERE rowid > ?", [mark]).fetchall()
        for table, mark in before.items()
    }


def remove(written: Written) -> None:
    raw = connection.connection
    raw.execute("PRAGMA foreign_keys = OFF")
    for table, rows in written.items():
        key = next(column[0] for column in _columns(table) if column[5])
        name = next(column[1] for column in _columns(table) if column[5])
        raw.executemany(f"DELETE FROM {table} WHERE {name} = ?", [(row[key],) for row in rows])
    raw.execute("PRAGMA foreign_keys = ON")


def insert(written: Written) -> None:
    """Insert the rows in one durable transaction of plain SQL."""
    raw = connection.connection
    raw.execute("BEGIN IMMEDIATE")
    for table, rows in written.items():
        if rows:
            raw.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    raw.execute("COMMIT")


def _texts(table: str) -> str:
    """Name the columns so that the driver hands them back as they are stored."""
    return ", ".join(f'"{column[1]}" AS "{column[1]}_"' for column in _columns(table))


def _columns(table: str) -> list[tuple[Any, ...]]:
    return list(connection.connection.execute(f"PRAGMA table_info({table})"))
