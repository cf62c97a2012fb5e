"""The record: lines are added, facts are delivered inside the transaction that caused them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal import reactions
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.journal.queries import last_of, timeline

AT = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True, kw_only=True)
class DoorFact(Fact):
    subject_type: ClassVar[str] = "sample.door"
    width: int = 0


@dataclass(frozen=True, kw_only=True)
class DoorOpened(DoorFact):
    code: ClassVar[str] = "sample.door.opened"


@dataclass(frozen=True, kw_only=True)
class DoorShut(DoorFact):
    code: ClassVar[str] = "sample.door.shut"


@pytest.fixture
def anna(db: None) -> User:
    return accounts.create_user("anna", name="安娜", password="huiyin-2026")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What three listeners heard, registered like three areas, lowest first."""
    told: list[str] = []

    def listener(name: str) -> reactions.Reaction:
        def hear(fact: Fact, *, entry: Entry, actor: User, at: datetime) -> None:
            told.append(
                f"{name} {fact.code} #{fact.subject_id} {actor.username} {at == AT and entry.kind == fact.code}"
            )

        return hear

    monkeypatch.setattr(reactions, "_reactions", [])
    reactions.register(((Fact, listener("all")),))
    reactions.register(((DoorShut, listener("shut")), (DoorFact, listener("door"))))
    reactions.register(((DoorOpened, listener("opened")),))
    yield told


def test_a_fact_reaches_whoever_reacts_in_the_order_they_registered(anna: User, heard: list[str]) -> None:
    journal.announce(DoorOpened(subject_id=1, estate_id=2), actor=anna, at=AT)
    journal.announce(DoorShut(subject_id=3, estate_id=2), actor=anna, at=AT)
    assert heard == [
        "all sample.door.opened #1 anna True",
        "door sample.door.opened #1 anna True",
        "opened sample.door.opened #1 anna True",
        "all sample.door.shut #3 anna True",
        "shut sample.door.shut #3 anna True",
        "door sample.door.shut #3 anna True",
    ]
    assert len(reactions.reactions_to(DoorOpened)) == 3


def test_a_fact_is_a_line_with_its_values(anna: User, heard: list[str]) -> None:
    fact = DoorOpened(subject_id=1, estate_id=2, thread="case:3", responsible_post="butler", width=90)
    entry = journal.announce(fact, actor=anna, at=AT, note="开了", rule="door.open")
    kept = Entry.objects.get(pk=entry.pk)
    assert (kept.kind, kept.subject_type, kept.subject_id, kept.estate_id, kept.thread) == (
        "sample.door.opened",
        "sample.door",
        1,
        2,
        "case:3",
    )
    assert (kept.actor, kept.at, kept.note, kept.rule, kept.values) == (anna, AT, "开了", "door.open", {"width": 90})


def test_what_a_reaction_refuses_was_never_said(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(fact: Fact, **_: object) -> None:
        raise ValueError

    monkeypatch.setattr(reactions, "_reactions", [(Fact, refuse)])
    with pytest.raises(ValueError), transaction.atomic():
        journal.announce(DoorOpened(subject_id=1, estate_id=2), actor=anna, at=AT)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_fact_is_not_announced_outside_a_transaction(heard: list[str]) -> None:
    anna = accounts.create_user("anna", name="安娜", password="huiyin-2026")
    with pytest.raises(RuntimeError, match=r"^sample\.door\.opened announced outside a transaction$"):
        journal.announce(DoorOpened(subject_id=1, estate_id=2), actor=anna, at=AT)
    assert (heard, Entry.objects.count()) == ([], 0)


def test_a_set_of_lines_is_written_at_once(anna: User) -> None:
    journal.record_all(
        "sample.door.painted",
        [(1, "unit:1", {"colour": "red"}), (2, "unit:2", {"colour": ""})],
        subject_type="sample.door",
        estate_id=2,
        actor=anna,
        at=AT,
    )
    assert list(Entry.objects.order_by("id").values_list("subject_id", "thread", "values", "actor", "at")) == [
        (1, "unit:1", {"colour": "red"}, anna.pk, AT),
        (2, "unit:2", {}, anna.pk, AT),
    ]


def test_threads_are_read_newest_first(anna: User) -> None:
    for number, thread in enumerate(("a", "b", "a", "c")):
        journal.record(
            f"k{number}",
            subject=("sample.door", 1),
            estate_id=2,
            actor=anna,
            at=AT,
            thread=thread,
            values={"n": number},
        )
    assert [entry.kind for entry in timeline(["a", "b"])] == ["k2", "k1", "k0"]
    last = last_of("a")
    assert last is not None and last.kind == "k2"
    assert last_of("nowhere") is None
