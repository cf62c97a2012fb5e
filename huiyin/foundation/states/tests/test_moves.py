"""The one function that changes a status: guarded, written down, and polite to whoever came second."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, models
from django.db.models import F
from django.test.utils import isolate_apps

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.states.moves import Move, MovedMeanwhile, NoteNeeded, available_moves, perform

AT = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
OPEN = Move("open", "开门", ("shut",), "open", "doors.open")
SHUT = Move("shut", "关门", ("open", "broken"), "shut", "doors.shut", needs_note=True)
BREAK = Move("break", "砸坏", ("open", "shut"), "broken", "doors.break")
MOVES = (OPEN, SHUT, BREAK)


@dataclass(frozen=True, kw_only=True)
class DoorOpened(Fact):
    code: ClassVar[str] = "sample.door.was_opened"
    subject_type: ClassVar[str] = "sample.door"


@pytest.fixture
def doors(db: None) -> Iterator[type[Any]]:
    """A table of doors that only these tests know."""
    with isolate_apps():

        class Door(models.Model):
            journal_name: ClassVar[str] = "sample.door"
            status = models.CharField(max_length=10, choices=[("open", "开着"), ("shut", "关着"), ("broken", "坏了")])
            estate_id = models.IntegerField(default=7)
            opened = models.IntegerField(default=0)
            opened_at = models.DateTimeField(null=True)

            class Meta:
                app_label = "sample"
                db_table = "sample_door"

            @property
            def thread(self) -> str:
                return f"door:{self.pk}"

        key, *others = Door._meta.concrete_fields
        columns = [f"{key.column} {key.db_type(connection)} PRIMARY KEY {key.db_type_suffix(connection)}"]
        columns += [f"{one.column} {one.db_type(connection)}" for one in others]
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE sample_door ({', '.join(columns)})")
            yield Door
            cursor.execute("DROP TABLE sample_door")


@pytest.fixture
def anna(db: None) -> User:
    return accounts.create_user("anna", name="安娜", password="huiyin-2026")


@pytest.fixture
def ben(db: None) -> User:
    return accounts.create_user("ben", name="本", password="huiyin-2026")


def test_a_move_changes_the_row_and_says_so(doors: type[Any], anna: User) -> None:
    door = doors.objects.create(status="shut")
    entry = perform(door, OPEN, actor=anna, at=AT, note="通风", opened_at=AT)
    assert (door.status, door.opened_at) == ("open", AT)
    kept = doors.objects.get()
    assert (kept.status, kept.opened_at) == ("open", AT)
    assert (entry.kind, entry.subject_type, entry.subject_id) == ("sample.door.open", "sample.door", door.pk)
    assert (entry.thread, entry.estate_id, entry.actor, entry.at, entry.note) == (door.thread, 7, anna, AT, "通风")


def test_with_a_fact_the_fact_is_the_line(doors: type[Any], anna: User) -> None:
    door = doors.objects.create(status="shut")
    perform(door, OPEN, actor=anna, at=AT, fact=DoorOpened(subject_id=door.pk, estate_id=7, thread=door.thread))
    assert [entry.kind for entry in Entry.objects.all()] == ["sample.door.was_opened"]


@pytest.mark.parametrize("status", ["open", "shut", "broken"])
@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.code)
def test_every_cell_of_the_table(doors: type[Any], anna: User, move: Move, status: str) -> None:
    door = doors.objects.create(status=status)
    if status in move.sources:
        perform(door, move, actor=anna, at=AT, note="因为")
        assert doors.objects.get().status == door.status == move.target
        return
    with pytest.raises(MovedMeanwhile):
        perform(door, move, actor=anna, at=AT, note="因为")
    assert doors.objects.get().status == door.status == status
    assert not Entry.objects.exists()


def test_who_comes_second_reads_who_was_first(doors: type[Any], anna: User, ben: User) -> None:
    door = doors.objects.create(status="shut")
    mine, yours = doors.objects.get(pk=door.pk), doors.objects.get(pk=door.pk)
    perform(mine, OPEN, actor=anna, at=AT)
    with pytest.raises(MovedMeanwhile) as refusal:
        perform(yours, OPEN, actor=ben, at=AT, opened_at=AT)
    assert refusal.value.sentence == "现在是「开着」,刚由安娜处理,不能再开门;您填写的内容还在"
    assert (yours.status, yours.opened_at, doors.objects.get().opened_at) == ("shut", None, None)
    assert Entry.objects.count() == 1


def test_without_a_history_nobody_is_named(doors: type[Any], anna: User) -> None:
    door = doors.objects.create(status="open")
    with pytest.raises(MovedMeanwhile) as refusal:
        perform(door, OPEN, actor=anna, at=AT)
    assert refusal.value.sentence == "现在是「开着」,不能再开门;您填写的内容还在"


@pytest.mark.parametrize("note", ["", "  "])
def test_a_move_that_asks_for_a_reason_needs_one(doors: type[Any], anna: User, note: str) -> None:
    door = doors.objects.create(status="open")
    with pytest.raises(NoteNeeded) as refusal:
        perform(door, SHUT, actor=anna, at=AT, note=note)
    assert refusal.value.sentence == "请写明关门的原因"
    assert doors.objects.get().status == "open"


def test_expressions_are_computed_by_the_database_and_guarded_too(doors: type[Any], anna: User) -> None:
    door = doors.objects.create(status="shut", opened=3)
    doors.objects.update(opened=5)
    perform(door, OPEN, actor=anna, at=AT, opened=F("opened") + 1)
    assert doors.objects.get().opened == 6
    with pytest.raises(MovedMeanwhile):
        perform(door, OPEN, actor=anna, at=AT, opened=F("opened") + 1)
    assert doors.objects.get().opened == 6


@pytest.mark.parametrize(
    ("status", "rights", "offered"),
    [
        ("open", {"doors.shut", "doors.break"}, ["shut", "break"]),
        ("open", {"doors.open"}, []),
        ("shut", {"doors.open", "doors.shut"}, ["open"]),
        ("broken", {"doors.open", "doors.shut", "doors.break"}, ["shut"]),
    ],
)
def test_buttons_are_the_moves_the_status_and_the_person_allow(
    doors: type[Any], anna: User, status: str, rights: set[str], offered: list[str]
) -> None:
    role = accounts.define_role("porter", title="门房", rights=rights)
    accounts.grant_role(anna, role, estate_id=7, at=AT)
    assert [move.code for move in available_moves(doors(status=status), anna, MOVES)] == offered
    assert available_moves(doors(status=status, estate_id=8), anna, MOVES) == []
