"""Pages, blocks, redirects with a sentence, refusals."""

import json
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse

from huiyin.foundation.kit import replies
from huiyin.foundation.kit.tests import specimens
from huiyin.foundation.refusals import Refused

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
Requests = Callable[..., HttpRequest]
pytestmark = pytest.mark.usefixtures("pages")


def listed(request: HttpRequest) -> str:
    context = {"listing": specimens.matter_list(2, NOW), "shell": specimens.shell()}
    return replies.page(request, "list.html#rows", **context).content.decode()


def test_a_browser_gets_the_page(request_for: Requests) -> None:
    page = listed(request_for())

    assert page.startswith("<!doctype html>")
    assert "before" in page


def test_htmx_gets_only_the_block_with_what_the_page_imports_and_sets(request_for: Requests) -> None:
    part = listed(request_for(**{"HX-Request": "true", "HX-Request-Type": "partial"}))

    assert part.startswith('<div id="rows">件')
    assert "before" not in part
    assert part.count("<tr data-row") == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true", "HX-Request-Type": "full"},
        {"HX-Request": "true", "HX-Boosted": "true"},
        {"HX-Request": "true", "HX-History-Restore-Request": "true"},
    ],
)
def test_going_back_and_boosted_links_get_the_whole_page(request_for: Requests, headers: dict[str, str]) -> None:
    assert listed(request_for(**headers)).startswith("<!doctype html>")


def test_caches_keep_pages_and_blocks_apart(request_for: Requests) -> None:
    response = replies.page(request_for(), "kit/refused.html", sentence="不行", back="/")

    assert "HX-Request" in response["Vary"]


def test_done_goes_there_and_says_so(request_for: Requests) -> None:
    request = request_for()
    request._messages = CookieStorage(request)
    plain = replies.done(request, "/orders/7/", "工单已完工")

    assert (plain.status_code, plain["Location"]) == (303, "/orders/7/")
    assert [str(message) for message in get_messages(request)] == ["工单已完工"]

    request = request_for(**{"HX-Request": "true"})
    request._messages = CookieStorage(request)
    assert replies.done(request, "/orders/7/", "工单已完工")["HX-Redirect"] == "/orders/7/"


def test_a_refusal_becomes_a_line_of_the_form() -> None:
    form = specimens.ContactForm({})
    with replies.refusals(form):
        raise Refused("用料超出报价,请先改价")

    assert form.non_field_errors() == ["用料超出报价,请先改价"]


def test_other_errors_stay_loud() -> None:
    with pytest.raises(KeyError), replies.refusals(specimens.ContactForm({})):
        raise KeyError


def test_the_slower_of_two_keeps_the_text(request_for: Requests) -> None:
    page = replies.conflict(request_for(), what="李强刚刚已经完工", back="/o/1", kept="换了角阀 <b>")

    assert page.status_code == 409
    assert "李强刚刚已经完工" in page.content.decode()
    assert "换了角阀 &lt;b&gt;" in page.content.decode()


def test_htmx_troubles_land_among_the_flashes_and_leave_the_page(request_for: Requests) -> None:
    page = replies.refused(request_for(**{"HX-Request": "true"}), Refused("已经完工"), back="/")

    assert (page.status_code, page["HX-Retarget"], page["HX-Reswap"]) == (409, "#flashes", "beforeend")
    assert page.content.decode().startswith('<div class="hy-flash hy-flash-refused"')


def test_a_sentence_rides_on_a_reply_in_ascii() -> None:
    told = replies.say(HttpResponse(), "已保存")["X-Huiyin-Says"]

    assert told.isascii()
    assert json.loads(told) == {"message": "已保存", "tone": "done"}
