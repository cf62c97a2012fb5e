"""我的安全: what is shown and ended there is one's own, and what protects the account asks who one is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conftest import Clock
from huiyin.foundation.accounts.models import Session, User
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.signing_in import operations, queries
from tests.cast import PASSWORD, Cast

Browsers = Callable[..., Client]


@pytest.fixture(autouse=True)
def stopped(clock: Clock) -> None:
    """The pages ask the clock; here it stands."""


def enter(name: str = "clerk", agent: str = "") -> Client:
    browser = Client(headers={"user-agent": agent})
    browser.post("/sign-in/", {"username": name, "password": PASSWORD})
    return browser


def digest(browser: Client) -> str:
    return str(browser.session.digest)


def test_sessions_are_listed_with_device_and_address_and_this_one_is_marked(cast: Cast) -> None:
    here = enter(agent="Mozilla/5.0 (Windows NT 10.0) Chrome/130.0")
    enter(agent="Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1")
    enter("butler", agent="Mozilla/5.0 (iPad) Version/18.0 Safari/604.1")
    shown = here.get("/me/security/").content.decode()
    assert all(word in shown for word in ("Windows · Chrome", "iPhone · Safari", "127.0.0.1"))
    assert "iPad" not in shown
    assert shown.count("就是这里") == 1
    assert shown.count('name="session"') == 1, "this one is left by signing out"


def test_one_session_is_ended(cast: Cast) -> None:
    here, there, elsewhere = enter(), enter(), enter()
    here.post("/me/security/sessions/", {"session": digest(there)})
    assert [one.get("/").status_code for one in (here, there, elsewhere)] == [200, 302, 200]
    assert Entry.objects.latest("id").values == {"count": 1}


def test_all_others_are_ended(cast: Cast) -> None:
    here, there, elsewhere, foreign = enter(), enter(), enter(), enter("butler")
    here.post("/me/security/sessions/")
    assert [one.get("/").status_code for one in (here, there, elsewhere, foreign)] == [200, 302, 302, 200]


def test_nobody_ends_the_sessions_of_another(cast: Cast) -> None:
    here, foreign = enter(), enter("butler")
    here.post("/me/security/sessions/", {"session": digest(foreign)})
    assert foreign.get("/").status_code == 200


def test_a_changed_password_ends_the_others_and_keeps_this_one(cast: Cast) -> None:
    here, there = enter(), enter()
    said = {"old_password": PASSWORD, "new_password1": "evening-tea-7", "new_password2": "evening-tea-7"}
    assert here.post("/password/", said).status_code == 303
    assert [here.get("/").status_code, there.get("/").status_code] == [200, 302]
    assert Session.objects.filter(user=cast.clerk).count() == 1
    assert "accounts.password.changed" in Entry.objects.values_list("kind", flat=True)


GUARDED = ["/me/security/app/", "/me/security/passkey/", "/me/security/passkey/options/"]


@pytest.mark.parametrize("path", GUARDED)
def test_an_old_session_is_asked_who_it_is_before_it_changes_what_protects(cast: Cast, clock: Clock, path: str) -> None:
    browser = enter()
    assert browser.get(path).status_code == 200
    clock.move(minutes=16)
    answer = browser.get(path)
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/me/powers/")
    confirm(browser)
    assert browser.get(path).status_code == 200


def confirm(browser: Client) -> None:
    said = {"powers-reason": "设置我的登录安全", "powers-said": PASSWORD}
    assert browser.post("/me/powers/", said).status_code == 303


def test_buttons_of_an_old_session_do_nothing_before_it_is_confirmed(cast: Cast, clock: Clock) -> None:
    key = operations.add_passkey(cast.clerk, name="前台电脑", credential={}, at=clock.at)
    factor = queries.factors_of(cast.clerk).passkeys[0]
    browser = enter_with_code(key[0])
    clock.move(minutes=16)
    for path in (f"/me/security/factors/{factor.pk}/remove/", "/me/security/codes/"):
        assert browser.post(path).headers["Location"].startswith("/me/powers/?next=%2Fme%2Fsecurity%2F")
    assert queries.factors_of(cast.clerk).codes_left == 9
    confirm(browser)
    assert "只显示这一次" in browser.post("/me/security/codes/").content.decode()
    assert browser.post(f"/me/security/factors/{factor.pk}/remove/").status_code == 303
    assert not queries.factors_of(cast.clerk)


def enter_with_code(code: str) -> Client:
    browser = enter()
    assert browser.post("/sign-in/second/", {"code": code}).status_code == 302
    return browser


def test_recovery_codes_are_never_shown_again(cast: Cast, clock: Clock) -> None:
    codes = operations.add_passkey(cast.clerk, name="前台电脑", credential={}, at=clock.at)
    shown = enter_with_code(codes[0]).get("/me/security/").content.decode()
    assert "还剩 9 个没用过" in shown
    assert not [one for one in codes if one in shown or f"{one[:4]} {one[4:]}" in shown]


def test_the_factor_of_another_is_not_to_be_found(cast: Cast, clock: Clock) -> None:
    operations.add_passkey(cast.butler, name="她的", credential={}, at=clock.at)
    factor = queries.factors_of(cast.butler).passkeys[0]
    browser = enter()
    assert browser.post(f"/me/security/factors/{factor.pk}/remove/").status_code == 404
    assert queries.factors_of(cast.butler).passkeys == [factor]


@pytest.mark.parametrize("credential", ["{}", "[]", "7", '{"id": "x", "rawId": "x", "type": "public-key"}'])
def test_a_passkey_that_proves_nothing_is_not_kept(cast: Cast, credential: str) -> None:
    browser = enter()
    browser.get("/me/security/passkey/options/")
    answer = browser.post("/me/security/passkey/", {"name": "x", "credential": credential})
    assert answer.status_code == 200
    assert not queries.factors_of(cast.clerk)


def test_the_latest_lines_are_said_in_words(cast: Cast, browser_of: Browsers) -> None:
    for _ in range(2):
        Client().post("/sign-in/", {"username": "clerk", "password": "wrong"})
    shown: Any = enter().get("/me/security/").content.decode()
    assert shown.count("有人用这个账号登录,密码不对,来自 127.0.0.1") == 2
    assert "登录了(密码)" in shown


def test_signing_in_costs_a_page_no_query_more(cast: Cast, django_assert_num_queries: Any) -> None:
    """A page by itself: the session, the person, then its own."""
    browser = enter()
    browser.get("/password/")
    with django_assert_num_queries(7):
        browser.get("/password/")


def test_the_menu_leads_to_it(cast: Cast, browser_of: Browsers) -> None:
    clerk: User = cast.clerk
    assert 'href="/me/security/"' in browser_of(clerk).get("/").content.decode()
