"""Sessions: of their keys only digests are kept, where they are is written now and then, ended ones open nothing."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import Clock
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts import queries
from huiyin.foundation.accounts.models import Session, User
from huiyin.foundation.accounts.web.origin import origin_of
from huiyin.foundation.accounts.web.sessions import SessionStore, digest_of

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture
def anna(db: None, clock: Clock) -> User:
    return accounts.create_user("anna", name="安娜", password="huiyin-2026")


def browser_of(user: User) -> Client:
    browser = Client(headers={"user-agent": FIREFOX}, REMOTE_ADDR="10.0.0.7")
    browser.force_login(user)
    return browser


def key_of(browser: Client) -> str:
    return str(browser.cookies["sessionid"].value)


def test_the_key_of_the_cookie_is_not_in_the_database(anna: User) -> None:
    key = key_of(browser_of(anna))
    row = Session.objects.get()
    assert (row.digest, row.user) == (digest_of(key), anna)
    assert key not in str(list(Session.objects.values()))


def test_what_is_kept_in_a_session_is_there_at_the_next_page(anna: User) -> None:
    store = SessionStore()
    store["estate"] = 7
    store.save()
    again = SessionStore(store.session_key)
    assert again["estate"] == 7
    again["estate"] = 8
    again.save()
    assert SessionStore(store.session_key)["estate"] == 8
    assert Session.objects.count() == 1


@pytest.mark.parametrize(("after", "lasts"), [(13.9, True), (14, False), (15, False)])
def test_a_session_lasts_a_fortnight(anna: User, clock: Clock, after: float, lasts: bool) -> None:
    browser = browser_of(anna)
    clock.move(days=after)
    assert (browser.get("/me/security/").status_code == 200) == lasts


def test_an_ended_session_is_not_written_back(anna: User) -> None:
    store = SessionStore()
    store["estate"] = 7
    store.save()
    accounts.end_session(store.digest)
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.exists()


def test_a_strange_key_is_not_taken_over(anna: User) -> None:
    store = SessionStore("a" * 32)
    assert store.get("estate") is None
    assert store.session_key is None


def test_where_somebody_is_is_written_at_most_every_five_minutes(anna: User, clock: Clock) -> None:
    browser = browser_of(anna)
    written = []
    for minutes in (1, 3, 2, 4, 1):
        clock.move(minutes=minutes)
        with CaptureQueriesContext(connection) as made:
            assert browser.get("/me/security/").status_code == 200
        written.append(len([one for one in made if one["sql"].startswith("UPDATE")]))
    assert written == [0, 0, 1, 0, 1]
    row = Session.objects.get()
    assert (row.seen_at, row.address, row.device) == (clock.at, "10.0.0.7", FIREFOX)


def test_a_password_a_closing_and_a_hand_end_sessions(anna: User) -> None:
    for end in (
        lambda: accounts.set_password(anna, password="evening-tea-7"),
        lambda: accounts.disable_user(anna, at=anna.last_login),
        lambda: accounts.end_sessions(anna),
    ):
        User.objects.filter(pk=anna.pk).update(is_active=True)
        browser = browser_of(anna)
        assert browser.get("/me/security/").status_code == 200
        end()
        assert not Session.objects.filter(user=anna).exists()
        assert browser.get("/me/security/").status_code == 302


def test_one_session_ends_and_the_others_stay(anna: User, clock: Clock) -> None:
    other = accounts.create_user("bert", name="伯特", password="huiyin-2026")
    foreign = browser_of(other)
    first, second, third = (browser_of(anna) for _ in range(3))
    assert accounts.end_sessions(anna, only=digest_of(key_of(second))) == 1
    assert accounts.end_sessions(anna, only=digest_of(key_of(foreign))) == 0, "not hers"
    assert [browser.get("/me/security/").status_code for browser in (first, second, third)] == [200, 302, 200]
    assert accounts.end_sessions(anna, keep=digest_of(key_of(third))) == 1
    assert [one.digest for one in queries.sessions_of(anna, at=clock.at)] == [digest_of(key_of(third))]
    assert foreign.get("/me/security/").status_code == 200


def test_what_has_ended_is_forgotten(anna: User, clock: Clock) -> None:
    browser_of(anna)
    assert accounts.forget_sessions(before=clock.at + timedelta(days=13)) == 0
    assert accounts.forget_sessions(before=clock.at + timedelta(days=15)) == 1


@pytest.mark.parametrize(
    ("told", "address"), [("10.0.0.7", "10.0.0.7"), ("2001:DB8::1", "2001:db8::1"), ("", ""), ("unix:/run/x", "")]
)
def test_an_address_is_one_or_nothing(told: str, address: str) -> None:
    assert origin_of({"REMOTE_ADDR": told}).address == address


def test_a_forwarded_address_is_not_believed_from_anybody(anna: User) -> None:
    browser = Client(REMOTE_ADDR="10.0.0.7", headers={"X-Forwarded-For": "1.1.1.1"})
    for _ in range(5):
        browser.post("/sign-in/", {"username": "anna", "password": "wrong"})
    other = Client(REMOTE_ADDR="10.0.0.8", headers={"X-Forwarded-For": "1.1.1.1"})
    again = Client(REMOTE_ADDR="10.0.0.7", headers={"X-Forwarded-For": "2.2.2.2"})
    typed = {"username": "anna", "password": "huiyin-2026"}
    assert (again.post("/sign-in/", typed).status_code, other.post("/sign-in/", typed).status_code) == (429, 302)
