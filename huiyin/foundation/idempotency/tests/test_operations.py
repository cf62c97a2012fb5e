"""A key finds what it made, for the same person and command only; an empty key is none."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.idempotency.models import Command
from huiyin.foundation.idempotency.operations import KeyReused, earlier_result, remember

AT = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def anna(db: None) -> User:
    return accounts.create_user("anna", name="安娜", password="huiyin-2026")


@pytest.fixture
def ben(db: None) -> User:
    return accounts.create_user("ben", name="本", password="huiyin-2026")


def test_a_key_finds_what_it_made(anna: User) -> None:
    assert earlier_result("k1", "desk.register", actor=anna) is None
    remember("k1", "desk.register", actor=anna, at=AT, result=42)
    assert earlier_result("k1", "desk.register", actor=anna) == 42
    assert earlier_result("k2", "desk.register", actor=anna) is None
    kept = Command.objects.get()
    assert (kept.key, kept.name, kept.actor, kept.at, kept.result) == ("k1", "desk.register", anna, AT, 42)


@pytest.mark.parametrize(("name", "who"), [("desk.pass_on", "anna"), ("desk.register", "ben")])
def test_a_key_of_another_command_or_person_is_refused(anna: User, ben: User, name: str, who: str) -> None:
    remember("k1", "desk.register", actor=anna, at=AT, result=42)
    with pytest.raises(KeyReused) as refusal:
        earlier_result("k1", name, actor={"anna": anna, "ben": ben}[who])
    assert refusal.value.sentence == "这张表单已经用过了,请刷新页面后重填"


def test_without_a_key_nothing_is_remembered(anna: User) -> None:
    remember("", "desk.register", actor=anna, at=AT, result=42)
    assert earlier_result("", "desk.register", actor=anna) is None
    assert not Command.objects.exists()


def test_only_one_of_two_sendings_is_kept(anna: User) -> None:
    remember("k1", "desk.register", actor=anna, at=AT, result=42)
    with pytest.raises(IntegrityError), transaction.atomic():
        remember("k1", "desk.register", actor=anna, at=AT, result=43)
    assert earlier_result("k1", "desk.register", actor=anna) == 42
