"""Powers that reach far are raised with a reason, for a quarter of an hour; what was filled in goes on its way."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from conftest import Clock
from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing.models import Post
from huiyin.foundation.accounts.models import Role, User
from huiyin.foundation.journal.models import Entry
from tests.cast import PASSWORD, Cast

Browsers = Callable[..., Client]
NEW = {"hire-name": "李小", "hire-username": "xiaoli", "hire-since_date": "2026-11-25"}
ASKED = "先确认是您本人"


@pytest.fixture
def supervisor(cast: Cast, clock: Clock, browser_of: Browsers) -> Client:
    return browser_of(cast.supervisor, raised=False)


@pytest.fixture
def hire_at(estate: Estate) -> str:
    return reverse("staffing:hire", args=[Post.objects.get(estate=estate, code="front_desk").pk])


def new() -> dict[str, Any]:
    return {**NEW, "hire-role": Role.objects.get(code="clerk").pk}


def raised(said: str = PASSWORD, reason: str = "新同事明天到岗") -> dict[str, str]:
    return {"powers-said": said, "powers-reason": reason}


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: value for name, value in found if name.startswith("hire-")}


def test_every_view_that_reaches_far_asks_for_it() -> None:
    def walk(resolver: Any, space: str = "") -> Any:
        for one in resolver.url_patterns:
            if hasattr(one, "url_patterns"):
                yield from walk(one, f"{one.namespace}:" if one.namespace else space)
            elif getattr(one.callback, "raised", False):
                yield f"{space}{one.name}"

    assert set(walk(get_resolver())) == {
        "staffing:hire",
        "staffing:leave",
        "staffing:change_account",
        "staffing:roles",
        "staffing:take_role",
        "web:draft_publish",
        "web:token_make",
        "web:webhook_open",
        "web:calendar_notice",
        "web:calendar_hours",
        "web:calendar_exception",
    }


def test_the_button_asks_first_and_nothing_has_changed(supervisor: Client, hire_at: str) -> None:
    answer = supervisor.post(hire_at, new()).content.decode()
    assert ASKED in answer and "刚才填的内容都在" in answer
    assert hidden(answer) == {name: str(value) for name, value in new().items()}
    assert not User.objects.filter(username="xiaoli").exists()
    assert not Entry.objects.exists()


def test_what_was_filled_in_goes_on_its_way_once_confirmed(supervisor: Client, hire_at: str, cast: Cast) -> None:
    asked = supervisor.post(hire_at, new()).content.decode()
    answer = supervisor.post(hire_at, {**hidden(asked), **raised()}).content.decode()
    assert "给李小的链接" in answer
    assert User.objects.get(username="xiaoli").name == "李小"
    line = Entry.objects.earliest("id")
    assert (line.kind, line.actor, line.note) == ("accounts.powers.raised", cast.supervisor, "新同事明天到岗")
    assert PASSWORD not in str(list(Entry.objects.values()))


@pytest.mark.parametrize(
    ("said", "reason", "sentence"),
    [
        ("wrong", "新同事", "现在的密码不对,请再输一次"),
        (PASSWORD, "", "请填写要做什么"),
        (PASSWORD, "   ", "请填写要做什么"),
    ],
)
def test_without_reason_or_proof_nothing_happens(
    supervisor: Client, hire_at: str, said: str, reason: str, sentence: str
) -> None:
    answer = supervisor.post(hire_at, {**new(), **raised(said, reason)}).content.decode()
    assert sentence in answer
    assert hidden(answer) == {name: str(value) for name, value in new().items()}
    assert not User.objects.filter(username="xiaoli").exists()


@pytest.mark.parametrize(("after", "still_up"), [(0, True), (14.9, True), (15, False), (60, False)])
def test_powers_last_a_quarter_of_an_hour(
    supervisor: Client, hire_at: str, clock: Clock, after: float, still_up: bool
) -> None:
    supervisor.post("/me/powers/", raised())
    clock.move(minutes=after)
    assert (ASKED not in supervisor.post(hire_at, new()).content.decode()) == still_up
    assert User.objects.filter(username="xiaoli").exists() == still_up


def test_the_frame_shows_that_they_are_up_and_lowers_them(supervisor: Client, hire_at: str, cast: Cast) -> None:
    assert "管理权限到" not in supervisor.get("/staff/").content.decode()
    supervisor.post("/me/powers/", raised())
    assert "管理权限到 10:15" in supervisor.get("/staff/").content.decode()
    assert supervisor.post("/me/powers/down/", {"next": "/staff/"}).headers["Location"] == "/staff/"
    assert "管理权限到" not in supervisor.get("/staff/").content.decode()
    assert ASKED in supervisor.post(hire_at, new()).content.decode()
    assert Entry.objects.latest("id").kind == "accounts.powers.lowered"


def test_powers_are_of_one_browser(supervisor: Client, hire_at: str, cast: Cast, browser_of: Browsers) -> None:
    supervisor.post("/me/powers/", raised())
    assert ASKED in browser_of(cast.supervisor, raised=False).post(hire_at, new()).content.decode()


def test_looking_needs_no_powers(supervisor: Client, cast: Cast) -> None:
    for path in ("/staff/", f"/staff/people/{cast.clerk.pk}/leave/", f"/staff/people/{cast.clerk.pk}/account/"):
        assert supervisor.get(path).status_code == 200
        assert ASKED not in supervisor.get(path).content.decode()


def test_who_lacks_the_right_is_refused_and_not_asked(
    hire_at: str, cast: Cast, browser_of: Browsers, clock: Clock
) -> None:
    assert browser_of(cast.clerk, raised=False).post(hire_at, new()).status_code == 403
    assert browser_of(cast.clerk, raised=True).post(hire_at, new()).status_code == 403


def test_a_chosen_file_is_chosen_again(cast: Cast, browser_of: Browsers, clock: Clock, tmp_path: Any) -> None:
    browser = browser_of(cast.director, raised=False)
    sheet = tmp_path / "2027.csv"
    sheet.write_text("2027-01-01,元旦,off")
    with sheet.open("rb") as told:
        answer = browser.post(
            "/standards/calendar/notice/",
            {"year": 2027, "source": "国办", "sheet": told},
            headers={"referer": "http://testserver/standards/calendar/"},
        ).content.decode()
    assert "刚才选的文件没有留下" in answer
    assert 'name="next" value="/standards/calendar/"' in answer


def test_a_part_of_a_page_goes_to_the_whole_page(supervisor: Client, hire_at: str) -> None:
    answer = supervisor.post(
        hire_at, new(), headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/staff/posts/1/"}
    )
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/me/powers/?next=%2Fstaff%2Fposts%2F1%2F")


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org"])
def test_another_site_is_not_gone_to(supervisor: Client, wanted: str) -> None:
    assert supervisor.post("/me/powers/", {**raised(), "next": wanted}).headers["Location"] == "/start/"
