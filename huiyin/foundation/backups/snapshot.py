"""What a moment of the database is taken as: one file, and what was counted and summed in exactly that moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from huiyin.foundation.backups.manifest import Table

FILES = "SELECT stored_name, sha256 FROM files_storedfile ORDER BY stored_name"
MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"


@dataclass(frozen=True)
class Snapshot:
    """`part` is its name in the archive; `files` are the stored files of the moment, with their sums."""

    engine: str
    part: str
    path: Path
    tables: tuple[Table, ...]
    migrations: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]


def differing(before: tuple[Table, ...], after: tuple[Table, ...]) -> Iterator[str]:
    """Name the tables that are not the same."""
    said, found = {table.name: table for table in before}, {table.name: table for table in after}
    return (name for name in sorted(said.keys() | found.keys()) if said.get(name) != found.get(name))
