"""`huiyin verify` finds every kind of breach, planted behind the back of the operations."""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from huiyin.areas.cases import operations as cases
from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing import operations as staffing
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.guards import guard_of, installing
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal import sealing
from huiyin.standards import operations
from huiyin.standards.models import Standard
from huiyin.surfaces.cli import verify
from huiyin.surfaces.cli.setup import FIRST_DAY
from huiyin.surfaces.cli.tests.breaches import PLANTED
from huiyin.surfaces.demo import make
from tests.cast import AT, Cast, tell
from tests.raw import shell_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(settings: object, tmp_path: object, at: datetime) -> None:
    settings.MEDIA_ROOT = tmp_path
    staffing.load_roles()
    cases.load_categories()
    operations.load_catalogue(at=FIRST_DAY)
    make(24, 1, seed=5, until=at)
    sealing.seal_days(at=at)


@contextmanager
def checks_forgotten() -> Iterator[None]:
    """Let the CHECK constraints be broken as well, to see that it would be noticed."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            yield
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
            return
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND conrelid > 0")
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield


@pytest.mark.slow
def test_every_breach_is_found(place: None, at: datetime) -> None:
    """Each invariant holds, and stops holding when its breach is planted."""
    known = {one.code: one for one in verify.invariants()}
    assert set(PLANTED) == set(known)
    assert {code for code, one in known.items() if one.check(at=at).violations} == set()
    overlooked = []
    with checks_forgotten():
        for code, statements in PLANTED.items():
            with transaction.atomic(), connection.cursor() as cursor:
                if not code.startswith(("journal.guard", "journal.behind")):
                    # Whoever plants these has taken the triggers away first.
                    installing.remove()
                touched = 0
                for statement in statements.split(";"):
                    cursor.execute(statement)
                    touched += abs(cursor.rowcount)
                found = known[code].check(at=at)
                if not touched or not found.violations or not found.examples:
                    overlooked.append((code, touched))
                transaction.set_rollback(True)
    assert overlooked == []


@pytest.mark.slow
def test_rows_that_are_kept_are_refused_to_plain_sql(place: None) -> None:
    """Of every kept table that the demonstration fills: no row is changed, none is deleted."""
    let_through, filled = [], set()
    for model in apps.get_models():
        guard, table = guard_of(model), model._meta.db_table
        if not guard.kept or not model._default_manager.exists():
            continue
        filled.add(table)
        column = next(one.column for one in model._meta.concrete_fields[1:] if one.column not in guard.but)
        for statement in (f'UPDATE {table} SET "{column}" = "{column}"', f"DELETE FROM {table}"):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
                let_through.append(statement)
            except IntegrityError as refusal:
                assert str(refusal).startswith(f"{table} 只增不改:写下的不能修改,也不能删除")
    assert let_through == []
    assert {"journal_entry", "journal_link", "journal_seal", "standards_draw", "standards_miss"} <= filled


@pytest.mark.django_db(transaction=True)
def test_a_row_altered_with_plain_sql_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    """Refused while the trigger stands; with the trigger gone, found by what it says and by the missing trigger."""
    anna = accounts.create_user("anna", name="安娜", password="huiyin-2026")
    lines = [
        journal.record("sample.said", subject=("sample", n), estate_id=1, actor=anna, at=AT, note="原话")
        for n in range(3)
    ]
    assert verify.run(argparse.Namespace(json=False)) == 0
    capsys.readouterr()
    alter = f"UPDATE journal_entry SET note = '改过' WHERE id = {lines[1].pk}"
    with shell_of(connection) as shell:
        assert "journal_entry 只增不改:写下的不能修改,也不能删除" in shell.refusal(alter)
        shell.drop_trigger("journal_entry", "guard_journal_entry_keep_update")
        shell.run(alter)
        shell.run(f"UPDATE accounts_user SET name = '安妮' WHERE id = {anna.pk}")
    assert verify.run(argparse.Namespace(json=True)) == 1
    found = {one["code"]: one["examples"] for one in json.loads(capsys.readouterr().out) if one["violations"]}
    assert found.pop("journal.behind")[0].startswith(f"accounts_user #{anna.pk} update ")
    assert found == {
        "journal.chain": [f"小区 1 第 2 行:日志 #{lines[1].pk} 与当时写下的不一样"],
        "journal.guard": ["journal_entry 缺少触发器 guard_journal_entry_keep_update"],
    }


def test_it_says_each_invariant_in_a_line_and_ends_well(
    estate: Estate, cast: Cast, standard: Standard, clock: object, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(estate, cast.clerk)
    assert verify.run(argparse.Namespace(json=False)) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == len(PLANTED) + 1
    assert all(line.startswith("✓ ") and line.endswith("违反 0") for line in printed[:-1])
    assert printed[-1].startswith(f"{len(PLANTED)} 项保证全部成立")


def test_it_ends_with_one_and_names_what_is_broken(
    estate: Estate, cast: Cast, standard: Standard, clock: object, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(estate, cast.clerk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE numbers_counter SET last = last + 1 WHERE kind = 'contact'")
    assert verify.run(argparse.Namespace(json=True)) == 1
    report = {one["code"]: one for one in json.loads(capsys.readouterr().out)}
    assert report["contact.number"]["violations"] == 1
    assert report["contact.number"]["examples"] == ["YH-L261125"]
    assert report["case.number"]["violations"] == 0
