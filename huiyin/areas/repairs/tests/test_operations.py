"""The way of an order from the report to the signature, and what is refused on it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.tests.factories import drawing, fresh, minutes, order_in, photo, told
from huiyin.areas.staffing import operations as staffing
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.files.operations import NotSigned
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import MovedMeanwhile, NoteNeeded
from huiyin.standards.models import Commitment, Miss
from huiyin.standards.operations import note_misses
from tests.cast import Cast, tell

pytestmark = pytest.mark.usefixtures("standard", "home")


def owed(order: WorkOrder) -> dict[str, tuple[int | None, str]]:
    """What is still owed on the order: rule → (person, post)."""
    running = Commitment.objects.filter(subject_type="repairs.order", subject_id=order.pk, ended_at=None)
    return {c.code: (c.owner_id, c.owner_post) for c in running}


def steps(order: WorkOrder) -> list[str]:
    prefix = "repairs.order."
    kinds = Entry.objects.filter(thread=order.thread, kind__startswith=prefix).order_by("id")
    return [kind.removeprefix(prefix) for kind in kinds.values_list("kind", flat=True)]


def snapshot() -> tuple[Any, ...]:
    """Everything a refusal must leave alone."""
    return (
        list(WorkOrder.objects.order_by("id").values()),
        list(Case.objects.order_by("id").values()),
        list(Commitment.objects.order_by("id").values()),
        Entry.objects.count(),
        StoredFile.objects.count(),
    )


class TestTheUsualWay:
    def test_from_the_report_to_the_signature(self, estate: Estate, cast: Cast) -> None:
        order = order_in("closed", estate, cast, urgency="urgent")
        order = fresh(order)
        assert steps(order) == ["registered", "dispatched", "accepted", "arrived", "finished", "closed"]
        assert (order.dispatched_at, order.accepted_at, order.arrived_at, order.finished_at, order.closed_at) == (
            minutes(10),
            minutes(20),
            minutes(30),
            minutes(40),
            minutes(50),
        )
        assert (order.status, order.acceptance, order.signer) == ("closed", "signature", "王丽")
        assert (order.case.status, order.case.answer, order.case.next_at) == ("closed", "换了角阀", None)
        states = dict(
            Commitment.objects.filter(subject_id=order.pk, subject_type="repairs.order").values_list("code", "state")
        )
        assert states == {
            "repair.dispatch.urgent": "late",
            "repair.accept.urgent": "late",
            "repair.arrive.urgent": "met",
        }

    def test_the_signature_is_kept_with_the_order(self, estate: Estate, cast: Cast) -> None:
        order = fresh(order_in("closed", estate, cast))
        stored = StoredFile.objects.get(pk=order.signature_id)
        assert (stored.subject_type, stored.subject_id, stored.estate_id) == ("repairs.order", order.pk, estate.pk)
        assert stored.uploaded_by == cast.technician

    def test_photos_of_the_work_are_kept_with_the_order(self, estate: Estate, cast: Cast) -> None:
        order = order_in("working", estate, cast)
        operations.finish(
            order,
            work_done="换了角阀",
            photos=[photo("前.jpg"), photo("后.jpg")],
            actor=cast.technician,
            at=minutes(40),
        )
        assert [stored.original_name for stored in queries.photos_of(order)] == ["前.jpg", "后.jpg"]

    def test_the_case_moves_on_with_the_order(self, estate: Estate, cast: Cast) -> None:
        order = told(estate, cast, urgency="urgent")
        assert (order.case.status, order.case.next_step) == ("new", "立即派人急修")
        operations.dispatch(order, technician=cast.technician, actor=cast.lead, at=minutes(3))
        case = Case.objects.get(pk=order.case_id)
        assert (case.status, case.next_step, case.next_at) == ("working", "马上接急修单", minutes(8))


class TestPromises:
    def test_what_follows_the_doer_goes_to_the_technician_and_back(self, estate: Estate, cast: Cast) -> None:
        order = told(estate, cast, urgency="urgent")
        assert owed(order) == {
            "repair.dispatch.urgent": (None, "maintenance_lead"),
            "repair.arrive.urgent": (cast.lead.pk, "maintenance_lead"),
        }
        operations.dispatch(order, technician=cast.technician, actor=cast.lead, at=minutes(3))
        mine = (cast.technician.pk, "technician")
        assert owed(order) == {"repair.accept.urgent": mine, "repair.arrive.urgent": mine}
        operations.return_order(order, reason="不是我的工种", actor=cast.technician, at=minutes(5))
        assert owed(order)["repair.arrive.urgent"] == (cast.lead.pk, "maintenance_lead")
        operations.dispatch(order, technician=cast.second_technician, actor=cast.lead, at=minutes(6))
        assert owed(order)["repair.arrive.urgent"] == (cast.second_technician.pk, "technician")

    def test_reassigned_work_takes_its_promises_along(self, estate: Estate, cast: Cast) -> None:
        order = order_in("assigned", estate, cast, urgency="urgent")
        operations.dispatch(order, technician=cast.second_technician, actor=cast.lead, at=minutes(12), note="李强请假")
        assert {owner for owner, _ in owed(order).values()} == {cast.second_technician.pk}

    def test_taken_back_it_waits_for_the_lead_again(self, estate: Estate, cast: Cast) -> None:
        order = order_in("working", estate, cast, urgency="urgent")
        operations.take_back(order, reason="换人", actor=cast.lead, at=minutes(35))
        order = fresh(order)
        assert (order.status, order.technician, order.arrived_at, order.dispatched_at) == ("new", None, None, None)

    def test_somebody_who_leaves_keeps_nothing_in_hand(self, estate: Estate, cast: Cast) -> None:
        held = order_in("on_hold", estate, cast)
        finished = order_in("finished", estate, cast)
        staffing.let_go(cast.technician, estate_id=estate.pk, actor=cast.supervisor, at=minutes(60))
        held = fresh(held)
        assert (held.status, held.technician, held.case.status) == ("new", None, "working")
        assert fresh(finished).status == "finished"
        assert steps(held)[-1] == "returned"
        assert not Commitment.objects.filter(owner=cast.technician, ended_at=None).exists()

    def test_arrived_before_the_sweep_noticed_is_in_time_by_the_true_time(self, estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast, urgency="urgent")
        operations.arrive(order, actor=cast.technician, at=minutes(28), keyed_at=minutes(50))
        kept = Commitment.objects.get(subject_id=order.pk, code="repair.arrive.urgent")
        assert (kept.state, kept.met_at) == ("met", minutes(28))

    def test_a_miss_noted_before_the_true_time_was_known_is_corrected_and_stays(
        self, estate: Estate, cast: Cast
    ) -> None:
        order = order_in("accepted", estate, cast, urgency="urgent")
        note_misses(at=minutes(40), actor=cast.system)
        operations.arrive(order, actor=cast.technician, at=minutes(28), keyed_at=minutes(50))
        kept = Commitment.objects.get(subject_id=order.pk, code="repair.arrive.urgent")
        assert (kept.state, kept.met_at) == ("met", minutes(28))
        assert Miss.objects.filter(commitment=kept).exists()
        assert Entry.objects.filter(kind="standards.commitment.miss_corrected", subject_id=kept.pk).count() == 1


class TestTrueTimes:
    def test_both_times_are_kept(self, estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast)
        operations.arrive(order, actor=cast.technician, at=minutes(25), keyed_at=minutes(55))
        entry = Entry.objects.get(thread=order.thread, kind="repairs.order.arrived")
        assert (entry.at, entry.values["keyed_at"]) == (minutes(25), minutes(55).isoformat())
        assert fresh(order).arrived_at == minutes(25)

    @pytest.mark.parametrize(
        ("happened", "says"),
        [(minutes(19), "到达的时间不能早于上一步的时间"), (minutes(56), "到达的时间不能晚于现在")],
    )
    def test_a_time_before_the_last_step_or_ahead_is_refused(
        self, happened: Any, says: str, estate: Estate, cast: Cast
    ) -> None:
        order = order_in("accepted", estate, cast)
        before = snapshot()
        with pytest.raises(operations.TimesCrossed, match=says):
            operations.arrive(order, actor=cast.technician, at=happened, keyed_at=minutes(55))
        assert snapshot() == before

    def test_the_moment_of_the_last_step_itself_will_do(self, estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast)
        operations.arrive(order, actor=cast.technician, at=minutes(20), keyed_at=minutes(55))
        assert fresh(order).status == "working"

    def test_an_appointment_made_meanwhile_is_no_step(self, estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast)
        operations.appoint(order, start=minutes(60), end=minutes(90), actor=cast.lead, at=minutes(50))
        operations.arrive(order, actor=cast.technician, at=minutes(30), keyed_at=minutes(55))
        assert fresh(order).arrived_at == minutes(30)

    def test_sent_twice_it_counts_once(self, estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast)
        operations.arrive(order, actor=cast.technician, at=minutes(25), keyed_at=minutes(55), key="k1")
        before = snapshot()
        operations.arrive(fresh(order), actor=cast.technician, at=minutes(25), keyed_at=minutes(56), key="k1")
        assert snapshot() == before


class TestAcceptance:
    def test_on_paper_both_times_stay_apart(self, estate: Estate, cast: Cast) -> None:
        order = order_in("finished", estate, cast)
        operations.accept_by_paper(
            order, paper_slip="W-0113", signer="王丽", written_at=minutes(45), actor=cast.clerk, at=minutes(300)
        )
        order = fresh(order)
        assert (order.status, order.acceptance, order.paper_slip) == ("closed", "paper", "W-0113")
        assert (order.paper_written_at, order.closed_at) == (minutes(45), minutes(300))
        entry = Entry.objects.get(thread=order.thread, kind="repairs.order.closed")
        assert (entry.at, entry.values["written_at"], entry.actor) == (
            minutes(300),
            minutes(45).isoformat(),
            cast.clerk,
        )

    def test_a_slip_written_in_the_minute_of_the_finish_will_do(self, estate: Estate, cast: Cast) -> None:
        order = order_in("working", estate, cast)
        operations.finish(order, work_done="好了", actor=cast.technician, at=minutes(40.6))
        operations.accept_by_paper(
            order, paper_slip="W-1", signer="王丽", written_at=minutes(40), actor=cast.clerk, at=minutes(60)
        )
        assert fresh(order).status == "closed"

    @pytest.mark.parametrize(
        "slip",
        [
            {"paper_slip": " "},
            {"signer": ""},
            {"written_at": minutes(61)},
            {"written_at": minutes(39)},
        ],
    )
    def test_half_a_slip_is_refused(self, slip: dict[str, Any], estate: Estate, cast: Cast) -> None:
        order = order_in("finished", estate, cast)
        before = snapshot()
        whole = {"paper_slip": "W-1", "signer": "王丽", "written_at": minutes(45)} | slip
        with pytest.raises(operations.OrderIncomplete):
            operations.accept_by_paper(order, **whole, actor=cast.clerk, at=minutes(60))
        assert snapshot() == before

    def test_an_empty_pad_is_refused_and_nothing_is_kept(self, estate: Estate, cast: Cast) -> None:
        order = order_in("finished", estate, cast)
        before = snapshot()
        with pytest.raises(NotSigned):
            operations.sign(order, drawing="", signer="王丽", actor=cast.technician, at=minutes(50))
        with pytest.raises(operations.OrderIncomplete):
            operations.sign(order, drawing=drawing(), signer=" ", actor=cast.technician, at=minutes(50))
        assert snapshot() == before

    def test_what_the_resident_refuses_is_worked_on_again(self, estate: Estate, cast: Cast) -> None:
        order = order_in("finished", estate, cast)
        operations.rework(order, reason="还在漏", actor=cast.technician, at=minutes(45))
        operations.finish(order, work_done="换了密封圈", actor=cast.technician, at=minutes(70))
        operations.sign(order, drawing=drawing(), signer="王丽", actor=cast.technician, at=minutes(72))
        assert fresh(order).work_done == "换了密封圈"
        assert steps(order)[-4:] == ["finished", "reworked", "finished", "closed"]

    def test_a_case_put_on_hold_from_its_page_does_not_bar_the_signature(self, estate: Estate, cast: Cast) -> None:
        order = order_in("finished", estate, cast)
        cases.hold_case(order.case, reason="住户出差", wakes_at=minutes(999), actor=cast.clerk, at=minutes(41))
        operations.sign(fresh(order), drawing=drawing(), signer="王丽", actor=cast.technician, at=minutes(50))
        assert fresh(order).case.status == "closed"


class TestWholeSlip:
    SLIP = {
        "arrived_at": minutes(25),
        "finished_at": minutes(55),
        "work_done": "换了角阀",
        "paper_slip": "W-7",
        "signer": "王丽",
        "written_at": minutes(56),
    }

    @pytest.mark.parametrize("status", ["new", "assigned", "accepted", "on_hold"])
    def test_a_slip_brings_the_order_to_its_end(self, status: str, estate: Estate, cast: Cast) -> None:
        order = order_in(status, estate, cast)
        operations.key_in_slip(order, technician=cast.technician, **self.SLIP, actor=cast.clerk, at=minutes(480))
        order = fresh(order)
        assert (order.status, order.technician, order.case.status) == ("closed", cast.technician, "closed")
        assert (order.arrived_at, order.finished_at, order.paper_written_at, order.closed_at) == (
            minutes(25),
            minutes(55),
            minutes(56),
            minutes(480),
        )
        told_at = {
            entry.kind.removeprefix("repairs.order."): (entry.at, entry.actor, entry.values)
            for entry in Entry.objects.filter(thread=order.thread, kind__startswith="repairs.order.")
        }
        for step, moment in (("arrived", minutes(25)), ("finished", minutes(55))):
            at, actor, values = told_at[step]
            assert (at, actor) == (moment, cast.clerk)
            assert (values["keyed_at"], values["on_behalf_of"]) == (minutes(480).isoformat(), "李强")

    def test_an_arrival_sent_by_the_technician_stands(self, estate: Estate, cast: Cast) -> None:
        order = order_in("working", estate, cast)
        slip = self.SLIP | {"arrived_at": None}
        operations.key_in_slip(order, technician=cast.technician, **slip, actor=cast.clerk, at=minutes(480))
        assert fresh(order).arrived_at == minutes(30)

    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ({"arrived_at": minutes(-1)}, "到达的时间不能早于报修"),
            ({"finished_at": minutes(24)}, "完工的时间不能早于到达"),
            ({"written_at": minutes(54)}, "签收的时间不能早于完工"),
            ({"written_at": minutes(481)}, "签收的时间不能晚于现在"),
            ({"arrived_at": None}, "请填写到达时间"),
            ({"work_done": " "}, "写明修了什么"),
            ({"paper_slip": ""}, "请填写纸质维修单编号"),
        ],
    )
    def test_a_slip_that_cannot_be_is_refused(
        self, changed: dict[str, Any], says: str, estate: Estate, cast: Cast
    ) -> None:
        order = order_in("assigned", estate, cast)
        before = snapshot()
        with pytest.raises(Refused, match=says):
            operations.key_in_slip(
                order, technician=cast.technician, **(self.SLIP | changed), actor=cast.clerk, at=minutes(480)
            )
        assert snapshot() == before

    def test_the_slip_of_another_technician_is_refused(self, estate: Estate, cast: Cast) -> None:
        order = order_in("assigned", estate, cast)
        before = snapshot()
        with pytest.raises(operations.OrderIncomplete, match="在李强手里,纸单上是赵刚"):
            operations.key_in_slip(
                order, technician=cast.second_technician, **self.SLIP, actor=cast.clerk, at=minutes(480)
            )
        assert snapshot() == before


class TestHolding:
    def test_both_clocks_pause_and_run_on(self, estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast, urgency="urgent")
        operations.hold(order, reason="等配件", wakes_at=minutes(120), actor=cast.technician, at=minutes(25))
        assert Commitment.objects.get(subject_id=order.pk, code="repair.arrive.urgent").state == "paused"
        operations.resume(order, actor=cast.technician, at=minutes(100))
        running = Commitment.objects.get(subject_id=order.pk, code="repair.arrive.urgent")
        assert (running.state, running.due_at) == ("open", minutes(105))
        assert (fresh(order).status, fresh(order).case.status) == ("accepted", "working")

    def test_a_case_resumed_from_its_page_wakes_its_order(self, estate: Estate, cast: Cast) -> None:
        order = order_in("on_hold", estate, cast)
        cases.resume_case(fresh(order).case, actor=cast.clerk, at=minutes(60))
        assert (fresh(order).status, steps(order)[-1]) == ("accepted", "resumed")

    @pytest.mark.parametrize("hold", [{"reason": " "}, {"wakes_at": minutes(25)}])
    def test_a_hold_needs_a_reason_and_a_time_ahead(self, hold: dict[str, Any], estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast)
        before = snapshot()
        with pytest.raises(Refused):
            whole = {"reason": "等配件", "wakes_at": minutes(120)} | hold
            operations.hold(order, **whole, actor=cast.technician, at=minutes(25))
        assert snapshot() == before


class TestRefusals:
    @pytest.mark.parametrize(
        ("status", "act"),
        [
            ("assigned", lambda o, who: operations.accept(o, actor=who, at=minutes(60))),
            ("assigned", lambda o, who: operations.return_order(o, reason="忙", actor=who, at=minutes(60))),
            ("accepted", lambda o, who: operations.arrive(o, actor=who, at=minutes(60))),
            (
                "accepted",
                lambda o, who: operations.hold(o, reason="等", wakes_at=minutes(99), actor=who, at=minutes(60)),
            ),
            ("working", lambda o, who: operations.finish(o, work_done="好了", actor=who, at=minutes(60))),
            ("finished", lambda o, who: operations.rework(o, reason="漏", actor=who, at=minutes(60))),
            (
                "finished",
                lambda o, who: operations.sign(o, drawing=drawing(), signer="王", actor=who, at=minutes(60)),
            ),
        ],
        ids=["accept", "return", "arrive", "hold", "finish", "rework", "sign"],
    )
    def test_somebody_elses_order_is_left_alone(
        self, status: str, act: Callable[[WorkOrder, Any], None], estate: Estate, cast: Cast
    ) -> None:
        order = order_in(status, estate, cast)
        before = snapshot()
        with pytest.raises(operations.NotYourOrder, match="现在由李强负责"):
            act(order, cast.second_technician)
        assert snapshot() == before

    def test_an_order_is_given_only_to_technicians_of_the_estate(self, estate: Estate, cast: Cast) -> None:
        order = told(estate, cast)
        before = snapshot()
        for person in (cast.clerk, cast.outsider):
            with pytest.raises(operations.OrderIncomplete, match="不在本小区维修岗位上"):
                operations.dispatch(order, technician=person, actor=cast.lead, at=minutes(5))
        assert snapshot() == before

    def test_giving_it_to_its_holder_again_is_refused(self, estate: Estate, cast: Cast) -> None:
        order = order_in("assigned", estate, cast)
        with pytest.raises(operations.OrderIncomplete, match="已经在李强手里"):
            operations.dispatch(order, technician=cast.technician, actor=cast.lead, at=minutes(15), note="再派")

    def test_taking_it_from_somebody_needs_a_reason(self, estate: Estate, cast: Cast) -> None:
        order = order_in("assigned", estate, cast)
        before = snapshot()
        with pytest.raises(NoteNeeded):
            operations.dispatch(order, technician=cast.second_technician, actor=cast.lead, at=minutes(15))
        assert snapshot() == before

    def test_of_two_who_dispatch_one_wins(self, estate: Estate, cast: Cast) -> None:
        order = told(estate, cast)
        seen_by_another = fresh(order)
        operations.dispatch(order, technician=cast.technician, actor=cast.lead, at=minutes(5))
        before = snapshot()
        with pytest.raises(MovedMeanwhile, match="刚由王建国处理"):
            operations.dispatch(
                seen_by_another, technician=cast.second_technician, actor=cast.supervisor, at=minutes(6)
            )
        assert snapshot() == before

    @pytest.mark.parametrize(
        "slot", [(minutes(60), minutes(60)), (minutes(60), minutes(30)), (minutes(-90), minutes(-30))]
    )
    def test_a_crooked_appointment_is_refused(self, slot: tuple[Any, Any], estate: Estate, cast: Cast) -> None:
        order = told(estate, cast)
        before = snapshot()
        with pytest.raises(operations.OrderIncomplete):
            operations.appoint(order, start=slot[0], end=slot[1], actor=cast.lead, at=minutes(5))
        assert snapshot() == before

    def test_no_appointment_once_it_is_over(self, estate: Estate, cast: Cast) -> None:
        order = order_in("closed", estate, cast)
        with pytest.raises(operations.OrderUnderWay):
            operations.appoint(order, start=minutes(80), end=minutes(90), actor=cast.lead, at=minutes(70))

    def test_a_photo_that_is_none_keeps_the_order_unfinished(self, estate: Estate, cast: Cast) -> None:
        order = order_in("working", estate, cast)
        before = snapshot()
        with pytest.raises(Refused, match="只能上传照片"):
            operations.finish(
                order,
                work_done="好了",
                photos=[photo(), ContentFile(b"MZ...", name="x.jpg")],
                actor=cast.technician,
                at=minutes(40),
            )
        assert snapshot() == before

    def test_only_repairs_get_an_order_and_only_one_at_a_time(self, estate: Estate, cast: Cast) -> None:
        order = told(estate, cast)
        with pytest.raises(operations.OrderUnderWay):
            operations.open_order(order.case, actor=cast.clerk, at=minutes(5))
        with pytest.raises(operations.OrderIncomplete):
            operations.open_order(
                tell(estate, cast.clerk, kind="enquiry", text="几点上班"), actor=cast.clerk, at=minutes(5)
            )


class TestTheEndOfTheMatter:
    def test_reopened_it_gets_a_second_order_and_the_first_stays(self, estate: Estate, cast: Cast) -> None:
        first = order_in("closed", estate, cast, location_kind="common_part")
        second = operations.reopen(fresh(first).case, reason="又漏了", actor=cast.lead, at=minutes(500))
        assert (second.number, second.status, second.location_kind) == (
            f"{first.case.number}-2",
            "new",
            "common_part",
        )
        assert fresh(first).status == "closed"
        assert fresh(first).case.status == "working"

    def test_voided_the_case_goes_with_it(self, estate: Estate, cast: Cast) -> None:
        order = order_in("assigned", estate, cast)
        operations.void_order(order, reason="报错了", actor=cast.lead, at=minutes(30))
        assert (fresh(order).status, fresh(order).case.status) == ("voided", "voided")
        assert owed(order) == {}

    def test_a_case_is_not_merged_away_under_a_technician(self, estate: Estate, cast: Cast) -> None:
        one, other = order_in("assigned", estate, cast), told(estate, cast, text="厨房又漏")
        before = snapshot()
        with pytest.raises(operations.OrderUnderWay, match="已派给李强办理"):
            cases.merge_case(fresh(one).case, into=fresh(other).case, actor=cast.supervisor, at=minutes(40))
        assert snapshot() == before

    def test_merged_before_dispatch_the_order_ends_and_unmerged_it_gets_another(
        self, estate: Estate, cast: Cast
    ) -> None:
        one, other = told(estate, cast), told(estate, cast, text="厨房又漏")
        case = fresh(one).case
        cases.merge_case(case, into=fresh(other).case, actor=cast.supervisor, at=minutes(5))
        assert fresh(one).status == "voided"
        cases.unmerge_case(case, reason="不是一回事", actor=cast.supervisor, at=minutes(9))
        assert [order.status for order in queries.orders_of(case)] == ["voided", "new"]
