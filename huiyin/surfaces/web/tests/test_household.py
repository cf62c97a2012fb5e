"""The household page: one home, one file; earlier households apart; what is missing said plainly."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from huiyin.areas.cases.rules import Caller
from huiyin.areas.estate.models import Building, Estate, Household, Occupancy, Person, Phone, Unit
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.service_desk import operations as desk
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from tests import cast as people
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standard", "clock")]


@pytest.fixture
def clerk(cast: Cast, browser_of: Callable[[User], Client]) -> Client:
    return browser_of(cast.clerk)


@pytest.fixture
def lived_in(home: Household) -> Household:
    """The household lives here since 2024; before it, another one did."""
    Household.objects.filter(pk=home.pk).update(since_date=date(2024, 3, 1))
    before = Household.objects.create(
        estate=home.estate, unit=home.unit, since_date=date(2019, 5, 1), until_date=date(2024, 2, 20)
    )
    person = Person.objects.create(estate=home.estate, name="赵大海", salutation="先生")
    Occupancy.objects.create(
        household=before, person=person, kind="owner", since_date=before.since_date, until_date=before.until_date
    )
    home.refresh_from_db()
    return home


def call(home: Household, cast: Cast, at: datetime, text: str = "问路", named: bool = True) -> str:
    return desk.register_contact(
        home.estate,
        channel="call",
        text=text,
        caller=Caller("王女士", "13800138000"),
        actor=cast.clerk,
        at=at,
        home=desk.Home(home.unit, home if named else None),
    ).number


def repaired(estate: Estate, cast: Cast, at: datetime) -> ReturnVisit:
    """A repair that was done and accepted; its return visit is drawn."""
    order = WorkOrder.objects.select_related("case").get(
        case=people.tell(estate, cast.clerk, at=at - timedelta(hours=5))
    )
    repairs.dispatch(order, technician=cast.technician, actor=cast.lead, at=at - timedelta(hours=4))
    repairs.accept(order, actor=cast.technician, at=at - timedelta(hours=4))
    repairs.arrive(order, actor=cast.technician, at=at - timedelta(hours=3))
    repairs.finish(order, work_done="换了角阀", actor=cast.technician, at=at - timedelta(hours=2))
    repairs.accept_by_paper(
        order,
        paper_slip="A1",
        signer="王丽",
        written_at=at - timedelta(hours=2),
        actor=cast.technician,
        at=at - timedelta(hours=1),
    )
    return ReturnVisit.objects.get(case=order.case)


def shown(client: Client, home: Household, **asked: Any) -> str:
    reply = client.get(f"/units/{home.unit_id}/", asked)
    assert reply.status_code == 200
    return reply.content.decode()


def lines(page: str) -> list[str]:
    return re.findall(r"data-open>([^<]+)</a>", page)


def test_who_may(cast: Cast, home: Household, browser_of: Callable[[User], Client]) -> None:
    names = ("clerk", "butler", "technician", "lead", "supervisor", "director", "auditor", "outsider")
    seen = {name: browser_of(getattr(cast, name)).get(f"/units/{home.unit_id}/").status_code for name in names}

    assert seen == dict.fromkeys(names, 200) | {"technician": 403, "outsider": 404}
    assert Client().get(f"/units/{home.unit_id}/").status_code == 302


def test_one_timeline_over_everything(clerk: Client, home: Household, estate: Estate, cast: Cast, at: datetime) -> None:
    visit = repaired(estate, cast, at)
    called = call(home, cast, at)
    page = shown(clerk, home)

    assert set(lines(page)) == {
        called,
        "YH-L261125-001",
        "YH-W261125-001",
        "YH-W261125-001-1",
        "YH-W261125-001 第 1 次",
    }
    assert lines(page)[0] == called
    assert f"/return-visits/{visit.pk}/" in page
    for words in ("已验收", "待回访", "已办结", "已转事项", "换了角阀"):
        assert words in page


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("contact", ["YH-L261125-001"]),
        ("case", ["YH-W261125-001"]),
        ("order", ["YH-W261125-001-1"]),
        ("visit", ["YH-W261125-001 第 1 次"]),
    ],
)
def test_the_timeline_by_kind(
    clerk: Client, home: Household, estate: Estate, cast: Cast, at: datetime, kind: str, found: list[str]
) -> None:
    repaired(estate, cast, at)

    assert lines(shown(clerk, home, kind=kind)) == found


def test_kinds_one_may_not_read_are_not_there(home: Household, estate: Estate, cast: Cast, at: datetime) -> None:
    repaired(estate, cast, at)
    role = accounts.define_role("narrow", title="只看档案", rights=["today.see", "estate.see", "desk.see"])
    reader = accounts.create_user("reader", name="读者", password=people.PASSWORD, company_id=estate.company_id)
    accounts.grant_role(reader, role, estate_id=estate.pk, at=at)
    client = Client()
    client.force_login(reader)

    assert lines(shown(client, home)) == ["YH-L261125-001"]
    assert lines(shown(client, home, kind="case")) == ["YH-L261125-001"]


def test_households_before_stand_apart(clerk: Client, lived_in: Household, cast: Cast) -> None:
    zone = people.SHANGHAI
    old = call(lived_in, cast, datetime(2020, 6, 1, 9, tzinfo=zone), "老住户的事", named=False)
    gap = call(lived_in, cast, datetime(2024, 2, 25, 9, tzinfo=zone), "空房时的事", named=False)
    new = call(lived_in, cast, datetime(2026, 11, 25, 9, tzinfo=zone), "新住户的事")
    unnamed = call(lived_in, cast, datetime(2026, 11, 25, 9, 30, tzinfo=zone), "没写住户", named=False)

    assert lines(shown(clerk, lived_in)) == [unnamed, new]
    before = shown(clerk, lived_in, who="earlier")
    assert lines(before) == [gap, old]
    headings = re.findall(r'household-past">(.*?)</h2>', before, re.DOTALL)
    assert [re.sub(r"<[^>]+>|\s+", " ", one).split() for one in headings] == [
        ["没有住户的时候"],
        ["2019-05-01", "至", "2024-02-20", "赵大海先生"],
    ]


def test_the_head_says_who_lives_here_since_when(clerk: Client, lived_in: Household, estate: Estate) -> None:
    Building.objects.filter(estate=estate).update(hint="门禁坏了,请走侧门")
    page = shown(clerk, lived_in)

    for words in (
        "3-2-1501",
        "2024年3月1日起住",
        "王丽女士",
        "业主",
        "门禁坏了,请走侧门",
        "138****8000",
        "以前的住户 1 户",
    ):
        assert words in page
    assert "13800138000" not in page
    assert f"/reveal/person/{Person.objects.get(name='王丽').pk}/" in page


def missing(page: str) -> list[str]:
    found = re.search(r'household-missing">(.*?)</ul>', page, re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", found[1]) if found else []


def test_what_is_missing_is_said_plainly(clerk: Client, home: Household, estate: Estate) -> None:
    assert missing(shown(clerk, home)) == ["没有建筑面积"]

    person = Person.objects.create(estate=estate, name="李强", salutation="先生")
    Occupancy.objects.create(household=home, person=person, kind="family", since_date=home.since_date)
    Unit.objects.filter(pk=home.unit_id).update(gross_area="89.50")
    assert missing(shown(clerk, home)) == ["没有李强先生的电话"]

    Phone.objects.all().delete()
    Occupancy.objects.filter(kind="owner").update(kind="tenant")
    assert missing(shown(clerk, home)) == ["没有登记业主", "一个电话都没有,有事联系不上"]

    Occupancy.objects.all().delete()
    assert missing(shown(clerk, home)) == ["登记了入住,没有登记住的是谁"]

    home.delete()
    assert missing(shown(clerk, home)) == ["没有登记现在的住户"]


def test_an_empty_home_says_what_will_come(clerk: Client, home: Household) -> None:
    assert "这一户还没有记录" in shown(clerk, home)


def test_pages_neither_repeat_nor_skip(clerk: Client, home: Household, cast: Cast, at: datetime) -> None:
    for minutes in range(53):
        call(home, cast, at + timedelta(minutes=minutes // 10))
    first, second = lines(shown(clerk, home)), lines(shown(clerk, home, page=2))

    assert (len(first), len(second)) == (50, 3)
    assert len({*first, *second}) == 53


@pytest.mark.parametrize("page", ["x", "0", "-3", "9" * 20])
def test_nonsense_for_a_page_does_no_harm(clerk: Client, home: Household, page: str) -> None:
    assert shown(clerk, home, page=page, kind="'", who="?", phones="<script>")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_file_costs_the_same_however_thick(
    clerk: Client, home: Household, estate: Estate, cast: Cast, at: datetime, rows: int, django_assert_num_queries: Any
) -> None:
    for hours in range(rows):
        repaired(estate, cast, at - timedelta(days=hours))
        call(home, cast, at)
    clerk.get("/desk/")
    with django_assert_num_queries(17):
        shown(clerk, home)
