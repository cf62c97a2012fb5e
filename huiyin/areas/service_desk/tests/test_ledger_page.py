"""The ledger and the page of one contact: who may, what is found, how a contact ends, what a refusal leaves."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import Caller
from huiyin.areas.estate.models import Estate
from huiyin.areas.service_desk import operations as desk
from huiyin.areas.service_desk.models import Contact
from huiyin.areas.service_desk.operations import Ending
from huiyin.foundation.accounts.models import User
from tests import cast as people
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standard", "clock")]
LEDGER = "/desk/ledger/"
Take = Callable[..., Contact]


@pytest.fixture
def take(estate: Estate, cast: Cast, at: datetime) -> Take:
    def taken(text: str = "问路", name: str = "王女士", phone: str = "13800138000", **changes: Any) -> Contact:
        said = {
            "channel": "call",
            "text": text,
            "caller": Caller(name, phone, "3-2-1501"),
            "actor": cast.clerk,
            "at": at,
        }
        return desk.register_contact(estate, **said | changes)

    return taken


@pytest.fixture
def clerk(cast: Cast, browser_of: Callable[[User], Client]) -> Client:
    return browser_of(cast.clerk)


def numbers(client: Client, **asked: Any) -> list[str]:
    shown = client.get(LEDGER, asked).content.decode()
    return [found[-3:] for found in re.findall(r"data-open>(YH-L\d{6}-\d{3})<", shown)]


def test_who_may(cast: Cast, take: Take, browser_of: Callable[[User], Client]) -> None:
    page = f"{LEDGER}{take().number}/"
    names = ("clerk", "butler", "technician", "lead", "supervisor", "director", "auditor", "outsider")
    seen = {name: [browser_of(getattr(cast, name)).get(url).status_code for url in (LEDGER, page)] for name in names}

    assert seen == {key: [200, 200] for key in names} | {"technician": [403, 403], "outsider": [200, 404]}
    assert Client().get(page).status_code == 302


def test_an_outsider_finds_an_empty_ledger(cast: Cast, take: Take, browser_of: Callable[[User], Client]) -> None:
    take()

    assert numbers(browser_of(cast.outsider)) == []


def test_without_a_question_it_is_today(clerk: Client, take: Take, at: datetime) -> None:
    for days in (1, 0, 0):
        take(at=at - timedelta(days=days, minutes=days))

    assert numbers(clerk) == ["002", "001"]
    assert len(numbers(clerk, since="2026-11-24")) == 3
    assert len(numbers(clerk, since="2026-11-24", until="2026-11-24")) == 1


def test_every_filter(clerk: Client, take: Take, cast: Cast, at: datetime, estate: Estate) -> None:
    take("问路", name="王女士")
    take("漏水", name="李先生", phone="13911112222", channel="visit", actor=cast.butler)
    answered = take("问停车费")
    desk.answer_contact(answered, answer="300 元", actor=cast.clerk, at=at)
    promised = take("问门禁")
    desk.promise_contact(promised, promised_at=at + timedelta(hours=1), by=cast.clerk, actor=cast.clerk, at=at)

    assert numbers(clerk, status="unsettled") == ["004", "002", "001"]
    assert numbers(clerk, status="answered") == ["003"]
    assert numbers(clerk, status="promised") == ["004"]
    assert numbers(clerk, channel="visit") == ["002"]
    assert numbers(clerk, receiver=cast.butler.pk) == ["002"]
    assert numbers(clerk, text="问") == ["004", "003", "001"]
    assert numbers(clerk, text="139") == ["002"]
    assert numbers(clerk, text="李") == ["002"]
    assert numbers(clerk, text="L261125-003") == ["003"]
    assert numbers(clerk, text="3-2", sort="time") == ["001", "002", "003", "004"]
    assert numbers(clerk, text="W261125") == []
    assert "没有着落的 3" in clerk.get(LEDGER).content.decode()


def test_words_alone_are_looked_for_in_the_last_months_and_the_page_says_so(
    clerk: Client, take: Take, at: datetime
) -> None:
    take("问路", at=at - timedelta(days=100))
    take("问路", at=at - timedelta(days=80))

    assert len(numbers(clerk, text="问")) == 1
    assert "从:2026-08-27" in clerk.get(LEDGER, {"text": "问"}).content.decode()
    assert len(numbers(clerk, text="问", since="2026-01-01")) == 2
    assert len(numbers(clerk, text="L260817")) == 1


@pytest.mark.parametrize("asked", ["status=gone", "since=x", "receiver=999", "page=x", "sort=password"])
def test_nonsense_in_the_address_does_no_harm(clerk: Client, take: Take, asked: str) -> None:
    take()

    assert clerk.get(f"{LEDGER}?{asked}").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long(
    clerk: Client, take: Take, cast: Cast, at: datetime, rows: int, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        desk.pass_on(take(), matter=desk.Matter("repair"), actor=cast.clerk, at=at)
    clerk.get("/desk/")
    with django_assert_num_queries(12):
        clerk.get(LEDGER)


def test_pages_neither_repeat_nor_skip(clerk: Client, take: Take) -> None:
    for _ in range(53):
        take()

    first, second = numbers(clerk), numbers(clerk, page=2)
    assert (len(first), len(second)) == (50, 3)
    assert len({*first, *second}) == 53


def test_htmx_gets_the_rows_alone(clerk: Client, take: Take) -> None:
    take()
    part = clerk.get(LEDGER, headers={"HX-Request": "true"}).content.decode()

    assert 'id="rows"' in part and "<html" not in part


def test_the_sheet(cast: Cast, take: Take, clerk: Client, browser_of: Callable[[User], Client], at: datetime) -> None:
    desk.pass_on(take("=1+1"), matter=desk.Matter("repair"), actor=cast.clerk, at=at)
    reply = browser_of(cast.supervisor).post(f"{LEDGER}export/", {"reason": "checking"})
    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(reply.streaming_content))).get_sheet_by_index(0).to_python()

    sheet = sheet[1:]
    assert sheet[0][:4] == ["序号", "时间", "书面时间", "方式"]
    assert sheet[1][0] == "YH-L261125-001" and sheet[1][7] == "'=1+1" and sheet[1][11] == "YH-W261125-001"
    assert sheet[1][1] == datetime(2026, 11, 25, 10, 0)
    assert len(sheet) == 2
    assert clerk.get(f"{LEDGER}export/").status_code == 403
    assert "导出" not in clerk.get(LEDGER).content.decode()
    assert "导出" in browser_of(cast.supervisor).get(LEDGER).content.decode()


def test_the_page_of_a_contact(clerk: Client, take: Take, cast: Cast, at: datetime) -> None:
    contact = take("厨房漏水")
    case = desk.pass_on(contact, matter=desk.Matter("repair"), actor=cast.clerk, at=at)
    shown = clerk.get(f"{LEDGER}{contact.number}/").content.decode()

    for words in (
        contact.number,
        "厨房漏水",
        "已转事项",
        case.number,
        "陈晓",
        "登记了来电来访",
        f"转为事项 {case.number}",
    ):
        assert words in shown
    assert "138****8000" in shown and "13800138000" not in shown
    assert f"/reveal/contact/{contact.pk}/" in shown


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_however_much_came_of_it(
    clerk: Client, take: Take, cast: Cast, at: datetime, rows: int, django_assert_num_queries: Any
) -> None:
    contact = take()
    for _ in range(rows):
        desk.pass_on(contact, matter=desk.Matter("repair"), actor=cast.clerk, at=at)
    clerk.get("/desk/")
    with django_assert_num_queries(13):
        clerk.get(f"{LEDGER}{contact.number}/")


def offered(client: Client, contact: Contact) -> list[str]:
    shown = client.get(f"{LEDGER}{contact.number}/").content.decode()
    return [one for one in re.findall(rf'action="{LEDGER}{contact.number}/([\w-]+)/"', shown) if one != "print"]


def test_what_is_offered_follows_the_status(
    clerk: Client, take: Take, cast: Cast, at: datetime, browser_of: Callable[[User], Client]
) -> None:
    contact = take()
    assert offered(clerk, contact) == ["answer", "promise", "ask-back", "pass-on"]
    assert offered(browser_of(cast.auditor), contact) == []

    desk.ask_callback(contact, by=cast.clerk, actor=cast.clerk, at=at)
    assert offered(clerk, contact) == ["call-back", "answer", "pass-on"]

    desk.pass_on(contact, matter=desk.Matter("repair"), actor=cast.clerk, at=at)
    assert offered(clerk, contact) == ["pass-on"]

    ended = take()
    desk.answer_contact(ended, answer="好", actor=cast.clerk, at=at)
    assert offered(clerk, ended) == []


ACTS: dict[str, dict[str, str]] = {
    "answer": {"answer": "每月 300 元"},
    "promise": {"promised_at": "今天 16:00"},
    "ask-back": {},
    "call-back": {"answer": "已说明"},
    "pass-on": {"kind": "repair", "text": "楼道灯不亮", "idempotency_key": "0d4c0d5e-7a39-4c0a-9d0c-000000000001"},
}


@pytest.mark.parametrize(
    ("act", "status"),
    [
        ("answer", "answered"),
        ("promise", "promised"),
        ("ask-back", "promised"),
        ("call-back", "answered"),
        ("pass-on", "passed_on"),
    ],
)
def test_each_way_to_end_a_contact(clerk: Client, take: Take, act: str, status: str) -> None:
    contact = take()
    reply = clerk.post(f"{LEDGER}{contact.number}/{act}/", ACTS[act])
    contact.refresh_from_db()

    assert (reply.status_code, reply["Location"]) == (303, f"{LEDGER}{contact.number}/")
    assert contact.status == status
    assert Case.objects.count() == (1 if act == "pass-on" else 0)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(("name", "status"), [("auditor", 403), ("outsider", 404)])
def test_who_may_not_end_it_changes_nothing(
    take: Take, cast: Cast, browser_of: Callable[[User], Client], act: str, name: str, status: int
) -> None:
    contact = take()
    assert browser_of(getattr(cast, name)).post(f"{LEDGER}{contact.number}/{act}/", ACTS[act]).status_code == status
    contact.refresh_from_db()
    assert (contact.status, Case.objects.count()) == ("open", 0)


@pytest.mark.parametrize(
    ("act", "sent", "sentence"),
    [
        ("answer", {"answer": ""}, "请填写答复了什么"),
        ("promise", {"promised_at": ""}, "请填写什么时候答复"),
        ("promise", {"promised_at": "昨天 9:00"}, "约定的时间要晚于现在"),
        ("call-back", {"answer": ""}, "请填写答复了什么"),
        ("pass-on", {"kind": "", "text": "还没写完的话"}, "请选择是什么事"),
        ("pass-on", {"kind": "repair", "text": ""}, "请填写内容"),
    ],
)
def test_a_refusal_is_said_in_its_form(
    clerk: Client, take: Take, act: str, sent: dict[str, str], sentence: str
) -> None:
    contact = take()
    sent = sent | {"idempotency_key": str(uuid4())}
    shown = clerk.post(f"{LEDGER}{contact.number}/{act}/", sent).content.decode()
    contact.refresh_from_db()

    assert sentence in shown and sent.get("text", "") in shown
    assert re.search(rf'id="{act.replace("-", "_")}" open', shown)
    assert (contact.status, Case.objects.count()) == ("open", 0)


def test_of_two_who_answer_the_second_keeps_the_words(clerk: Client, take: Take, cast: Cast, at: datetime) -> None:
    contact = take()
    clerk.get(f"{LEDGER}{contact.number}/")
    desk.answer_contact(contact, answer="先到的", actor=cast.butler, at=at)
    shown = clerk.post(f"{LEDGER}{contact.number}/answer/", {"answer": "后到的话还在"}).content.decode()

    assert "刚由周敏处理" in shown and "后到的话还在" in shown
    assert Contact.objects.get().answer == "先到的"


def test_passing_on_twice_with_one_key_makes_one_case(clerk: Client, take: Take) -> None:
    contact = take()
    for _ in range(2):
        assert clerk.post(f"{LEDGER}{contact.number}/pass-on/", ACTS["pass-on"]).status_code == 303
    assert (
        clerk.post(
            f"{LEDGER}{contact.number}/pass-on/", ACTS["pass-on"] | {"idempotency_key": str(uuid4())}
        ).status_code
        == 303
    )

    assert Case.objects.count() == 2


def test_a_form_opens_by_its_own_address(clerk: Client, take: Take) -> None:
    shown = clerk.get(f"{LEDGER}{take().number}/promise/").content.decode()

    assert 'id="promise" open' in shown and 'id="answer" open' not in shown


def test_history_reads_as_sentences(clerk: Client, take: Take, cast: Cast, at: datetime, estate: Estate) -> None:
    said = {"channel": "call", "text": "问停车", "caller": Caller("王", "13800138000"), "actor": cast.clerk, "at": at}
    contact = desk.settle_at_desk(estate, ending=Ending(), **said)
    desk.call_back(contact, answer="有空位", actor=cast.clerk, at=at + timedelta(minutes=9))
    shown = clerk.get(f"{LEDGER}{contact.number}/").content.decode()

    for words in ("登记了来电来访", "客户请我们回电", "定下了答复的人和时间", "给客户回了电话", "答复了客户", "有空位"):
        assert words in shown
    assert "service_desk.contact" not in shown


def test_people_of_one_estate_do_not_see_another_of_the_company(take: Take, estate: Estate, at: datetime) -> None:
    other = people.open_estate(company="回音物业", code="QH", name="清河里")
    stranger = people.hire("other", "旁人", estate=other, role="clerk", post="front_desk")
    client = Client()
    client.force_login(stranger)

    assert client.get(f"{LEDGER}{take().number}/").status_code == 404
    assert numbers(client) == []
