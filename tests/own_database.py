"""A real database of its own for other processes: a copy of the one the tests run on, gone at the end."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pysqlite3
from django.db import connections
from django.db.backends.base.base import NO_DB_ALIAS


@contextmanager
def own_database(folder: Path) -> Iterator[str]:
    """Copy what is committed, and yield the URL of the copy. On SQLite it is `huiyin.sqlite3` in the folder."""
    usual = connections["default"]
    usual.ensure_connection()
    if usual.vendor == "sqlite":
        with closing(pysqlite3.connect(folder / "huiyin.sqlite3")) as database:
            usual.connection.backup(database)
        yield f"sqlite://{folder / 'huiyin.sqlite3'}"
        return
    usual.close()  # nobody may be connected to what is copied
    usual.close_pool()
    with new_database(template=usual.settings_dict["NAME"]) as url:
        yield url


@contextmanager
def new_database(template: str = "template0") -> Iterator[str]:
    """Create a database beside the one the tests run on, on the same server, and yield its URL."""
    name = f"huiyin_{uuid4().hex[:12]}"
    _run(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE \"{template}\"")
    try:
        yield _url(name)
    finally:
        _run(f'DROP DATABASE "{name}" WITH (FORCE)')


def settings_for(url: str, home: Path) -> dict[str, str]:
    """Return the environment of a process that is to work on this database."""
    said = {"HUIYIN_HOME": str(home), "HUIYIN_DATABASE_URL": url, "HUIYIN_TEST_DATABASE_URL": ""}
    return {**os.environ, **said, "DJANGO_SETTINGS_MODULE": "huiyin.config.settings_test"}


def _run(sql: str) -> None:
    with connections["default"]._nodb_cursor() as cursor:
        assert cursor.db.alias == NO_DB_ALIAS
        cursor.execute(sql)


def _url(name: str) -> str:
    said = connections["default"].settings_dict
    user = f"{quote(said['USER'])}:{quote(said['PASSWORD'])}@" if said["USER"] else ""
    port = f"&port={said['PORT']}" if said["PORT"] else ""
    return f"postgres://{user}/{name}?host={quote(said['HOST'], safe='')}{port}"
