"""A contact is taken once, with the next serial, and ends answered, promised or as cases."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.queries import callers_of
from huiyin.areas.cases.rules import Caller
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.estate.models import Estate, Household, Unit
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.service_desk import operations as desk
from huiyin.areas.service_desk.models import Contact, ContactCase
from huiyin.areas.service_desk.operations import AlreadyEntered, ContactIncomplete, Ending, Home, Matter
from huiyin.areas.staffing import operations as staffing
from huiyin.areas.staffing.models import Post
from huiyin.areas.staffing.queries import NobodyHolds
from huiyin.foundation.idempotency.operations import KeyReused
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import MovedMeanwhile
from huiyin.standards.models import Commitment, Standard
from tests import cast as people
from tests.cast import Cast

pytestmark = pytest.mark.django_db
WANG = Caller("王丽女士", "13800138000", "3-2-1501")


@pytest.fixture
def said(estate: Estate, cast: Cast, at: datetime) -> dict[str, Any]:
    return {"channel": "call", "text": "厨房漏水", "caller": WANG, "actor": cast.clerk, "at": at}


@pytest.fixture
def contact(estate: Estate, standard: Standard, said: dict[str, Any]) -> Contact:
    return desk.register_contact(estate, **said)


def running(contact: Contact) -> set[tuple[str, str, datetime]]:
    owed = Commitment.objects.filter(thread=contact.thread, ended_at=None)
    return {(one.code, one.state, one.due_at) for one in owed}


def everything() -> dict[str, int]:
    return {
        model.__name__: model.objects.count() for model in (Contact, Case, ContactCase, WorkOrder, Commitment, Entry)
    }


@pytest.fixture
def unchanged() -> Callable[..., None]:
    """Call something that must be refused, and find everything as it was."""

    def check(refusal: type[Refused], act: Callable[[], object], sentence: str = "") -> None:
        before = everything()
        statuses = list(Contact.objects.order_by("pk").values_list("status", flat=True))
        with pytest.raises(refusal, match=sentence):
            act()
        assert everything() == before
        assert list(Contact.objects.order_by("pk").values_list("status", flat=True)) == statuses

    return check


def test_a_contact_gets_the_next_serial_of_the_day(estate: Estate, said: dict[str, Any], at: datetime) -> None:
    first, second = desk.register_contact(estate, **said), desk.register_contact(estate, **said)
    tomorrow = desk.register_contact(estate, **said | {"at": at + timedelta(days=1)})

    assert [c.number for c in (first, second, tomorrow)] == ["YH-L261125-001", "YH-L261125-002", "YH-L261126-001"]
    assert (first.status, first.receiver.username, first.caller_unit) == ("open", "clerk", "3-2-1501")


def test_it_is_owed_an_end_in_two_working_hours(contact: Contact, at: datetime) -> None:
    assert running(contact) == {("contact.settle", "open", at + timedelta(hours=2))}


def test_an_urgent_one_in_ten_minutes(estate: Estate, standard: Standard, said: dict[str, Any], at: datetime) -> None:
    contact = desk.register_contact(estate, urgency="urgent", kind="repair", **said)

    assert running(contact) == {("contact.settle.urgent", "open", at + timedelta(minutes=10))}


@pytest.mark.parametrize("text", ["", "  \n "])
def test_nothing_said_is_refused(
    estate: Estate, said: dict[str, Any], text: str, unchanged: Callable[..., None]
) -> None:
    unchanged(ContactIncomplete, lambda: desk.register_contact(estate, **said | {"text": text}), "客户说了什么")


def test_paper_from_the_future_is_refused(estate: Estate, said: dict[str, Any], unchanged: Callable[..., None]) -> None:
    later = said["at"] + timedelta(minutes=1)
    unchanged(ContactIncomplete, lambda: desk.register_contact(estate, written_at=later, **said), "不能晚于现在")


def test_paper_time_and_keying_time_stay_apart(estate: Estate, said: dict[str, Any], at: datetime) -> None:
    case = desk.take_matter(estate, matter=Matter("repair"), written_at=at - timedelta(days=1), **said)

    assert (case.written_at, case.opened_at) == (at - timedelta(days=1), at)
    assert Contact.objects.get().written_at == at - timedelta(days=1)


def test_a_home_of_another_estate_is_refused(
    estate: Estate, said: dict[str, Any], unchanged: Callable[..., None]
) -> None:
    elsewhere = Home(Unit.objects.get(estate__code="BJ"))
    unchanged(ContactIncomplete, lambda: desk.register_contact(estate, home=elsewhere, **said), "不在这个小区")


def test_a_household_of_another_unit_is_refused(
    estate: Estate, said: dict[str, Any], home: Household, unchanged: Callable[..., None]
) -> None:
    other = Unit.objects.create(estate=estate, entrance=home.unit.entrance, code="3-2-1502", unit_no="1502")
    crossed = Home(other, home)
    unchanged(ContactIncomplete, lambda: desk.register_contact(estate, home=crossed, **said), "不住在这套房屋")


def test_a_repeated_key_gives_the_first_contact(estate: Estate, said: dict[str, Any]) -> None:
    first = desk.register_contact(estate, key="k", **said)

    assert desk.register_contact(estate, key="k", **said) == first
    assert Contact.objects.count() == 1


def test_a_repeated_key_with_other_words_is_refused_so_that_they_are_not_lost(
    estate: Estate, said: dict[str, Any], unchanged: Callable[..., None]
) -> None:
    desk.register_contact(estate, key="k", **said)
    unchanged(
        AlreadyEntered, lambda: desk.register_contact(estate, key="k", **said | {"text": "还有门坏了"}), "L261125-001"
    )


def test_a_key_of_somebody_else_is_refused(estate: Estate, cast: Cast, said: dict[str, Any]) -> None:
    desk.register_contact(estate, key="k", **said)
    with pytest.raises(KeyReused):
        desk.register_contact(estate, key="k", **said | {"actor": cast.butler})


def test_a_refusal_leaves_no_gap_in_the_serials(estate: Estate, said: dict[str, Any]) -> None:
    Post.objects.filter(estate=estate, code="maintenance_lead").update(code="unknown")
    with pytest.raises(NobodyHolds):
        desk.take_matter(estate, matter=Matter("repair"), **said)

    assert Contact.objects.count() == 0
    assert desk.register_contact(estate, **said).number == "YH-L261125-001"


def test_a_matter_is_a_contact_and_a_case_in_one(estate: Estate, standard: Standard, said: dict[str, Any]) -> None:
    case = desk.take_matter(estate, matter=Matter("repair", urgency="urgent", place="厨房"), key="k", **said)
    contact = Contact.objects.get()

    assert (case.number, case.kind, case.urgency, case.place) == ("YH-W261125-001", "repair", "urgent", "厨房")
    assert (contact.status, contact.settled_at) == ("passed_on", said["at"])
    assert (ContactCase.objects.get().contact, ContactCase.objects.get().case) == (contact, case)
    assert WorkOrder.objects.get().case == case
    assert running(contact) == set()
    assert Commitment.objects.get(code="contact.settle.urgent").state == "met"


def test_a_matter_sent_twice_is_one(estate: Estate, standard: Standard, said: dict[str, Any]) -> None:
    first = desk.take_matter(estate, matter=Matter("complaint", severity="important"), key="k", **said)
    before = everything()

    assert desk.take_matter(estate, matter=Matter("complaint"), key="k", **said) == first
    assert everything() == before
    assert Complaint.objects.get().severity == "important"


def test_a_contact_ends_answered(contact: Contact, cast: Cast, at: datetime) -> None:
    desk.answer_contact(contact, answer=" 每平米 3.2 元 ", actor=cast.clerk, at=at + timedelta(minutes=1))
    contact.refresh_from_db()

    assert (contact.status, contact.answer, contact.settled_at) == (
        "answered",
        "每平米 3.2 元",
        at + timedelta(minutes=1),
    )
    assert running(contact) == set()
    assert Commitment.objects.get(thread=contact.thread).state == "met"


@pytest.mark.parametrize("answer", ["", "  "])
def test_an_answer_without_words_is_refused(
    contact: Contact, cast: Cast, at: datetime, answer: str, unchanged: Callable[..., None]
) -> None:
    unchanged(
        ContactIncomplete,
        lambda: desk.answer_contact(contact, answer=answer, actor=cast.clerk, at=at),
        "答复了什么",
    )


def test_of_two_who_answer_the_second_reads_a_sentence(
    contact: Contact, cast: Cast, at: datetime, unchanged: Callable[..., None]
) -> None:
    desk.answer_contact(Contact.objects.get(), answer="先到的", actor=cast.clerk, at=at)
    unchanged(
        MovedMeanwhile, lambda: desk.answer_contact(contact, answer="后到的", actor=cast.butler, at=at), "刚由陈晓处理"
    )


def test_a_contact_ends_promised(contact: Contact, cast: Cast, at: datetime) -> None:
    desk.promise_contact(contact, promised_at=at + timedelta(hours=3), by=cast.butler, actor=cast.clerk, at=at)
    contact.refresh_from_db()

    assert (contact.status, contact.promised_at, contact.promised_by) == (
        "promised",
        at + timedelta(hours=3),
        cast.butler,
    )
    assert running(contact) == {("contact.promise", "open", at + timedelta(hours=3))}
    assert Commitment.objects.get(thread=contact.thread, ended_at=None).owner == cast.butler


def test_a_time_that_has_passed_is_refused(
    contact: Contact, cast: Cast, at: datetime, unchanged: Callable[..., None]
) -> None:
    unchanged(
        ContactIncomplete,
        lambda: desk.promise_contact(contact, promised_at=at, by=cast.clerk, actor=cast.clerk, at=at),
        "晚于现在",
    )


def test_nobody_who_has_left_is_promised(
    contact: Contact, cast: Cast, estate: Estate, at: datetime, unchanged: Callable[..., None]
) -> None:
    staffing.let_go(cast.butler, estate_id=estate.pk, actor=cast.supervisor, at=at)
    cast.butler.refresh_from_db()
    soon = at + timedelta(hours=1)
    unchanged(
        ContactIncomplete,
        lambda: desk.promise_contact(contact, promised_at=soon, by=cast.butler, actor=cast.clerk, at=at),
        "离岗",
    )
    unchanged(ContactIncomplete, lambda: desk.ask_callback(contact, by=cast.butler, actor=cast.clerk, at=at), "离岗")


def test_a_call_back_is_owed_in_twenty_minutes_and_kept(contact: Contact, cast: Cast, at: datetime) -> None:
    desk.ask_callback(contact, by=cast.clerk, actor=cast.clerk, at=at)
    assert running(contact) == {("contact.callback", "open", at + timedelta(minutes=20))}
    assert (contact.status, contact.promised_at) == ("promised", at + timedelta(minutes=20))

    desk.call_back(contact, answer="已说明", actor=cast.clerk, at=at + timedelta(minutes=12))
    contact.refresh_from_db()
    assert (contact.status, contact.answer) == ("answered", "已说明")
    assert set(Commitment.objects.filter(thread=contact.thread).values_list("state", flat=True)) == {"met"}


def test_a_call_back_needs_a_number(
    estate: Estate, cast: Cast, said: dict[str, Any], unchanged: Callable[..., None]
) -> None:
    contact = desk.register_contact(estate, **said | {"caller": Caller("王女士")})
    unchanged(
        ContactIncomplete, lambda: desk.ask_callback(contact, by=cast.clerk, actor=cast.clerk, at=said["at"]), "号码"
    )


def test_a_call_back_without_words_is_refused(
    contact: Contact, cast: Cast, at: datetime, unchanged: Callable[..., None]
) -> None:
    desk.ask_callback(contact, by=cast.clerk, actor=cast.clerk, at=at)
    unchanged(
        ContactIncomplete,
        lambda: desk.call_back(contact, answer=" ", actor=cast.clerk, at=at),
        "答复了什么",
    )


def test_a_contact_can_bring_several_matters(contact: Contact, cast: Cast, at: datetime) -> None:
    first = desk.pass_on(contact, matter=Matter("repair"), actor=cast.clerk, at=at, key="a")
    second = desk.pass_on(contact, matter=Matter("complaint"), actor=cast.clerk, at=at, text="还嫌慢", key="b")

    assert [outcome.case for outcome in contact.outcomes.order_by("id")] == [first, second]
    assert (first.text, second.text, second.kind) == ("厨房漏水", "还嫌慢", "complaint")
    assert desk.pass_on(contact, matter=Matter("complaint"), actor=cast.clerk, at=at, key="b") == second
    assert Case.objects.count() == 2


def test_an_answered_contact_becomes_no_case(
    contact: Contact, cast: Cast, at: datetime, unchanged: Callable[..., None]
) -> None:
    desk.answer_contact(contact, answer="好", actor=cast.clerk, at=at)
    unchanged(
        ContactIncomplete, lambda: desk.pass_on(contact, matter=Matter("repair"), actor=cast.clerk, at=at), "已经答复"
    )


@pytest.mark.parametrize(
    ("ending", "status", "code"),
    [
        (Ending(answer="3.2 元"), "answered", None),
        (Ending(promised_at=people.AT + timedelta(hours=2)), "promised", "contact.promise"),
        (Ending(), "promised", "contact.callback"),
    ],
)
def test_an_enquiry_ends_at_the_desk(
    estate: Estate, standard: Standard, said: dict[str, Any], ending: Ending, status: str, code: str | None
) -> None:
    contact = desk.settle_at_desk(estate, ending=ending, key="k", **said)
    before = everything()

    assert contact.status == status
    assert {found for found, _, _ in running(contact)} == ({code} if code else set())
    assert desk.settle_at_desk(estate, ending=ending, key="k", **said) == contact
    assert everything() == before


def test_a_refused_ending_enters_nothing(estate: Estate, said: dict[str, Any], unchanged: Callable[..., None]) -> None:
    late = Ending(promised_at=said["at"] - timedelta(hours=1))
    unchanged(ContactIncomplete, lambda: desk.settle_at_desk(estate, ending=late, **said), "晚于现在")
    assert desk.register_contact(estate, **said).number == "YH-L261125-001"


def test_the_same_matter_again_is_a_case_of_its_own_merged_into_the_first(
    estate: Estate, cast: Cast, standard: Standard, said: dict[str, Any]
) -> None:
    first = people.tell(estate, cast.clerk)
    again = desk.report_again(estate, into=first, key="k", **said | {"caller": Caller("李先生", "13900001111")})

    assert (again.status, again.merged_into, again.caller_name) == ("merged", first, "李先生")
    assert callers_of(first) == 2
    assert desk.report_again(estate, into=first, key="k", **said | {"caller": Caller("李先生", "13900001111")}) == again
    assert (Case.objects.count(), Contact.objects.count()) == (2, 2)
    assert not Commitment.objects.filter(thread=again.thread, ended_at=None).exists()
    assert Contact.objects.get(outcomes__case=again).status == "passed_on"


def test_what_is_over_takes_no_more_callers(
    estate: Estate, cast: Cast, standard: Standard, said: dict[str, Any], unchanged: Callable[..., None]
) -> None:
    over = people.tell(estate, cast.clerk)
    other = people.tell(estate, cast.clerk)
    cases.merge_case(over, into=other, actor=cast.supervisor, at=said["at"])
    unchanged(Refused, lambda: desk.report_again(estate, into=over, **said), "已经结束")


@pytest.mark.parametrize(
    "planted",
    [{"status": "answered"}, {"status": "promised"}, {"status": "gone"}, {"settled_at": people.AT}],
)
def test_the_database_keeps_a_contact_from_ending_without_an_end(contact: Contact, planted: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(**planted)
