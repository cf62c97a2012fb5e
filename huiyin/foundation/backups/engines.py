"""The database that is configured: a moment of it, whether it is empty, the way back into it."""

import os
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from huiyin.foundation.backups import postgres, sqlite
from huiyin.foundation.backups.manifest import Table
from huiyin.foundation.backups.rules import BackupRefused
from huiyin.foundation.backups.snapshot import Snapshot

_DJANGOS_OWN = ("cursor_factory", "context", "prepare_threshold")


def take(connection: BaseDatabaseWrapper, folder: Path) -> Snapshot:
    if connection.vendor == postgres.ENGINE:
        return postgres.take(server_of(connection), folder)
    source = Path(connection.settings_dict["NAME"])
    if not source.exists():
        raise BackupRefused(f"没有数据库 {source},没有可备份的")
    return sqlite.take(source, folder)


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    if connection.vendor == postgres.ENGINE:
        return postgres.is_empty(server_of(connection))
    # A log left beside a file that is gone would be played into the new one.
    name = connection.settings_dict["NAME"]
    return not any(Path(f"{name}{suffix}").exists() for suffix in ("", "-wal", "-journal"))


def prepare(connection: BaseDatabaseWrapper, folder: Path) -> tuple[Table, ...]:
    """Make the unpacked database ready in the folder, and return the sums of its tables.

    PostgreSQL knows no such place beside: there this fills the empty database itself.
    """
    if connection.vendor == postgres.ENGINE:
        return postgres.fill(server_of(connection), folder / postgres.PART)
    return sqlite.unpack(folder / sqlite.PART, folder / "database.sqlite3")


def put(connection: BaseDatabaseWrapper, folder: Path) -> None:
    """Put the prepared database where the house looks for it."""
    if connection.vendor == postgres.ENGINE:
        return
    target = Path(connection.settings_dict["NAME"])
    target.parent.mkdir(parents=True, exist_ok=True)
    (folder / "database.sqlite3").rename(target)
    sync(target.parent)


def server_of(connection: BaseDatabaseWrapper) -> dict[str, Any]:
    """Return what libpq needs to reach the configured server."""
    asked: dict[str, Any] = connection.get_connection_params()
    return {name: value for name, value in asked.items() if name not in _DJANGOS_OWN}


def sync(folder: Path) -> None:
    """Put the folder's names on the disk, not only the bytes they lead to."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
