"""What an archive says of itself: the version, every table with its count and sum, every part with its sum."""

import json
from dataclasses import asdict, dataclass

FORMAT = 1


@dataclass(frozen=True)
class Table:
    """One table: how many rows, and the SHA-256 of them all in the order of their keys."""

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Part:
    """One member of the archive."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The last member of the archive. `damaged_files` were already missing or changed when the backup was made."""

    version: str
    engine: str
    made_at: str
    migrations: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    parts: tuple[Part, ...]
    damaged_files: tuple[str, ...]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def files(self) -> int:
        return sum(part.name.startswith("files/") for part in self.parts)


def written(manifest: Manifest) -> bytes:
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()


def read(data: bytes) -> Manifest:
    """Read a manifest. Fails with KeyError, TypeError or ValueError for what is none."""
    said = json.loads(data)
    if said["format"] != FORMAT:
        raise ValueError(said["format"])
    said["migrations"] = tuple((app, name) for app, name in said["migrations"])
    said["tables"] = tuple(Table(**table) for table in said["tables"])
    said["parts"] = tuple(Part(**part) for part in said["parts"])
    said["damaged_files"] = tuple(said["damaged_files"])
    return Manifest(**said)
