"""Writing single rows, and reading what every page reads, by prepared statements.

Django composes the SQL of every `save()`, `update()` and query anew, which costs ten times what SQLite needs to run it.
The busiest operations (taking a matter writes a dozen rows) and pages (twenty queries each) go through here; the
statements are composed once.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Field, Model, QuerySet, Value
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=Model)
Adapt = Callable[[Any], Any] | None

_READY = frozenset({str, int, bool, type(None)})
# What the driver takes as it is; the rest (moments, days, amounts, JSON) is prepared by its field.
_PLAIN = (models.CharField, models.TextField, models.BooleanField, models.IntegerField, models.ForeignKey)


def new(model: type[Row], /, **values: Any) -> Row:
    """Make an object to be inserted, as the class itself would, without `__init__` and its signals.

    A related object may be given by itself or by its id. Refused as a bug: a name the model does not have.
    """
    plain, made, related = _blank(model)
    row = model.__new__(model)
    row._state = ModelState()
    own = row.__dict__
    own.update(plain)
    for name, make in made:
        own[name] = make()
    for name, value in values.items():
        if name in own:
            own[name] = value
        elif name in related:
            field = related[name]
            own[field.attname] = None if value is None else value.pk
            field.set_cached_value(row, value)
        else:
            raise TypeError(f"{model.__name__} has no field {name!r}")
    return row


@lru_cache(maxsize=256)
def _blank(model: type[Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]], dict[str, Any]]:
    fields: list[Any] = list(model._meta.concrete_fields)
    made = [(one.attname, one.default) for one in fields if one.has_default() and callable(one.default)]
    plain = {one.attname: one.get_default() for one in fields if one.attname not in dict(made)}
    return plain | dict.fromkeys(dict(made)), made, {one.name: one for one in fields if one.name != one.attname}


def insert(row: Row) -> Row:
    """Save a new row as `save(force_insert=True)` would, constraints included, and give it its id.

    Not for models whose fields fill themselves in while saving (`auto_now`).
    """
    connection = connections[DEFAULT_DB_ALIAS]
    sql, fields = _insert_statement(type(row), connection.vendor)
    row.pk = _fetched(connection, sql, _values(row, fields))[0][0]
    row._state.adding = False
    row._state.db = DEFAULT_DB_ALIAS
    return row


def insert_all(rows: Sequence[Model]) -> None:
    """Save new rows of one model; they do not learn their ids."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    sql, fields = _insert_statement(type(rows[0]), connection.vendor)
    _ran_for_all(connection, sql.rpartition(" RETURNING ")[0], [_values(row, fields) for row in rows])


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
    return _ran(connection, sql, [*values, pk, *statuses])


def read(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a fixed query and return its rows; moments come as the database keeps them (see `moment`)."""
    told = [_stored(value) if isinstance(value, datetime) else value for value in parameters]
    return _fetched(connections[DEFAULT_DB_ALIAS], sql, told)


def run(sql: str, parameters: Sequence[Any]) -> int:
    """Run a fixed statement that changes rows in a set; return how many."""
    told = [_stored(value) if isinstance(value, datetime) else value for value in parameters]
    return _ran(connections[DEFAULT_DB_ALIAS], sql, told)


def run_all(sql: str, parameters: Iterable[Sequence[Any]]) -> None:
    """Run a fixed statement once for each of these rows of parameters."""
    told = [[_stored(value) if isinstance(value, datetime) else value for value in row] for row in parameters]
    if told:
        _ran_for_all(connections[DEFAULT_DB_ALIAS], sql, told)


def moment(value: Any) -> datetime:
    """Read a moment that came from `read`."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value if value.tzinfo else value.replace(tzinfo=UTC)  # type: ignore[no-any-return]  # rows of the driver carry no types


class Written(Value):
    """A word written into the statement: SQLite uses a partial index only where it can read its condition. Never typed text."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return f"'{self.value}'", ()


@dataclass(frozen=True)
class _Place:
    """Where in the values of a call a parameter of the statement is found; `at` for one of a tuple."""

    value: int
    at: int = -1


class Prepared(Generic[Row]):
    """A query whose SQL is composed once.

    `build` is called with a slot for each value (a tuple of slots for a tuple or list, None for None) and answers a queryset of
    models; slots may stand wherever a value may stand in a filter. `select_related`, `only`, `defer`, annotations and slices work;
    `prefetch_related` does not. Objects are made without `__init__` and its signals.
    """

    def __init__(self, build: Callable[..., QuerySet[Row]]) -> None:
        self._build = build
        self._statements: dict[Any, _Statement | None] = {}

    def all(self, *values: Any) -> list[Row]:
        """Run the query with these values."""
        connection = connections[DEFAULT_DB_ALIAS]
        shape = (
            connection.vendor,
            *(len(v) if isinstance(v, (tuple, list)) else -1 if v is not None else None for v in values),
        )
        if shape not in self._statements:
            self._statements[shape] = _Statement.of(self._build(*(_slot(n, value) for n, value in enumerate(values))))
        statement = self._statements[shape]
        if statement is None:
            return []
        found = _fetched(connection, statement.sql, [_filled(parameter, values) for parameter in statement.parameters])
        return statement.make(found, connection)

    def first(self, *values: Any) -> Row | None:
        """Run the query and return its first row; the query should carry its own limit."""
        found = self.all(*values)
        return found[0] if found else None


def fetch(queryset: QuerySet[Row]) -> list[Row]:
    """Run a queryset whose SQL differs from time to time, and make its objects as `Prepared` does."""
    connection = connections[DEFAULT_DB_ALIAS]
    statement = _Statement.of(queryset)
    if statement is None:
        return []
    return statement.make(_fetched(connection, statement.sql, statement.parameters), connection)


# Reads the value of a column as the driver gave it.
_Read = Callable[[Any, Any], Any]
# What was made of one result already, by where it stands in a row and its key.
_Known = dict[tuple[int, Any], Any]


@dataclass(frozen=True)
class _Statement:
    sql: str
    parameters: tuple[Any, ...]
    whole: "_Part"
    annotated: tuple[tuple[str, int, _Read | None], ...]

    @classmethod
    def of(cls, queryset: QuerySet[Any]) -> "_Statement | None":
        """Compose the statement; None when it can find nothing, as with an empty list to be among."""
        compiler: Any = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return None
        selected = [one[0] for one in compiler.select[: compiler.col_count]]
        reads = {at: _reading(converts, of) for at, (converts, of) in compiler.get_converters(selected).items()}
        whole = _Part.read(compiler.klass_info, compiler.select, reads)
        annotated = tuple((name, at, reads.get(at)) for name, at in compiler.annotation_col_map.items())
        return cls(sql, tuple(parameters), whole, annotated)

    def make(self, found: Sequence[Sequence[Any]], connection: Any) -> list[Any]:
        """Make an object of each row. What hangs on several of them is one object."""
        known: _Known = {}
        made = []
        for row in found:
            one = self.whole.make(row, connection, known)
            for name, at, read in self.annotated:
                setattr(one, name, row[at] if read is None else read(row[at], connection))
            made.append(one)
        return made


@dataclass(frozen=True)
class _Part:
    """Which columns of a row make an object of one model, and those hanging on it by `select_related`."""

    model: type[Model]
    first: int
    last: int
    names: tuple[str, ...]
    reads: tuple[tuple[str, _Read], ...]
    key: int
    hang: Callable[[Any, Any], None] | None
    parts: tuple["_Part", ...]

    @classmethod
    def read(cls, said: Mapping[str, Any], select: Sequence[Any], reads: Mapping[int, _Read]) -> "_Part":
        first, last = said["select_fields"][0], said["select_fields"][-1] + 1
        names = tuple(one[0].target.attname for one in select[first:last])
        read = tuple((name, reads[at]) for at, name in enumerate(names, start=first) if at in reads)
        parts = tuple(cls.read(one, select, reads) for one in said.get("related_klass_infos", ()))
        key = first + names.index(said["model"]._meta.pk.attname)
        return cls(said["model"], first, last, names, read, key, said.get("local_setter"), parts)

    def make(self, row: Sequence[Any], connection: Any, known: _Known) -> Any:
        made: Any = self.model.__new__(self.model)
        state = made._state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        own = made.__dict__
        own.update(zip(self.names, row[self.first : self.last], strict=True))
        for name, read in self.reads:
            own[name] = read(own[name], connection)
        for part in self.parts:
            assert part.hang is not None
            key = row[part.key]
            if key is None:
                part.hang(made, None)
                continue
            place = part.first, key
            if place not in known:
                known[place] = part.make(row, connection, known)
            part.hang(made, known[place])
        return made


def _reading(converts: Sequence[Callable[..., Any]], of: Any) -> _Read:
    """Return what Django's converters of a column come to, each a call for every row; SQLite's moments are read at once."""
    operations: Any = connections[DEFAULT_DB_ALIAS].ops
    if connections[DEFAULT_DB_ALIAS].vendor == "sqlite" and converts == [operations.convert_datetimefield_value]:
        return _moment_here

    def read(value: Any, connection: Any) -> Any:
        for convert in converts:
            value = convert(value, of, connection)
        return value

    return read


def _moment_here(value: Any, connection: Any) -> datetime | None:
    return None if value is None else moment(value)


def _fetched(connection: Any, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    if _straight(connection):
        with connection.wrap_database_errors:
            return connection.straight(sql, parameters).fetchall()  # type: ignore[no-any-return]  # rows of the driver carry no types
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _ran(connection: Any, sql: str, parameters: Sequence[Any]) -> int:
    if _straight(connection):
        with connection.wrap_database_errors:
            return int(connection.straight(sql, parameters).rowcount)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def _ran_for_all(connection: Any, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
    if _straight(connection):
        with connection.wrap_database_errors:
            connection.create_cursor().executemany(sql, parameters)
        return
    with connection.cursor() as cursor:
        cursor.executemany(sql, parameters)


def _straight(connection: Any) -> bool:
    """Tell whether the driver may be spoken to directly: on one file, Django's wrapping costs as much as what it wraps.

    Not when somebody watches the statements, nor before the connection is there.
    """
    if connection.vendor != "sqlite" or connection.connection is None:
        return False
    if connection.execute_wrappers or connection.force_debug_cursor:
        return False
    connection.validate_no_broken_transaction()
    return True


def _slot(n: int, value: Any) -> Any:
    if value is None:
        return None
    return (
        tuple(Value(_Place(n, at)) for at in range(len(value)))
        if isinstance(value, (tuple, list))
        else Value(_Place(n))
    )


def _filled(parameter: Any, values: Sequence[Any]) -> Any:
    if type(parameter) is not _Place:
        return parameter
    value = values[parameter.value] if parameter.at < 0 else values[parameter.value][parameter.at]
    return _stored(value) if isinstance(value, datetime) else _bare(value)


def _bare(value: Any) -> Any:
    """Drop the enumeration around a text or number; drivers are slow with subclasses."""
    return value if type(value) in _READY or not isinstance(value, Enum) else value.value


def _values(row: Model, fields: Sequence[tuple[str, Adapt]]) -> list[Any]:
    own = row.__dict__
    return [
        # The same as `_bare`, without a call for each of a row's twenty-odd plain values.
        (value if type(value) in _READY or not isinstance(value, Enum) else value.value)
        if adapt is None
        else adapt(value)
        for value, adapt in [(own[name], adapt) for name, adapt in fields]
    ]


def _adapt(field: "Field[Any, Any]") -> Adapt:
    if isinstance(field, _PLAIN) and not isinstance(field, models.DecimalField) and not _writes_otherwise(field):
        return None
    if isinstance(field, models.DateTimeField):
        return _stored
    if type(field) is models.JSONField and connections[DEFAULT_DB_ALIAS].vendor == "sqlite":
        return lambda value: None if value is None else json.dumps(value, cls=field.encoder)
    return lambda value: field.get_db_prep_save(value, connections[DEFAULT_DB_ALIAS])


def _writes_otherwise(field: "Field[Any, Any]") -> bool:
    """Tell whether a text is not written as it stands, as one that is encrypted: then its field must prepare it."""
    return isinstance(field, (models.CharField, models.TextField)) and not type(field).__module__.startswith("django.")


@lru_cache(maxsize=4096)
def _stored(at: datetime | None) -> Any:
    """Write a moment as the database keeps it; one command writes the same moment many times."""
    return None if at is None else connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(at)


@lru_cache(maxsize=256)
def _insert_statement(model: type[Model], vendor: str) -> tuple[str, list[tuple[str, Adapt]]]:
    own_key = model._meta.pk
    fields: list[Any] = [f for f in model._meta.concrete_fields if not (f is own_key and f.db_returning)]
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = ", ".join(quote(f.column) for f in fields)
    marks = ", ".join(["%s"] * len(fields))
    table, key = quote(model._meta.db_table), quote(str(own_key.column))
    sql = f"INSERT INTO {table} ({columns}) VALUES ({marks}) RETURNING {key}"
    return sql, [(field.attname, _adapt(field)) for field in fields]


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
