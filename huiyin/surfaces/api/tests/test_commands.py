"""Commands by API: carried out once, answered again with the same key, and refused in the one shape."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.service_desk.models import Contact
from huiyin.foundation.idempotency import replies
from huiyin.foundation.idempotency.models import Reply
from huiyin.foundation.journal.models import Entry
from huiyin.standards.models import Standard
from tests.cast import Cast
from tests.programs import Program
from tests.world import World

CALL = {
    "estate": "YH",
    "channel": "call",
    "text": "厨房水管漏水",
    "caller": {"name": "王女士", "phone": "13800138000"},
    "unit": "3-2-1501",
    "matter": {"kind": "repair", "urgency": "urgent"},
}
Of = Callable[..., Program]


@pytest.fixture
def hotline(program_of: Of, cast: Cast, home: Household, standard: Standard) -> Program:
    return program_of(cast.clerk)


def test_a_call_is_registered_as_at_the_desk(hotline: Program) -> None:
    answered = hotline.post("/contacts", CALL)
    said = answered.json()
    case = Case.objects.get(number=said["case"])
    assert answered.status_code == 201
    assert (case.kind, case.urgency, case.caller_unit) == ("repair", "urgent", "3-2-1501")
    assert said["thread"] == case.thread
    assert Contact.objects.get(number=said["contact"]).receiver.username == "clerk"


def test_the_same_key_and_words_get_the_same_answer_and_nothing_is_done_twice(hotline: Program) -> None:
    first, second = (hotline.post("/contacts", CALL, key="one") for _ in range(2))
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert Contact.objects.count() == Case.objects.count() == 1


def test_the_same_key_with_other_words_is_refused(hotline: Program) -> None:
    hotline.post("/contacts", CALL, key="one")
    other = hotline.post("/contacts", CALL | {"text": "别的事"}, key="one")
    assert (other.status_code, other.json()["error"]["code"]) == (409, "key_taken")
    assert Contact.objects.count() == 1


def test_the_same_key_for_another_address_is_refused(hotline: Program, world: World) -> None:
    note = {"text": "已回电"}
    assert hotline.post(f"/cases/{world.repair.number}/comment", note, key="one").status_code == 201
    assert hotline.post(f"/cases/{world.done.number}/comment", note, key="one").status_code == 409


def test_a_key_is_one_person_s_own(program_of: Of, cast: Cast, home: Household, standard: Standard) -> None:
    for person in (cast.clerk, cast.butler):
        assert program_of(person).post("/contacts", CALL, key="one").status_code == 201
    assert Contact.objects.count() == 2


def test_a_command_without_a_key_is_not_carried_out(hotline: Program) -> None:
    answered = hotline.post("/contacts", CALL, key="")
    assert (answered.status_code, answered.json()["error"]["code"]) == (400, "key_required")
    assert not Contact.objects.exists()


def test_a_refused_command_leaves_nothing_and_its_key_is_free(hotline: Program, world: World) -> None:
    lines, number = Entry.objects.count(), world.contact.number
    refused = hotline.post(f"/contacts/{number}/answer", {"answer": " "}, key="one")
    assert (refused.status_code, refused.json()["error"]["message"]) == (409, "请写下答复了什么")
    assert (Entry.objects.count(), Reply.objects.count()) == (lines, 0)
    assert hotline.post(f"/contacts/{number}/answer", {"answer": "每月五号前"}, key="one").status_code == 200


def test_while_the_first_sending_is_under_way_the_second_is_told_to_wait(hotline: Program, cast: Cast) -> None:
    with replies.one_at_a_time("one", actor=cast.clerk):
        answered = hotline.post("/contacts", CALL, key="one")
    assert (answered.status_code, answered.json()["error"]["code"]) == (409, "still_running")
    assert answered.headers["Retry-After"] == "1"
    assert hotline.post("/contacts", CALL, key="one").status_code == 201


def test_answers_are_forgotten_after_two_days_and_not_before(hotline: Program, at: datetime) -> None:
    hotline.post("/contacts", CALL, key="one")
    assert replies.forget_replies(before=at) == 0
    assert replies.forget_replies(before=at + timedelta(seconds=1)) == 1


def test_a_misspelt_field_is_refused_by_name_and_not_repeated(hotline: Program) -> None:
    answered = hotline.post("/contacts", CALL | {"textt": "13912345678"})
    error = answered.json()["error"]
    assert (answered.status_code, error["code"], error["fields"]) == (422, "invalid", {"textt": ["没有这一项"]})
    assert "13912345678" not in answered.content.decode()


def test_a_field_deep_inside_is_named(hotline: Program) -> None:
    error = hotline.post("/contacts", CALL | {"matter": {"kind": "nothing"}}).json()["error"]
    assert error["fields"] == {"matter.kind": ["没有这个选项"]}


def test_what_is_not_json_is_refused_in_the_same_shape(hotline: Program) -> None:
    answered = hotline.client.post(
        "/api/v1/contacts", "{", "application/json", headers={**hotline.headers, "Idempotency-Key": "k"}
    )
    assert (answered.status_code, answered.json()["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/nothing", 404),
        ("get", "/api/v1/", 404),
        ("delete", "/api/v1/cases", 405),
        ("get", "/api/v1/me", 401),
    ],
)
def test_every_error_has_the_one_shape(db: None, method: str, path: str, status: int) -> None:
    answered = getattr(Client(), method)(path)
    assert answered.status_code == status
    assert set(answered.json()["error"]) == {"code", "message", "fields", "request_id"}
    assert answered.json()["error"]["request_id"] == answered.headers["X-Request-Id"]


def test_what_is_too_large_is_not_read(hotline: Program, settings: object) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert hotline.post("/contacts", CALL | {"text": "长" * 2000}).status_code == 413


def test_what_nobody_foresaw_says_nothing_of_it(
    hotline: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("王女士 13800138000")

    monkeypatch.setattr("huiyin.areas.service_desk.operations.take_matter", broken)
    answered = hotline.post("/contacts", CALL)
    assert (answered.status_code, answered.json()["error"]["code"]) == (500, "server_error")
    assert "王女士" not in answered.content.decode()
    assert answered.json()["error"]["request_id"] in caplog.text
    assert Reply.objects.count() == Contact.objects.count() == 0


def test_a_session_opens_nothing_here(browser_of: Callable[..., Client], cast: Cast, estate: Estate) -> None:
    browser = browser_of(cast.clerk)
    assert browser.get("/api/v1/cases", {"estate": "YH"}).status_code == 401
    assert browser.post("/api/v1/contacts", CALL, "application/json").status_code == 401


def test_a_file_is_handed_out_as_it_is_kept(program_of: Of, world: World) -> None:
    answered = program_of(world.cast.clerk).get(f"/files/{world.file.pk}")
    assert b"".join(answered.streaming_content).startswith(b"\x89PNG")
    assert answered.headers["Content-Disposition"].startswith("attachment")


def test_a_secret_in_an_answer_is_told_once_and_not_kept(program_of: Of, world: World) -> None:
    supervisor, post = program_of(world.cast.supervisor), world.assignment.post_id
    roles = supervisor.get("/staff", estate="YH").json()["roles"]
    new = {
        "name": "新同事",
        "username": "new.one",
        "role_id": next(one["id"] for one in roles if one["code"] == "butler"),
        "since": "2026-11-25",
    }
    first, second = (supervisor.post(f"/posts/{post}/hire", new, key="one") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["link"].startswith("http") and second.json() == first.json() | {"link": ""}
    assert first.json()["link"].rpartition("/")[0] not in Reply.objects.get().body
