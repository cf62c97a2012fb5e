"""A process of its own on a database file: `python -m huiyin.foundation.sqlite.tests.child <file> <what> [number …]`."""

import json
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import django
from django.conf import settings
from django.db import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    connection,
    connections,
    models,
    transaction,
)

from huiyin.foundation.sqlite.statistics import lay_down_statistics


def main(file: str, what: str, *numbers: str) -> None:
    database = {"ENGINE": "huiyin.foundation.sqlite", "NAME": file}
    settings.configure(DATABASES={"default": database}, USE_TZ=True, INSTALLED_APPS=[])
    django.setup()
    WHAT[what](*map(int, numbers))


def look() -> None:
    """Print which SQLite answers, how it is set, and what the standard module was asked to open."""
    import sqlite3  # optional

    opened: list[str] = []

    def audit(event: str, details: tuple[Any, ...]) -> None:
        if event == "sqlite3.connect/handle" and isinstance(details[0], sqlite3.Connection):
            opened.append(event)

    sys.addaudithook(audit)
    names = (
        "journal_mode",
        "synchronous",
        "foreign_keys",
        "cache_size",
        "mmap_size",
        "temp_store",
        "analysis_limit",
    )
    with connection.cursor() as cursor:
        pragmas = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names}
        cursor.execute("CREATE TABLE IF NOT EXISTS seen (id integer)")
        version = cursor.execute("SELECT sqlite_version()").fetchone()[0]
    maps = Path("/proc/self/fd")
    say(
        module=type(connection.connection).__module__,
        error=cast(Any, connection).Database.Error.__module__,
        version=version,
        pragmas=pragmas,
        opened_by_standard_module=opened,
        open_files=sorted(
            {p.resolve().name for p in maps.iterdir() if connection.settings_dict["NAME"] in str(p.resolve())}
        ),
    )


def sample_model() -> Any:
    class Sample(models.Model):
        amount: Any = models.DecimalField(max_digits=9, decimal_places=2)
        at: Any = models.DateTimeField()
        on_date: Any = models.DateField()
        yes: Any = models.BooleanField()
        facts = models.JSONField()
        code: Any = models.CharField(max_length=10, unique=True)

        class Meta:
            app_label = "sample"

    return Sample


def types() -> None:
    """Put every type of value through the database, and the functions and errors that Django builds on it."""
    Sample = sample_model()
    with connection.schema_editor() as editor:
        editor.create_model(Sample)
    at = datetime(2026, 2, 28, 23, 30, 0, 5, tzinfo=UTC)
    row = {
        "amount": Decimal("12.30"),
        "at": at,
        "on_date": date(2026, 2, 28),
        "yes": True,
        "facts": {"名": [1]},
    }
    made = Sample.objects.create(code="A", **row)
    back = Sample.objects.values(*row).get(pk=made.pk)
    assert back == row, back
    assert Sample.objects.filter(code__regex="^A$", facts__名__0=1, at__month=2).count() == 1
    assert Sample.objects.aggregate(s=models.Sum("amount"), d=models.StdDev("amount")) == {
        "s": Decimal("12.30"),
        "d": 0,
    }
    assert Sample.objects.annotate(n=models.F("amount") * 2).get().n == Decimal("24.60")
    many = [Sample(code=str(n), **row) for n in range(20_000)]
    Sample.objects.bulk_create(many)
    assert Sample.objects.filter(code__in=[str(n) for n in range(20_000)]).count() == 20_000
    errors = [refused(IntegrityError, lambda: Sample.objects.create(code="A", **row))]
    errors.append(
        refused(
            IntegrityError,
            lambda: execute("UPDATE sample_sample SET facts = 'no json'"),
        )
    )
    errors.append(refused(OperationalError, lambda: execute("SELECT 1 FROM nowhere")))
    say(errors=errors)


def write(threads: int, rounds: int) -> None:
    """Read, then write, in transactions on several threads; print how many were kept and which errors came."""
    errors: list[str] = []

    def run() -> None:
        for _ in range(rounds):
            try:
                with transaction.atomic():
                    total = execute("SELECT value FROM total")
                    execute("INSERT INTO line (value) VALUES (%s)", [total])
                    execute("UPDATE total SET value = %s", [total + 1])
            except DatabaseError as error:
                errors.append(repr(error))
        connection.close()

    workers = [threading.Thread(target=run) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    say(errors=errors)


def commit_for_ever() -> None:
    """Commit one row after another and name each one as soon as the commit has returned."""
    number = execute("SELECT coalesce(max(value), 0) FROM line")
    while True:
        number += 1
        with transaction.atomic():
            execute("INSERT INTO line (value) VALUES (%s)", [number])
        print(number, flush=True)


def statistics() -> None:
    """Fill a table with two indexes, and print by which one a connection that is open all the time reads it."""
    execute("CREATE TABLE door (id integer PRIMARY KEY, colour text, number text)")
    execute("CREATE INDEX by_number ON door (number)")
    execute("CREATE INDEX by_colour ON door (colour)")
    execute(
        """INSERT INTO door (colour, number)
        WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT 'red', i FROM n"""
    )
    with ThreadPoolExecutor(1) as other:
        before = other.submit(_way, 1).result()
        lay_down_statistics()
        after = other.submit(_way, 2).result()
        lay_down_statistics()
        other.submit(connections.close_all).result()
    say(before=before, after=after, samples=execute("SELECT count(*) FROM sqlite_stat4"))


def _way(time: int) -> str:
    asked, values = "SELECT id FROM door WHERE number = %s AND colour = %s", ["7", "red"]
    execute(asked, values)  # only what is run notices that the tables have changed
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked} -- {time}", values)  # not the plan that is kept
        return str(cursor.fetchone()[3])


def execute(sql: str, parameters: list[Any] | None = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
        return row[0] if row else None


def refused(kind: type[Exception], act: Callable[[], object]) -> str:
    try:
        with transaction.atomic():
            act()
    except kind as error:
        return f"{kind.__name__}: {error}"
    return "accepted"


def say(**values: object) -> None:
    print(json.dumps(values, ensure_ascii=False))


WHAT: dict[str, Callable[..., None]] = {
    work.__name__: work for work in (look, types, write, commit_for_ever, statistics)
}

if __name__ == "__main__":
    main(*sys.argv[1:])
