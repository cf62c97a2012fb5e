"""Migrations on a database that is in use: indexes beside writers, short waits for locks, one node at a time."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import NotSupportedError, connection, connections, models, transaction
from django.db.migrations.state import ProjectState

from huiyin.foundation.postgres import fitness, indexes, upgrading

pytestmark = pytest.mark.django_db(transaction=True)
on_a_server = pytest.mark.skipif(connection.vendor != "postgresql", reason="the embedded database has one writer")
ADD = indexes.AddIndex("group", models.Index(fields=["name"], name="try_group_name"))


def turn(operation: Any, before: ProjectState, *, back: bool = False) -> ProjectState:
    """Carry the operation out, or back, as a migration outside a transaction would."""
    after = before.clone()
    operation.state_forwards("auth", after)
    with connection.schema_editor(atomic=False) as editor:
        if back:
            operation.database_backwards("auth", editor, after, before)
        else:
            operation.database_forwards("auth", editor, before, after)
    return after


def index_is_there() -> bool:
    with connection.cursor() as cursor:
        return "try_group_name" in connection.introspection.get_constraints(cursor, "auth_group")


@pytest.fixture
def state() -> Iterator[ProjectState]:
    yield ProjectState.from_apps(apps)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS try_group_name")


@contextmanager
def beside(act: Callable[[], object]) -> Iterator[threading.Thread]:
    """Let it run on a connection of its own while we do something else."""

    def run() -> None:
        with closing(connections["default"]):
            act()

    thread = threading.Thread(target=run)
    thread.start()
    yield thread
    thread.join(timeout=30)
    assert not thread.is_alive()


def test_an_index_is_made_and_removed_again(state: ProjectState) -> None:
    having = turn(ADD, state)
    assert index_is_there()
    turn(indexes.RemoveIndex("group", "try_group_name"), having)
    assert not index_is_there()
    turn(indexes.RemoveIndex("group", "try_group_name"), having, back=True)
    assert index_is_there()
    turn(ADD, state, back=True)
    assert not index_is_there()


@on_a_server
def test_what_was_cut_short_is_made_anew(state: ProjectState) -> None:
    turn(ADD, state)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'try_group_name'::regclass")
        turn(ADD, state)
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'try_group_name'::regclass")
        assert cursor.fetchone() == (True,)


@on_a_server
def test_in_a_transaction_it_is_refused(state: ProjectState) -> None:
    with pytest.raises(NotSupportedError), transaction.atomic():
        turn(ADD, state)


@on_a_server
def test_others_write_while_it_waits_for_somebody(state: ProjectState) -> None:
    with ExitStack() as until_done, transaction.atomic():
        Group.objects.create(name="slow")
        making = until_done.enter_context(beside(lambda: turn(ADD, state)))
        time.sleep(0.5)
        assert making.is_alive()
        with beside(lambda: Group.objects.create(name="quick")) as quick:
            quick.join(timeout=5)
            assert not quick.is_alive(), "nobody may stand behind an index that waits"
    assert index_is_there()
    assert set(Group.objects.values_list("name", flat=True)) == {"slow", "quick"}


@on_a_server
def test_a_migration_that_finds_the_table_taken_tries_again_and_then_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def patience() -> str:
        return str(connection.cursor().execute("SHOW lock_timeout").fetchone()[0])

    usual = patience()

    def lock(*_: object, **__: object) -> None:
        tried.append(patience())
        with transaction.atomic():
            connection.cursor().execute("LOCK TABLE auth_group IN ACCESS EXCLUSIVE MODE")

    monkeypatch.setattr(upgrading, "call_command", lock)
    monkeypatch.setattr(upgrading, "LOCK_SECONDS", 1)
    monkeypatch.setattr(upgrading, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(upgrading, "ATTEMPTS", 2)
    held, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Group.objects.create(name="held")
            held.set()
            enough.wait(30)

    with beside(hold):
        held.wait(30)
        with pytest.raises(upgrading.TablesBusy, match="一直有人占用"):
            upgrading.migrate()
        enough.set()
    upgrading.migrate()
    assert tried == ["1s"] * 3
    assert patience() == usual


@on_a_server
def test_of_two_nodes_that_start_at_once_one_goes_first() -> None:
    seen: list[str] = []

    def second() -> None:
        with upgrading.one_node_at_a_time():
            seen.append("second")

    with ExitStack() as until_done, upgrading.one_node_at_a_time():
        until_done.enter_context(beside(second))
        time.sleep(0.5)
        seen.append("first")
    assert seen == ["first", "second"]


def test_a_database_must_sort_by_code_keep_its_word_and_be_new_enough() -> None:
    assert fitness.unfit(150_013, "UTF8", "C.UTF-8", "on") == ""
    assert "synchronous_commit" in fitness.unfit(150_013, "UTF8", "C.UTF-8", "off")
    assert "C.UTF-8 排序,这里是 UTF8 和 zh_CN.UTF-8" in fitness.unfit(150_013, "UTF8", "zh_CN.UTF-8", "on")
    assert "这里是 SQL_ASCII 和 C" in fitness.unfit(150_013, "SQL_ASCII", "C", "on")
    assert fitness.unfit(140_009, "UTF8", "C", "on") == "PostgreSQL 要 15 以上,这里是 14"
