"""A moment of a PostgreSQL database by pg_dump, counted and summed in the same moment, and the way back into an empty one."""

import hashlib
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Composable, Identifier

from huiyin.foundation.backups.manifest import Table
from huiyin.foundation.backups.rules import BackupRefused
from huiyin.foundation.backups.snapshot import FILES, MIGRATIONS, Snapshot

ENGINE = "postgresql"
PART = "database.pgdump"
_TABLES = """
    SELECT c.relname, coalesce((
        SELECT array_agg(a.attname ORDER BY array_position(i.indkey::int2[], a.attnum))
        FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
        WHERE i.indrelid = c.oid AND i.indisprimary), '{}')
    FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname
"""
# The text of a value must not depend on who asks.
_PLAIN = (
    "SET timezone = 'UTC'",
    "SET datestyle = 'ISO, YMD'",
    "SET intervalstyle = 'iso_8601'",
    "SET extra_float_digits = 3",
    "SET bytea_output = 'hex'",
)
Parameters = Mapping[str, Any]


def take(server: Parameters, folder: Path) -> Snapshot:
    """Dump the database as of one moment into the folder; count and sum every table in that moment."""
    dump = folder / PART
    with _connected(server) as database:
        database.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = database.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        _run("pg_dump", server, "--format=custom", "--compress=1", f"--snapshot={row[0]}", f"--file={dump}")
        tables = tuple(_sums(database))
        migrations = tuple((app, name) for app, name in database.execute(MIGRATIONS))
        files = tuple((name, digest) for name, digest in database.execute(FILES))
    _run("pg_restore", server, "--file=/dev/null", str(dump), connect=False)
    return Snapshot(ENGINE, PART, dump, tables, migrations, files)


def is_empty(server: Parameters) -> bool:
    with _connected(server) as database:
        return not database.execute(_TABLES).fetchall()


def fill(server: Parameters, dump: Path) -> tuple[Table, ...]:
    """Put the dump into the empty database, whole or not at all, and return the sums of its tables."""
    _run("pg_restore", server, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(dump))
    with _connected(server) as database:
        return tuple(_sums(database))


def _sums(database: "psycopg.Connection[Any]") -> Iterator[Table]:
    for name, keys in database.execute(_TABLES).fetchall():
        order: Composable = SQL(", ").join(map(Identifier, keys)) if keys else SQL("one::text")
        query = SQL("COPY (SELECT * FROM ONLY {} AS one ORDER BY {}) TO STDOUT").format(Identifier(name), order)
        rows, digest = 0, hashlib.sha256()
        with database.cursor().copy(query) as copy:
            for row in copy:
                rows += 1
                digest.update(row)
        yield Table(name, rows, digest.hexdigest())


def _connected(server: Parameters) -> "psycopg.Connection[Any]":
    try:
        database = psycopg.connect(**server, autocommit=True)
    except psycopg.OperationalError as error:
        raise BackupRefused(f"连不上数据库:{str(error).strip()[:200]}") from error
    for setting in _PLAIN:
        database.execute(setting)
    return database


def _run(program: str, server: Parameters, *words: str, connect: bool = True) -> None:
    """Run one of PostgreSQL's programs. The password goes by the environment: arguments are seen by everybody."""
    known = {name: value for name, value in server.items() if name != "password"}
    command = [program, *([f"--dbname={make_conninfo(**known)}"] if connect else []), *words]
    environment = {**os.environ, "PGPASSWORD": str(server.get("password", ""))}
    try:
        ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    except FileNotFoundError:
        raise BackupRefused(f"这台机器上没有 {program},请安装 PostgreSQL 的客户端工具") from None
    if ended.returncode:
        last = (ended.stderr.strip().splitlines() or ["没有说明"])[-1]
        raise BackupRefused(f"{program} 没有成功:{last[:220]}")
