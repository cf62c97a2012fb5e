"""Giving out orders: candidates, what the estate chose, grabbing, turns, passing on, slots, waiting; and what is refused."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case, Category
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import jobs, operations, queries
from huiyin.areas.repairs.invariants import INVARIANTS
from huiyin.areas.repairs.models import DispatchPolicy, Offer, Transfer, Turn, WorkOrder
from huiyin.areas.repairs.operations import CannotWait, NobodyFit, NoRoom, NotAsked, NotFit, NotOpen, SettingsInvalid
from huiyin.areas.repairs.tests.factories import fresh, minutes, order_in, told
from huiyin.areas.staffing import operations as staffing
from huiyin.areas.staffing.models import Post
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import MovedMeanwhile
from huiyin.standards import operations as standards
from huiyin.standards.models import Commitment, Step
from tests.cast import AT, Cast

pytestmark = pytest.mark.usefixtures("standard", "home")


@pytest.fixture(autouse=True)
def whatever_happens_nothing_breaks(db: None) -> Any:
    yield
    assert {one.code: found for one in INVARIANTS if (found := list(one.broken(minutes(600))))} == {}


def chose(estate: Estate, cast: Cast, *, urgency: str = "normal", at: datetime = AT, **said: Any) -> DispatchPolicy:
    decided = {
        "mode": "assignment",
        "load_cap": 0,
        "grab_minutes": 10,
        "slots_from": time(8),
        "slots_until": time(18),
        "slot_minutes": 120,
        "per_slot": 0,
    }
    return operations.set_policy(estate.pk, urgency=urgency, **{**decided, **said}, actor=cast.lead, at=at)


def can(user: User, estate: Estate, cast: Cast, *skills: str) -> None:
    staffing.record_skills(user, estate_id=estate.pk, skills=skills, actor=cast.supervisor, at=AT)


def category(code: str) -> Category:
    cases.load_categories()
    return Category.objects.get(kind="repair", code=code)


def leak(estate: Estate, cast: Cast, **matter: Any) -> WorkOrder:
    return told(estate, cast, category=category("leak"), **matter)


def rostered(user: User, *, start: datetime = AT, hours: float = 8) -> None:
    post = Post.objects.get(estate__code="YH", code="technician")
    staffing.plan_duty(post, user, starts_at=start, ends_at=start + timedelta(hours=hours))


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Entry, Offer, Turn, Transfer, Commitment))


def refused(act: Callable[[], object], kind: type[Refused], says: str, order: WorkOrder) -> None:
    """See that the act is refused in words, and that nothing is different afterwards."""
    before, row = written(), WorkOrder.objects.values().get(pk=order.pk)
    with pytest.raises(kind, match=says):
        act()
    assert (written(), WorkOrder.objects.values().get(pk=order.pk)) == (before, row)


def owner_of(order: WorkOrder, code: str) -> int | None:
    return Commitment.objects.get(subject_id=order.pk, subject_type="repairs.order", code=code).owner_id


class TestCandidates:
    def test_who_knows_the_trade_comes_first_and_everybody_is_explained(self, estate: Estate, cast: Cast) -> None:
        can(cast.technician, estate, cast, "electric")
        can(cast.second_technician, estate, cast, "plumbing")
        order = leak(estate, cast)
        found = queries.candidates_of([order], at=AT)[order.pk]
        assert [(one.name, one.fit, one.says) for one in found] == [
            ("赵刚", True, "在岗 · 会水暖 · 手上没有单"),
            ("李强", False, "不会水暖 · 在岗 · 手上没有单"),
        ]

    def test_dispatching_somebody_unfit_needs_a_reason(self, estate: Estate, cast: Cast) -> None:
        can(cast.technician, estate, cast, "electric")
        order = leak(estate, cast)

        def dispatch(note: str = "") -> None:
            operations.dispatch(order, technician=cast.technician, actor=cast.lead, at=minutes(1), note=note)

        refused(dispatch, NotFit, "李强不会水暖;仍要派给李强,请写明原因", order)
        dispatch("会的那个今天请假")
        assert fresh(order).technician == cast.technician
        assert Entry.objects.get(kind="repairs.order.dispatched").note == "会的那个今天请假"

    def test_the_load_cap_counts_what_is_in_hand(self, estate: Estate, cast: Cast) -> None:
        chose(estate, cast, load_cap=1)
        order_in("accepted", estate, cast)
        order = told(estate, cast)
        refused(
            lambda: operations.dispatch(order, technician=cast.technician, actor=cast.lead, at=minutes(30)),
            NotFit,
            "手上已有 1 张,上限 1 张",
            order,
        )

    def test_off_duty_and_absent_people_come_last_with_when_they_are_back(self, estate: Estate, cast: Cast) -> None:
        rostered(cast.second_technician)
        rostered(cast.technician, start=AT + timedelta(hours=22))
        order = told(estate, cast)
        best, last = queries.candidates_of([order], at=AT)[order.pk]
        assert (best.name, last.name, last.why_not) == ("赵刚", "李强", "不在岗(明天 08:00 来)")
        away = AT + timedelta(hours=3)
        staffing.report_absent(
            cast.second_technician, estate_id=estate.pk, until=away, reason="看病", actor=cast.supervisor, at=AT
        )
        says = [one.why_not for one in queries.candidates_of([order], at=AT)[order.pk] if one.name == "赵刚"]
        assert says == ["不在岗(今天 13:00 来)"]

    def test_a_paper_slip_judges_nobody(self, estate: Estate, cast: Cast) -> None:
        can(cast.technician, estate, cast, "electric")
        order = leak(estate, cast)
        operations.key_in_slip(
            order,
            technician=cast.technician,
            arrived_at=minutes(10),
            finished_at=minutes(30),
            work_done="堵住了",
            paper_slip="W-7",
            signer="王丽",
            written_at=minutes(31),
            actor=cast.clerk,
            at=minutes(60),
        )
        assert fresh(order).status == "closed"

    def test_the_crew_costs_the_same_however_many_orders(
        self, estate: Estate, cast: Cast, django_assert_num_queries: Any
    ) -> None:
        orders = [fresh(told(estate, cast)) for _ in range(4)]
        for some in (orders[:1], orders):
            with django_assert_num_queries(7):
                queries.candidates_of(some, at=AT)


class TestWhatTheEstateChose:
    def test_a_change_is_on_the_journal_with_what_was_and_the_same_again_is_none(
        self, estate: Estate, cast: Cast
    ) -> None:
        chose(estate, cast, mode="grab", load_cap=4)
        chose(estate, cast, mode="grab", load_cap=5, at=minutes(5))
        chose(estate, cast, mode="grab", load_cap=5, at=minutes(6))
        first, second = Entry.objects.filter(kind="repairs.dispatch_policy.changed").order_by("id")
        assert first.actor == cast.lead
        assert second.values == {"urgency": "normal", "new": {"load_cap": "5"}, "was": {"load_cap": "4"}}
        assert DispatchPolicy.objects.get().mode_since == AT

    @pytest.mark.parametrize(
        "said", [{"slots_until": time(8)}, {"slot_minutes": 20}, {"grab_minutes": 0}], ids=["hours", "slot", "grab"]
    )
    def test_what_cannot_be_is_refused(self, said: dict[str, Any], estate: Estate, cast: Cast) -> None:
        with pytest.raises(SettingsInvalid):
            chose(estate, cast, **said)
        assert not DispatchPolicy.objects.exists()

    def test_registering_reads_and_writes_nothing_of_it(
        self, estate: Estate, cast: Cast, django_assert_max_num_queries: Any
    ) -> None:
        chose(estate, cast, mode="rotation")
        with django_assert_max_num_queries(200) as seen:
            told(estate, cast)
        asked = [one["sql"] for one in seen.captured_queries]
        assert [sql for sql in asked if any(name in sql for name in ("dispatchpolicy", "offer", "turn"))] == []


class TestGrabbing:
    def lying_open(self, estate: Estate, cast: Cast, **matter: Any) -> tuple[WorkOrder, Offer]:
        order = told(estate, cast, **matter)
        return order, operations.lay_open(order, actor=cast.lead, at=minutes(1))

    def test_the_job_lays_open_what_its_estate_grabs_once(self, estate: Estate, cast: Cast, clock: Any) -> None:
        earlier = told(estate, cast, at=AT - timedelta(hours=1))
        chose(estate, cast, mode="grab", at=AT - timedelta(minutes=30))
        order = told(estate, cast)
        for _ in range(2):
            jobs.give_out_orders.func()
        assert [(one.order, one.opened_by) for one in Offer.objects.all()] == [(order, cast.system)]
        assert fresh(earlier).status == "new"

    def test_grabbing_is_accepting(self, estate: Estate, cast: Cast) -> None:
        order, offer = self.lying_open(estate, cast)
        operations.grab(offer, actor=cast.technician, at=minutes(3), key="k1")
        operations.grab(offer, actor=cast.technician, at=minutes(4), key="k1")
        now = fresh(order)
        assert (now.status, now.technician, now.dispatched_at, now.accepted_at) == (
            "accepted",
            cast.technician,
            minutes(3),
            minutes(3),
        )
        kinds = Entry.objects.filter(subject_id=order.pk, kind__startswith="repairs.").order_by("id")
        assert [one.kind.rsplit(".", 1)[1] for one in kinds] == ["registered", "offered", "dispatched", "accepted"]
        assert kinds[2].values["how"] == "grab"
        assert Commitment.objects.get(subject_id=order.pk, code="repair.accept").state == "met"
        assert owner_of(order, "repair.appoint") == cast.technician.pk
        assert (fresh(order).case.status, Offer.objects.get().taken_by) == ("working", cast.technician)

    def test_who_comes_second_reads_who_has_it(self, estate: Estate, cast: Cast) -> None:
        order, offer = self.lying_open(estate, cast)
        stale = Offer.objects.select_related("order__case").get(pk=offer.pk)
        operations.grab(offer, actor=cast.technician, at=minutes(3))
        refused(
            lambda: operations.grab(stale, actor=cast.second_technician, at=minutes(3)),
            NotOpen,
            "慢了一步:这张单已在李强手里",
            order,
        )

    def test_only_who_is_fit_grabs_and_reads_why_not(self, estate: Estate, cast: Cast) -> None:
        chose(estate, cast, load_cap=1)
        order_in("accepted", estate, cast)
        order, offer = self.lying_open(estate, cast)
        refused(lambda: operations.grab(offer, actor=cast.technician, at=minutes(40)), NotOpen, "时间到了没人抢", order)
        refused(lambda: operations.grab(offer, actor=cast.technician, at=minutes(5)), NotFit, "上限 1 张", order)
        refused(lambda: operations.grab(offer, actor=cast.lead, at=minutes(5)), NotFit, "不在本小区维修岗位", order)
        seen = [(one.pk, me.fit) for one, me in queries.offers_open_to(cast.technician, at=minutes(5))]
        assert seen == [(offer.pk, False)]
        assert queries.offers_open_to(cast.lead, at=minutes(5)) == []
        assert queries.offers_open_to(cast.outsider, at=minutes(5)) == []

    def test_what_nobody_grabs_is_the_leads_and_owed(self, estate: Estate, cast: Cast) -> None:
        order, _ = self.lying_open(estate, cast)
        assert queries.lapsed_offers(at=minutes(10)) == []
        (over,) = queries.lapsed_offers(at=minutes(11))
        for _ in range(2):
            operations.lapse(over, actor=cast.system, at=minutes(11))
        assert Entry.objects.filter(kind="repairs.order.ungrabbed").count() == 1
        assert (fresh(order).status, Offer.objects.get().state) == ("new", "lapsed")
        owed = Commitment.objects.get(code="repair.ungrabbed", subject_id=order.pk)
        assert (owed.owner_post, owed.due_at) == ("maintenance_lead", minutes(21))
        operations.dispatch(fresh(order), technician=cast.technician, actor=cast.lead, at=minutes(15))
        owed.refresh_from_db()
        assert owed.state == "met"

    def test_the_lead_may_give_it_to_somebody_meanwhile(self, estate: Estate, cast: Cast) -> None:
        order, offer = self.lying_open(estate, cast)
        operations.dispatch(order, technician=cast.technician, actor=cast.lead, at=minutes(2))
        operations.return_order(fresh(order), reason="排满了", actor=cast.technician, at=minutes(3))
        stale = Offer.objects.select_related("order__case").get(pk=offer.pk)
        refused(lambda: operations.grab(stale, actor=cast.second_technician, at=minutes(4)), NotOpen, "已经收回", order)

    def test_only_what_waits_is_laid_open_and_once(self, estate: Estate, cast: Cast) -> None:
        order, _ = self.lying_open(estate, cast)
        refused(lambda: operations.lay_open(order, actor=cast.lead, at=minutes(2)), NotOpen, "等人抢", order)
        gone = order_in("assigned", estate, cast)
        refused(lambda: operations.lay_open(gone, actor=cast.lead, at=minutes(20)), NotOpen, "已经派出", gone)


class TestTurns:
    def test_they_take_turns_and_the_job_is_no_person(self, estate: Estate, cast: Cast, clock: Any) -> None:
        chose(estate, cast, mode="rotation", at=AT - timedelta(minutes=5))
        orders = [told(estate, cast) for _ in range(3)]
        jobs.give_out_orders.func()
        assert [fresh(one).technician for one in orders] == [cast.technician, cast.second_technician, cast.technician]
        entry = Entry.objects.filter(kind="repairs.order.dispatched").order_by("id")[0]
        assert (entry.actor, entry.values["how"], entry.note) == (
            cast.system,
            "rotation",
            "轮到李强:在岗 · 手上没有单",
        )
        assert fresh(orders[0]).status == "assigned"  # whose turn it is still accepts it as a person

    def test_what_comes_back_is_the_leads(self, estate: Estate, cast: Cast, clock: Any) -> None:
        chose(estate, cast, mode="rotation", at=AT - timedelta(minutes=5))
        order = told(estate, cast)
        jobs.give_out_orders.func()
        operations.return_order(fresh(order), reason="不是我的工种", actor=cast.technician, at=minutes(2))
        jobs.give_out_orders.func()
        assert (fresh(order).status, Turn.objects.count()) == ("new", 1)
        assert operations.rotate(fresh(order), actor=cast.lead, at=minutes(5)) == cast.second_technician

    def test_nobody_fit_leaves_it_with_the_lead(self, estate: Estate, cast: Cast) -> None:
        for user in (cast.technician, cast.second_technician):
            can(user, estate, cast, "electric")
        order = leak(estate, cast)
        refused(lambda: operations.rotate(order, actor=cast.lead, at=minutes(1)), NobodyFit, "没有合适的人", order)
        lamp = told(estate, cast, category=category("light"), text="灯不亮")
        came = operations.rotate_all(estate.pk, actor=cast.lead, at=minutes(1))
        assert (came.given, came.left, fresh(lamp).status, fresh(order).status) == (1, 1, "assigned", "new")

    def test_the_most_urgent_is_given_first_and_what_lies_open_is_left(self, estate: Estate, cast: Cast) -> None:
        chose(estate, cast, load_cap=1)
        chose(estate, cast, urgency="emergency", load_cap=1)
        opened = told(estate, cast)
        operations.lay_open(opened, actor=cast.lead, at=AT)
        slow, quick = told(estate, cast), told(estate, cast, urgency="emergency")
        last = told(estate, cast)
        came = operations.rotate_all(estate.pk, actor=cast.lead, at=minutes(1))
        assert (came.given, came.left) == (2, 1)
        assert (fresh(quick).technician, fresh(slow).technician) == (cast.technician, cast.second_technician)
        assert (fresh(last).status, fresh(opened).status) == ("new", "new")


class TestPassingOn:
    def asked(self, estate: Estate, cast: Cast, status: str = "accepted") -> tuple[WorkOrder, Transfer]:
        order = order_in(status, estate, cast)
        operations.ask_transfer(
            fresh(order), receiver=cast.second_technician, reason="要下班了", actor=cast.technician, at=minutes(40)
        )
        return order, queries.transfer_for(cast.second_technician, order.number)

    @pytest.mark.parametrize("status", ["assigned", "accepted", "working"])
    def test_it_stays_until_the_other_takes_it(self, status: str, estate: Estate, cast: Cast) -> None:
        order, asked = self.asked(estate, cast, status)
        assert (fresh(order).technician, fresh(order).status) == (cast.technician, status)
        assert [one.pk for one in queries.transfers_to(cast.second_technician)] == [asked.pk]
        operations.take_over(asked, actor=cast.second_technician, at=minutes(45))
        now = fresh(order)
        assert (now.technician, now.status, now.arrived_at) == (cast.second_technician, "accepted", None)
        assert owner_of(order, "repair.appoint") == cast.second_technician.pk if status != "working" else True
        assert queries.transfers_to(cast.second_technician) == []

    def test_declined_and_withdrawn_it_stays_where_it_is(self, estate: Estate, cast: Cast) -> None:
        order, asked = self.asked(estate, cast)
        operations.decline_transfer(asked, reason="手上走不开", actor=cast.second_technician, at=minutes(45))
        assert fresh(order).technician == cast.technician
        operations.ask_transfer(
            fresh(order), receiver=cast.second_technician, reason="再问一次", actor=cast.technician, at=minutes(46)
        )
        again = queries.transfer_for(cast.technician, order.number)
        operations.withdraw_transfer(again, actor=cast.technician, at=minutes(47))
        stale = queries.transfer_for(cast.second_technician, order.number)
        refused(
            lambda: operations.take_over(stale, actor=cast.second_technician, at=minutes(48)),
            NotAsked,
            "李强已经撤回,或这张单另有安排",
            order,
        )

    @pytest.mark.parametrize(
        "move",
        [
            lambda o, c: operations.dispatch(
                o, technician=c.second_technician, actor=c.lead, at=minutes(50), note="他近"
            ),
            lambda o, c: operations.take_back(o, reason="重派", actor=c.lead, at=minutes(50)),
            lambda o, c: operations.return_order(o, reason="不会", actor=c.technician, at=minutes(50)),
            lambda o, c: operations.void_order(o, reason="重复", actor=c.lead, at=minutes(50)),
            lambda o, c: operations.hold(
                o, why="parts", reason="", wakes_at=minutes(300), actor=c.technician, at=minutes(50)
            ),
            lambda o, c: staffing.report_absent(
                c.technician,
                estate_id=o.estate_id,
                until=minutes(900),
                reason="病了",
                actor=c.supervisor,
                at=minutes(50),
            ),
            lambda o, c: staffing.let_go(c.second_technician, estate_id=o.estate_id, actor=c.director, at=minutes(50)),
        ],
        ids=["reassigned", "taken back", "returned", "voided", "on hold", "giver away", "receiver leaves"],
    )
    def test_whatever_moves_it_ends_the_asking(
        self, move: Callable[[WorkOrder, Cast], object], estate: Estate, cast: Cast
    ) -> None:
        order, asked = self.asked(estate, cast)
        move(fresh(order), cast)
        asked.refresh_from_db()
        assert asked.state == "ended"
        with pytest.raises(Refused):
            operations.take_over(asked, actor=cast.second_technician, at=minutes(55))

    def test_what_is_refused(self, estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast)

        def ask(receiver: User = cast.second_technician, reason: str = "远", actor: User = cast.technician) -> object:
            return operations.ask_transfer(fresh(order), receiver=receiver, reason=reason, actor=actor, at=minutes(40))

        refused(lambda: ask(reason=" "), Refused, "请写明为什么转单", order)
        refused(lambda: ask(actor=cast.second_technician), Refused, "现在由李强负责", order)
        refused(lambda: ask(receiver=cast.technician), Refused, "请另选", order)
        refused(lambda: ask(receiver=cast.clerk), Refused, "不在本小区维修岗位上", order)
        rostered(cast.technician)
        refused(ask, Refused, "赵刚不在岗", order)
        rostered(cast.second_technician)
        ask()
        refused(ask, NotAsked, "已经在请人接", order)
        asked = queries.transfer_for(cast.technician, order.number)
        for act in (operations.take_over, operations.withdraw_transfer):
            refused(lambda act=act: act(asked, actor=cast.lead, at=minutes(41)), Refused, "不能由您操作", order)
        finished = order_in("finished", estate, cast)
        refused(
            lambda: operations.ask_transfer(
                finished, receiver=cast.second_technician, reason="远", actor=cast.technician, at=minutes(50)
            ),
            NotAsked,
            "待验收",
            finished,
        )


class TestSlots:
    def test_capacity_is_who_is_rostered(self, estate: Estate, cast: Cast) -> None:
        chose(estate, cast, per_slot=1)
        rostered(cast.technician, hours=4)
        rostered(cast.second_technician, hours=8)
        order = told(estate, cast)
        other = told(estate, cast)
        operations.appoint(other, start=minutes(120), end=minutes(240), actor=cast.lead, at=AT)
        days = queries.slots_for(order, at=AT)
        today = [(slot.start.hour, slot.capacity, slot.free) for slot in days[0][1]]
        assert today == [(10, 2, 2), (12, 2, 1), (14, 1, 1), (16, 1, 1)]
        assert len(days) == 3

    def test_a_full_slot_needs_a_reason_but_a_call_is_registered_all_the_same(self, estate: Estate, cast: Cast) -> None:
        chose(estate, cast, per_slot=1)
        rostered(cast.technician)
        told(estate, cast, appointment_from=minutes(120), appointment_to=minutes(240))
        order = told(estate, cast, appointment_from=minutes(120), appointment_to=minutes(240))

        def agree(note: str = "") -> None:
            operations.appoint(fresh(order), start=minutes(150), end=minutes(200), note=note, actor=cast.lead, at=AT)

        refused(agree, NoRoom, r"今天 12:00–14:00 已约满\(能约 1 家,已约 1 家\)", order)
        agree("住户只有这时在家")
        assert fresh(order).appointment_from == minutes(150)
        assert Entry.objects.filter(kind="repairs.order.appointed").latest("id").note == "住户只有这时在家"

    def test_two_visits_of_one_technician_at_once_need_a_reason(self, estate: Estate, cast: Cast) -> None:
        first, second = order_in("accepted", estate, cast), order_in("accepted", estate, cast)
        operations.appoint(first, start=minutes(120), end=minutes(240), actor=cast.lead, at=minutes(30))
        refused(
            lambda: operations.appoint(second, start=minutes(180), end=minutes(300), actor=cast.lead, at=minutes(30)),
            NoRoom,
            "李强今天 12:00–14:00 已约了3-2-1501",
            second,
        )
        operations.appoint(second, start=minutes(240), end=minutes(300), actor=cast.lead, at=minutes(30))
        third = told(estate, cast, appointment_from=minutes(120), appointment_to=minutes(200))
        with pytest.raises(NotFit, match="今天 12:00–14:00 已有约"):
            operations.dispatch(third, technician=cast.technician, actor=cast.lead, at=minutes(31))


class TestWaiting:
    def test_the_reason_is_of_a_list_and_the_promise_wakes_its_technician(self, estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast)
        operations.hold(order, why="parts", reason="角阀", wakes_at=minutes(300), actor=cast.technician, at=minutes(30))
        entry = Entry.objects.get(kind="repairs.order.held")
        assert (entry.note, entry.values["why"]) == ("等配件:角阀", "parts")
        owed = Commitment.objects.get(code="repair.wake", subject_id=order.pk)
        assert (owed.owner, owed.due_at, owed.state) == (cast.technician, minutes(300), "open")
        (row,) = queries.board(cast.lead, estate.pk, at=minutes(299)).values_list("band", flat=True)
        (woken,) = queries.board(cast.lead, estate.pk, at=minutes(300)).values_list("band", flat=True)
        assert (row, woken) == (5, 0)
        operations.resume(fresh(order), actor=cast.technician, at=minutes(290))
        owed.refresh_from_db()
        assert owed.state == "met"

    def test_other_reasons_need_words(self, estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast)
        refused(
            lambda: operations.hold(
                order, why="other", reason=" ", wakes_at=minutes(300), actor=cast.technician, at=minutes(30)
            ),
            Refused,
            "请写明暂停的原因",
            order,
        )

    def test_an_emergency_nobody_has_reached_does_not_wait_whoever_asks(self, estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast, urgency="emergency")

        def hold(why: str) -> None:
            operations.hold(
                fresh(order), why=why, reason="", wakes_at=minutes(300), actor=cast.technician, at=minutes(30)
            )

        refused(lambda: hold("parts"), CannotWait, "急修还没人到现场", order)
        case = Case.objects.get(pk=order.case_id)
        refused(
            lambda: cases.hold_case(case, reason="等领导", wakes_at=minutes(300), actor=cast.clerk, at=minutes(30)),
            CannotWait,
            "急修还没人到现场",
            order,
        )
        clock = Commitment.objects.get(code="repair.arrive.urgent", subject_id=order.pk)
        assert (clock.state, clock.due_at) == ("open", minutes(30))
        hold("resident")
        assert fresh(order).status == "on_hold"

    def test_once_reached_it_may_wait_for_parts(self, estate: Estate, cast: Cast) -> None:
        order = order_in("working", estate, cast, urgency="emergency")
        operations.hold(
            order, why="parts", reason="已关总阀", wakes_at=minutes(300), actor=cast.technician, at=minutes(35)
        )
        assert fresh(order).status == "on_hold"


class TestTheUrgentClimb:
    def test_nobody_accepts_and_each_above_is_told(self, estate: Estate, cast: Cast) -> None:
        order = told(estate, cast, urgency="emergency")
        operations.dispatch(order, technician=cast.technician, actor=cast.lead, at=minutes(2))
        reached = []
        for moment in (7, 12, 22):
            standards.note_misses(at=minutes(moment), actor=cast.system)
            standards.climb(at=minutes(moment), actor=cast.system)
            taken = Step.objects.filter(rule_code="repair.accept.ladder", state="taken").order_by("id")
            reached.append(taken.last().told.name)
        assert reached == ["王建国", "林芳", "郑海"]
        assert queries.climbed([order]) == {order.pk: "郑海"}

    def test_it_stops_when_somebody_accepts(self, estate: Estate, cast: Cast) -> None:
        order = told(estate, cast, urgency="urgent")
        operations.dispatch(order, technician=cast.technician, actor=cast.lead, at=minutes(2))
        operations.accept(fresh(order), actor=cast.technician, at=minutes(4))
        standards.climb(at=minutes(25), actor=cast.system)
        assert not Step.objects.filter(rule_code="repair.accept.ladder", state="taken").exists()

    def test_the_time_left_to_arrive_follows_the_standard(self, estate: Estate, cast: Cast) -> None:
        order = told(estate, cast, urgency="emergency")
        plain = told(estate, cast)
        _, arrivals = queries.clocks_and_arrivals([order, plain])
        assert {pk: (one.due_at, one.left(minutes(12))) for pk, one in arrivals.items()} == {
            order.pk: (minutes(30), "还剩 18 分钟")
        }


def test_two_lapses_and_a_dispatch_leave_one_story(estate: Estate, cast: Cast) -> None:
    order = told(estate, cast)
    operations.lay_open(order, actor=cast.lead, at=AT)
    (over,) = queries.lapsed_offers(at=minutes(20))
    operations.dispatch(order, technician=cast.technician, actor=cast.lead, at=minutes(20))
    operations.lapse(over, actor=cast.system, at=minutes(20))
    assert Offer.objects.get().state == "withdrawn"
    with pytest.raises(MovedMeanwhile):
        operations.dispatch(over.order, technician=cast.second_technician, actor=cast.lead, at=minutes(21), note="x")
