"""Rows written by prepared statements are the rows Django would have written: for every model of the house."""

import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.foundation import rows
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.jobs.models import Job
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.privacy.fields import EncryptedTextField

Raw = list[tuple[Any, ...]]
# A row with something encrypted is never written twice alike; that it is encrypted here too is asserted with the keys.
MODELS = [
    model
    for model in apps.get_models()
    if model.__module__.startswith("huiyin.")
    and not any(isinstance(field, EncryptedTextField) for field in model._meta.concrete_fields)
]
TRIES = settings(
    max_examples=6, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
LETTERS = st.text(st.sampled_from(string.ascii_letters + "云河苑 '\"%?é"), min_size=1, max_size=10)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | LETTERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LETTERS, inner, max_size=3),
    max_leaves=5,
)
MOMENTS = st.datetimes(
    datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.sampled_from([UTC, ZoneInfo("Asia/Shanghai")])
)
AT = datetime(2026, 11, 25, 10, 0, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


def of_field(field: "models.Field[Any, Any]") -> st.SearchStrategy[Any]:
    """Return what may stand in the field; a kind of field nobody has thought of yet fails the test."""
    kinds: list[tuple[Any, st.SearchStrategy[Any]]] = [
        (models.ForeignKey, st.integers(1, 5)),
        (models.BooleanField, st.booleans()),
        (models.PositiveSmallIntegerField, st.integers(0, 9)),
        ((models.PositiveIntegerField, models.PositiveBigIntegerField), st.integers(0, 10**6)),
        ((models.IntegerField, models.BigAutoField), st.integers(-(10**4), 10**4)),
        (models.DecimalField, st.decimals(1, 999, places=getattr(field, "decimal_places", None) or 0)),
        (models.UUIDField, st.uuids()),
        (models.DateTimeField, MOMENTS),
        (models.DateField, st.dates()),
        (models.TimeField, st.times()),
        (models.DurationField, st.timedeltas(timedelta(0), timedelta(days=9))),
        (models.JSONField, JSON),
        ((models.CharField, models.TextField), LETTERS.map(lambda text: text[: field.max_length])),
    ]
    if field.choices:
        chosen: st.SearchStrategy[Any] = st.sampled_from([value for value, _ in field.flatchoices])
    elif field.get_internal_type() == "BigIntegerField" and not isinstance(field, models.IntegerField):
        chosen = st.decimals(0, 999, places=2)  # a quantity, kept in hundredths
    else:
        chosen = next(values for kind, values in kinds if isinstance(field, kind))
    plain = [st.just(field.get_default())] if field.has_default() else [st.none()] if field.null else []
    # What has a default or may be empty mostly is, so that the constraints of a table are met now and then.
    return st.one_of(*plain, *plain, *plain, chosen) if plain else chosen


def own_fields(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    key = model._meta.pk
    return [field for field in model._meta.concrete_fields if not (field is key and field.db_returning)]


def any_row(model: type[models.Model]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({field.attname: of_field(field) for field in own_fields(model)})


def label(model: type[models.Model]) -> str:
    return model._meta.label


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def stored(model: type[models.Model], pk: Any) -> Raw:
    """Return the row as it lies in the database, with the type of every value."""
    shown = "pg_typeof({0})::text, {0}::text" if connection.vendor == "postgresql" else "typeof({0}), quote({0})"
    columns = ", ".join(shown.format(connection.ops.quote_name(f.column)) for f in own_fields(model))
    key = connection.ops.quote_name(str(model._meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {model._meta.db_table} WHERE {key} = %s", [pk])
        return list(cursor.fetchall())


def outcome(model: type[models.Model], write: Callable[[], Any]) -> Raw | str:
    """Return the row that was written, or which constraint did not hold; either way nothing stays."""
    try:
        with undone():
            return stored(model, write())
    except IntegrityError as error:
        if connection.vendor == "sqlite":
            return str(error)
        said: Any = error.__cause__.diag  # type: ignore[union-attr]  (its sentence shows the id that was tried)
        return f"{said.sqlstate} {said.constraint_name} {said.column_name}"


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=label)
def test_an_inserted_row_is_what_save_would_have_written(model: type[models.Model]) -> None:
    written = 0

    @TRIES
    @given(any_row(model))
    def same(values: dict[str, Any]) -> None:
        nonlocal written

        def by_django() -> Any:
            row = model(**values)
            row.save(force_insert=True)
            return row.pk

        expected = outcome(model, by_django)
        assert outcome(model, lambda: rows.insert(model(**values)).pk) == expected
        written += isinstance(expected, list)

    same()
    assert written or model._meta.constraints


def as_values(row: Any) -> dict[str, Any]:
    assert (row._state.adding, row._state.db) == (False, "default")
    return {name: value for name, value in vars(row).items() if name != "_state"}


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=label)
def test_a_row_read_is_what_django_would_have_read_and_a_new_one_what_the_class_would_have_made(
    model: type[models.Model],
) -> None:
    key = str(model._meta.pk.attname)
    prepared = rows.Prepared(lambda pk: model._default_manager.filter(**{key: pk}))

    @TRIES
    @given(any_row(model))
    def same(values: dict[str, Any]) -> None:
        made, by_class = rows.new(model, **values), model(**values)
        assert {**vars(made), "_state": 0} == {**vars(by_class), "_state": 0}
        assert made._state.adding
        try:
            with undone():
                pk = rows.insert(made).pk
                expected = as_values(model._default_manager.get(pk=pk))
                assert [as_values(one) for one in prepared.all(pk)] == [expected]
                assert [as_values(one) for one in rows.fetch(model._default_manager.filter(pk=pk))] == [expected]
        except IntegrityError:
            return

    same()


@pytest.mark.django_db
def test_what_hangs_on_a_row_is_read_with_it_and_what_is_absent_is_none(django_assert_num_queries: Any) -> None:
    anna = accounts.create_user("anna", name="安娜", password="huiyin-2026")
    for subject_id, uploader in enumerate((anna, None)):
        file = {"sha256": "", "size": 12, "content_type": "", "original_name": "", "stored_name": str(subject_id)}
        of = {"subject_type": "sample", "subject_id": subject_id, "uploaded_by": uploader, "uploaded_at": AT}
        rows.insert(rows.new(StoredFile, **file, **of))
    of_subjects = rows.Prepared(
        lambda subjects, kind: (
            StoredFile.objects.filter(subject_id__in=subjects, subject_type=kind)
            .select_related("uploaded_by")
            .annotate(double=F("size") * 2)
            .order_by("id")[:5]
        )
    )
    with django_assert_num_queries(1):
        found: list[Any] = of_subjects.all((0, 1), "sample")
        assert [one.double for one in found] == [24, 24]
        assert [one.uploaded_by and one.uploaded_by.name for one in found] == ["安娜", None]
    assert of_subjects.all((2,), "sample") == of_subjects.all((0, 1), "other") == []
    with django_assert_num_queries(0):
        assert of_subjects.all((), "sample") == rows.fetch(StoredFile.objects.filter(pk__in=[])) == []
    by = rows.Prepared(lambda uploader: StoredFile.objects.filter(uploaded_by=uploader))
    assert [by.all(None)[0].pk, by.all(anna.pk)[0].pk] == [found[1].pk, found[0].pk]


@pytest.mark.django_db
def test_a_column_left_out_is_read_when_asked_for() -> None:
    accounts.create_user("anna", name="安娜", password="huiyin-2026")
    (anna,) = rows.fetch(User.objects.only("username"))
    assert anna.get_deferred_fields() >= {"name"}
    assert anna.name == "安娜"


def test_a_new_row_refuses_a_name_the_model_does_not_have() -> None:
    with pytest.raises(TypeError, match="User has no field 'nmae'"):
        rows.new(User, nmae="安娜")


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize("model", [one for one in MODELS if len(one._meta.concrete_fields) > 1], ids=label)
def test_a_changed_row_is_what_update_would_have_written(model: type[models.Model]) -> None:
    @TRIES
    @given(any_row(model), any_row(model))
    def same(before: dict[str, Any], after: dict[str, Any]) -> None:
        changed = {name: value for name, value in after.items() if name != model._meta.pk.attname}
        try:
            with undone():
                pk = rows.insert(model(**before)).pk
                by_django = outcome(model, lambda: pk if model._default_manager.filter(pk=pk).update(**changed) else 0)
                assert outcome(model, lambda: pk if rows.change(model, pk, changed) else 0) == by_django
        except IntegrityError:
            return

    same()


@pytest.mark.django_db
def test_a_new_row_knows_its_id_and_that_it_is_saved() -> None:
    user = rows.insert(User(username="anna", name="安娜", password="!"))
    assert user.pk == User.objects.get(username="anna").pk
    assert (user._state.adding, user._state.db) == (False, "default")
    user.name = "安妮"
    user.save()
    assert User.objects.get().name == "安妮"


@pytest.mark.django_db
def test_many_rows_are_written_and_none_is_no_statement() -> None:
    with CaptureQueries() as said:
        rows.insert_all([])
    assert said == []
    rows.insert_all([User(username=name, name=name, password="!") for name in ("anna", "ben")])
    assert sorted(User.objects.values_list("username", flat=True)) == ["anna", "ben"]


@pytest.mark.django_db
def test_a_row_changes_only_while_its_field_has_one_of_the_values() -> None:
    user = rows.insert(User(username="anna", name="安娜", password="!"))
    assert rows.change(User, user.pk, {"name": "安妮"}, where="username", among=["ben", "anna"]) == 1
    assert rows.change(User, user.pk, {"name": "本"}, where="username", among=["ben"]) == 0
    assert rows.change(User, user.pk + 1, {"name": "本"}) == 0
    assert User.objects.get().name == "安妮"


@pytest.mark.usefixtures("unguarded")
def test_enumerations_and_rows_are_written_as_their_values() -> None:
    field = next(f for f in Job._meta.concrete_fields if f.name == "status")
    members = [member for member in type(field.default)] if field.has_default() else []
    assert members, "the jobs have a status with a default"
    user = accounts.create_user("anna", name="安娜", password="huiyin-2026")
    entry = Entry(at=AT, kind=members[0], estate_id=1, actor=user, subject_type="sample", subject_id=1)
    rows.insert(entry)
    assert rows.read("SELECT kind, actor_id FROM journal_entry", []) == [(members[0].value, user.pk)]
    other = accounts.create_user("ben", name="本", password="huiyin-2026")
    rows.change(Entry, entry.pk, {"actor": other, "kind": members[-1]})
    assert rows.read("SELECT kind, actor_id FROM journal_entry", []) == [(members[-1].value, other.pk)]


@pytest.mark.django_db
def test_moments_are_read_as_they_were_written_in_any_zone() -> None:
    user = accounts.create_user("anna", name="安娜", password="huiyin-2026")
    rows.insert(Entry(at=AT, kind="sample", estate_id=1, actor=user, subject_type="sample", subject_id=1))
    ((found,),) = rows.read("SELECT at FROM journal_entry WHERE at = %s", [AT.astimezone(UTC)])
    assert rows.moment(found) == AT == Entry.objects.get().at
    assert rows.moment(AT) is AT
    assert rows.moment("2026-11-25 02:00:00") == datetime(2026, 11, 25, 2, tzinfo=UTC)
    assert rows.read("SELECT at FROM journal_entry WHERE at > %s", [AT]) == []
    assert len(rows.read("SELECT at FROM journal_entry WHERE at > %s", [AT - timedelta(microseconds=1)])) == 1


class CaptureQueries:
    """Collect the statements run inside, a list to compare with."""

    def __enter__(self) -> list[str]:
        self.said: list[str] = []
        self.wrapping = connection.execute_wrapper(self.hear)
        self.wrapping.__enter__()
        return self.said

    def __exit__(self, *_: object) -> None:
        self.wrapping.__exit__(None, None, None)

    def hear(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        self.said.append(sql)
        return execute(sql, *rest)
