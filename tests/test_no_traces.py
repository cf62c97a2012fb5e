"""Personal data leave no trace where they do not belong: addresses, logs, error pages."""

import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.service_desk.web.views import desk
from huiyin.foundation.accounts.models import User
from tests.cast import Cast, tell

Browser = Callable[[User], Client]
PHONE, NAME = "13800138000", "王丽"


@pytest.fixture(autouse=True)
def stopped(clock: Any) -> None:
    """The pages ask the clock; here it stands."""


def ask(browser: Client, where: str, *, follow: bool = False, **said: str) -> Any:
    """Send the form of a search as a browser does."""
    form = urlencode(said)
    return browser.post(f"{where}?_look=1", form, content_type="application/x-www-form-urlencoded", follow=follow)


def hrefs(text: str) -> list[str]:
    return re.findall(r'(?:href|action|hx-get|hx-post)="([^"]*)"', text)


SEARCHES = ["/search/", "/cases/", "/desk/", "/desk/ledger/", "/repairs/orders/", "/estates/"]


@pytest.mark.parametrize("where", SEARCHES)
@pytest.mark.parametrize("said", [PHONE, NAME, "138"])
def test_a_search_never_stands_in_an_address(
    where: str, said: str, home: Household, estate: Estate, cast: Cast, browser_of: Browser
) -> None:
    tell(estate, cast.clerk)
    tell(estate, cast.clerk)
    browser = browser_of(cast.supervisor)
    sent = ask(browser, where, q=said, text=said, sort="", status="")
    assert sent.status_code == 303
    assert sent.headers["Location"].startswith(f"{where}?")
    assert said not in sent.headers["Location"]
    page = browser.get(sent.headers["Location"])
    assert page.status_code == 200
    text = page.content.decode()
    assert said in text or "3-2-1501" in text
    assert [one for one in hrefs(text) if f"={said}" in one or PHONE in one or NAME in one] == []


@pytest.mark.parametrize("where", SEARCHES)
def test_no_form_sends_what_is_typed_in_its_address(
    where: str, home: Household, cast: Cast, browser_of: Browser
) -> None:
    text = browser_of(cast.supervisor).get(where).content.decode()
    forms = re.findall(r"<form[^>]*>(?:(?!</form>).)*</form>", text, re.DOTALL)
    typed = [form for form in forms if re.search(r'name="(q|text|caller)"', form)]
    assert typed
    assert [form[:80] for form in typed if 'method="post"' not in form] == []


def test_the_search_finds_what_was_sealed(home: Household, cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.clerk)
    page = ask(browser, "/search/", q=PHONE, follow=True).content.decode()
    assert "3-2-1501" in page
    assert "138****8000" in page


def test_the_next_page_of_a_search_asks_the_same(
    estate: Estate, home: Household, cast: Cast, browser_of: Browser
) -> None:
    for _ in range(51):
        tell(estate, cast.clerk, kind="enquiry")
    browser = browser_of(cast.supervisor)
    page = ask(browser, "/cases/", q=PHONE, status="all", follow=True).content.decode()
    (following,) = re.findall(r'rel="next" href="([^"]*)"', page)
    assert PHONE not in following
    assert browser.get(f"/cases/{following}".replace("&amp;", "&")).content.decode().count('id="row-') == 1


def test_a_crash_logs_no_form_data_and_shows_none(
    home: Household, cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The desk breaks in the middle of a registration full of personal data."""

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the operation broke")

    monkeypatch.setattr(desk, "_form", broken)
    browser = browser_of(cast.clerk)
    browser.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        answer = browser.post(
            "/desk/",
            {
                "channel": "call",
                "text": f"{NAME}的电话 {PHONE}",
                "caller_name": NAME,
                "caller_phone": PHONE,
                "kind": "enquiry",
            }
            | {
                "urgency": "normal",
                "unit": home.unit_id,
                "ending": "",
                "idempotency_key": "4a5d3b1e-0b57-4b5f-9a36-000000000001",
            },
        )
    assert answer.status_code == 500
    written = caplog.text + "".join(str(getattr(record, "args", "")) for record in caplog.records)
    assert "RuntimeError" in written
    for said in (PHONE, NAME):
        assert said not in answer.content.decode()
        assert said not in written


@pytest.mark.parametrize("path", ["/cases/NO-SUCH/", "/units/999999/", "/no/such/page/"])
def test_what_is_not_found_logs_no_query(
    path: str, home: Household, cast: Cast, browser_of: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = browser_of(cast.clerk).get(f"{path}?q={PHONE}")
    assert answer.status_code == 404
    assert PHONE not in caplog.text
    assert PHONE not in answer.content.decode()
