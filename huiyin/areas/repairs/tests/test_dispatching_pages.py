"""The pages of giving out orders: the plan of an order, the settings, the phone; who may, what they say, what they cost."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.test import Client

from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import operations
from huiyin.areas.repairs.models import DispatchPolicy, Offer, Transfer
from huiyin.areas.repairs.tests.factories import fresh, minutes, order_in, told
from huiyin.areas.repairs.tests.test_pages import queries_for, text_of, untouched
from huiyin.areas.staffing import operations as staffing
from huiyin.areas.staffing.models import Assignment
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from tests.cast import AT, Cast

pytestmark = pytest.mark.usefixtures("standard", "home", "clock")
Browser = Callable[[User], Client]
SETTINGS = {
    "urgency": "normal",
    "mode": "grab",
    "load_cap": "3",
    "grab_minutes": "15",
    "slots_from": "08:00",
    "slots_until": "18:00",
    "slot_minutes": "120",
    "per_slot": "1",
}


class TestTheBoard:
    def test_only_the_fit_are_in_the_line_and_the_rest_one_page_further(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        order = told(estate, cast)
        until = minutes(60)
        staffing.report_absent(
            cast.technician, estate_id=estate.pk, until=until, reason="看病", actor=cast.supervisor, at=AT
        )
        page = text_of(browser_of(cast.lead).get("/repairs/"))
        assert f'<option value="{cast.second_technician.pk}">赵刚 · 在岗 · 手上没有单</option>' in page
        assert f'<option value="{cast.technician.pk}">' not in page.split("派给谁")[1]
        plan = text_of(browser_of(cast.lead).get(f"/repairs/orders/{order.number}/plan/"))
        assert plan.index("赵刚") < plan.index("李强")
        assert "不在岗(今天 11:00 来)" in plan

    def test_the_time_left_and_who_was_told(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order_in("assigned", estate, cast, at=minutes(-22), urgency="emergency")
        page = text_of(browser_of(cast.lead).get("/repairs/"))
        assert "到场还剩 8 分钟" in page

    def test_one_button_gives_everything_in_turn(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        orders = [told(estate, cast) for _ in range(2)]
        assert browser_of(cast.clerk).post("/repairs/rotate/").status_code == 403
        answer = browser_of(cast.lead).post("/repairs/rotate/", follow=True)
        assert "已轮派 2 张" in text_of(answer)
        assert [fresh(one).technician for one in orders] == [cast.technician, cast.second_technician]


class TestThePlan:
    def test_the_desk_reads_it_and_only_the_lead_acts(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        browser_of(cast.lead).post("/repairs/dispatching/", SETTINGS)
        order = told(estate, cast)
        address = f"/repairs/orders/{order.number}/plan/"
        desk, lead = (text_of(browser_of(user).get(address)) for user in (cast.clerk, cast.lead))
        assert "空 2" in desk and "空 2" in lead
        assert "约别的时间" not in desk and "<form" not in desk.split("<main")[1].split("</main")[0]
        assert "约别的时间" in lead
        assert browser_of(cast.outsider).get(address).status_code == 404
        assert browser_of(cast.technician).get(address).status_code == 403

    def test_choosing_a_slot_by_its_button(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = told(estate, cast)
        sent = {"start": "2026-11-25 14:00", "lasts": "120"}
        browser_of(cast.lead).post(f"/repairs/orders/{order.number}/appoint/", sent)
        now = fresh(order)
        assert (now.appointment_from, now.appointment_to) == (minutes(240), minutes(360))

    def test_somebody_unfit_is_refused_without_a_reason_and_nothing_changes(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        order = told(estate, cast)
        until = minutes(60)
        staffing.report_absent(
            cast.technician, estate_id=estate.pk, until=until, reason="看病", actor=cast.supervisor, at=AT
        )
        address, sent = f"/repairs/orders/{order.number}/dispatch/", {"technician": cast.technician.pk}
        before = untouched()
        answer = browser_of(cast.lead).post(address, sent)
        assert (answer.status_code, untouched()) == (409, before)
        assert "仍要派给李强,请写明原因" in text_of(answer)
        browser_of(cast.lead).post(address, {**sent, "note": "他在路上"})
        assert fresh(order).technician == cast.technician


class TestTheSettings:
    def test_they_are_saved_one_urgency_at_a_time(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        lead = browser_of(cast.lead)
        assert "还没设过" in text_of(lead.get("/repairs/dispatching/"))
        assert lead.post("/repairs/dispatching/", SETTINGS).status_code == 303
        saved = DispatchPolicy.objects.get()
        assert (saved.urgency, saved.mode, saved.load_cap, saved.grab_minutes, saved.slots_from) == (
            "normal",
            "grab",
            3,
            15,
            time(8),
        )
        assert Entry.objects.filter(kind="repairs.dispatch_policy.changed", actor=cast.lead).count() == 1

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"mode": "lottery"}, "怎么派"),
            ({"load_cap": "-1"}, "每人手上最多几张"),
            ({"slots_until": "07:00"}, "时段要从早到晚"),
        ],
    )
    def test_what_cannot_be_is_said_in_the_form(
        self, wrong: dict[str, str], says: str, cast: Cast, browser_of: Browser
    ) -> None:
        page = text_of(browser_of(cast.lead).post("/repairs/dispatching/", {**SETTINGS, **wrong}))
        assert says in page and "data-form-errors" in page
        assert not DispatchPolicy.objects.exists()


class TestThePhone:
    def lying_open(self, estate: Estate, cast: Cast) -> Offer:
        return operations.lay_open(told(estate, cast, text="阳台漏水"), actor=cast.lead, at=AT)

    def test_what_may_be_grabbed_is_listed_with_its_button_and_nobody_s_phone(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        offer = self.lying_open(estate, cast)
        page = text_of(browser_of(cast.technician).get("/repairs/mine/"))
        assert "可抢的单" in page and "阳台漏水" in page
        assert f"/repairs/mine/{offer.order.number}/grab/" in page
        assert "13800138000" not in page
        assert "可抢的单" not in text_of(browser_of(cast.lead).get("/repairs/mine/"))

    def test_grabbing_by_its_button(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        offer = self.lying_open(estate, cast)
        address = f"/repairs/mine/{offer.order.number}/grab/"
        assert browser_of(cast.clerk).post(address).status_code == 403
        assert browser_of(cast.outsider).post(address).status_code == 403
        assert browser_of(cast.lead).post(address).status_code == 404
        first = browser_of(cast.technician).post(address, {"idempotency_key": "g1"}, follow=True)
        assert "抢到了,这张单归您" in text_of(first)
        before = untouched()
        second = browser_of(cast.second_technician).post(address, {"idempotency_key": "g2"})
        assert (second.status_code, untouched()) == (409, before)
        assert "慢了一步:这张单已在李强手里" in text_of(second)

    def test_why_not_is_said(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        browser_of(cast.lead).post("/repairs/dispatching/", {**SETTINGS, "load_cap": "1"})
        order_in("accepted", estate, cast, at=minutes(-60))
        offer = self.lying_open(estate, cast)
        page = text_of(browser_of(cast.technician).get("/repairs/mine/"))
        assert "您抢不了,手上已有 1 张,上限 1 张" in page
        assert f"/repairs/mine/{offer.order.number}/grab/" not in page

    def test_passing_on_from_asking_to_taking(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = order_in("accepted", estate, cast, at=minutes(-60))
        giver, receiver = browser_of(cast.technician), browser_of(cast.second_technician)
        job = f"/repairs/mine/{order.number}/"
        assert "转单…" in text_of(giver.get(job))
        sent = {"receiver": cast.second_technician.pk, "note": "离你近", "idempotency_key": "p1"}
        assert "对方接下之前,单还在您手里" in text_of(giver.post(f"{job}pass-on/", sent, follow=True))
        assert "已请赵刚接这张单" in text_of(giver.get(job))
        assert receiver.get(job).status_code == 404
        assert "等您接的转单" in text_of(receiver.get("/repairs/mine/"))
        assert "等赵刚接" in text_of(browser_of(cast.lead).get("/repairs/"))
        assert giver.post(f"{job}take-over/").status_code == 409
        assert "已接下" in text_of(receiver.post(f"{job}take-over/", {"idempotency_key": "p2"}, follow=True))
        assert fresh(order).technician == cast.second_technician
        assert giver.get(job).status_code == 404

    def test_declining_needs_a_reason_and_keeping_ends_it(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        order = order_in("accepted", estate, cast, at=minutes(-60))
        giver, receiver = browser_of(cast.technician), browser_of(cast.second_technician)
        job = f"/repairs/mine/{order.number}/"
        sent = {"receiver": cast.second_technician.pk, "note": "离你近"}
        giver.post(f"{job}pass-on/", sent)
        assert receiver.post(f"{job}decline/", {"note": ""}).status_code == 409
        receiver.post(f"{job}decline/", {"note": "走不开"})
        giver.post(f"{job}pass-on/", sent)
        giver.post(f"{job}keep/")
        states = list(Transfer.objects.order_by("id").values_list("state", flat=True))
        assert (states, fresh(order).technician) == (["declined", "ended"], cast.technician)

    def test_waiting_from_the_list_and_on_top_when_its_time_has_come(
        self, estate: Estate, cast: Cast, browser_of: Browser, clock: Any
    ) -> None:
        order = order_in("accepted", estate, cast, at=minutes(-60))
        phone, job = browser_of(cast.technician), f"/repairs/mine/{order.number}/"
        sent = {"why": "parts", "note": "角阀", "wakes_at": "今天 10:30"}
        assert phone.post(f"{job}hold/", {**sent, "why": "other", "note": ""}).status_code == 422
        assert phone.post(f"{job}hold/", sent).status_code == 303
        assert "等配件:角阀" in text_of(phone.get("/repairs/mine/"))
        clock.at = minutes(31)
        assert "到时间再看的" in text_of(phone.get("/repairs/mine/"))
        assert "到时间再看的" in text_of(browser_of(cast.lead).get("/repairs/"))


class TestCosts:
    def test_three_offers_and_three_transfers_cost_as_much_as_one(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        phone = browser_of(cast.second_technician)

        def another() -> None:
            operations.lay_open(told(estate, cast), actor=cast.lead, at=AT)
            order = order_in("accepted", estate, cast, at=minutes(-60))
            operations.ask_transfer(
                fresh(order), receiver=cast.second_technician, reason="远", actor=cast.technician, at=AT
            )

        another()
        one = queries_for(phone, "/repairs/mine/")
        another()
        another()
        assert queries_for(phone, "/repairs/mine/") == one <= 25
        number = order_in("accepted", estate, cast, at=minutes(-60)).number
        assert queries_for(browser_of(cast.technician), f"/repairs/mine/{number}/") <= 25
        assert queries_for(browser_of(cast.lead), f"/repairs/orders/{number}/plan/") <= 25


class TestWhatSomebodyCan:
    def test_it_is_recorded_on_their_page_and_read_where_they_work(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        address = f"/staff/people/{cast.technician.pk}/skills/"
        assert browser_of(cast.lead).post(address, {"skills": ["plumbing"]}).status_code == 403
        boss = browser_of(cast.supervisor)
        assert "水暖" in text_of(boss.get(address))
        boss.post(address, {"skills": ["plumbing", "electric"]})
        held = Assignment.objects.get(user=cast.technician)
        assert held.skills == ["plumbing", "electric"]
        assert "会水暖、电工" in text_of(boss.get(f"/staff/posts/{held.post_id}/"))
        assert "水暖、电工" in text_of(boss.get(f"/staff/people/{cast.technician.pk}/account/"))
        entry = Entry.objects.get(kind="staffing.person.skilled")
        assert entry.values == {"person": "李强", "skills": "水暖、电工", "was": "没有登记"}
        assert boss.post(address, {"skills": ["flying"]}).status_code == 200
        assert Assignment.objects.get(user=cast.technician).skills == ["plumbing", "electric"]
