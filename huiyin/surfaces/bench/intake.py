"""Taking a repair with all its promises and journal lines, against a bare transaction inserting the same rows."""

import time
from typing import Any

from django.db import connection
from django.utils.timezone import now

from huiyin.surfaces.bench.stage import set_stage, take_matters

ROUNDS, PER_ROUND, WARM_UP = 12, 25, 30
# In the order in which they can be inserted.
TABLES = (
    "journal_entry",
    "service_desk_contact",
    "cases_case",
    "repairs_workorder",
    "service_desk_contactcase",
    "standards_commitment",
    "idempotency_command",
)
Matter = dict[str, list[tuple[Any, ...]]]


def run() -> dict[str, Any]:
    """Measure both in alternating rounds on one file with the same settings; each transaction is durable."""
    stage = set_stage(at=now().replace(microsecond=0))
    list(take_matters(stage, WARM_UP, kinds=("repair",)))
    ours = bare = 0.0
    rows = 0
    for number in range(ROUNDS):
        taken = []
        for one in range(PER_ROUND):
            marks = _marks()
            first = WARM_UP + number * PER_ROUND + one
            began = time.perf_counter()
            list(take_matters(stage, 1, kinds=("repair",), first=first))
            ours += time.perf_counter() - began
            taken.append(_since(marks))
        for matter in reversed(taken):
            _remove(matter)
        for matter in taken:
            rows += sum(map(len, matter.values()))
            began = time.perf_counter()
            _insert(matter)
            bare += time.perf_counter() - began
    count = ROUNDS * PER_ROUND
    return {
        "name": "intake",
        "ratio": round(bare / ours, 3),
        "ours": round(count / ours, 1),
        "baseline": round(count / bare, 1),
        "unit": "repairs/s",
        "rows": rows,
    }


def _marks() -> dict[str, int]:
    with connection.cursor() as cursor:
        marks = {}
        for table in TABLES:
            cursor.execute(f"SELECT COALESCE(MAX(rowid), 0) FROM {table}")
            marks[table] = cursor.fetchone()[0]
        return marks


def _since(marks: dict[str, int]) -> Matter:
    raw = connection.connection
    return {
        table: raw.execute(f"SELECT {_texts(table)} FROM {table} WHERE rowid > ?", [mark]).fetchall()
        for table, mark in marks.items()
    }


def _texts(table: str) -> str:
    """Name the columns so that the driver hands them back as they are stored."""
    return ", ".join(f'"{column[1]}" AS "{column[1]}_"' for column in _columns(table))


def _columns(table: str) -> list[tuple[Any, ...]]:
    return list(connection.connection.execute(f"PRAGMA table_info({table})"))


def _remove(matter: Matter) -> None:
    raw = connection.connection
    raw.execute("PRAGMA foreign_keys = OFF")
    for table, rows in matter.items():
        key = next(column[0] for column in _columns(table) if column[5])
        name = next(column[1] for column in _columns(table) if column[5])
        raw.executemany(f"DELETE FROM {table} WHERE {name} = ?", [(row[key],) for row in rows])
    raw.execute("PRAGMA foreign_keys = ON")


def _insert(matter: Matter) -> None:
    raw = connection.connection
    raw.execute("BEGIN IMMEDIATE")
    for table, rows in matter.items():
        if rows:
            raw.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    raw.execute("COMMIT")
