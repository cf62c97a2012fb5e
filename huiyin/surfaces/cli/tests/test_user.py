"""`huiyin user …`: accounts, roles for a time, and doors let open again, from the shell."""

import io
import sys
from datetime import datetime, timedelta

import pytest
from django.utils.timezone import now

from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import Grant, Role, Session, User
from huiyin.foundation.signing_in import operations
from huiyin.foundation.signing_in.operations import NotLetIn
from huiyin.surfaces.cli.main import main
from tests.cast import PASSWORD, SHANGHAI, Cast


@pytest.fixture(autouse=True)
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed when a password is asked for."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("evening-tea-7\n"))


def user(*words: str) -> int:
    return main(["user", *words])


def test_an_account_is_made_with_a_password_as_before(estate: Estate, cast: Cast) -> None:
    assert user("add", "xiaoli", "--name", "李小", "--role", "clerk", "--estate", "YH") == 0
    made = User.objects.get(username="xiaoli")
    assert made.check_password("evening-tea-7")
    assert Grant.objects.get(user=made).estate_id == estate.pk


def test_a_password_is_changed_and_sessions_end(cast: Cast, browser_of: object) -> None:
    browser_of(cast.clerk)
    assert user("password", "clerk") == 0
    assert User.objects.get(username="clerk").check_password("evening-tea-7")
    assert not Session.objects.filter(user=cast.clerk).exists()


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("2026-12-31", datetime(2026, 12, 31, 23, 59, 59, tzinfo=SHANGHAI)),
        ("2026-12-31T18:00", datetime(2026, 12, 31, 18, 0, tzinfo=SHANGHAI)),
    ],
)
def test_a_role_is_given_for_a_time(estate: Estate, cast: Cast, said: str, until: datetime) -> None:
    assert user("grant", "clerk", "--role", "lead", "--estate", "YH", "--until", said) == 0
    assert Grant.objects.get(user=cast.clerk, role__code="lead").lapses_at == until


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("password", "nobody"), "没有账号 nobody"),
        (("add", "x", "--name", "x", "--role", "nobody", "--estate", "YH"), "没有角色 nobody"),
        (("add", "x", "--name", "x", "--role", "clerk", "--estate", "XX"), "没有小区 XX"),
        (("add", "clerk", "--name", "x", "--role", "clerk", "--estate", "YH"), "账号 clerk 已被使用"),
        (("grant", "clerk", "--role", "lead", "--estate", "YH", "--until", "soon"), "soon 不是时间"),
        (("grant", "clerk", "--role", "lead", "--estate", "YH", "--until", "2026-13-01"), "2026-13-01 不是时间"),
        (("unlock",), "请写账号,或用 --address"),
        (("second-step", "nobody"), "没有角色 nobody"),
    ],
)
def test_what_is_wrong_is_said(
    cast: Cast, capsys: pytest.CaptureFixture[str], words: tuple[str], sentence: str
) -> None:
    assert user(*words) == 1
    assert sentence in capsys.readouterr().err


def test_a_lock_is_lifted(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    at = now()
    for _ in range(5):
        with pytest.raises(NotLetIn):
            operations.check_password("clerk", "wrong", address="10.0.0.7", at=at)
    assert user("unlock", "clerk") == 0
    assert user("unlock", "clerk") == 0
    assert capsys.readouterr().out.splitlines() == ["限制已解除", "没有受限制"]
    assert operations.check_password("clerk", PASSWORD, address="10.0.0.7", at=at + timedelta(seconds=1))


def test_an_address_is_let_in_again(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    at = now()
    for number in range(50):
        with pytest.raises(NotLetIn):
            operations.check_password(f"name{number}", "wrong", address="10.0.0.7", at=at)
    assert user("unlock", "--address", "10.0.0.7") == 0
    assert capsys.readouterr().out == "限制已解除\n"
    assert operations.check_password("clerk", PASSWORD, address="10.0.0.7", at=at)


def test_a_role_asks_for_a_second_step(cast: Cast) -> None:
    assert user("second-step", "director") == 0
    assert Role.objects.get(code="director").second_factor
    assert user("second-step", "director", "--off") == 0
    assert not Role.objects.get(code="director").second_factor
