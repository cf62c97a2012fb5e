"""ENGINE = "huiyin.foundation.sqlite": Django's SQLite backend on pysqlite3 instead of the standard library's module.

Debian's SQLite 3.40 lies in the range of the WAL-reset corruption race (3.7.0–3.51.2); pysqlite3 bundles a newer one.
Subclassed, not aliased in `sys.modules`: an alias depends on being first, and pysqlite3 lacks parts of the standard
module that others use. The standard module is thus loaded, because Django imports it, but opens no file of ours.
"""

import datetime
import decimal
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import tee
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3 import base as django_sqlite
from django.db.backends.sqlite3._functions import register as register_functions  # type: ignore[import-untyped]  # not in its stub
from django.utils.asyncio import async_unsafe
from django.utils.dateparse import parse_date, parse_datetime, parse_time

from huiyin.foundation.sqlite.creation import DatabaseCreation

if TYPE_CHECKING:
    from sqlite3 import dbapi2 as Database
else:
    from pysqlite3 import dbapi2 as Database

BUSY_SECONDS = 20
PRAGMAS = {
    "foreign_keys": "ON",
    "legacy_alter_table": "OFF",
    "synchronous": "FULL",
    "cache_size": -32_768,  # 32 MB for each connection
    "mmap_size": 268_435_456,
    "temp_store": "MEMORY",
    "wal_autocheckpoint": 2_000,  # 8 MB: a checkpoint costs two more fsyncs
    "journal_size_limit": 67_108_864,  # gives the disk back after an import
    # So that ANALYZE is quick, and above all takes no samples: with samples of the values SQLite plans a statement anew for
    # every value it is asked with, which costs more than running it.
    "analysis_limit": 1_000,
}

# Adapters and converters are kept by module, so what Django registered with the standard one is repeated here.
Database.register_converter("bool", b"1".__eq__)
Database.register_converter("date", django_sqlite.decoder(parse_date))
Database.register_converter("time", django_sqlite.decoder(parse_time))
Database.register_converter("datetime", django_sqlite.decoder(parse_datetime))
Database.register_converter("timestamp", django_sqlite.decoder(parse_datetime))
Database.register_adapter(decimal.Decimal, str)
Database.register_adapter(datetime.date, django_sqlite.adapt_date)
Database.register_adapter(datetime.datetime, django_sqlite.adapt_datetime)


def _fair_wait() -> Callable[[int], bool]:
    """Make a busy handler that sleeps for short random times until BUSY_SECONDS have passed.

    SQLite's own sleeps ever longer, up to 0.1 s, and newcomers overtake: eight writers saw waits of 4.6 s in a run of 5 s
    where this one, at the same throughput, saw 0.2 s.
    """
    began = 0.0

    def wait(calls: int) -> bool:
        nonlocal began
        if calls == 0:
            began = time.monotonic()
        time.sleep(random.uniform(0.0005, 0.003))
        return time.monotonic() - began < BUSY_SECONDS

    return wait


# It uses nothing of its cursor.
_convert: Callable[..., str] = partial(cast(Any, django_sqlite.SQLiteCursorWrapper.convert_query), None)
# The same few hundred statements come again and again; rewriting one costs as much as running it.
_positional = lru_cache(maxsize=2048)(_convert)


class Cursor(Database.Cursor):
    """Django's cursor wrapper: "format" and "pyformat" parameters become "qmark" and "named"."""

    def execute(self, query: str, params: Any = None) -> "Cursor":
        if params is None:
            return super().execute(query)
        if not isinstance(params, (list, tuple)) and isinstance(params, Mapping):
            return super().execute(_convert(query, param_names=list(params)), params)
        return super().execute(_positional(query), params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> "Cursor":
        peekable, rows = tee(iter(param_list))
        first = next(peekable, None)
        names = list(first) if first and isinstance(first, Mapping) else None
        converted = _convert(query, param_names=names) if names else _positional(query)
        return super().executemany(converted, rows)


class DatabaseFeatures(django_sqlite.DatabaseFeatures):  # type: ignore[name-defined, misc]  # not in its stub
    minimum_database_version = (3, 51, 3)  # the first without the WAL-reset race
    max_query_params = 32_766  # SQLite's own limit since 3.32; Django still assumes 999


class DatabaseWrapper(django_sqlite.DatabaseWrapper):
    init_commands: list[str]
    Database = Database
    creation_class = DatabaseCreation
    features_class = DatabaseFeatures

    def get_connection_params(self) -> dict[str, Any]:
        """Return Django's parameters with ours: they are not for settings to weaken."""
        params: dict[str, Any] = super().get_connection_params()
        # A transaction that begins by reading and then writes cannot wait for its turn; one that begins as a
        # writer can. The price: keep `atomic` away from pages that only read.
        self.transaction_mode = "IMMEDIATE"
        params["cached_statements"] = 1024
        return params

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = Database.connect(**conn_params)
        connection.set_busy_handler(_fair_wait())
        register_functions(connection)
        for name, value in PRAGMAS.items():
            connection.execute(f"PRAGMA {name} = {value}")
        for command in self.init_commands:
            if command.strip():
                connection.execute(command)
        if not self.is_in_memory_db():
            self._switch_to_wal(connection)
        return connection

    def create_cursor(self, name: str | None = None) -> Cursor:
        return self.connection.cursor(factory=Cursor)  # type: ignore[no-any-return]  # not in its stub

    def straight(self, query: str, params: Sequence[Any]) -> Any:
        """Run a statement with "format" parameters by the driver's own cursor, and return that."""
        return self.connection.execute(_positional(query), params)

    def _switch_to_wal(self, connection: Any) -> None:
        # The switch does not wait on the busy timeout, so two processes that open a new file at once collide.
        give_up = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
                break
            except Database.OperationalError:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.01)
        if mode != "wal":
            raise ImproperlyConfigured(f"{self.settings_dict['NAME']}: this file system does not carry SQLite's WAL")
