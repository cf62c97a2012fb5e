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
from huiyin.surfaces.demo import make
from tests.cast import AT, Cast, tell
from tests.raw import shell_of

pytestmark = pytest.mark.django_db

# What is planted, by the invariant that must find it. One statement each; checks of the database are looked away from,
# because the verification must not rely on them.
OPEN = "status IN ('new', 'working', 'on_hold')"
ANY = "(SELECT MIN(id) FROM {} WHERE {})"
PLANTED = {
    "accounts.closed": "UPDATE accounts_user SET is_active = FALSE WHERE username = 'zhuren'",
    "accounts.signed_out": """UPDATE accounts_user SET is_active = FALSE WHERE username = 'zhuren';
        INSERT INTO accounts_session (digest, data, user_id, expires_at, begun_at, seen_at, address, device)
        SELECT 'x', '', id, '2026-12-01', '2026-11-01', '2026-11-01', '', '' FROM accounts_user WHERE username = 'zhuren'""",
    "signing_in.links": """UPDATE accounts_user SET is_active = FALSE WHERE username = 'zhuren';
        INSERT INTO signing_in_link (digest, kind, user_id, made_by_id, made_at, expires_at)
        SELECT 'x', 'reset', id, id, '2026-11-01', '2026-12-01' FROM accounts_user WHERE username = 'zhuren'""",
    "accounts.grant.buildings": """UPDATE accounts_grant SET building_ids = '[999999]'
        WHERE id = (SELECT MIN(id) FROM accounts_grant WHERE estate_id IS NOT NULL AND until IS NULL)""",
    "privacy.readable": """INSERT INTO estate_persondetail (person_id, item, value, recorded_at)
        SELECT MIN(id), 'birthday', '00000000:x', '2026-01-01' FROM estate_person""",
    "estate.person.erased": "UPDATE estate_person SET erased_at = '2026-01-01' WHERE id = (SELECT MIN(id) FROM estate_person)",
    "estate.person.details": """INSERT INTO estate_persondetail (person_id, item, value, recorded_at)
        SELECT MIN(id), 'birthday', '', '2026-01-01' FROM estate_person""",
    "journal.actor": "UPDATE journal_entry SET actor_id = 999999 WHERE id = (SELECT MAX(id) FROM journal_entry)",
    "journal.kind": "UPDATE journal_entry SET kind = '' WHERE id = (SELECT MAX(id) FROM journal_entry)",
    "journal.chain": "UPDATE journal_entry SET note = '改过' WHERE id = (SELECT MIN(id) FROM journal_entry)",
    "journal.head": "UPDATE journal_head SET place = place + 1",
    "journal.seal": "UPDATE journal_seal SET count = count + 1 WHERE id = (SELECT MAX(id) FROM journal_seal)",
    "journal.guard": "DROP TRIGGER guard_cases_case_note_update"
    + (" ON cases_case" if connection.vendor == "postgresql" else ""),
    "journal.behind": "UPDATE cases_case SET text = '改过' WHERE id = (SELECT MIN(id) FROM cases_case)",
    "token.journal": """INSERT INTO tokens_token
        (name, prefix, digest, owner_id, rights, estates, made_at, made_by_id, expires_at, minute, used)
        SELECT 'x', 'x', 'x', MIN(id), '[]', '[1]', '2026-01-01', MIN(id), '2026-02-01', 0, 0 FROM accounts_user""",
    "webhook.delivered": """INSERT INTO webhooks_endpoint (id, name, url, salt, kinds, estates, active, made_at, made_by_id)
        SELECT 1, 'x', 'x', 'x', '[]', '[1]', TRUE, '2026-01-01', MIN(id) FROM accounts_user;
        INSERT INTO webhooks_delivery (endpoint_id, entry_id, state, attempts, next_at)
        SELECT 1, MIN(id), 'delivered', 1, '2026-01-01' FROM journal_entry""",
    "commitment.evidence": """UPDATE standards_commitment SET met_by_id = (SELECT MIN(id) FROM journal_entry)
        WHERE id = (SELECT MAX(id) FROM standards_commitment WHERE state = 'met')""",
    "commitment.miss": "DELETE FROM standards_miss WHERE id = (SELECT MIN(id) FROM standards_miss)",
    "commitment.pause": f"UPDATE standards_commitment SET state = 'paused' WHERE id = {ANY}".format(
        "standards_commitment", "state = 'open'"
    ),
    "commitment.revision": f"UPDATE standards_commitment SET state = 'replaced', ended_at = opened_at WHERE id = {ANY}".format(
        "standards_commitment", "state = 'open'"
    ),
    "commitment.corrected": f"UPDATE standards_commitment SET state = 'met' WHERE id = {ANY}".format(
        "standards_commitment", "state = 'late'"
    ),
    "step.taken": """INSERT INTO standards_step
        (commitment_id, rule_code, position, at, who, "then", state, told_post, taken_at)
        SELECT id, 'x', 99, opened_at, 'subject', '[]', 'dropped', '', opened_at FROM standards_commitment
        ORDER BY id LIMIT 1""",
    "sweep.lag": f"""INSERT INTO jobs_schedulerow (name, task, every, next_run_at, last_run_at)
        VALUES ('x', 'x', '1', '2026-01-01', '2026-01-01');
        UPDATE standards_commitment SET due_at = '2026-01-01 00:00:00' WHERE id = {ANY}""".format(
        "standards_commitment", "state = 'open'"
    ),
    "draw.counts": "UPDATE standards_stratum SET seen = seen + 1 WHERE id = (SELECT MIN(id) FROM standards_stratum)",
    "draw.repeatable": """UPDATE standards_draw SET taken = NOT taken
        WHERE id = (SELECT MIN(id) FROM standards_draw WHERE position IS NOT NULL)""",
    "draw.share": "UPDATE standards_stratum SET taken = 0",
    "duty.promise": "UPDATE standards_occurrence SET commitment_id = NULL WHERE id = (SELECT MIN(id) FROM standards_occurrence)",
    "duty.done": f"UPDATE standards_occurrence SET done_note = '办了' WHERE id = {ANY}".format(
        "standards_occurrence", "done_note = ''"
    ),
    "threshold.counted": """UPDATE journal_entry SET kind = 'standards.threshold.reached'
        WHERE id = (SELECT MAX(id) FROM journal_entry)""",
    "standard.drafted": "UPDATE standards_standard SET estate_id = 1 WHERE code = 's0'",
    "standard.adopted": "UPDATE standards_adoption SET standard_id = 999999",
    "accounts.grant.estate": "UPDATE accounts_grant SET estate_id = 999999 WHERE id = (SELECT MIN(id) FROM accounts_grant)",
    "estate.unit": "UPDATE estate_building SET estate_id = 999999",
    "estate.household": f"UPDATE estate_occupancy SET until_date = '2026-11-01' WHERE household_id = {ANY}".format(
        "estate_household", "1 = 1"
    ),
    "commitment.owed": f"UPDATE standards_commitment SET owner_id = NULL, owner_post = 'nobody' WHERE id = {ANY}".format(
        "standards_commitment", "ended_at IS NULL"
    ),
    "staffing.left": "UPDATE accounts_user SET is_active = FALSE WHERE username = 'banzhang'",
    "staffing.ladder": """UPDATE staffing_post SET estate_id = 999999 WHERE code = 'estate_manager'""",
    "case.next_step": f"UPDATE cases_case SET next_step = '' WHERE id = {ANY}".format("cases_case", OPEN),
    "case.owed": f"""UPDATE standards_commitment SET ended_at = opened_at, state = 'waived'
        WHERE thread = 'case:' || {ANY}""".format("cases_case", OPEN),
    "case.owed_in_vain": f"UPDATE cases_case SET status = 'voided' WHERE id = {ANY}".format("cases_case", OPEN),
    "case.paused": "UPDATE cases_case SET status = 'working' WHERE status = 'on_hold'",
    "case.merged": f"""UPDATE cases_case SET status = 'merged', merged_into_id = id WHERE id = {ANY}""".format(
        "cases_case", OPEN
    ),
    "case.number": "DELETE FROM cases_case WHERE id = (SELECT MIN(id) FROM cases_case)",
    "case.journal": f"DELETE FROM journal_entry WHERE kind = 'cases.case.closed' AND subject_id = {ANY}".format(
        "cases_case", "status = 'closed'"
    ),
    "case.estate": "UPDATE cases_case SET estate_id = 999999 WHERE id = (SELECT MIN(id) FROM cases_case)",
    "case.left": f"""UPDATE cases_case SET responsible_id = (SELECT id FROM accounts_user WHERE username = 'weixiu4')
        WHERE id = {ANY}""".format("cases_case", OPEN),
    "order.case": f"UPDATE repairs_workorder SET status = 'finished' WHERE id = {ANY}".format(
        "repairs_workorder", "status = 'closed'"
    ),
    "order.accepted": f"UPDATE repairs_workorder SET signer = '', acceptance = '' WHERE id = {ANY}".format(
        "repairs_workorder", "status = 'closed'"
    ),
    "order.last": f"UPDATE repairs_workorder SET status = 'voided' WHERE id = {ANY}".format(
        "repairs_workorder", "status = 'closed'"
    ),
    "order.journal": "DELETE FROM journal_entry WHERE kind = 'repairs.order.closed'",
    "order.left": f"""UPDATE repairs_workorder SET technician_id = (SELECT id FROM accounts_user WHERE username = 'weixiu4')
        WHERE id = {ANY}""".format("repairs_workorder", "status = 'accepted'"),
    "complaint.case": f"UPDATE complaints_complaint SET status = 'closed' WHERE id = {ANY}".format(
        "complaints_complaint", "status <> 'closed'"
    ),
    "complaint.recusal": f"UPDATE complaints_complaint SET about_person_id = verified_by_id WHERE id = {ANY}".format(
        "complaints_complaint", "verified_by_id IS NOT NULL"
    ),
    "complaint.journal": "DELETE FROM journal_entry WHERE kind = 'complaints.complaint.closed'",
    "contact.ends": """UPDATE service_desk_contact SET status = 'answered', answer = ''
        WHERE id = (SELECT MIN(id) FROM service_desk_contact)""",
    "contact.cases": "DELETE FROM service_desk_contactcase WHERE id = (SELECT MIN(id) FROM service_desk_contactcase)",
    "contact.owed_in_vain": """UPDATE service_desk_contact SET status = 'answered', answer = '好'
        WHERE status = 'promised'""",
    "contact.number": "UPDATE numbers_counter SET last = last + 1 WHERE kind = 'contact'",
    "contact.journal": "DELETE FROM journal_entry WHERE kind = 'service_desk.contact.answered'",
    "visit.drawn": f"UPDATE return_visits_returnvisit SET draw_id = NULL WHERE id = {ANY}".format(
        "return_visits_returnvisit", "round = 1"
    ),
    "visit.failed": f"""UPDATE return_visits_returnvisit SET status = 'failed', raised_case_id = NULL
        WHERE id = {ANY}""".format("return_visits_returnvisit", "status = 'done'"),
    "visit.doer": f"UPDATE return_visits_returnvisit SET doer_id = visitor_id WHERE id = {ANY}".format(
        "return_visits_returnvisit", "status = 'done'"
    ),
    "visit.owed": f"""UPDATE standards_commitment SET ended_at = opened_at, state = 'waived'
        WHERE subject_type = 'return_visits.visit' AND subject_id = {ANY}""".format(
        "return_visits_returnvisit", "status = 'due'"
    ),
    "visit.journal": "DELETE FROM journal_entry WHERE kind = 'return_visits.visit.made'",
    "visit.left": """UPDATE return_visits_returnvisit
        SET assigned_id = (SELECT id FROM accounts_user WHERE username = 'weixiu4') WHERE status = 'due'""",
    "past_case.estate": """INSERT INTO past_cases_source (id, estate_id, code, title) VALUES (1, 999999, 'x', 'x');
        INSERT INTO past_cases_importedcase (source_id, key, case_id, label, flag)
        SELECT 1, 'k', MIN(id), '', '' FROM cases_case""",
    "past_case.journal": """INSERT INTO past_cases_source (id, estate_id, code, title)
        SELECT 1, MIN(id), 'x', 'x' FROM estate_estate;
        INSERT INTO past_cases_importedcase (source_id, key, case_id, label, flag)
        SELECT 1, 'k', MIN(id), '', '' FROM cases_case""",
}


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
