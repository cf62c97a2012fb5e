"""Indexes on tables that are large and in use: on PostgreSQL they are made and removed while others go on writing.

A migration with AddIndex or RemoveIndex says `atomic = False` and contains nothing else; elsewhere they are Django's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import NotSupportedError
from django.db.migrations import operations
from django.db.migrations.state import ProjectState
from django.db.models import Index


class AddIndex(operations.AddIndex):
    """Django's AddIndex, CONCURRENTLY on PostgreSQL."""

    atomic = False

    def database_forwards(self, app_label: str, editor: Any, from_state: ProjectState, to_state: ProjectState) -> None:
        if editor.connection.vendor != "postgresql":
            return super().database_forwards(app_label, editor, from_state, to_state)
        model = to_state.apps.get_model(app_label, self.model_name)
        with _unhurried(editor):
            # What an attempt that was cut short has left is there by name, but not valid.
            editor.remove_index(model, self.index, concurrently=True)
            editor.add_index(model, self.index, concurrently=True)

    def database_backwards(self, app_label: str, editor: Any, from_state: ProjectState, to_state: ProjectState) -> None:
        if editor.connection.vendor != "postgresql":
            return super().database_backwards(app_label, editor, from_state, to_state)
        with _unhurried(editor):
            editor.remove_index(from_state.apps.get_model(app_label, self.model_name), self.index, concurrently=True)


class RemoveIndex(operations.RemoveIndex):
    """Django's RemoveIndex, CONCURRENTLY on PostgreSQL."""

    atomic = False

    def database_forwards(self, app_label: str, editor: Any, from_state: ProjectState, to_state: ProjectState) -> None:
        self._turn(app_label, editor, from_state, to_state, back=False)

    def database_backwards(self, app_label: str, editor: Any, from_state: ProjectState, to_state: ProjectState) -> None:
        self._turn(app_label, editor, from_state, to_state, back=True)

    def _turn(
        self, app_label: str, editor: Any, from_state: ProjectState, to_state: ProjectState, *, back: bool
    ) -> None:
        if editor.connection.vendor != "postgresql":
            plain = super().database_backwards if back else super().database_forwards
            return plain(app_label, editor, from_state, to_state)
        having = to_state if back else from_state
        index = having.models[app_label, self.model_name_lower].get_index_by_name(self.name)
        model = having.apps.get_model(app_label, self.model_name)
        with _unhurried(editor):
            (editor.add_index if back else editor.remove_index)(model, index, concurrently=True)


class WithoutOwnIndex(operations.AlterField):
    """Take away the index that a foreign key has of its own, where another begins with it or nobody asks by it.

    `AlterField` for a field of which nothing changes but `db_index`: Django's would make the whole table anew on SQLite.
    PostgreSQL changes its catalogue alone, so it may stand among others.
    """

    def database_forwards(self, app_label: str, editor: Any, from_state: ProjectState, to_state: ProjectState) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        named = {index.name for index in model._meta.indexes}
        column = model._meta.get_field(self.name).column
        for name in editor._constraint_names(model, [column], index=True, type_=Index.suffix, exclude=named):
            editor.execute(editor._delete_index_sql(model, name))

    def database_backwards(self, app_label: str, editor: Any, from_state: ProjectState, to_state: ProjectState) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        editor.execute(editor._create_index_sql(model, fields=[model._meta.get_field(self.name)]))

    def describe(self) -> str:
        return f"Take the index of its own from {self.name} of {self.model_name}"


@contextmanager
def _unhurried(editor: Any) -> Iterator[None]:
    """Let it wait for as long as it takes: nobody waits for it in turn."""
    if editor.connection.in_atomic_block:
        raise NotSupportedError("an index is made CONCURRENTLY outside transactions: set atomic = False")
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        (before,) = cursor.fetchone()
        try:
            cursor.execute("SET lock_timeout = 0")
            yield
        finally:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [before])
