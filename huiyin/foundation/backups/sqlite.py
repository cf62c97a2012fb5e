"""A moment of an SQLite file while others write to it, and the proof that a copy is whole."""

import gzip
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from huiyin.foundation.backups.manifest import Table
from huiyin.foundation.backups.rules import BackupRefused
from huiyin.foundation.backups.snapshot import FILES, MIGRATIONS, Snapshot

if TYPE_CHECKING:
    import sqlite3 as Database
else:
    import pysqlite3 as Database

ENGINE = "sqlite"
PART = "database.sqlite3.gz"
_TABLES = """SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"""


def take(source: Path, folder: Path) -> Snapshot:
    """Copy the file as of one moment into the folder, check the copy, count and sum every table of it.

    The copy is made in one step: in WAL mode a long reader holds up no writer, while a copy in several steps would
    begin anew with every write of another process.
    """
    copy = folder / "database.sqlite3"
    with _said_plainly(), closing(Database.connect(source)) as origin, closing(Database.connect(copy)) as database:
        origin.backup(database)
        database.execute("PRAGMA journal_mode = DELETE")
        _check(database)
        tables = tuple(_sums(database))
        migrations = tuple((app, name) for app, name in database.execute(MIGRATIONS))
        files = tuple((name, digest) for name, digest in database.execute(FILES))
    packed = folder / PART
    with copy.open("rb") as plain, gzip.open(packed, "wb", compresslevel=1) as out:
        shutil.copyfileobj(plain, out, 1024 * 1024)
    copy.unlink()
    return Snapshot(ENGINE, PART, packed, tables, migrations, files)


def unpack(packed: Path, target: Path) -> tuple[Table, ...]:
    """Write the database out of its part, check it, and return the sums of its tables."""
    try:
        with gzip.open(packed, "rb") as source, target.open("wb") as out:
            shutil.copyfileobj(source, out, 1024 * 1024)
    except EOFError:
        raise BackupRefused("备份已损坏:数据库解不开") from None
    with _said_plainly(), closing(Database.connect(target)) as database:
        _check(database)
        return tuple(_sums(database))


def _check(database: "Database.Connection") -> None:
    said = [row[0] for row in database.execute("PRAGMA integrity_check(3)")]
    if said != ["ok"]:
        raise BackupRefused(f"数据库本身已损坏,不能当作备份:{';'.join(said)[:200]}")
    orphan = database.execute("PRAGMA foreign_key_check").fetchone()
    if orphan:
        raise BackupRefused(f"数据库里有指向不存在记录的行(表 {orphan[0]}),请先运行 huiyin verify")


def _sums(database: "Database.Connection") -> Iterator[Table]:
    for (name,) in database.execute(_TABLES).fetchall():
        rows, digest = 0, hashlib.sha256()
        for row in _in_order(database, name):
            rows += 1
            digest.update(repr(row).encode() + b"\n")
        yield Table(name, rows, digest.hexdigest())


def _in_order(database: "Database.Connection", name: str) -> "Database.Cursor":
    try:
        return database.execute(f'SELECT * FROM "{name}" ORDER BY rowid')
    except Database.OperationalError:  # a table without row ids comes in the order of its key
        return database.execute(f'SELECT * FROM "{name}"')


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except Database.OperationalError as error:
        if "full" in str(error) or "I/O" in str(error):
            raise BackupRefused("磁盘空间不足,没有做成") from error
        raise BackupRefused(f"数据库读不出来:{error}") from error
    except Database.DatabaseError as error:
        raise BackupRefused(f"数据库本身已损坏:{error}") from error
