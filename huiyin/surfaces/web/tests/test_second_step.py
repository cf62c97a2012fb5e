"""Whoever has a second factor is asked for it; links set a password; roles may ask for a second factor."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from conftest import Clock
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Role, User
from huiyin.foundation.signing_in import operations
from huiyin.foundation.signing_in.models import LinkKind
from tests.cast import PASSWORD, Cast

SECRET = generate_totp_secret()
pytestmark = pytest.mark.usefixtures("clock")


def code(clock: Clock) -> str:
    return str(format_hotp_value(hotp_value(SECRET, int(clock.at.timestamp()) // 30)))


@pytest.fixture
def clerk(cast: Cast, clock: Clock) -> User:
    """The clerk, with an app set up a while ago."""
    operations.add_totp(cast.clerk, secret=SECRET, code=code(clock), at=clock.at)
    clock.move(minutes=5)
    return cast.clerk


def halfway(browser: Client, **more: str) -> None:
    answer = browser.post("/sign-in/", {"username": "clerk", "password": PASSWORD, **more})
    assert answer.headers["Location"] == "/sign-in/second/"


def test_the_password_alone_does_not_let_in(clerk: User) -> None:
    browser = Client()
    halfway(browser)
    assert browser.get("/").status_code == 302
    assert "陈晓,请证明是您本人" in browser.get("/sign-in/second/").content.decode()


def test_the_code_lets_in_to_what_was_asked_for(clerk: User, clock: Clock) -> None:
    browser = Client()
    halfway(browser, next="/standards/")
    answer = browser.post("/sign-in/second/", {"code": "123"})
    assert "这个码不对或已经用过" in answer.content.decode()
    answer = browser.post("/sign-in/second/", {"code": code(clock)})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/standards/")
    assert browser.get("/").status_code == 200


def test_too_many_wrong_codes_shut_the_second_door_in_every_browser(clerk: User, clock: Clock) -> None:
    for _ in range(5):
        browser = Client()
        halfway(browser)
        browser.post("/sign-in/second/", {"code": "123"})
    halfway(browser)
    answer = browser.post("/sign-in/second/", {"code": code(clock)})
    assert (answer.status_code, "请 15 分钟后再试" in answer.content.decode()) == (429, True)


@pytest.mark.parametrize(("after", "status"), [(9.9, 200), (10, 303), (60, 303)])
def test_the_second_step_is_owed_for_ten_minutes(clerk: User, clock: Clock, after: float, status: int) -> None:
    browser = Client()
    halfway(browser)
    clock.move(minutes=after)
    assert browser.get("/sign-in/second/").status_code == status


def test_a_changed_password_or_a_closed_account_ends_the_second_step(clerk: User, clock: Clock) -> None:
    browser = Client()
    halfway(browser)
    accounts.set_password(clerk, password="evening-tea-7")
    assert browser.post("/sign-in/second/", {"code": code(clock)}).headers["Location"] == "/sign-in/"
    accounts.set_password(clerk, password=PASSWORD)
    halfway(browser)
    accounts.disable_user(clerk, at=clock.at)
    assert browser.post("/sign-in/second/", {"code": code(clock)}).headers["Location"] == "/sign-in/"


def test_without_a_password_there_is_no_second_step() -> None:
    assert Client().get("/sign-in/second/").headers["Location"] == "/sign-in/"


@pytest.mark.django_db
@pytest.mark.parametrize("credential", ["", "x", "{}", "[]", '{"response": {"userHandle": "MQ"}}', "null", "7"])
def test_a_passkey_nobody_made_opens_nothing(cast: Cast, credential: str) -> None:
    browser = Client()
    options = browser.get("/sign-in/passkey/").json()["publicKey"]
    assert (options["userVerification"], options.get("allowCredentials")) == ("required", [])
    answer = browser.post("/sign-in/passkey/", {"credential": credential})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in/?passkey=refused")
    assert browser.get("/").status_code == 302


# Links


def test_the_invited_sets_a_password_and_is_in(cast: Cast, clock: Clock) -> None:
    new = accounts.create_user("xiaoli", name="李小", password=None, company_id=cast.clerk.company_id)
    accounts.grant_role(new, Role.objects.get(code="clerk"), estate_id=None, at=clock.at)
    token = operations.make_link(new, kind=LinkKind.JOIN, actor=cast.supervisor, at=clock.at)
    browser = Client()
    asked = browser.get(f"/links/{token}/").content.decode()
    assert "李小,您好" in asked and "xiaoli" in asked
    said = browser.post(f"/links/{token}/", {"new_password1": "short", "new_password2": "short"}).content.decode()
    assert "新密码太短,至少要 8 位" in said
    typed = {"new_password1": "evening-tea-7", "new_password2": "evening-tea-7"}
    assert browser.post(f"/links/{token}/", typed).headers["Location"] == "/start/"
    assert browser.get("/").status_code == 200
    shut = Client().get(f"/links/{token}/")
    assert (shut.status_code, "已经用过了,请直接登录" in shut.content.decode()) == (410, True)


def test_a_reset_link_does_not_get_around_the_second_step(clerk: User, cast: Cast, clock: Clock) -> None:
    token = operations.make_link(clerk, kind=LinkKind.RESET, actor=cast.supervisor, at=clock.at)
    browser = Client()
    typed = {"new_password1": "evening-tea-7", "new_password2": "evening-tea-7"}
    assert browser.post(f"/links/{token}/", typed).headers["Location"] == "/sign-in/second/"
    assert browser.get("/").status_code == 302
    assert browser.post("/sign-in/second/", {"code": code(clock)}).headers["Location"] == "/start/"


@pytest.mark.parametrize(
    ("after", "status", "sentence"),
    [(timedelta(days=8), 410, "这个链接已过期"), (timedelta(), 404, "这个链接不对")],
)
def test_a_link_that_opens_nothing_says_so(
    cast: Cast, clock: Clock, after: timedelta, status: int, sentence: str
) -> None:
    token = operations.make_link(cast.clerk, kind=LinkKind.JOIN, actor=cast.supervisor, at=clock.at)
    clock.move(seconds=after.total_seconds())
    answer = Client().get(f"/links/{token if after else 'x' * 43}/")
    assert (answer.status_code, sentence in answer.content.decode()) == (status, True)


# A role that asks for a second factor


def test_who_must_have_a_second_factor_sets_it_up_before_anything_else(cast: Cast, clock: Clock) -> None:
    accounts.require_second_factor(Role.objects.get(code="clerk"), required=True)
    browser = Client()
    browser.post("/sign-in/", {"username": "clerk", "password": PASSWORD})
    assert browser.get("/").headers["Location"] == "/me/security/"
    assert browser.get("/cases/").headers["Location"] == "/me/security/"
    assert "您的角色要求登录时多一步验证" in browser.get("/me/security/").content.decode()
    assert browser.get("/me/security/app/").status_code == 200
    secret = browser.session["totp_secret"]
    typed = str(format_hotp_value(hotp_value(secret, int(clock.at.timestamp()) // 30)))
    assert "您的恢复码" in browser.post("/me/security/app/", {"code": typed}).content.decode()
    assert browser.get("/").status_code == 200
    other = Client()
    other.post("/sign-in/", {"username": "butler", "password": PASSWORD})
    assert other.get("/").status_code == 200
