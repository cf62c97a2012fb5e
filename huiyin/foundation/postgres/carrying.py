"""Carrying the rows of a stopped SQLite file into a migrated, empty PostgreSQL, past the ORM, and comparing both sides.

Both sides are brought to the same plain values by the type of the field, and a table's checksum is the sum of its
rows' digests: whatever order the rows come in, and whatever either engine makes of a moment or an amount.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from graphlib import TopologicalSorter
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model
from psycopg.types.string import TextLoader

Read = Callable[[Any], Any]
_CHUNK = 5000


@dataclass(frozen=True)
class Table:
    """`key` is the column whose ids come from a sequence, if there is one."""

    name: str
    columns: tuple[str, ...]
    reads: tuple[Read, ...]
    key: str

    def select(self) -> str:
        return f'SELECT {self._listed()} FROM "{self.name}"'

    def copy(self) -> str:
        return f'COPY "{self.name}" ({self._listed()}) FROM STDIN'

    def _listed(self) -> str:
        return ", ".join(f'"{column}"' for column in self.columns)


@dataclass(frozen=True)
class Sum:
    """What a table holds, in two figures."""

    rows: int
    checksum: str


def prepare(target: Any) -> None:
    """Let the psycopg connection return JSON as it is written: what it makes of a JSON null could be no value at all."""
    for name in ("json", "jsonb"):
        target.adapters.register_loader(name, TextLoader)


def tables() -> list[Table]:
    """Return the tables of all models, those pointed at before those that point at them."""
    models: list[type[Model]] = [one for one in apps.get_models(include_auto_created=True) if one._meta.managed]
    known = {one._meta.db_table: one for one in models}
    points_at = {name: _pointed_at(one) - {name} for name, one in known.items()}
    return [_table(known[name]) for name in TopologicalSorter(points_at).static_order() if name in known]


def _pointed_at(model: type[Model]) -> set[str]:
    return {one.related_model._meta.db_table for one in model._meta.concrete_fields if one.related_model}


def _table(model: type[Model]) -> Table:
    fields: list[Any] = list(model._meta.concrete_fields)
    counted = model._meta.auto_field
    return Table(
        name=model._meta.db_table,
        columns=tuple(field.column for field in fields),
        reads=tuple(_reading(field) for field in fields),
        key=str(counted.column) if counted else "",
    )


def plain_rows(table: Table, found: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Bring rows as a driver returns them to plain values."""
    for row in found:
        yield tuple(None if value is None else read(value) for read, value in zip(table.reads, row, strict=True))


class Summing:
    """Let rows pass and add them up."""

    def __init__(self) -> None:
        self._rows, self._total = 0, 0

    def passing(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        for row in rows:
            digest = blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=16).digest()
            self._total += int.from_bytes(digest)
            self._rows += 1
            yield row

    def sum(self) -> Sum:
        return Sum(self._rows, f"{self._total % 2**128:032x}")


def copy_in(table: Table, *, source: Any, target: Any) -> Sum:
    """Write every row of the table over, and return what was read. `source` is a DB-API, `target` a psycopg connection."""
    summing = Summing()
    with target.cursor() as cursor, cursor.copy(table.copy()) as copy:
        for row in summing.passing(plain_rows(table, _chunks(source.execute(table.select())))):
            copy.write_row(row)
    return summing.sum()


def sum_of(table: Table, *, target: Any) -> Sum:
    """Read the table back from the server and return what it holds."""
    summing = Summing()
    with target.cursor(name="summing") as cursor:
        cursor.itersize = _CHUNK
        for _ in summing.passing(plain_rows(table, cursor.execute(table.select()))):
            pass
    return summing.sum()


def set_sequence(table: Table, *, source: Any, target: Any) -> None:
    """Let the server go on numbering where the file stopped, also behind rows that were deleted."""
    if not table.key:
        return
    given = source.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table.name]).fetchone()
    highest = source.execute(f'SELECT MAX("{table.key}") FROM "{table.name}"').fetchone()[0]
    last = max(given[0] if given else 0, highest or 0)
    sequence = "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)"
    target.execute(sequence, [f'"{table.name}"', table.key, max(last, 1), last > 0])


def _chunks(cursor: Any) -> Iterator[Sequence[Any]]:
    while found := cursor.fetchmany(_CHUNK):
        yield from found


def _reading(field: Any) -> Read:
    while field.is_relation:
        field = field.target_field
    kind = field.get_internal_type()
    if kind == "DecimalField":
        return partial(_amount, Decimal(1).scaleb(-field.decimal_places))
    if kind not in _READS:
        raise TypeError(f"{field}: nobody has said yet how a {kind} is carried over")
    return _READS[kind]


def _amount(step: Decimal, value: Any) -> Decimal:
    return Decimal(str(value)).quantize(step)


def _moment(value: Any) -> datetime:
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _hour(value: Any) -> time:
    return time.fromisoformat(value) if isinstance(value, str) else value


def _span(value: Any) -> timedelta:
    return value if isinstance(value, timedelta) else timedelta(microseconds=value)


def _json(value: Any) -> str:
    return json.dumps(json.loads(value), ensure_ascii=False, sort_keys=True)


_WHOLE = (
    "AutoField",
    "BigAutoField",
    "BigIntegerField",
    "IntegerField",
    "PositiveBigIntegerField",
    "PositiveIntegerField",
    "PositiveSmallIntegerField",
    "SmallAutoField",
    "SmallIntegerField",
)
_TEXT = ("CharField", "EmailField", "FileField", "GenericIPAddressField", "SlugField", "TextField", "URLField")
_READS: dict[str, Read] = {
    **dict.fromkeys(_WHOLE, int),
    **dict.fromkeys(_TEXT, str),
    "BinaryField": bytes,
    "BooleanField": bool,
    "DateField": _day,
    "DateTimeField": _moment,
    "DurationField": _span,
    "FloatField": float,
    "JSONField": _json,
    "TimeField": _hour,
    "UUIDField": lambda value: value if isinstance(value, UUID) else UUID(value),
}
