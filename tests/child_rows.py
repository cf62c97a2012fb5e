"""Every row of a database file in one short text, read past Django, to compare what two processes see."""

from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pysqlite3


def fingerprint(file: Path) -> str:
    """Return the same text for the same rows."""
    digest = sha256()
    with closing(pysqlite3.connect(file)) as database:
        for (table,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall():
            for row in database.execute(f'SELECT * FROM "{table}" ORDER BY rowid'):
                digest.update(repr((table, row)).encode())
    return digest.hexdigest()
