"""Encrypting anew what older keys encrypted, a batch at a time; it may be stopped at any point and run again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

from huiyin.foundation import rows
from huiyin.foundation.privacy.fields import EncryptedTextField
from huiyin.foundation.privacy.keys import MARK_LENGTH, KeyMissing, Ring, ring
from huiyin.foundation.transactions import command

BATCH = 500


@dataclass(frozen=True)
class Sealed:
    """A column of encrypted texts."""

    table: str
    key: str
    column: str

    def after(self, pk: Any, *, other_than: str = "") -> list[tuple[Any, str]]:
        """Return the next texts by key: (key, what stands there); with `other_than`, those without that mark."""
        quote = connection.ops.quote_name
        table, key, column = quote(self.table), quote(self.key), quote(self.column)
        condition = f"AND SUBSTR({column}, 1, {MARK_LENGTH}) <> %s" if other_than else ""
        sql = f"SELECT {key}, {column} FROM {table} WHERE {key} > %s AND {column} <> '' {condition} ORDER BY {key} LIMIT {BATCH}"
        return [(pk, text) for pk, text in rows.read(sql, [pk, other_than] if other_than else [pk])]

    def replace(self, changes: list[tuple[str, Any, str]]) -> None:
        """Write (new, key, old), each only where the old text still stands."""
        quote = connection.ops.quote_name
        table, key, column = quote(self.table), quote(self.key), quote(self.column)
        rows.run_all(f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s", changes)


def sealed_columns() -> Iterator[Sealed]:
    """Yield every encrypted column of the house."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield Sealed(model._meta.db_table, str(_key(model).column), str(field.column))


def rotate() -> int:
    """Encrypt with the first key whatever another one encrypted, and return how many texts that were."""
    keys, done = ring(), 0
    for column in sealed_columns():
        last = 0
        while found := column.after(last, other_than=keys.marks[0]):
            _seal_anew(column, keys, found)
            last, done = found[-1][0], done + len(found)
    return done


@command
def _seal_anew(column: Sealed, keys: Ring, found: list[tuple[Any, str]]) -> None:
    column.replace([(keys.seal(keys.open(text)), pk, text) for pk, text in found])


def count_by_mark() -> dict[str, int]:
    """Count the encrypted texts by the mark of their key."""
    counts: dict[str, int] = {}
    for _, text in _every_text():
        mark = text.partition(":")[0]
        counts[mark] = counts.get(mark, 0) + 1
    return counts


def unreadable(keys: Ring | None = None) -> Iterator[str]:
    """Name every encrypted text that cannot be read with the keys at hand."""
    known = keys or ring()
    for place, text in _every_text():
        try:
            known.open(text)
        except KeyMissing as missing:
            yield f"{place}:{missing.sentence}"


def _every_text() -> Iterator[tuple[str, str]]:
    for column in sealed_columns():
        last = 0
        while found := column.after(last):
            yield from ((f"{column.table}.{column.column} #{pk}", text) for pk, text in found)
            last = found[-1][0]


def _key(model: type[models.Model]) -> Any:
    return model._meta.pk
