"""One line a request, by keys and names of views; never what somebody typed, not even when it breaks."""

import json
import logging
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.service_desk import operations as desk
from huiyin.foundation.accounts.models import User
from huiyin.foundation.logs import JsonLines, Marked, TextLines, without_words
from huiyin.standards.models import Standard
from tests.cast import Cast

Browsers = Callable[[User], Client]
WORDS = ("王丽", "13800138000", "厨房漏水", "q=")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that is written while the test runs, as JSON."""
    written: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler = Keep()
    handler.setFormatter(JsonLines())
    handler.addFilter(Marked())
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    monkeypatch.setattr(logging.getLogger("huiyin.requests"), "level", logging.INFO)
    logging.getLogger("huiyin.requests")._cache.clear()
    return written


def test_a_line_names_view_person_and_estate_by_their_keys(
    estate: Estate, cast: Cast, home: Household, standard: Standard, browser_of: Browsers, lines: list[str]
) -> None:
    answer = browser_of(cast.clerk).get("/search/", {"q": "王丽 13800138000"})

    (line,) = [json.loads(one) for one in lines]
    assert line.pop("time")
    assert line.pop("ms") > 0
    assert line == {
        "level": "INFO",
        "logger": "huiyin.requests",
        "message": "GET web:search 200",
        "request_id": answer.headers["X-Request-ID"],
        "method": "GET",
        "view": "web:search",
        "status": 200,
        "user": cast.clerk.pk,
        "estate": estate.pk,
    }


def test_what_breaks_in_the_middle_of_a_form_is_told_without_its_words(
    estate: Estate,
    cast: Cast,
    home: Household,
    standard: Standard,
    browser_of: Browsers,
    lines: list[str],
    monkeypatch: pytest.MonkeyPatch,
    at: datetime,
) -> None:
    def break_down(*_: object, text: str, **more: object) -> None:
        try:
            raise KeyError(text)
        except KeyError as wrong:
            raise ValueError(f"{text} {more}") from wrong

    monkeypatch.setattr(desk, "take_matter", break_down)
    browser = browser_of(cast.clerk)
    browser.raise_request_exception = False

    told = {"kind": "repair", "channel": "call", "text": "厨房漏水 王丽 13800138000", "idempotency_key": "f" * 32}
    answer = browser.post("/desk/?q=1", told)

    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.content.decode()
    assert {json.loads(one)["request_id"] for one in lines} == {answer.headers["X-Request-ID"]}
    broken = next(found for one in lines if (found := json.loads(one).get("exception")))
    assert "500 service_desk:desk" in [json.loads(one)["message"] for one in lines]
    assert broken.splitlines()[-1] == "builtins.ValueError"
    assert "builtins.KeyError" in broken
    assert [word for word in WORDS if word in "\n".join(lines) or word in answer.content.decode()] == []


def test_an_address_nobody_has_is_not_repeated(db: None, client: Client, lines: list[str]) -> None:
    client.get("/13800138000/")
    assert [json.loads(one)["message"] for one in lines] == ["GET none 404"]
    assert "13800138000" not in "\n".join(lines)


def test_text_lines_leave_out_the_words_of_an_error_too() -> None:
    try:
        int("王丽")
    except ValueError as wrong:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "broken", None, (type(wrong), wrong, wrong.__traceback__)
        )
        said = TextLines("{message}", style="{").format(record)
    lines = said.splitlines()
    assert (lines[0], lines[1], lines[-1]) == ("broken", "Traceback (most recent call last):", "builtins.ValueError")
    assert "王丽" not in said


def test_an_error_without_an_error_says_nothing() -> None:
    assert without_words(None) == ""
