"""The step of a migration that takes an index away, on a table of its own."""

from collections.abc import Iterator

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from huiyin.foundation.postgres.indexes import WithoutOwnIndex

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = "indexing_door"


def _key(*, index: bool) -> "models.ForeignKey[object, object]":
    return models.ForeignKey("indexing.House", models.PROTECT, null=True, db_index=index)


STEP = WithoutOwnIndex("door", "house", _key(index=False))


@pytest.fixture
def before() -> Iterator[ProjectState]:
    """Return a state of two tables that are there, the one pointing to the other, with another index on the same column."""
    state = ProjectState()
    pk = ("id", models.BigAutoField(primary_key=True))
    named = models.Index(fields=["house"], condition=models.Q(house__isnull=False), name="door_of_house")
    for make in (
        migrations.CreateModel("House", [pk]),
        migrations.CreateModel("Door", [pk, ("house", _key(index=True))], {"indexes": [named]}),
    ):
        make.state_forwards("indexing", state)
    with connection.schema_editor() as editor:
        for name in ("house", "door"):
            editor.create_model(state.apps.get_model("indexing", name))
    yield state
    with connection.schema_editor() as editor:
        for name in ("door", "house"):
            editor.delete_model(state.apps.get_model("indexing", name))


def _indexes() -> set[str]:
    """Return what stands on the column: `own`, the name of the other, `foreign key`."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, TABLE)
    on_it = {name: one for name, one in found.items() if one["columns"] == ["house_id"]}
    return {
        "foreign key" if one["foreign_key"] else name if name == "door_of_house" else "own"
        for name, one in on_it.items()
    }


def test_only_the_index_goes_and_comes_back(before: ProjectState) -> None:
    after = before.clone()
    STEP.state_forwards("indexing", after)
    everything = {"own", "door_of_house", "foreign key"}
    assert _indexes() == everything

    with connection.schema_editor() as editor:
        STEP.database_forwards("indexing", editor, before, after)
    assert _indexes() == everything - {"own"}

    with connection.schema_editor() as editor:
        STEP.database_backwards("indexing", editor, after, before)
    assert _indexes() == everything


def test_the_migrations_know_that_it_is_gone(before: ProjectState) -> None:
    after = before.clone()
    STEP.state_forwards("indexing", after)
    assert not after.apps.get_model("indexing", "Door")._meta.get_field("house").db_index
