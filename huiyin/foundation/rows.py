"""Writing single rows by prepared statements.

Django composes the SQL of every `save()` and `update()` anew, which costs ten times what SQLite needs to run it. The
busiest operations (taking a matter writes a dozen rows) go through here; the statements are composed once per model.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Field, Model

Row = TypeVar("Row", bound=Model)
Adapt = Callable[[Any], Any] | None

# What the driver takes as it is; the rest (moments, days, amounts, JSON) is prepared by its field.
_PLAIN = (models.CharField, models.TextField, models.BooleanField, models.IntegerField, models.ForeignKey)


def insert(row: Row) -> Row:
    """Save a new row as `save(force_insert=True)` would, constraints included, and give it its id.

    Not for models whose fields fill themselves in while saving (`auto_now`).
    """
    connection = connections[DEFAULT_DB_ALIAS]
    sql, fields = _insert_statement(type(row), connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(row, fields))
        row.pk = cursor.fetchone()[0]
    row._state.adding = False
    row._state.db = DEFAULT_DB_ALIAS
    return row


def insert_all(rows: Sequence[Model]) -> None:
    """Save new rows of one model; they do not learn their ids."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    sql, fields = _insert_statement(type(rows[0]), connection.vendor)
    with connection.cursor() as cursor:
        cursor.executemany(sql.rpartition(" RETURNING ")[0], [_values(row, fields) for row in rows])


def change(
    model: type[Model], pk: Any, fields: Mapping[str, Any], *, where: str = "", among: Iterable[Any] = ()
) -> int:
    """Set fields of one row while its field `where` still has one of the values `among`; return how many rows (0, 1).

    Values are plain: for expressions use the ORM.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    statuses = [_bare(value) for value in among]
    sql, adapts = _update_statement(model, tuple(fields), where, len(statuses), connection.vendor)
    values = [
        _bare(value.pk if isinstance(value, Model) else value) if adapt is None else adapt(value)
        for adapt, value in zip(adapts, fields.values(), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, pk, *statuses])
        return int(cursor.rowcount)


def read(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a fixed query and return its rows; moments come as the database keeps them (see `moment`)."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(sql, [_stored(value) if isinstance(value, datetime) else value for value in parameters])
        return list(cursor.fetchall())


def run(sql: str, parameters: Sequence[Any]) -> int:
    """Run a fixed statement that changes rows in a set; return how many."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(sql, [_stored(value) if isinstance(value, datetime) else value for value in parameters])
        return int(cursor.rowcount)


def moment(value: Any) -> datetime:
    """Read a moment that came from `read`."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value if value.tzinfo else value.replace(tzinfo=UTC)  # type: ignore[no-any-return]


def _bare(value: Any) -> Any:
    """Drop the enumeration around a text or number; drivers are slow with subclasses."""
    return value.value if isinstance(value, Enum) else value


def _values(row: Model, fields: "Sequence[tuple[Field[Any, Any], Adapt]]") -> list[Any]:
    own = row.__dict__
    return [_bare(own[field.attname]) if adapt is None else adapt(own[field.attname]) for field, adapt in fields]


def _adapt(field: "Field[Any, Any]") -> Adapt:
    if isinstance(field, _PLAIN) and not isinstance(field, models.DecimalField):
        return None
    if isinstance(field, models.DateTimeField):
        return _stored
    return lambda value: field.get_db_prep_save(value, connections[DEFAULT_DB_ALIAS])


@lru_cache(maxsize=4096)
def _stored(at: datetime | None) -> Any:
    """Write a moment as the database keeps it; one command writes the same moment many times."""
    return None if at is None else connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(at)


@lru_cache(maxsize=256)
def _insert_statement(model: type[Model], vendor: str) -> "tuple[str, list[tuple[Field[Any, Any], Adapt]]]":
    own_key = model._meta.pk
    fields: list[Any] = [f for f in model._meta.concrete_fields if not (f is own_key and f.db_returning)]
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = ", ".join(quote(f.column) for f in fields)
    marks = ", ".join(["%s"] * len(fields))
    table, key = quote(model._meta.db_table), quote(str(own_key.column))
    sql = f"INSERT INTO {table} ({columns}) VALUES ({marks}) RETURNING {key}"
    return sql, [(field, _adapt(field)) for field in fields]


@lru_cache(maxsize=512)
def _update_statement(
    model: type[Model], names: tuple[str, ...], where: str, among: int, vendor: str
) -> tuple[str, list[Adapt]]:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    named = {field.attname: field for field in model._meta.concrete_fields}
    fields: list[Any] = [named.get(name) or model._meta.get_field(name) for name in names]
    sets = ", ".join(f"{quote(f.column)} = %s" for f in fields)
    sql = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {quote(str(model._meta.pk.column))} = %s"
    if where:
        column = quote(str(named[where].column))
        sql += f" AND {column} IN ({', '.join(['%s'] * among)})"
    return sql, [_adapt(field) for field in fields]
