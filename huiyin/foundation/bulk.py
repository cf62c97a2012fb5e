"""Writing very many rows: plain values, one statement, ids known beforehand so that rows can point at each other.

Model objects and `bulk_create` cost ten times what the database needs; an import of 100,000 homes writes 600,000 rows.
Constraints hold as always. Call it inside a transaction.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Model


def reserve_ids(model: type[Model], count: int) -> list[int]:
    """Return ids that no other row of the model will get."""
    if not count:
        return []
    connection = connections[DEFAULT_DB_ALIAS]
    table, key = model._meta.db_table, str(model._meta.pk.column)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), key, count],
            )
            return [int(row[0]) for row in cursor.fetchall()]
        # One writer at a time: nobody else can take them before this transaction ends.
        cursor.execute("SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = %s), 0)", [table])
        last = int(cursor.fetchone()[0])
        return list(range(last + 1, last + 1 + count))


def insert(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as values of these fields (foreign keys as `…_id`, the key as `id`)."""
    connection = connections[DEFAULT_DB_ALIAS]
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in names]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"
    adapts = [(place, adapt) for place, field in enumerate(fields) if (adapt := _adapt(field))]
    written: Any = (_adapted(row, adapts) for row in rows) if adapts else rows
    with connection.cursor() as cursor:
        cursor.executemany(sql, written)


def _adapt(field: Any) -> Callable[[Any], Any] | None:
    if isinstance(field, models.DateTimeField):
        return lru_cache(maxsize=1024)(connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value)
    return json.dumps if isinstance(field, models.JSONField) else None


def _adapted(row: Sequence[Any], adapts: Sequence[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    values = list(row)
    for place, adapt in adapts:
        values[place] = adapt(values[place])
    return values
