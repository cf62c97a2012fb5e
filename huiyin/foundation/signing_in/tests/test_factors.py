"""Second factors: proved before they are on, recovery codes good once, secrets unreadable in the database."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.test import override_settings

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.signing_in import operations, queries
from huiyin.foundation.signing_in.operations import FactorRefused, NotLetIn

AT = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SECRET = generate_totp_secret()


def code(at: datetime) -> str:
    return str(format_hotp_value(hotp_value(SECRET, int(at.timestamp()) // 30)))


@pytest.fixture
def anna(db: None) -> User:
    return accounts.create_user("anna", name="安娜", password="huiyin-2026")


@pytest.fixture
def codes(anna: User) -> list[str]:
    return operations.add_totp(anna, secret=SECRET, code=code(AT), at=AT)


def step(user: User, said: str) -> str:
    return operations.check_code(user, said, address="", at=AT)


def test_a_wrong_code_switches_nothing_on(anna: User) -> None:
    with pytest.raises(FactorRefused, match="这个码不对"):
        operations.add_totp(anna, secret=SECRET, code="000000" if code(AT) != "000000" else "111111", at=AT)
    assert not queries.factors_of(anna)
    assert not Authenticator.objects.exists()


def test_the_first_factor_comes_with_ten_recovery_codes(anna: User, codes: list[str]) -> None:
    assert (len(set(codes)), {len(one) for one in codes}) == (10, {8})
    assert queries.factors_of(anna).codes_left == 10
    with pytest.raises(FactorRefused, match="已经开启了"):
        operations.add_totp(anna, secret=SECRET, code=code(AT), at=AT)


def test_a_recovery_code_is_good_once(anna: User, codes: list[str]) -> None:
    assert step(anna, f"{codes[3][:4]} {codes[3][4:]}") == "恢复码"
    with pytest.raises(NotLetIn):
        step(anna, codes[3])
    assert queries.factors_of(anna).codes_left == 9


def test_new_recovery_codes_make_the_old_ones_worthless(anna: User, codes: list[str]) -> None:
    fresh = operations.renew_recovery_codes(anna, at=AT)
    assert not set(fresh) & set(codes)
    with pytest.raises(NotLetIn):
        step(anna, codes[0])
    assert step(anna, fresh[0]) == "恢复码"


def test_without_a_factor_there_are_no_recovery_codes(anna: User) -> None:
    with pytest.raises(FactorRefused, match="请先开启"):
        operations.renew_recovery_codes(anna, at=AT)


def test_the_last_factor_takes_the_recovery_codes_along(anna: User, codes: list[str]) -> None:
    key = operations.add_passkey(anna, name=" 前台电脑 ", credential={}, at=AT)
    assert key == [], "the codes of the first factor stay"
    factors = queries.factors_of(anna)
    assert factors.totp and operations.remove_factor(anna, factors.totp.pk, actor=anna, at=AT) == "动态码"
    assert queries.factors_of(anna).codes_left == 10
    assert operations.remove_factor(anna, factors.passkeys[0].pk, actor=anna, at=AT) == "通行密钥「前台电脑」"
    assert not Authenticator.objects.exists()
    with pytest.raises(FactorRefused, match="已经不在了"):
        operations.remove_factor(anna, factors.totp.pk, actor=anna, at=AT)


def test_nobody_removes_the_factor_of_another(anna: User, codes: list[str]) -> None:
    bert = accounts.create_user("bert", name="伯特", password="huiyin-2026")
    factor = queries.factors_of(anna).totp
    assert factor
    with pytest.raises(FactorRefused):
        operations.remove_factor(bert, factor.pk, actor=bert, at=AT)
    assert queries.factors_of(anna).totp == factor


def test_who_lost_everything_is_let_off_the_second_step(anna: User, codes: list[str]) -> None:
    boss = accounts.create_user("boss", name="主管", password="huiyin-2026")
    operations.remove_factors(anna, actor=boss, at=AT)
    assert not queries.factors_of(anna)
    with pytest.raises(FactorRefused, match="安娜没有开启"):
        operations.remove_factors(anna, actor=boss, at=AT)
    line = Entry.objects.latest("id")
    assert (line.kind, line.actor, line.subject_id) == ("accounts.factor.removed", boss, anna.pk)


def test_the_database_alone_gives_no_code_away(anna: User, codes: list[str]) -> None:
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in kept
    assert not [one for one in codes if one in kept]


def test_a_new_key_of_the_house_opens_what_the_old_one_locked(anna: User, codes: list[str]) -> None:
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert step(anna, code(AT + timedelta(seconds=30))) == "动态码"


def test_with_the_key_lost_the_second_step_says_whom_to_ask(anna: User, codes: list[str]) -> None:
    with override_settings(SECRET_KEY="another"):
        with pytest.raises(Refused, match="请管理员先关掉它,您再重新开启"):
            step(anna, codes[0])
        assert queries.factors_of(anna).codes_left == 0
        operations.remove_factors(anna, actor=anna, at=AT)
    assert not queries.factors_of(anna)


def test_the_journal_tells_what_is_on_and_off_but_no_secret(anna: User, codes: list[str]) -> None:
    operations.renew_recovery_codes(anna, at=AT)
    lines = list(Entry.objects.order_by("id"))
    assert [(one.kind, one.values) for one in lines] == [
        ("accounts.factor.added", {"factor": "动态码"}),
        ("accounts.factor.codes_renewed", {}),
    ]
