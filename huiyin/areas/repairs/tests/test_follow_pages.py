"""The pages of what follows an order, of hints and of fault categories: what they do, and that lists cost the same."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases import queries as case_queries
from huiyin.areas.cases.models import Category
from huiyin.areas.cases.rules import OwnCategory
from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.repairs import operations
from huiyin.areas.repairs.models import BuildingHint, CommunicationNote, ContactChange, OrderCopies
from huiyin.areas.repairs.tests.factories import minutes, order_in
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.standards.models import Standard
from tests.cast import AT, Cast

pytestmark = pytest.mark.django_db
Browsers = Callable[[User], Client]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any, clock: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def queries_of(browser: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(url).status_code == 200
    return len(asked)


def test_lists_cost_the_same_for_one_row_and_for_three(
    estate: Estate, cast: Cast, home: Household, standard: Standard, browser_of: Browsers
) -> None:
    lists = {"copies": cast.lead, "talks": cast.lead, "contacts": cast.supervisor, "board": cast.lead}
    browsers = {user: browser_of(user) for user in lists.values()}
    costs: list[dict[str, int]] = []
    for n in range(3):
        order = order_in("closed", estate, cast, at=minutes(-600 + 60 * n))
        about = {"told_by": cast.technician, "talked_at": minutes(-100), "points": "讲了怎么用"}
        operations.enter_talk(order, **about, actor=cast.clerk, at=AT)
        operations.confirm_contact(order, name="王丽", phone=f"1390013900{n}", actor=cast.clerk, at=AT)
        order_in("new", estate, cast, at=minutes(-30 + n))
        costs.append({name: queries_of(browsers[user], reverse(f"repairs:{name}")) for name, user in lists.items()})
    assert costs[0] == costs[2]
    assert max(costs[2].values()) <= 25


def test_the_page_of_what_followed_takes_every_step(
    estate: Estate, cast: Cast, home: Household, standard: Standard, browser_of: Browsers
) -> None:
    order = order_in("closed", estate, cast, at=minutes(-120))
    page = reverse("repairs:follow", args=[order.number])
    clerk, lead, butler = browser_of(cast.clerk), browser_of(cast.lead), browser_of(cast.butler)
    wrong = clerk.post(reverse("repairs:copy_back", args=[order.number]), {"materials": "differ"})
    assert (wrong.status_code, OrderCopies.objects.get().back_at) == (200, None)
    assert "请写明差在哪里" in wrong.content.decode()
    clerk.post(reverse("repairs:copy_back", args=[order.number]), {"materials": "agree"})
    lead.post(reverse("repairs:copy_seen", args=[order.number]), {"training": "on", "training_note": "怎么拆"})
    copies = OrderCopies.objects.get()
    assert (copies.back_by, copies.seen_by, copies.training) == (cast.clerk, cast.lead, True)
    talk = {
        "idempotency_key": "3f2d9a5e-7d57-4c2b-8a51-5d7b6b1f0a11",
        "told_by": cast.technician.pk,
        "talked_at": "今天 9:00",
        "points": "讲了怎么用",
        "attitude": "angry",
        "follow_up": "主管回个电话",
        "follow_kind": "enquiry",
    }
    clerk.post(reverse("repairs:talk", args=[order.number]), talk)
    note = CommunicationNote.objects.get()
    assert note.follow_up_case is not None
    person = home.occupancies.get().person_id
    told = {"person": person, "name": "王丽", "phone": "13900139000"}
    clerk.post(reverse("repairs:contact", args=[order.number]), told)
    change = ContactChange.objects.get()
    listed = butler.get(reverse("repairs:contacts")).content.decode()
    reveal = reverse("web:reveal", args=["confirmed", change.pk])
    assert "139****9000" in listed
    assert reveal in listed
    assert "13900139000" not in listed
    assert "13900139000" in butler.post(reveal, {"reason": "verify"}).content.decode()
    line = Entry.objects.get(kind="privacy.shown")
    assert (line.actor, line.subject_type, line.subject_id) == (cast.butler, "repairs.contact", change.pk)
    assert clerk.post(reveal, {"reason": "verify"}).status_code == 403
    butler.post(reverse("repairs:contact_decide", args=[change.pk]), {"decision": "accept"})
    assert ContactChange.objects.get().status == "accepted"
    shown = clerk.get(page).content.decode()
    assert note.follow_up_case.number in shown
    assert "已更新" in shown
    assert queries_of(clerk, page) <= 25


def test_a_hint_is_written_and_withdrawn(estate: Estate, cast: Cast, browser_of: Browsers) -> None:
    lead = browser_of(cast.lead)
    sent = {
        "idempotency_key": "3f2d9a5e-7d57-4c2b-8a51-5d7b6b1f0a12",
        "text": "水泵周三检修",
        "since_date": "2026-11-25",
        "until_date": "2026-11-24",
    }
    refused = lead.post(reverse("repairs:hint_write"), sent)
    assert "结束的日期不能早于开始的日期" in refused.content.decode()
    assert BuildingHint.objects.count() == 0
    lead.post(reverse("repairs:hint_write"), sent | {"until_date": "2026-11-26"})
    hint = BuildingHint.objects.get()
    assert "水泵周三检修" in lead.get(reverse("repairs:hints")).content.decode()
    lead.post(reverse("repairs:hint_withdraw", args=[hint.pk]))
    assert BuildingHint.objects.get().withdrawn_at is not None


def handed_in(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("类别.csv", text.encode(), "text/csv")


def test_a_sheet_is_tried_first_and_written_whole_when_confirmed(
    estate: Estate, cast: Cast, browser_of: Browsers
) -> None:
    cases.load_categories()
    lead, where = browser_of(cast.lead), reverse("repairs:fault_import")
    bad = (
        "归在,名称,关键词,多半在,多半\n给水,直饮水机,直饮水、滤芯,公共部位,一般\n没有的类,甲,,,\n给水,龙头角阀,,阳台,\n"
    )
    said = lead.post(where, {"sheet": handed_in(bad)}).content.decode()
    assert "第 3 行「归在」:没有「没有的类」这一类" in said
    assert "第 4 行「多半在」:看不懂「阳台」" in said
    assert Category.objects.filter(estate=estate).count() == 0
    good = "归在,名称,关键词,多半在,多半\n给水,直饮水机,直饮水、滤芯,公共部位,急修\n"
    said = lead.post(where, {"sheet": handed_in(good)}).content.decode()
    assert Category.objects.filter(estate=estate).count() == 0
    rows = said.split('name="rows" value="')[1].split('"')[0].replace("&#34;", '"').replace("&quot;", '"')
    lead.post(where, {"rows": rows})
    own = Category.objects.get(estate=estate)
    assert (own.code, own.suggests) == ("water.YH-1", {"location_kind": "common_part", "urgency": "emergency"})
    # The same sheet again adds nothing; a row more adds that one.
    lead.post(where, {"rows": rows})
    assert "都已经有了,不用导入" in lead.post(where, {"sheet": handed_in(good)}).content.decode()
    more = lead.post(where, {"sheet": handed_in(good + "给水,软水机,,,\n给水,龙头角阀,,,\n")}).content.decode()
    assert "会加上 1 个类别" in more and "已经有的 2 个不动" in more
    twice = lead.post(where, {"sheet": handed_in(good + "给水,软水机,,,\n给水,软水机,,,\n")}).content.decode()
    assert "第 4 行「名称」:「给水」下面已经有「软水机」" in twice
    assert Category.objects.filter(estate=estate).count() == 1


def test_an_estates_own_category_is_its_own_and_can_be_retired(
    estate: Estate, cast: Cast, browser_of: Browsers
) -> None:
    cases.load_categories()
    other = Estate.objects.create(company=estate.company, code="YX", name="云溪苑")
    own = cases.add_category(estate, OwnCategory("repair", "电梯", "货梯", ("货梯",)), actor=cast.lead, at=AT)
    assert own in case_queries.categories_of("repair", estate.pk)
    assert own not in case_queries.categories_of("repair", other.pk)
    assert own not in case_queries.all_categories()
    lead = browser_of(cast.lead)
    assert lead.post(reverse("repairs:fault_retire", args=[own.pk])).status_code == 409
    lead.post(reverse("repairs:fault_retire", args=[own.pk]), {"note": "不用了"})
    assert own not in case_queries.categories_of("repair", estate.pk)
    shipped = Category.objects.get(kind="repair", code="lift")
    assert lead.post(reverse("repairs:fault_retire", args=[shipped.pk]), {"note": "x"}).status_code == 404


def test_the_tree_stands_in_order(estate: Estate) -> None:
    cases.load_categories()
    codes = [one.code for one in case_queries.categories_of("repair")]
    assert codes[:3] == ["water", "water.main", "water.meter"]
    assert all(code.partition(".")[0] in codes[: n + 1] for n, code in enumerate(codes))
