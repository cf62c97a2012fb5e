"""Passwords and codes: refused before anything is hashed while locked, and never telling which account there is."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import override_settings

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Behind, Entry
from huiyin.foundation.signing_in import operations, queries, rules
from huiyin.foundation.signing_in.models import Guess
from huiyin.foundation.signing_in.operations import LockedOut, NotLetIn

AT = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSWORD, HERE, THERE = "huiyin-2026", "10.0.0.7", "10.0.0.8"
MINUTE = timedelta(minutes=1)


class CountingHasher(MD5PasswordHasher):
    """The fast hasher of the tests, with a count of what the real one would spend a quarter of a second on."""

    hashed: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        self.hashed.append(password)
        return str(super().encode(password, salt))


@pytest.fixture
def hashed() -> Iterator[list[str]]:
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.CountingHasher"]):
        CountingHasher.hashed.clear()
        yield CountingHasher.hashed


@pytest.fixture
def anna(db: None) -> User:
    return accounts.create_user("anna", name="安娜", password=PASSWORD, company_id=1)


def enter(name: str = "anna", password: str = PASSWORD, *, address: str = HERE, at: datetime = AT) -> User:
    return operations.check_password(name, password, address=address, at=at)


def fail(times: int, name: str = "anna", *, address: str = HERE, at: datetime = AT) -> None:
    for _ in range(times):
        with pytest.raises(NotLetIn, match="账号或密码不对,请核对后再试"):
            enter(name, "wrong", address=address, at=at)


def kinds() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def test_the_right_password_lets_in_and_forgets_the_wrong_ones(anna: User) -> None:
    fail(4)
    assert enter() == anna
    fail(4)
    assert enter() == anna
    assert not Guess.objects.filter(user=anna).exists()


def test_after_five_wrong_ones_nothing_is_hashed_for_a_quarter_of_an_hour(anna: User, hashed: list[str]) -> None:
    fail(5)
    hashed.clear()
    for after, wait in ((0, 15), (1, 14), (14, 1)):
        with pytest.raises(LockedOut, match=f"请 {wait} 分钟后再试") as refusal:
            enter(at=AT + after * MINUTE)
        assert refusal.value.until == AT + 15 * MINUTE
    assert hashed == []
    assert enter(at=AT + 15 * MINUTE) == anna


def test_the_lock_is_of_the_account_from_that_address_only(anna: User) -> None:
    accounts.create_user("bert", name="伯特", password=PASSWORD)
    fail(5)
    assert enter(address=THERE) == anna
    assert enter("bert").username == "bert"


def test_an_address_that_tries_everybody_is_locked_for_all(anna: User, hashed: list[str]) -> None:
    for number in range(rules.AT_ADDRESS):
        fail(1, f"name{number}")
    hashed.clear()
    with pytest.raises(LockedOut, match="从您这里试错的次数太多,请 15 分钟后再试"):
        enter()
    assert hashed == []
    assert enter(address=THERE) == anna


def test_what_is_right_does_not_use_an_address_up(anna: User) -> None:
    for _ in range(rules.AT_ADDRESS + 5):
        enter()


def test_a_name_nobody_has_is_answered_and_locked_just_the_same(anna: User, hashed: list[str]) -> None:
    """As many hashes, rows and sentences for no account, a closed one, and one without a password yet."""
    accounts.create_user("new", name="新人", password=None)
    closed = accounts.create_user("gone", name="走了", password=PASSWORD)
    accounts.disable_user(closed, at=AT)
    costs = {}
    for name in ("anna", "nobody", "new", "gone"):
        hashed.clear()
        before = Guess.objects.count()
        fail(5, name, address=f"10.1.1.{len(costs)}")
        with pytest.raises(LockedOut, match="试错的次数太多,请 15 分钟后再试;急用请找管理员解除限制"):
            enter(name, address=f"10.1.1.{len(costs)}")
        costs[name] = (len(hashed), Guess.objects.count() - before)
    assert set(costs.values()) == {(5, 2)}


def test_the_right_password_of_a_closed_account_is_of_no_use(anna: User) -> None:
    accounts.disable_user(anna, at=AT)
    with pytest.raises(NotLetIn, match="账号或密码不对"):
        enter()


def test_the_journal_tells_of_failures_without_what_was_typed(anna: User) -> None:
    fail(1, "my-secret-password")
    fail(5)
    lines = list(Entry.objects.order_by("id"))
    assert [line.kind for line in lines] == ["accounts.sign_in.failed"] * 6 + ["accounts.sign_in.locked"]
    assert [line.subject_id for line in lines] == [0] + [anna.pk] * 6
    assert {(line.estate_id, line.actor.is_system) for line in lines} == {(0, True)}
    assert "my-secret-password" not in str([line.values for line in lines])
    assert not Guess.objects.filter(key__contains="my-secret").exists()
    with pytest.raises(LockedOut):
        enter()
    assert len(kinds()) == 7, "a refused guess writes nothing"


def test_a_lock_is_lifted_by_hand(anna: User) -> None:
    boss = accounts.create_user("boss", name="主管", password=PASSWORD)
    assert not operations.unlock(anna, actor=boss, at=AT)
    fail(5)
    assert [one.address for one in queries.locks_of(anna, at=AT)] == [HERE]
    assert operations.unlock(anna, actor=boss, at=AT)
    assert queries.locks_of(anna, at=AT) == []
    assert enter() == anna
    assert kinds()[-1] == "accounts.sign_in.unlocked"


def test_an_address_is_let_in_again(anna: User) -> None:
    for number in range(rules.AT_ADDRESS):
        fail(1, f"name{number}", address="2001:db8::1")
    assert operations.unlock_address("2001:db8::77", actor=anna, at=AT), "the same line"
    assert enter(address="2001:db8::1") == anna


def test_old_guesses_are_forgotten(anna: User) -> None:
    fail(1, at=AT - timedelta(days=2))
    fail(1, "other", at=AT, address=THERE)
    assert operations.forget_old(before=AT - timedelta(days=1)) == 2
    assert Guess.objects.count() == 2


def test_a_hash_of_yesterday_is_renewed_by_signing_in_and_not_behind_the_house(anna: User) -> None:
    kept = anna.password
    hashers = ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers):
        assert enter() == anna
        assert User.objects.get(pk=anna.pk).password.startswith("scrypt$") and kept.startswith("md5$")
    assert not Behind.objects.exists()


# The second step


@pytest.fixture
def secret(anna: User) -> str:
    made = str(generate_totp_secret())
    operations.add_totp(anna, secret=made, code=code(made, AT - timedelta(hours=1)), at=AT - timedelta(hours=1))
    return made


def code(secret: str, at: datetime) -> str:
    return str(format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30)))


def step(user: User, said: str, *, at: datetime = AT) -> str:
    return operations.check_code(user, said, address=HERE, at=at)


def test_a_code_of_the_app_is_good_once(anna: User, secret: str) -> None:
    assert step(anna, code(secret, AT)) == "动态码"
    with pytest.raises(NotLetIn, match="不对或已经用过"):
        step(anna, code(secret, AT))
    with pytest.raises(NotLetIn):
        step(anna, code(secret, AT - timedelta(seconds=30)))
    assert step(anna, code(secret, AT + timedelta(seconds=30))) == "动态码"


def test_five_wrong_codes_lock_the_second_step_wherever_they_come_from(anna: User, secret: str) -> None:
    for number in range(5):
        with pytest.raises(NotLetIn):
            operations.check_code(anna, "12345", address=f"10.0.0.{number}", at=AT)
    with pytest.raises(LockedOut, match="15 分钟"):
        step(anna, code(secret, AT))
    assert kinds()[-2:] == ["accounts.second_step.failed", "accounts.sign_in.locked"]
    assert step(anna, code(secret, AT + 15 * MINUTE), at=AT + 15 * MINUTE) == "动态码"


def test_who_has_an_app_confirms_by_its_code_and_not_by_the_password(anna: User, secret: str) -> None:
    with pytest.raises(NotLetIn):
        operations.confirm(anna, PASSWORD, address=HERE, at=AT)
    operations.confirm(anna, code(secret, AT), address=HERE, at=AT)


def test_a_present_password_is_not_guessed_at_for_ever_from_an_open_session(anna: User) -> None:
    for _ in range(5):
        with pytest.raises(NotLetIn, match="现在的密码不对"):
            operations.change_password(anna, old="wrong", new="evening-tea-7", address=HERE, at=AT)
    with pytest.raises(LockedOut):
        operations.change_password(anna, old=PASSWORD, new="evening-tea-7", address=HERE, at=AT)
    assert User.objects.get(pk=anna.pk).check_password(PASSWORD)
