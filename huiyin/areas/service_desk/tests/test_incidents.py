"""Callers of an incident: answered in one press, counted, tied; when it is over, who asked is owed a word."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case, Category
from huiyin.areas.cases.rules import Caller
from huiyin.areas.estate.models import Building, Estate, Household
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import Incident, WorkOrder
from huiyin.areas.repairs.tests.factories import order_in
from huiyin.areas.service_desk import operations, queries
from huiyin.areas.service_desk.models import Contact, IncidentCaller
from huiyin.areas.service_desk.operations import AlreadyEntered, ContactIncomplete, Home, Matter
from huiyin.foundation.accounts.models import User
from huiyin.standards.models import Commitment, Standard
from tests.cast import AT, Cast, tell

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=3)
Browsers = Callable[[User], Client]


@pytest.fixture
def incident(estate: Estate, cast: Cast, standard: Standard) -> Incident:
    return repairs.open_incident(
        estate,
        title="3 栋停水",
        sentence="水泵坏了,中午前恢复",
        expected_end=LATER,
        buildings=[Building.objects.get(estate=estate)],
        actor=cast.lead,
        at=AT,
    )


def asks(incident: Incident, cast: Cast, *, wants: bool = True, phone: str = "13800138000", **more: Any) -> Contact:
    said = {"channel": "call", "caller": Caller("王女士", phone, "3-2-1501"), "actor": cast.clerk, "at": AT}
    return operations.answer_for_incident(incident.estate, incident=incident, wants_telling=wants, **{**said, **more})


def to_tell(incident: Incident) -> list[Commitment]:
    return list(Commitment.objects.filter(thread=incident.thread, code="incident.tell", ended_at=None).order_by("id"))


def test_a_caller_is_answered_with_the_sentence_and_counted(incident: Incident, cast: Cast) -> None:
    contact = asks(incident, cast)
    assert (contact.status, contact.answer, contact.text) == ("answered", "水泵坏了,中午前恢复", "问「3 栋停水」")
    assert queries.asked_about([incident])[incident.pk] == queries.Asked(callers=1, wanting=1, waiting=1)
    assert Commitment.objects.filter(thread=contact.thread, ended_at=None).count() == 0


def test_the_same_press_twice_is_one_caller(incident: Incident, cast: Cast) -> None:
    assert asks(incident, cast, key="k") == asks(incident, cast, key="k")
    assert IncidentCaller.objects.count() == 1
    with pytest.raises(AlreadyEntered):
        asks(incident, cast, key="k", text="别的话")


def test_whoever_wants_to_be_told_leaves_a_phone(incident: Incident, cast: Cast) -> None:
    with pytest.raises(ContactIncomplete):
        asks(incident, cast, phone="")
    assert (Contact.objects.count(), IncidentCaller.objects.count()) == (0, 0)
    assert asks(incident, cast, wants=False, phone="").status == "answered"


def test_when_it_is_over_each_who_asked_is_owed_a_word_and_nobody_else(incident: Incident, cast: Cast) -> None:
    asks(incident, cast)
    asks(incident, cast, wants=False)
    asks(incident, cast, phone="13900139000")
    assert to_tell(incident) == []
    repairs.end_incident(incident, over_sentence="来水了", actor=cast.lead, at=LATER)
    assert [(one.owner_id, one.subject_type) for one in to_tell(incident)] == [
        (cast.clerk.pk, "service_desk.incident_caller")
    ] * 2
    with pytest.raises(ContactIncomplete):
        asks(incident, cast)
    first, second = queries.callers_of(cast.clerk, incident, show="waiting").order_by("id")
    assert operations.tell_callers([first], how="电话", actor=cast.clerk, at=LATER) == 1
    assert operations.tell_callers([first, second], how="短信", actor=cast.butler, at=LATER) == 1
    assert to_tell(incident) == []
    assert [one.told_how for one in queries.callers_of(cast.clerk, incident, show="told").order_by("id")] == [
        "电话",
        "短信",
    ]


def test_nobody_is_told_of_an_end_that_has_not_come(incident: Incident, cast: Cast) -> None:
    asks(incident, cast)
    with pytest.raises(ContactIncomplete):
        operations.tell_callers(list(queries.callers_of(cast.clerk, incident)), how="电话", actor=cast.clerk, at=AT)
    assert IncidentCaller.objects.get().told_at is None


def test_without_the_rule_the_word_is_owed_by_name(estate: Estate, cast: Cast) -> None:
    running = repairs.open_incident(
        estate, title="停电", sentence="在抢修", expected_end=LATER, buildings=[], actor=cast.lead, at=AT
    )
    asks(running, cast)
    repairs.end_incident(running, over_sentence="来电了", actor=cast.lead, at=LATER)
    (owed,) = Commitment.objects.filter(thread=running.thread, ended_at=None)
    assert owed.does == "告诉来电人已经恢复"


def test_a_matter_of_its_own_is_tied_to_the_incident(incident: Incident, cast: Cast, home: Household) -> None:
    case = operations.take_matter_of_incident(
        incident.estate,
        incident=incident,
        wants_telling=True,
        matter=Matter("repair"),
        channel="call",
        text="停水以后水表也不转了",
        caller=Caller("王女士", "13800138000", "3-2-1501"),
        home=Home(home.unit, home),
        actor=cast.clerk,
        at=AT,
    )
    tied = IncidentCaller.objects.get()
    assert (tied.case, tied.contact.status) == (case, "passed_on")


def test_registering_without_an_incident_asks_nothing_of_incidents(
    incident: Incident, estate: Estate, cast: Cast, home: Household
) -> None:
    """Registration has no slack: whoever chooses no incident pays for none."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        tell(estate, cast.clerk)
    touched = [one["sql"] for one in asked if "incident" in one["sql"] or "repairs_buildinghint" in one["sql"]]
    assert touched == []


def test_what_one_has_just_taken_can_be_joined_afterwards(estate: Estate, cast: Cast, standard: Standard) -> None:
    first, second = (tell(estate, cast.clerk, at=AT + timedelta(minutes=n)) for n in (0, 5))
    assert [one.number for one in queries.may_be_same(cast.clerk, second)] == [first.number]
    with pytest.raises(ContactIncomplete):
        operations.join_matter(second, into=first, actor=cast.butler, at=AT + timedelta(minutes=6))
    operations.join_matter(second, into=first, actor=cast.clerk, at=AT + timedelta(minutes=6))
    assert Case.objects.get(pk=second.pk).merged_into == first


# The desk


def at_desk(browser: Client, home: Household, **typed: str) -> str:
    sent = {"unit": str(home.unit_id), **typed}
    return str(browser.post(reverse("service_desk:hints"), sent).content.decode())


def test_the_desk_says_the_incident_before_a_word_is_typed(
    incident: Incident, home: Household, cast: Cast, browser_of: Browsers, clock: Any
) -> None:
    page = browser_of(cast.clerk).get(reverse("service_desk:desk"), {"unit": home.unit_id}).content.decode()
    assert "水泵坏了,中午前恢复" in page
    assert f'name="incident" value="{incident.number}"' in page


def test_one_press_enters_the_caller(
    incident: Incident, home: Household, cast: Cast, browser_of: Browsers, clock: Any
) -> None:
    browser = browser_of(cast.clerk)
    form = browser.get(reverse("service_desk:desk"), {"unit": home.unit_id}).content.decode()
    key = form.split('name="idempotency_key" value="')[1].split('"')[0]
    person = home.occupancies.get().person_id
    sent = {
        "unit": home.unit_id,
        "person": person,
        "channel": "call",
        "idempotency_key": key,
        "incident": incident.number,
        "tell_when_over": "1",
    }
    answer = browser.post(reverse("service_desk:desk"), sent, follow=True).content.decode()
    caller = IncidentCaller.objects.select_related("contact").get()
    assert caller.wants_telling
    assert (caller.contact.status, caller.contact.household) == ("answered", home)
    assert f"水泵坏了,中午前恢复。恢复了我们会告诉您。编号 {caller.contact.number}。" in answer


def test_the_desk_warns_of_the_same_nearby_and_of_what_came_back(
    estate: Estate,
    cast: Cast,
    home: Household,
    standard: Standard,
    browser_of: Browsers,
    clock: Any,
    tmp_path: Any,
    settings: Any,
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    cases.load_categories()
    tap = Category.objects.get(kind="repair", code="water.tap")
    before = order_in("closed", estate, cast, at=AT - timedelta(days=3), category=tap)
    said = at_desk(browser_of(cast.clerk), home, kind="repair", text="龙头又滴水了")
    assert "同样的毛病 30 天内修过 1 次" in said
    assert before.number in said
    assert f'value="{tap.pk}" checked' in said


def test_categories_are_found_by_initials(
    estate: Estate, cast: Cast, home: Household, browser_of: Browsers, clock: Any
) -> None:
    cases.load_categories()
    trapped = Category.objects.get(kind="repair", code="lift.trapped")
    said = at_desk(browser_of(cast.clerk), home, kind="repair", text="快来人", category_q="dtkr")
    assert f'value="{trapped.pk}" checked' in said
    assert 'data-suggests-urgency="emergency"' in said
    assert "多半是公共部位、急修" in said


def test_the_narrower_category_wins(estate: Estate) -> None:
    cases.load_categories()
    assert queries.suggested("电梯里困人了", "repair")[0].code == "lift.trapped"
    assert queries.suggested("电梯停在八楼不动", "repair")[0].code == "lift"


# Its pages


def test_the_page_of_an_incident_asks_as_much_for_three_callers_as_for_one(
    incident: Incident, cast: Cast, browser_of: Browsers, clock: Any
) -> None:
    browser, counts = browser_of(cast.clerk), []
    for _ in range(2):
        asks(incident, cast)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(reverse("service_desk:incident", args=[incident.number])).status_code == 200
        counts.append(len(asked))
        asks(incident, cast)
    assert counts[0] == counts[1] <= 25


def test_the_list_of_incidents_asks_as_much_for_three_as_for_one(
    incident: Incident, estate: Estate, cast: Cast, browser_of: Browsers, clock: Any
) -> None:
    browser, counts = browser_of(cast.clerk), []
    for n in range(3):
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(reverse("service_desk:incidents")).status_code == 200
        counts.append(len(asked))
        repairs.open_incident(
            estate,
            title=f"第 {n} 件",
            sentence="在修",
            expected_end=LATER,
            buildings=[Building.objects.get(estate=estate)],
            actor=cast.lead,
            at=AT,
        )
    assert counts[0] == counts[2] <= 25


def test_an_incident_is_opened_revised_and_ended_on_its_pages(
    estate: Estate, cast: Cast, standard: Standard, browser_of: Browsers, clock: Any
) -> None:
    lead = browser_of(cast.lead)
    order = WorkOrder.objects.get(case=tell(estate, cast.clerk))
    form = lead.get(reverse("service_desk:incident_open")).content.decode()
    sent = {
        "idempotency_key": form.split('name="idempotency_key" value="')[1].split('"')[0],
        "title": "3 栋停水",
        "sentence": "在修",
        "expected_end": "明天 12:00",
        "buildings": [Building.objects.get(estate=estate).pk],
        "order": order.number,
    }
    lead.post(reverse("service_desk:incident_open"), sent)
    one = Incident.objects.get()
    assert (one.leading_order, one.opened_by) == (order, cast.lead)
    revised = {"sentence": "换泵", "expected_end": "明天 13:00"}
    lead.post(reverse("service_desk:incident_revise", args=[one.number]), revised)
    asks(Incident.objects.get(), cast)
    nothing = lead.post(reverse("service_desk:incident_end", args=[one.number]), {"over_sentence": ""})
    assert (nothing.status_code, Incident.objects.get().status) == (200, "open")
    lead.post(reverse("service_desk:incident_end", args=[one.number]), {"over_sentence": "来水了"})
    clerk = browser_of(cast.clerk)
    clerk.post(reverse("service_desk:incident_told", args=[one.number]), {"how": "短信", "do": "all"})
    assert IncidentCaller.objects.get().told_how == "短信"
    assert Incident.objects.get().sentence == "换泵"
