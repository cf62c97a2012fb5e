"""The triggers: kept rows stay, what no command did is noted, and whoever tampers with the triggers is found out."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Role, User
from huiyin.foundation.guards import WATCHED, guard_of, installing
from huiyin.foundation.journal.models import Behind, Entry, UnderWay
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command
from tests.cast import AT
from tests.raw import Shell, shell_of

OWN = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("huiyin.")]
KEPT = {
    "fees_cashhandover",
    "fees_charge",
    "fees_chargeitem",
    "fees_monthlyslip",
    "fees_paymentintent",
    "fees_receipt",
    "fees_waiver",
    "journal_behind",
    "journal_entry",
    "journal_explanation",
    "journal_link",
    "journal_seal",
    "materials_movement",
    "materials_plan",
    "materials_planline",
    "materials_priceband",
    "materials_pricelist",
    "repairs_accepted",
    "repairs_consent",
    "repairs_consentcode",
    "repairs_pastorder",
    "repairs_quote",
    "repairs_quoteline",
    "repairs_spill",
    "repairs_tariffitem",
    "repairs_terms",
    "repairs_turn",
    "repairs_unitentry",
    "repairs_visitcheck",
    "repairs_visitphoto",
    "repairs_visitplan",
    "repairs_warranty",
    "repairs_workstart",
    "return_visits_attempt",
    "standards_counted",
    "standards_draw",
    "standards_miss",
    "standards_rule",
    "standards_standardversion",
    "upkeep_acceptance",
    "upkeep_overhaul",
}


@pytest.fixture
def shell(transactional_db: None) -> Iterator[Shell]:
    with shell_of(connection) as opened:
        yield opened


def noted() -> list[tuple[str, str, str]]:
    return list(Behind.objects.order_by("pk").values_list("table_name", "key", "operation"))


def write_line() -> Entry:
    anna = accounts.create_user("anna", name="安娜", password="huiyin-2026")
    return Entry.objects.create(at=AT, kind="k", estate_id=1, actor=anna, subject_type="sample", subject_id=1)


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_every_model_of_the_house_is_a_record_or_says_how_it_is_guarded(model: type[models.Model]) -> None:
    assert guard_of(model) == WATCHED or "guard" in vars(model)


def test_these_rows_are_kept() -> None:
    assert {model._meta.db_table for model in OWN if guard_of(model).kept} == KEPT


def test_a_refusal_is_a_sentence_and_nothing_has_changed(shell: Shell) -> None:
    entry = write_line()
    for statement in ("UPDATE journal_entry SET note = 'x'", "DELETE FROM journal_entry"):
        assert "journal_entry 只增不改:写下的不能修改,也不能删除" in shell.refusal(statement)
    assert Entry.objects.get().note == entry.note == ""


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_emptying_at_once_is_refused_or_noted(shell: Shell) -> None:
    assert "journal_seal 只增不改" in shell.refusal("TRUNCATE journal_seal")
    shell.run("TRUNCATE staffing_absence")
    assert noted() == [("staffing_absence", "*", "truncate")]


def test_what_a_shell_changes_is_noted_and_what_a_command_changes_is_not(shell: Shell) -> None:
    role = accounts.define_role("sample", title="样板", rights=["today.see"])
    assert noted() == []
    shell.run("UPDATE accounts_role SET title = '改过'")
    shell.run("DELETE FROM accounts_role")
    assert noted() == [("accounts_role", str(role.pk), "update"), ("accounts_role", str(role.pk), "delete")]


def test_what_a_shell_adds_among_kept_rows_is_noted(shell: Shell) -> None:
    shell.run("INSERT INTO standards_standard (id, code, title) VALUES (1, 's', 's')")
    shell.run(
        "INSERT INTO standards_standardversion (id, standard_id, number, effective_from, digest, note) "
        "VALUES (7, 1, 1, '2026-01-01', '', '')"
    )
    assert noted() == [("standards_standardversion", "7", "insert")]


@pytest.mark.django_db(transaction=True)
def test_signing_in_is_nobodys_business_but_a_new_password_is() -> None:
    anna = accounts.create_user("anna", name="安娜", password="huiyin-2026")
    User.objects.filter(pk=anna.pk).update(last_login=AT)
    assert noted() == []
    User.objects.filter(pk=anna.pk).update(password="!")
    assert noted() == [("accounts_user", str(anna.pk), "update")]


@command
def rename(role: Role, title: str, *, then: Callable[[], Any] = lambda: None) -> None:
    Role.objects.filter(pk=role.pk).update(title=title)
    then()


@pytest.mark.django_db(transaction=True)
def test_only_the_command_is_under_way_not_the_larger_transaction_around_it() -> None:
    role = accounts.define_role("sample", title="样板", rights=[])
    with transaction.atomic():
        rename(role, "甲")
        assert noted() == []
        Role.objects.filter(pk=role.pk).update(title="乙")
        assert noted() == [("accounts_role", str(role.pk), "update")]
        rename(role, "丙")
    assert len(noted()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_refused_command_leaves_no_mark() -> None:
    role = accounts.define_role("sample", title="样板", rights=[])

    def refuse() -> None:
        raise Refused("这样不行")

    with transaction.atomic():
        with pytest.raises(Refused):
            rename(role, "甲", then=refuse)
        Role.objects.filter(pk=role.pk).update(title="乙")
    assert (len(noted()), UnderWay.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_a_missing_an_altered_and_a_strange_trigger_are_named_and_put_right(shell: Shell) -> None:
    assert list(installing.problems()) == []
    shell.drop_trigger("journal_entry", "guard_journal_entry_keep_update")
    shell.drop_trigger("cases_case", "guard_cases_case_note_update")
    shell.make_idle_trigger("cases_case", "guard_cases_case_note_update")
    shell.make_idle_trigger("cases_case", "guard_more")
    assert sorted(installing.problems()) == [
        "cases_case 上有不认识的触发器 guard_more",
        "cases_case 的触发器 guard_cases_case_note_update 被改过或停用了",
        "journal_entry 缺少触发器 guard_journal_entry_keep_update",
    ]
    call_command("migrate", verbosity=0)
    assert list(installing.problems()) == []
    assert [(table, operation) for table, _, operation in noted()] == [
        ("journal_entry", "guard"),
        ("cases_case", "guard"),
        ("cases_case", "guard"),
    ]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite cannot switch a trigger off")
def test_a_trigger_switched_off_and_a_hollow_function_are_named(shell: Shell) -> None:
    shell.run("ALTER TABLE journal_entry DISABLE TRIGGER guard_journal_entry_keep_delete")
    shell.run("CREATE OR REPLACE FUNCTION guard_note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
    assert sorted(installing.problems()) == [
        "journal_entry 的触发器 guard_journal_entry_keep_delete 被改过或停用了",
        "函数 guard_note 被改过或不见了",
    ]
    installing.install()
    assert list(installing.problems()) == []


def test_installing_twice_changes_nothing(db: None, django_assert_num_queries: Callable[..., Any]) -> None:
    with django_assert_num_queries(2 if connection.vendor == "sqlite" else 3):
        installing.install()


def test_a_table_taken_back_to_an_earlier_version_is_guarded_by_what_it_has(db: None) -> None:
    installing.remove()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE staffing_assignment DROP COLUMN skills")
    installing.install()
    mine = {name for name, one in installing.wanted().items() if one.table == "staffing_assignment"}
    assert {"guard_staffing_assignment_note_update", "guard_staffing_assignment_note_delete"} <= mine
    assert list(installing.problems()) == []


def test_inside_a_test_kept_rows_are_refused_to_the_house_itself(db: None) -> None:
    write_line()
    with pytest.raises(IntegrityError, match="只增不改"), transaction.atomic():
        Entry.objects.update(note="x")
