"""From now on no migration stands in the way of those who are at work: what locks a large table is refused here."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from huiyin.foundation.postgres import indexes

# Large and always in use, or soon to be.
BIG = {
    *("cases.case", "complaints.complaint", "repairs.workorder", "return_visits.returnvisit", "return_visits.attempt"),
    *("service_desk.contact", "past_cases.importedcase", "estate.unit", "estate.household", "estate.person"),
    *("estate.phone", "estate.occupancy", "files.storedfile", "idempotency.command", "journal.entry"),
    *("standards.commitment", "standards.draw", "standards.miss", "standards.occurrence", "standards.pause"),
    *("standards.step",),
}
# The last migration of each app that was written before anybody had a database to be careful with.
PAST = {
    "accounts": 2,
    "cases": 4,
    "complaints": 1,
    "estate": 2,
    "files": 1,
    "idempotency": 1,
    "jobs": 1,
    "journal": 1,
    "numbers": 1,
    "past_cases": 1,
    "repairs": 1,
    "return_visits": 1,
    "service_desk": 2,
    "staffing": 2,
    "standards": 8,
}
# (app, migration): why it may all the same, e.g. "widens a varchar: PostgreSQL changes its catalogue alone".
WEIGHED: dict[tuple[str, str], str] = {
    ("estate", "0004_personal_details"): "people are thousands a company, not millions: read in milliseconds",
    (
        "return_visits",
        "0002_projects",
    ): "drops a NOT NULL: PostgreSQL changes its catalogue alone; visits are thousands a year: checked in milliseconds",
}


def obstacles(migration: migrations.Migration) -> Iterator[str]:
    """Say what in the migration would hold a large table for as long as it takes to read it."""
    new = {one.name_lower for one in migration.operations if isinstance(one, migrations.CreateModel)}
    for operation in _all(migration.operations):
        model = str(getattr(operation, "model_name_lower", ""))
        if isinstance(operation, indexes.AddIndex | indexes.RemoveIndex):
            if migration.atomic or len(migration.operations) > 1:
                yield f"{model}: an index made CONCURRENTLY stands alone in a migration with atomic = False"
        elif f"{migration.app_label}.{model}" in BIG and model not in new and (said := _obstacle(operation)):
            yield f"{model}: {said}"


def _obstacle(operation: Any) -> str:
    match operation:
        case migrations.AddIndex():
            return "use huiyin.foundation.postgres.indexes.AddIndex"
        case migrations.AddConstraint():
            return "a constraint reads the whole table under lock; add it NOT VALID and validate it, or weigh it"
        case indexes.WithoutOwnIndex():
            return ""
        case migrations.AlterField():
            return "altering a column may rewrite the table; add a new one, or weigh it"
        case migrations.AddField(field=field) if not field.null and not field.has_db_default():
            return "a new column is null=True or has a db_default: the version still running writes without it"
    return ""


def _all(operations: list[Any]) -> Iterator[Any]:
    for operation in operations:
        yield operation
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from _all(operation.database_operations)


def future() -> list[migrations.Migration]:
    found = MigrationLoader(None).disk_migrations
    return [
        one
        for (app, name), one in sorted(found.items())
        if one.__module__.startswith("huiyin.") and int(name[:4]) > PAST.get(app, 0) and (app, name) not in WEIGHED
    ]


def test_no_migration_stands_in_the_way() -> None:
    assert {f"{one.app_label}.{one.name}": found for one in future() if (found := list(obstacles(one)))} == {}


INDEX = models.Index(fields=["kind"], name="entry_kind")
REFUSED = [
    migrations.AddIndex("entry", INDEX),
    migrations.AlterField("entry", "kind", models.CharField(max_length=90)),
    migrations.AddField("entry", "weight", models.IntegerField(default=0), preserve_default=False),
    migrations.AddConstraint("entry", models.CheckConstraint(condition=models.Q(kind="x"), name="x")),
    migrations.SeparateDatabaseAndState(database_operations=[migrations.AddIndex("entry", INDEX)]),
    indexes.AddIndex("entry", INDEX),
]
ALLOWED = [
    migrations.AddField("entry", "weight", models.IntegerField(null=True)),
    migrations.AddField("entry", "weight", models.IntegerField(db_default=0)),
    migrations.AddIndex("role", INDEX),
    migrations.RemoveField("entry", "note"),
    indexes.WithoutOwnIndex("entry", "actor", models.ForeignKey("accounts.User", models.PROTECT, db_index=False)),
]


@pytest.mark.parametrize("operation", REFUSED, ids=lambda one: type(one).__name__)
def test_what_would_lock_a_large_table_is_seen(operation: Any) -> None:
    assert len(list(obstacles(_with(operation)))) == 1


@pytest.mark.parametrize("operation", ALLOWED, ids=lambda one: type(one).__name__)
def test_what_changes_the_catalogue_alone_passes(operation: Any) -> None:
    assert list(obstacles(_with(operation))) == []


def test_an_index_made_by_the_way_passes_alone_and_outside_a_transaction() -> None:
    alone = _with(indexes.AddIndex("entry", INDEX))
    alone.atomic = False
    assert list(obstacles(alone)) == []
    alone.operations = [*alone.operations, ALLOWED[0]]
    assert len(list(obstacles(alone))) == 1


def test_a_table_may_get_what_it_likes_in_the_migration_that_makes_it() -> None:
    made = _with(migrations.CreateModel("entry", fields=[]))
    made.operations = [*made.operations, migrations.AddIndex("entry", INDEX)]
    assert list(obstacles(made)) == []


def _with(operation: Any) -> migrations.Migration:
    made = migrations.Migration("0099_try", "journal")
    made.operations = [operation]
    return made
