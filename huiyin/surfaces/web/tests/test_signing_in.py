"""Signing in leads to the page one works from; a wrong password is said; the password can be changed."""

from collections.abc import Callable

import pytest
from django.test import Client

from conftest import Clock
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Session, User
from huiyin.foundation.journal.models import Entry
from tests.cast import AT, PASSWORD, Cast

Browsers = Callable[[User], Client]


def sign_in(name: str, password: str = PASSWORD, **more: str) -> tuple[Client, str]:
    browser = Client()
    answer = browser.post("/sign-in/", {"username": name, "password": password, **more})
    return browser, answer.headers.get("Location", answer.content.decode())


@pytest.mark.parametrize(("name", "first"), [("clerk", "/"), ("technician", "/repairs/mine/"), ("lead", "/")])
def test_everybody_starts_where_they_work(cast: Cast, name: str, first: str) -> None:
    browser, where = sign_in(name)
    assert where == "/start/"
    assert browser.get(where).headers["Location"] == first


def test_the_page_that_was_asked_for_comes_first(cast: Cast) -> None:
    assert sign_in("clerk", next="/standards/")[1] == "/standards/"


def test_another_site_is_not_gone_to(cast: Cast) -> None:
    assert sign_in("clerk", next="https://example.org/")[1] == "/start/"


def test_a_wrong_password_is_said_in_one_sentence(cast: Cast) -> None:
    browser, page = sign_in("clerk", "wrong")
    assert "账号或密码不对,请核对后再试。" in page
    assert 'value="clerk"' in page
    assert browser.get("/").status_code == 302


def test_a_closed_account_does_not_get_in(cast: Cast) -> None:
    accounts.disable_user(cast.clerk, at=AT)
    assert "账号或密码不对" in sign_in("clerk")[1]


def test_signing_out_shuts_the_door(cast: Cast, browser_of: Browsers) -> None:
    browser = browser_of(cast.clerk)
    assert browser.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert browser.get("/").headers["Location"] == "/sign-in/?next=/"


def change(browser: Client, old: str, new: str, again: str) -> str:
    answer = browser.post("/password/", {"old_password": old, "new_password1": new, "new_password2": again})
    return answer.headers.get("Location", answer.content.decode())


def test_the_new_password_counts_from_now_on(cast: Cast) -> None:
    browser, elsewhere = sign_in("clerk")[0], sign_in("clerk")[0]
    assert change(browser, PASSWORD, "evening-tea-7", "evening-tea-7") == "/"
    assert browser.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert sign_in("clerk", "evening-tea-7")[1] == "/start/"
    assert "账号或密码不对" in sign_in("clerk")[1]


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", "evening-tea-7", "evening-tea-7", "现在的密码不对,请再输一次。"),
        (PASSWORD, "evening-tea-7", "evening-tea-8", "两次输入的新密码不一样。"),
        (PASSWORD, "short", "short", "新密码太短,至少要 8 位。"),
        (PASSWORD, "password", "password", "这个密码太常见,请换一个。"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(
    cast: Cast, browser_of: Browsers, old: str, new: str, again: str, said: str
) -> None:
    assert said in change(browser_of(cast.clerk), old, new, again)
    assert sign_in("clerk")[1] == "/start/"


def test_five_wrong_passwords_shut_the_door_for_a_while(cast: Cast, clock: Clock) -> None:
    for _ in range(5):
        sign_in("clerk", "wrong")
    answer = Client().post("/sign-in/", {"username": "clerk", "password": PASSWORD})
    assert answer.status_code == 429
    assert "试错的次数太多,请 15 分钟后再试" in answer.content.decode()
    assert sign_in("butler")[1] == "/start/"
    clock.move(minutes=15)
    assert sign_in("clerk")[1] == "/start/"


def test_coming_and_going_is_on_the_record(cast: Cast) -> None:
    browser = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36"})
    browser.post("/sign-in/", {"username": "clerk", "password": PASSWORD})
    browser.post("/sign-out/")
    lines = Entry.objects.filter(kind__startswith="accounts.").order_by("id")
    assert [(one.kind, one.actor, one.estate_id) for one in lines] == [
        ("accounts.session.began", cast.clerk, 0),
        ("accounts.session.ended", cast.clerk, 0),
    ]
    assert lines[0].values == {"how": "密码", "address": "127.0.0.1", "device": "Windows · Chrome"}
    assert not Session.objects.filter(user=cast.clerk).exists()


def test_signing_in_gives_the_browser_a_new_key(cast: Cast) -> None:
    """A key somebody was lured into using before is worth nothing after."""
    browser = Client()
    session = browser.session
    session["planted"] = "yes"
    session.save()
    planted = str(session.session_key)
    browser.cookies["sessionid"] = planted
    browser.post("/sign-in/", {"username": "clerk", "password": PASSWORD})
    assert browser.cookies["sessionid"].value != planted
    assert Client(headers={"cookie": f"sessionid={planted}"}).get("/").status_code == 302


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in_and_back(client: Client) -> None:
    here = "http://testserver/cases/?kind=repair"
    answer = client.get("/cases/", headers={"HX-Request": "true", "HX-Current-URL": here})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["HX-Redirect"] == "/sign-in/?next=/cases/%3Fkind%3Drepair"
