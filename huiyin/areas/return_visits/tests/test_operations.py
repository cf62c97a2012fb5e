"""Drawn, attempted, made, failed: each with what it leaves behind, and what is refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.areas.cases.models import Case
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs.tests.factories import drawing, order_in, photo
from huiyin.areas.return_visits import operations, queries
from huiyin.areas.return_visits.models import Attempt, ReturnVisit
from huiyin.areas.return_visits.rules import Evaluation
from huiyin.areas.return_visits.tests.factories import (
    BAD,
    GOOD,
    fresh,
    minutes,
    visit_after_complaint,
    visit_due,
    visit_in,
)
from huiyin.areas.staffing.models import Post
from huiyin.areas.staffing.queries import NobodyHolds
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.files.operations import NotSigned
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import MovedMeanwhile, NoteNeeded
from huiyin.standards.models import Commitment, Draw
from tests.cast import SHANGHAI, Cast

pytestmark = pytest.mark.usefixtures("standard", "home")


def snapshot() -> tuple[Any, ...]:
    """Everything a refusal must leave alone."""
    return (
        list(ReturnVisit.objects.order_by("id").values()),
        list(Commitment.objects.order_by("id").values()),
        Case.objects.count(),
        Complaint.objects.count(),
        Attempt.objects.count(),
        Entry.objects.count(),
        StoredFile.objects.count(),
    )


def owed(visit: ReturnVisit) -> list[tuple[str, datetime, int | None, str]]:
    running = Commitment.objects.filter(subject_type="return_visits.visit", subject_id=visit.pk, ended_at=None)
    return [(c.code, c.due_at, c.owner_id, c.owner_post) for c in running.order_by("id")]


class TestTheDraw:
    def test_finished_work_asks_for_a_visit_within_the_rules_window(self, estate: Estate, cast: Cast) -> None:
        visit = visit_due(estate, cast)
        closes = datetime(2026, 11, 29, tzinfo=SHANGHAI)  # the end of the third day after Wednesday the 25th
        assert (visit.status, visit.type, visit.round, visit.doer) == ("due", "repair", 1, cast.technician)
        assert (visit.window_from, visit.window_to) == (minutes(50), closes)
        assert visit.visitor_post == "duty_clerk"
        assert owed(visit) == [("return_visit.repair", closes, None, "duty_clerk")]
        draw = Draw.objects.get(pk=visit.draw_id)
        assert (draw.taken, draw.position, draw.reason) == (True, 0, "drawn")

    def test_a_large_repair_is_visited_at_the_door(self, estate: Estate, cast: Cast) -> None:
        order = order_in("closed", estate, cast, large=True)
        draws = Draw.objects.filter(subject_id=order.pk, subject_type="repairs.order")
        assert [draw.rule.code for draw in draws] == ["return_visit.repair.large"]
        visit = ReturnVisit.objects.get(case=order.case_id)
        assert (visit.type, visit.visitor_post, queries.modes_of(visit)) == ("repair", "maintenance_lead", ["door"])

    def test_the_visitor_of_a_complaint_is_chosen_by_its_weight(self, estate: Estate, cast: Cast) -> None:
        assert visit_after_complaint(estate, cast).visitor_post == "butler"
        assert visit_after_complaint(estate, cast, severity="important").visitor_post == "cs_supervisor"
        major = visit_after_complaint(estate, cast, severity="major")
        assert (major.visitor_post, major.doer) == ("estate_manager", cast.supervisor)


class TestAGoodVisit:
    def test_it_ends_the_matter(self, estate: Estate, cast: Cast) -> None:
        visit = visit_due(estate, cast)
        evaluation = Evaluation(4, 3, 3, opinions=" 谢谢 ")
        second = operations.record_visit(
            visit, mode="phone", evaluation=evaluation, actor=cast.clerk, at=minutes(300), visited_at=minutes(240)
        )
        visit = fresh(visit)
        assert second is None
        assert (visit.status, visit.verdict, visit.visitor, visit.visited_at) == (
            "done",
            "pass",
            cast.clerk,
            minutes(240),
        )
        assert (visit.quality, visit.effect, visit.satisfaction, visit.opinions) == (4, 3, 3, "谢谢")
        visited = Commitment.objects.get(subject_id=visit.pk, code="return_visit.repair")
        assert (visited.state, visited.met_at) == ("met", minutes(240))
        assert [code for code, *_ in owed(visit)] == ["return_visit.review"]
        assert Case.objects.count() == 1

    def test_at_the_door_the_signature_is_kept_with_it(self, estate: Estate, cast: Cast) -> None:
        drawn, on_paper = visit_due(estate, cast), visit_due(estate, cast, at=minutes(60))
        whole: dict[str, Any] = {"mode": "door", "evaluation": GOOD, "signer": "王丽", "actor": cast.clerk}
        operations.record_visit(drawn, **whole, drawing=drawing(), at=minutes(300))
        operations.record_visit(on_paper, **whole, signed_paper=photo("签字.jpg"), at=minutes(300))
        for visit, name in ((drawn, "签名.png"), (on_paper, "签字.jpg")):
            signature = fresh(visit).signature
            assert signature is not None
            assert (signature.subject_type, signature.subject_id) == ("return_visits.visit", visit.pk)
            assert signature.original_name == name

    def test_sent_twice_it_counts_once(self, estate: Estate, cast: Cast) -> None:
        visit = visit_due(estate, cast)
        sending: dict[str, Any] = {"mode": "phone", "evaluation": BAD, "actor": cast.clerk, "key": "k-9"}
        second = operations.record_visit(visit, **sending, at=minutes(300))
        before = snapshot()
        again = operations.record_visit(fresh(visit), **sending, at=minutes(301))
        assert again == second
        assert snapshot() == before


class TestABadVisit:
    def test_it_opens_a_linked_complaint_and_a_second_visit(self, estate: Estate, cast: Cast) -> None:
        visit = visit_due(estate, cast)
        second = operations.record_visit(visit, mode="phone", evaluation=BAD, actor=cast.clerk, at=minutes(300))
        visit = fresh(visit)
        raised = visit.raised_case
        assert second is not None
        assert raised is not None
        assert (visit.status, visit.verdict) == ("failed", "fail")
        assert (raised.kind, raised.raised_by, raised.status) == ("complaint", visit.case, "new")
        assert raised.caller == visit.case.caller
        assert raised.text == f"回访不满意({visit.case.number}):还在漏"
        assert Complaint.objects.filter(case=raised).exists()
        assert (second.round, second.follows, second.status, second.doer) == (2, visit, "due", cast.technician)
        assert (second.window_from, second.window_to) == (minutes(300), minutes(300) + timedelta(days=3))
        assert owed(second) == [("return_visit.next", second.window_to, None, "duty_clerk")]
        assert {code for code, *_ in owed(visit)} == {"return_visit.review", "return_visit.rectify"}

    def test_an_agreed_next_time_is_promised(self, estate: Estate, cast: Cast) -> None:
        visit = visit_due(estate, cast)
        agreed = minutes(60 * 30)
        second = operations.record_visit(
            visit, mode="phone", evaluation=BAD, actor=cast.clerk, at=minutes(300), next_visit_at=agreed
        )
        assert second is not None
        assert second.window_to == agreed
        assert owed(second) == [("return_visit.next", agreed, None, "duty_clerk")]
        assert Commitment.objects.get(subject_id=visit.pk, code="return_visit.next.promise").state == "met"

    def test_a_second_bad_answer_brings_a_third_visit(self, estate: Estate, cast: Cast) -> None:
        visit = visit_due(estate, cast)
        second = operations.record_visit(visit, mode="phone", evaluation=BAD, actor=cast.clerk, at=minutes(300))
        assert second is not None
        third = operations.record_visit(fresh(second), mode="phone", evaluation=BAD, actor=cast.clerk, at=minutes(400))
        assert third is not None
        assert (third.round, third.follows) == (3, second)
        assert Case.objects.filter(kind="complaint").count() == 2

    def test_the_complaint_is_not_opened_when_the_visit_was_settled_meanwhile(self, estate: Estate, cast: Cast) -> None:
        visit = visit_due(estate, cast)
        operations.excuse(fresh(visit), reason="refused", note="谢绝", actor=cast.supervisor, at=minutes(200))
        before = snapshot()
        with pytest.raises(MovedMeanwhile):
            operations.record_visit(visit, mode="phone", evaluation=BAD, actor=cast.clerk, at=minutes(300))
        assert snapshot() == before

    def test_without_a_post_to_answer_the_complaint_nothing_is_saved(self, estate: Estate, cast: Cast) -> None:
        visit = visit_due(estate, cast)
        Post.objects.filter(estate=estate, code="cs_supervisor").update(code="renamed")
        before = snapshot()
        with pytest.raises(NobodyHolds):
            operations.record_visit(visit, mode="phone", evaluation=BAD, actor=cast.clerk, at=minutes(300))
        assert snapshot() == before

    def test_the_notice_goes_out_in_writing(self, estate: Estate, cast: Cast) -> None:
        visit = visit_in("failed", estate, cast)
        operations.send_rectification(fresh(visit), text="周五前换掉角阀", actor=cast.supervisor, at=minutes(200))
        assert Commitment.objects.get(subject_id=visit.pk, code="return_visit.rectify").state == "met"
        assert [entry.note for entry in queries.notes_on([visit])[visit.pk]] == ["周五前换掉角阀"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ({"mode": "sms"}, "不能用短信回访"),
            ({"mode": "door"}, "上门回访需要客户签字"),
            ({"visited_at": minutes(301)}, "回访时间不能晚于现在"),
            ({"visited_at": minutes(49)}, "还没到回访窗口"),
            ({"evaluation": Evaluation(1, 1, 1)}, "请写明不足之处或意见"),
            ({"evaluation": BAD, "next_visit_at": minutes(300)}, "下次回访的时间要晚于现在"),
        ],
    )
    def test_a_record_that_cannot_be_changes_nothing(
        self, changed: dict[str, Any], says: str, estate: Estate, cast: Cast
    ) -> None:
        visit = visit_due(estate, cast)
        before = snapshot()
        with pytest.raises(operations.VisitIncomplete, match=says):
            operations.record_visit(
                visit, **({"mode": "phone", "evaluation": GOOD, "actor": cast.clerk, "at": minutes(300)} | changed)
            )
        assert snapshot() == before

    def test_an_empty_pad_is_no_signature(self, estate: Estate, cast: Cast) -> None:
        visit = visit_due(estate, cast)
        before = snapshot()
        with pytest.raises(NotSigned):
            operations.record_visit(
                visit, mode="door", evaluation=GOOD, drawing="data:,", actor=cast.clerk, at=minutes(300)
            )
        assert snapshot() == before

    def test_the_doer_neither_visits_nor_tries_nor_is_named(self, estate: Estate, cast: Cast) -> None:
        visit = visit_due(estate, cast)
        before = snapshot()
        with pytest.raises(operations.NotTheVisitor):
            operations.record_visit(visit, mode="phone", evaluation=GOOD, actor=cast.technician, at=minutes(300))
        with pytest.raises(operations.NotTheVisitor):
            operations.record_attempt(
                visit, mode="phone", result="no_answer", note="", actor=cast.technician, at=minutes(300)
            )
        with pytest.raises(operations.NotTheVisitor):
            operations.assign(visit, to=cast.technician, actor=cast.supervisor, at=minutes(300))
        assert snapshot() == before

    def test_a_major_complaint_is_visited_at_the_door(self, estate: Estate, cast: Cast) -> None:
        visit = visit_after_complaint(estate, cast, severity="major")
        before = snapshot()
        with pytest.raises(Refused, match="重大投诉每次都要上门回访"):
            operations.record_visit(visit, mode="phone", evaluation=GOOD, actor=cast.director, at=minutes(300))
        assert snapshot() == before

    def test_a_visit_that_is_over_is_over(self, estate: Estate, cast: Cast) -> None:
        visit = fresh(visit_in("done", estate, cast))
        before = snapshot()
        with pytest.raises(MovedMeanwhile):
            operations.record_visit(visit, mode="phone", evaluation=BAD, actor=cast.butler, at=minutes(300))
        with pytest.raises(operations.VisitIncomplete):
            operations.record_attempt(
                visit, mode="phone", result="no_answer", note="", actor=cast.butler, at=minutes(300)
            )
        with pytest.raises(operations.VisitIncomplete):
            operations.assign(visit, to=cast.butler, actor=cast.supervisor, at=minutes(300))
        with pytest.raises(operations.VisitIncomplete):
            operations.send_rectification(visit, text="整改", actor=cast.supervisor, at=minutes(300))
        assert snapshot() == before


class TestAround:
    def test_attempts_are_counted_and_a_repeated_sending_is_not(self, estate: Estate, cast: Cast) -> None:
        visit = visit_due(estate, cast)
        tried: dict[str, Any] = {"mode": "phone", "note": "", "actor": cast.clerk}
        one = operations.record_attempt(visit, result="no_answer", **tried, at=minutes(100), key="a")
        assert operations.record_attempt(visit, result="no_answer", **tried, at=minutes(101), key="a") == one
        operations.record_attempt(visit, result="call_later", **tried, at=minutes(160), key="b")
        found = queries.attempts_of([visit])[visit.pk]
        assert [(attempt.result, attempt.at) for attempt in found] == [
            ("no_answer", minutes(100)),
            ("call_later", minutes(160)),
        ]

    def test_excused_it_leaves_the_work_with_a_coded_reason(self, estate: Estate, cast: Cast) -> None:
        visit = visit_due(estate, cast)
        for reason, note, refusal in (
            ("", "谢绝", operations.VisitIncomplete),
            ("tired", "谢绝", operations.VisitIncomplete),
            ("refused", " ", NoteNeeded),
        ):
            before = snapshot()
            with pytest.raises(refusal):
                operations.excuse(visit, reason=reason, note=note, actor=cast.supervisor, at=minutes(100))
            assert snapshot() == before
        operations.excuse(visit, reason="refused", note="说不用再打", actor=cast.supervisor, at=minutes(100))
        assert (fresh(visit).status, fresh(visit).excuse) == ("exempt", "refused")
        owed_once = Commitment.objects.get(subject_type="return_visits.visit", subject_id=visit.pk)
        assert (owed_once.state, owed_once.end_reason) == ("waived", "说不用再打")

    def test_assigned_it_is_owed_by_name(self, estate: Estate, cast: Cast) -> None:
        visit = visit_due(estate, cast)
        operations.assign(visit, to=cast.butler, actor=cast.supervisor, at=minutes(100))
        assert [(owner, post) for _, _, owner, post in owed(visit)] == [(cast.butler.pk, "duty_clerk")]

    def test_those_who_may_visit_do_not_include_the_doer(self, estate: Estate, cast: Cast) -> None:
        visit = visit_after_complaint(estate, cast)
        assert visit.doer == cast.supervisor
        assert {person.username for person in queries.visitors_for(visit)} == {"butler", "clerk", "director", "lead"}

    def test_a_review_is_the_word_of_another(self, estate: Estate, cast: Cast) -> None:
        visit = visit_due(estate, cast)
        with pytest.raises(operations.VisitIncomplete, match="还没有回访"):
            operations.review(visit, opinion="好", actor=cast.supervisor, at=minutes(100))
        operations.record_visit(visit, mode="phone", evaluation=GOOD, actor=cast.supervisor, at=minutes(120))
        before = snapshot()
        with pytest.raises(operations.NotTheVisitor, match="不能审阅自己的回访"):
            operations.review(visit, opinion="好", actor=cast.supervisor, at=minutes(130))
        with pytest.raises(operations.VisitIncomplete, match="审阅意见"):
            operations.review(visit, opinion=" ", actor=cast.director, at=minutes(130))
        assert snapshot() == before
        operations.review(visit, opinion="同意", actor=cast.director, at=minutes(130))
        assert Commitment.objects.get(subject_id=visit.pk, code="return_visit.review").state == "met"

    def test_the_call_list_shows_open_windows_closing_first_and_never_ones_own_work(
        self, estate: Estate, cast: Cast
    ) -> None:
        late = visit_due(estate, cast, at=minutes(60 * 26))
        early = visit_due(estate, cast)
        complaint = visit_after_complaint(estate, cast)
        at = minutes(60 * 30)
        assert list(queries.call_list(cast.clerk, at=at)) == [early, complaint, late]
        assert list(queries.call_list(cast.supervisor, at=at)) == [early, late]
        assert list(queries.call_list(cast.clerk, at=at, type="complaint")) == [complaint]
        assert list(queries.call_list(cast.clerk, at=minutes(49))) == [complaint]
        assert list(queries.call_list(cast.outsider, at=at)) == []
        operations.assign(late, to=cast.clerk, actor=cast.supervisor, at=at)
        assert list(queries.call_list(cast.clerk, at=at, whose="mine")) == [late]
        assert list(queries.call_list(cast.clerk, at=at, whose="nobody")) == [early, complaint]
