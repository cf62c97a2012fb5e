"""The desk: who may, what it finds, what it enters, what the caller is told; nothing typed is lost."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.areas.cases.models import Case, Category
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.estate.models import Building, Estate, Household, Occupancy, Person, Unit
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.service_desk import operations
from huiyin.areas.service_desk.models import Contact
from huiyin.areas.service_desk.operations import Ending
from huiyin.foundation.accounts.models import User
from tests import cast as people
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standard", "clock")]
DESK = "/desk/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def clerk(cast: Cast, browser_of: Callable[[User], Client]) -> Client:
    return browser_of(cast.clerk)


def typed(**changes: Any) -> dict[str, Any]:
    """What the browser sends for a repair told by the owner, unless said otherwise."""
    usual = {
        "idempotency_key": str(uuid4()),
        "channel": "call",
        "text": "厨房漏水",
        "kind": "repair",
        "urgency": "normal",
        "location_kind": "in_unit",
        "severity": "minor",
        "responsibility": "internal",
        "how": "answered",
    }
    return {key: value for key, value in (usual | changes).items() if value is not None}


def answer(client: Client, reply: Any) -> tuple[str, str]:
    """Follow to the page after registering: the number in large type and the sentence."""
    assert reply.status_code == 303, re.findall(r"hy-error.*?<span>(.*?)</span>", reply.content.decode(), re.DOTALL)
    shown = client.get(reply["Location"]).content.decode()
    number = re.search(r'hy-answer-number">([^<]+)<', shown)
    sentence = re.search(r'hy-answer-says">([^<]+)<', shown)
    assert number and sentence
    return number[1], sentence[1]


def test_who_may(cast: Cast, browser_of: Callable[[User], Client]) -> None:
    answers = {
        name: browser_of(getattr(cast, name)).get(DESK).status_code
        for name in ("clerk", "butler", "technician", "lead", "supervisor", "director", "auditor", "outsider")
    }

    assert answers == dict.fromkeys(answers, 200) | {"auditor": 403}
    assert Client().get(DESK).status_code == 302


def test_who_may_not_changes_nothing(cast: Cast, browser_of: Callable[[User], Client]) -> None:
    assert browser_of(cast.auditor).post(DESK, typed()).status_code == 403
    assert browser_of(cast.auditor).post("/desk/hints/", {"text": "漏水"}).status_code == 403
    assert (Contact.objects.count(), Case.objects.count()) == (0, 0)


def test_the_outsider_cannot_reach_the_home(cast: Cast, home: Household, browser_of: Callable[[User], Client]) -> None:
    outsider = browser_of(cast.outsider)

    assert outsider.get(DESK, {"unit": home.unit_id}).status_code == 404
    assert outsider.post(DESK, typed(unit=home.unit_id, person="other")).status_code == 404
    assert "王丽" not in outsider.get(DESK, {"q": "王丽"}).content.decode().replace("「王丽」", "").replace(
        '"王丽"', ""
    )
    assert Contact.objects.count() == 0


@pytest.mark.parametrize("unit", ["x", "-1", "9" * 30, "999999"])
def test_nonsense_for_a_home_is_404(clerk: Client, unit: str) -> None:
    assert clerk.get(DESK, {"unit": unit}).status_code == 404


@pytest.mark.parametrize("asked", ["1501", "3-2-1501", "8000", "13800138000", "王丽"])
def test_the_box_finds_the_home_as_one_types(clerk: Client, home: Household, asked: str) -> None:
    found = clerk.post(f"{DESK}find/", {"q": asked}).content.decode()

    assert f"unit={home.unit_id}" in found and "王丽女士" in found
    assert "138****8000" in found and "13800138000" not in found.replace(f"「{asked}」", "")
    assert "<html" not in found


def test_without_script_one_match_is_chosen_at_once(clerk: Client, home: Household) -> None:
    shown = clerk.get(DESK, {"q": "1501"}).content.decode()

    assert f'name="unit" value="{home.unit_id}"' in shown
    assert re.search(r'name="person" value="\d+" checked', shown)


def test_the_box_finds_matters_by_number(clerk: Client, estate: Estate, cast: Cast) -> None:
    case = people.tell(estate, cast.clerk)
    for asked in ("W261125-001", "yh-w261125-001", "W2611"):
        assert reverse("web:case", args=[case.number]) in clerk.post(f"{DESK}find/", {"q": asked}).content.decode()
    assert "/desk/ledger/YH-L261125-001/" in clerk.post(f"{DESK}find/", {"q": "L261125"}).content.decode()


def test_nobody_found_can_be_registered_at_once(clerk: Client) -> None:
    found = clerk.post(f"{DESK}find/", {"q": "13911112222"}).content.decode()
    chosen = clerk.get(DESK, {"caller": "13911112222"}, headers=HTMX).content.decode()

    assert "caller=~" in found and "不影响登记" in found
    assert re.search(r'name="caller_phone" value="13911112222"', chosen)


def test_the_card_says_what_matters(clerk: Client, home: Household, estate: Estate, cast: Cast, at: datetime) -> None:
    Building.objects.filter(estate=estate).update(hint="电梯周四检修")
    case = people.tell(estate, cast.clerk, at=at - timedelta(hours=1))
    card = clerk.get(DESK, {"unit": home.unit_id}, headers=HTMX).content.decode()

    for words in (
        "3-2-1501",
        "王丽女士",
        "138****8000",
        "电梯周四检修",
        case.number,
        "派单",
        "告知住户办理进度",
        "厨房漏水",
    ):
        assert words in card
    assert "13800138000" not in card


def test_a_phone_is_masked_and_leads_to_where_the_reason_is_asked_for(clerk: Client, home: Household) -> None:
    person = Person.objects.get(name="王丽")
    card = clerk.get(DESK, {"unit": home.unit_id, "phones": person.pk}).content.decode()

    assert f"/reveal/person/{person.pk}/" in card
    assert "13800138000" not in card


@pytest.mark.parametrize("rows", [1, 3])
def test_choosing_a_home_costs_the_same_however_much_goes_on(
    clerk: Client, home: Household, estate: Estate, cast: Cast, rows: int, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        people.tell(estate, cast.clerk)
        person = Person.objects.create(estate=estate, name="家人")
        Occupancy.objects.create(household=home, person=person, kind="family", since_date=people.AT.date())
    clerk.get(DESK)
    with django_assert_num_queries(13):
        clerk.get(DESK, {"unit": home.unit_id}, headers=HTMX)


@pytest.mark.parametrize("rows", [1, 3])
def test_finding_costs_the_same_however_much_is_found(
    clerk: Client, home: Household, estate: Estate, rows: int, django_assert_num_queries: Any
) -> None:
    for at in range(1, rows):
        Unit.objects.create(estate=estate, entrance=home.unit.entrance, code=f"3-2-150{at + 1}", unit_no=f"150{at + 1}")
        people.settle_family(estate, unit=f"3-2-150{at + 1}", name="赵", phone=f"1380000000{at}")
    clerk.get(DESK)
    with django_assert_num_queries(10):
        found = clerk.post(f"{DESK}find/", {"q": "3-2-150"}).content.decode()
    assert found.count('role="option"') == rows + 1


def test_a_known_caller_is_registered_and_told(clerk: Client, home: Household, cast: Cast) -> None:
    person = Person.objects.get(name="王丽")
    number, sentence = answer(clerk, clerk.post(DESK, typed(unit=home.unit_id, person=person.pk)))
    case, contact = Case.objects.get(), Contact.objects.get()

    assert (number, case.number) == ("YH-W261125-001", "YH-W261125-001")
    assert sentence == (
        "已登记,编号 YH-W261125-001。维修班长30 分钟内派单给维修工,今天 16:00 前告知您办理进度、跟您约上门时间。"
    )
    assert (case.caller_name, case.caller_phone, case.caller_unit) == ("王丽女士", "13800138000", "3-2-1501")
    assert (case.unit, case.household, case.person) == (home.unit, home, person)
    assert (contact.receiver, contact.status, case.first_contact_owner) == (cast.clerk, "passed_on", cast.clerk)


def test_a_stranger_is_taken_as_fast(clerk: Client) -> None:
    stranger = {"caller_name": "周先生", "caller_phone": "139 1111 2222", "caller_unit": "9-1-101"}
    number, sentence = answer(clerk, clerk.post(DESK, typed(kind="complaint", **stranger)))
    case = Case.objects.get()

    assert number == "YH-T261125-001" and "24" not in number
    assert sentence.startswith("已登记,编号 YH-T261125-001。客服主管") and "答复您" in sentence
    assert (case.caller_name, case.caller_phone, case.caller_unit, case.unit) == (
        "周先生",
        "13911112222",
        "9-1-101",
        None,
    )


def test_a_number_nobody_can_read_does_not_hold_up_the_line(clerk: Client) -> None:
    answer(clerk, clerk.post(DESK, typed(caller_phone="8123 45")))

    assert Case.objects.get().caller_phone == "8123 45"


def test_an_anonymous_caller_is_told_to_keep_the_number(clerk: Client) -> None:
    assert answer(clerk, clerk.post(DESK, typed()))[1].endswith("您没有留联系方式,想知道结果请报这个编号来问。")
    assert Case.objects.get().anonymous


def test_somebody_else_calls_from_a_known_home(clerk: Client, home: Household) -> None:
    answer(
        clerk,
        clerk.post(DESK, typed(unit=home.unit_id, person="other", caller_name="保姆", caller_phone="13911112222")),
    )
    case = Case.objects.get()

    assert (case.caller_name, case.caller_phone, case.person, case.household) == ("保姆", "13911112222", None, home)


def test_a_known_home_is_never_entered_as_anonymous_by_oversight(clerk: Client, home: Household) -> None:
    shown = clerk.post(DESK, typed(unit=home.unit_id)).content.decode()

    assert "请选择谁打来的" in shown
    assert Contact.objects.count() == 0


def test_what_a_repair_asks_besides(clerk: Client, at: datetime) -> None:
    shown = clerk.get(DESK).content.decode()
    slot = next(value for value, words in re.findall(r'value="([^"]+)">([^<]+)<', shown) if words == "明天上午")
    answer(clerk, clerk.post(DESK, typed(location_kind="common_part", urgency="urgent", place="3 栋大堂", slot=slot)))
    order = WorkOrder.objects.get()

    assert (order.location_kind, order.urgency, order.case.place) == ("common_part", "urgent", "3 栋大堂")
    assert order.appointment_from == datetime(2026, 11, 26, 9, tzinfo=people.SHANGHAI)
    assert order.appointment_to == datetime(2026, 11, 26, 12, tzinfo=people.SHANGHAI)


def test_an_appointment_of_ones_own(clerk: Client) -> None:
    answer(clerk, clerk.post(DESK, typed(appointment_from="明天 10:00", appointment_to="明天 11:30")))

    assert WorkOrder.objects.get().appointment_to == datetime(2026, 11, 26, 11, 30, tzinfo=people.SHANGHAI)


def test_half_an_appointment_is_asked_back(clerk: Client) -> None:
    assert "两头都要写" in clerk.post(DESK, typed(appointment_from="明天 10:00")).content.decode()
    assert Contact.objects.count() == 0


def test_what_a_complaint_asks_besides(clerk: Client, cast: Cast, estate: Estate) -> None:
    sent = typed(kind="complaint", severity="major", responsibility="external", about_person=cast.technician.pk)
    answer(clerk, clerk.post(DESK, sent))
    complaint = Complaint.objects.get()

    assert (complaint.severity, complaint.responsibility, complaint.about_person) == (
        "major",
        "external",
        cast.technician,
    )


def test_what_belongs_to_another_kind_is_left_out(clerk: Client, cast: Cast, at: datetime) -> None:
    sent = typed(
        kind="suggestion",
        severity="major",
        about_person=cast.technician.pk,
        slot="2026-11-25T14:00:00+08:00/2026-11-25T17:00:00+08:00",
    )
    answer(clerk, clerk.post(DESK, sent))

    assert (Complaint.objects.count(), WorkOrder.objects.count(), Case.objects.get().kind) == (0, 0, "suggestion")


@pytest.mark.parametrize(
    ("how", "sentence", "status"),
    [
        (
            {"how": "answered", "answer": "每平米 3.2 元"},
            "这次已经答复您了。以后要再问,报编号 YH-L261125-001 就行。",
            "answered",
        ),
        (
            {"how": "promised", "promised_at": "今天 16:30"},
            "已登记,编号 YH-L261125-001。陈晓今天 16:30 前答复您。",
            "promised",
        ),
        ({"how": "callback"}, "已登记,编号 YH-L261125-001。陈晓20 分钟内给您回电。", "promised"),
    ],
)
def test_an_enquiry_ends_on_the_phone(clerk: Client, how: dict[str, str], sentence: str, status: str) -> None:
    sent = typed(kind="enquiry", text="物业费怎么算", caller_phone="13911112222", **how)

    assert answer(clerk, clerk.post(DESK, sent)) == ("YH-L261125-001", sentence)
    assert (Contact.objects.get().status, Case.objects.count()) == (status, 0)


def test_an_enquiry_for_somebody_else_becomes_a_case(clerk: Client) -> None:
    number, _ = answer(clerk, clerk.post(DESK, typed(kind="enquiry", how="case")))

    assert (number, Case.objects.get().kind) == ("YH-Z261125-001", "enquiry")


def test_a_colleague_can_be_the_one_who_answers(clerk: Client, cast: Cast) -> None:
    answer(clerk, clerk.post(DESK, typed(kind="enquiry", how="promised", promised_at="明天 9点", by=cast.butler.pk)))

    assert Contact.objects.get().promised_by == cast.butler


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"text": ""}, "请填写客户说了什么"),
        ({"kind": None}, "请选择是什么事"),
        ({"kind": "murder"}, "没有这个选项"),
        ({"kind": "enquiry", "answer": ""}, "请写下答复了什么"),
        ({"kind": "enquiry", "how": "promised"}, "请写下约在什么时候答复"),
        ({"kind": "enquiry", "how": "promised", "promised_at": "不知道"}, "没看懂这个时间"),
        ({"kind": "enquiry", "how": "promised", "promised_at": "昨天 9:00"}, "约定的时间要晚于现在"),
        ({"kind": "enquiry", "how": "callback"}, "请先记下回电的号码"),
        ({"written_at": "明天 9:00"}, "纸面上的时间不能晚于现在"),
        ({"appointment_from": "昨天 9:00", "appointment_to": "昨天 10:00"}, "预约的时间已经过去"),
    ],
)
def test_a_refusal_says_why_keeps_what_was_typed_and_enters_nothing(
    clerk: Client, sent: dict[str, Any], sentence: str
) -> None:
    shown = clerk.post(DESK, typed(**{"caller_name": "周先生", "place": "三楼露台"} | sent)).content.decode()

    assert sentence in shown
    assert 'value="周先生"' in shown and 'value="三楼露台"' in shown
    assert sent.get("text", "厨房漏水") in shown
    assert (Contact.objects.count(), Case.objects.count()) == (0, 0)


def test_sent_twice_is_entered_once(clerk: Client) -> None:
    sent = typed()

    assert answer(clerk, clerk.post(DESK, sent)) == answer(clerk, clerk.post(DESK, sent))
    assert (Contact.objects.count(), Case.objects.count()) == (1, 1)


def test_a_spent_form_with_new_words_is_refused_and_the_words_stay(clerk: Client) -> None:
    sent = typed()
    clerk.post(DESK, sent)
    shown = clerk.post(DESK, sent | {"text": "大门也坏了"}).content.decode()

    assert "已登记为 YH-L261125-001" in shown and "大门也坏了" in shown
    assert Case.objects.count() == 1


def test_going_back_brings_a_fresh_form(clerk: Client) -> None:
    first, second = (re.findall(r'idempotency_key" value="([^"]+)"', clerk.get(DESK).content.decode()) for _ in "12")

    assert "no-store" in clerk.get(DESK)["Cache-Control"]
    assert len(first) == 1 and first != second


def test_paper_is_keyed_in_with_its_own_time(clerk: Client, at: datetime) -> None:
    answer(clerk, clerk.post(DESK, typed(written_at="昨天 20:15", channel="mailbox")))
    contact = Contact.objects.get()

    assert (contact.written_at, contact.received_at) == (datetime(2026, 11, 24, 20, 15, tzinfo=people.SHANGHAI), at)
    assert contact.channel == "mailbox"


@pytest.fixture
def categories(db: None) -> dict[str, Category]:
    return {
        code: Category.objects.create(kind=kind, code=code, title=title, keywords=keywords)
        for kind, code, title, keywords in (
            ("repair", "leak", "渗漏水", ["漏水", "滴水"]),
            ("repair", "kitchen", "厨房设施", ["厨房"]),
            ("complaint", "noise", "噪声", ["吵", "漏水"]),
        )
    }


def test_the_words_suggest_categories_of_the_kind(clerk: Client, categories: dict[str, Category]) -> None:
    shown = clerk.post("/desk/hints/", typed(text="厨房一直漏水滴水"), headers=HTMX).content.decode()

    assert re.findall(r'value="(\d+)"( checked)?', shown) == [
        (str(categories["leak"].pk), " checked"),
        (str(categories["kitchen"].pk), ""),
    ]
    assert "噪声" not in shown


def test_a_chosen_chip_stays_chosen_while_one_types_on(clerk: Client, categories: dict[str, Category]) -> None:
    sent = typed(text="厨房一直漏水滴水", category=categories["kitchen"].pk)
    shown = clerk.post("/desk/hints/", sent, headers=HTMX).content.decode()

    assert re.findall(r'value="(\d+)" checked', shown) == [str(categories["kitchen"].pk)]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, "leak"),
        ({"category": "none"}, None),
        ({"category": "kitchen"}, "kitchen"),
        ({"category_other": "kitchen"}, "kitchen"),
        ({"category": "noise"}, "leak"),
        ({"text": "门铃不响"}, None),
    ],
)
def test_what_is_saved_is_the_chip_else_what_the_words_suggest(
    clerk: Client, categories: dict[str, Category], sent: dict[str, str], code: str | None
) -> None:
    chosen = {key: categories[value].pk if value in categories else value for key, value in sent.items()}
    answer(clerk, clerk.post(DESK, typed(**{"text": "厨房水管漏水滴水"} | chosen)))
    saved = Case.objects.get().category

    assert (saved.code if saved else None) == code


def test_the_same_matter_is_hinted_at_and_joined(clerk: Client, home: Household, estate: Estate, cast: Cast) -> None:
    first = people.tell(estate, cast.clerk)
    other = people.tell(estate, cast.clerk, kind="complaint", text="太吵")
    sent = typed(unit=home.unit_id, person="other", caller_name="王爸爸", caller_phone="13911112222", text="还在漏")
    hints = clerk.post("/desk/hints/", sent, headers=HTMX).content.decode()
    assert first.number in hints and other.number not in hints

    number, sentence = answer(clerk, clerk.post(DESK, sent | {"same_as": first.number, "kind": ""}))
    case = Case.objects.get(number=number)
    assert (case.merged_into, case.status, case.caller_name) == (first, "merged", "王爸爸")
    assert sentence.startswith(f"这件事已经有人报过,编号 {first.number},正在办。维修班长")
    assert sentence.endswith(f"您这次说的也记下了,编号 {number}。")


def test_a_matter_of_another_company_cannot_be_joined(clerk: Client, cast: Cast) -> None:
    foreign = people.tell(_outside_with_unit(), cast.outsider)

    assert clerk.post(DESK, typed(same_as=foreign.number)).status_code == 404
    assert Case.objects.count() == 1


def _outside_with_unit() -> Estate:
    return Estate.objects.get(code="BJ")


def test_the_page_after_is_shut_to_the_outsider(
    clerk: Client, cast: Cast, browser_of: Callable[[User], Client]
) -> None:
    where = clerk.post(DESK, typed())["Location"]

    assert browser_of(cast.outsider).get(where).status_code == 404
    assert browser_of(cast.auditor).get(where).status_code == 403


def test_the_desk_offers_every_script_and_all_six_keys(clerk: Client, estate: Estate) -> None:
    shown = clerk.get(DESK).content.decode()

    assert re.findall(r'name="kind" value="(\w+)".*?data-alt-key="(\w)"', shown) == [
        ("enquiry", "z"),
        ("repair", "w"),
        ("complaint", "t"),
        ("suggestion", "j"),
        ("compliment", "b"),
        ("special_service", "f"),
    ]
    assert "云河苑服务中心" in shown and "{小区}" not in shown


def test_an_ended_contact_is_told_as_it_ended(clerk: Client, estate: Estate, cast: Cast, at: datetime) -> None:
    said = {"channel": "call", "text": "问路", "caller": people.Caller("王"), "actor": cast.clerk, "at": at}
    contact = operations.settle_at_desk(estate, ending=Ending(answer="在三栋"), **said)

    assert "在三栋" in clerk.get(f"{DESK}?done={contact.number}").content.decode()
    assert clerk.get(f"{DESK}?done=YH-L000000-000").status_code == 404
