"""Putting the triggers in place, and telling which of them are missing or not what they should be.

Installed after every migration (`on_migrated`), because a migration may remake a table and with it lose its triggers.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from huiyin.foundation.guards import BEHIND, SETTING, UNDER_WAY, guard_of
from huiyin.foundation.guards.triggers import FUNCTIONS, Trigger, triggers_of

_COLUMNS = {
    "sqlite": """SELECT s.name, c.name FROM sqlite_schema s, pragma_table_info(s.name) c WHERE s.type = 'table'""",
    "postgresql": """SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = current_schema()""",
}
_FOUND = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'guard\\_%' ESCAPE '\\'",
    "postgresql": """SELECT t.tgname, c.relname,
            CASE WHEN t.tgenabled IN ('O', 'A') THEN pg_get_triggerdef(t.oid) ELSE 'disabled' END
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT t.tgisinternal AND t.tgname LIKE 'guard\\_%' AND n.nspname = current_schema()""",
}
_SOURCES = """SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.proname IN ('guard_refuse', 'guard_note') AND n.nspname = current_schema()"""


def wanted() -> dict[str, Trigger]:
    """Return by name every trigger that should stand, of the tables that are there.

    A table taken back to an earlier version is guarded by the columns it still has: the earlier code finds what it wants.
    """
    there: dict[str, set[str]] = {}
    for table, column in _read(_COLUMNS[connection.vendor]):
        there.setdefault(table, set()).add(column)
    if not {BEHIND, UNDER_WAY} <= there.keys():
        return {}
    made: dict[str, Trigger] = {}
    for model in apps.get_models(include_auto_created=True):
        table, guard, key = model._meta.db_table, guard_of(model), str(model._meta.pk.column)
        found = there.get(table, set())
        if model._meta.managed and not model._meta.proxy and {key, *guard.but} <= found:
            columns = [str(field.column) for field in model._meta.local_concrete_fields if field.column in found]
            for one in triggers_of(table, key, columns, guard, vendor=connection.vendor):
                made[one.name] = one
    return made


def problems() -> Iterator[str]:
    """Name every trigger that is missing, not what it should be, or nobody's; nothing when all is well."""
    should, found = wanted(), _found()
    if not should:
        yield "一个触发器也没有"
    for name, one in should.items():
        if name not in found:
            yield f"{one.table} 缺少触发器 {name}"
        elif found[name].text != _plain(one.text):
            yield f"{one.table} 的触发器 {name} 被改过或停用了"
    for name in found.keys() - should.keys():
        yield f"{found[name].table} 上有不认识的触发器 {name}"
    for name in _functions_amiss():
        yield f"函数 {name} 被改过或不见了"


def install() -> None:
    """Put in place what is missing and replace what is not as it should be. Repeatable."""
    should, found = wanted(), _found()
    amiss = [one for name, one in found.items() if name not in should or one.text != _plain(should[name].text)]
    left = found.keys() - {one.name for one in amiss}
    statements = [_drop(one) for one in amiss]
    if should:
        statements += [_function(name) for name in _functions_amiss()]
    statements += [one.text for name, one in should.items() if name not in left]
    _run(statements)


def remove(*, kept_only: bool = False) -> None:
    """Take the triggers away: for the remaking of tables, and for tests that empty them or plant what must be found."""
    _run([_drop(one) for name, one in _found().items() if not kept_only or "_keep_" in name])


@contextmanager
def set_aside() -> Iterator[None]:
    """Do without the triggers for a while: a bench compares with rows nobody guards, and multiplies them by the million."""
    remove()
    try:
        yield
    finally:
        install()


def before_migrating(plan: Any = (), **_: Any) -> None:
    """Step aside for a migration: SQLite remakes tables and looks at every trigger; PostgreSQL takes it for a command."""
    if not plan:
        return
    if connection.vendor == "sqlite":
        remove()
    else:
        _run([f"SET {SETTING} = '1'"])


def on_migrated(plan: Any = None, **_: Any) -> None:
    """Install the triggers. When there was nothing to migrate, none may be missing: what is, is said and put back."""
    if connection.vendor == "postgresql":
        _run([f"RESET {SETTING}"])
    if plan == [] and wanted():
        amiss = list(problems())
        for sentence in amiss[:20]:
            logging.getLogger(__name__).warning("%s,已重新装上", sentence)
        _note(amiss)
    install()


def _note(amiss: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {BEHIND} (table_name, key, operation, at) VALUES (%s, %s, 'guard', CURRENT_TIMESTAMP)",
            [(sentence.split(" ", 1)[0][:63], sentence[-60:]) for sentence in amiss],
        )


def _found() -> dict[str, Trigger]:
    return {name: Trigger(name, table, _plain(text)) for name, table, text in _read(_FOUND[connection.vendor])}


def _functions_amiss() -> list[str]:
    if connection.vendor != "postgresql":
        return []
    there = {name: source for name, source in _read(_SOURCES)}
    return [name for name, body in FUNCTIONS.items() if there.get(name) != body]


def _function(name: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body${FUNCTIONS[name]}$body$"


def _drop(one: Trigger) -> str:
    return f"DROP TRIGGER {one.name}" + (f' ON "{one.table}"' if connection.vendor == "postgresql" else "")


def _plain(text: str) -> str:
    """Leave out what PostgreSQL adds when it shows a trigger: quotes, casts, brackets, the schema."""
    if connection.vendor == "sqlite":
        return text
    bare = re.sub(r'::text|["()]', "", text)
    return " ".join(re.sub(r"\b(ON|FUNCTION) \w+\.", r"\1 ", bare).split())


def _read(sql: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _run(statements: list[str]) -> None:
    if not statements:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(";\n".join(statements))
        else:
            for one in statements:
                cursor.execute(one)
