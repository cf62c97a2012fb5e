"""Promises of one matter follow each other: opened again and linked, more or less urgent, judged graver."""

from datetime import timedelta

import pytest

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.operations import CaseIncomplete, NotYours
from huiyin.areas.cases.tests.factories import everything
from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.tests.factories import complaint_in
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.tests.factories import order_in
from huiyin.areas.staffing.models import Department
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.standards.models import Commitment
from tests.cast import AT, Cast, tell

pytestmark = pytest.mark.usefixtures("standard")
LATER = AT + timedelta(hours=2)


def linked(thread: str) -> dict[str, str]:
    """What was opened again, and the code of the promise each goes on from."""
    new = Commitment.objects.filter(thread=thread, opened_at=LATER).exclude(rule=None).select_related("follows")
    return {one.code: one.follows.code if one.follows else "" for one in new}


def test_a_plain_case_opened_again_goes_on_from_its_last_promise(estate: Estate, cast: Cast) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    cases.close_case(case, answer="每月十号", actor=cast.clerk, at=AT + timedelta(hours=1))
    cases.open_again(case, reason="说得不清楚", actor=cast.clerk, at=LATER)
    found = linked(case.thread)
    assert found and set(found.values()) <= {"case.progress", *found} and "" not in found.values()


def test_a_complaint_opened_again_runs_its_clocks_anew_and_linked(estate: Estate, cast: Cast) -> None:
    complaint = complaint_in("closed", estate, cast)
    complaints.reopen(complaint, reason="又吵了", actor=cast.supervisor, at=LATER)
    found = linked(complaint.thread)
    assert found["complaint.reply"] == "complaint.reply" and found["complaint.verify"] == "complaint.verify"
    reply = Commitment.objects.get(thread=complaint.thread, code="complaint.reply", ended_at=None)
    assert (reply.revision, reply.due_at) == (1, LATER + timedelta(hours=24))


def test_a_repair_opened_again_gets_a_new_order_whose_promises_are_linked(estate: Estate, cast: Cast) -> None:
    order = order_in("closed", estate, cast)
    again = repairs.reopen(order.case, reason="又漏了", actor=cast.lead, at=LATER)
    found = linked(order.thread)
    assert found and "" not in found.values()
    assert set(Commitment.objects.filter(subject_type="repairs.order", subject_id=again.pk).values_list("thread")) == {
        (order.thread,)
    }


def test_a_merged_complaint_that_runs_again_is_linked(estate: Estate, cast: Cast) -> None:
    into, complaint = tell(estate, cast.clerk, kind="complaint"), complaint_in("registered", estate, cast)
    cases.merge_case(complaint.case, into=into, actor=cast.supervisor, at=AT + timedelta(minutes=5))
    cases.unmerge_case(Case.objects.get(pk=complaint.case_id), reason="不是一件", actor=cast.supervisor, at=LATER)
    assert linked(complaint.thread)["complaint.reply"] == "complaint.reply"


def test_a_repair_that_gets_urgent_is_promised_sooner_and_its_order_knows(estate: Estate, cast: Cast) -> None:
    case = tell(estate, cast.clerk)
    cases.change_urgency(case, urgency="emergency", note="水漫到楼下", actor=cast.clerk, at=AT + timedelta(minutes=10))
    assert WorkOrder.objects.get(case=case).urgency == "emergency" == Case.objects.get(pk=case.pk).urgency
    running = Commitment.objects.filter(thread=case.thread, ended_at=None)
    replaced = Commitment.objects.filter(thread=case.thread, state="replaced")
    assert "repair.arrive.urgent" in running.values_list("code", flat=True)
    assert {one.follows_id for one in running if one.revision > 1} == set(replaced.values_list("pk", flat=True))
    first = min(running, key=lambda one: one.due_at)
    assert (Case.objects.get(pk=case.pk).next_at, Case.objects.get(pk=case.pk).next_step) == (first.due_at, first.does)
    line = Entry.objects.get(kind="cases.case.urgency_changed")
    assert (line.values["was"], line.values["urgency"], line.note) == ("normal", "emergency", "水漫到楼下")


@pytest.mark.parametrize(
    ("urgency", "note", "refusal"),
    [("urgent", " ", CaseIncomplete), ("normal", "没变", CaseIncomplete), ("at once", "急", CaseIncomplete)],
)
def test_urgency_needs_a_reason_and_a_change(
    estate: Estate, cast: Cast, urgency: str, note: str, refusal: type[Refused]
) -> None:
    case = tell(estate, cast.clerk)
    before = everything()
    with pytest.raises(refusal):
        cases.change_urgency(case, urgency=urgency, note=note, actor=cast.clerk, at=LATER)
    assert everything() == before


def test_the_urgency_of_a_case_that_is_over_stays(estate: Estate, cast: Cast) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    cases.close_case(case, answer="好", actor=cast.clerk, at=AT)
    before = everything()
    with pytest.raises(NotYours):
        cases.change_urgency(case, urgency="urgent", note="急", actor=cast.clerk, at=LATER)
    assert everything() == before


def test_a_complaint_judged_graver_is_held_to_the_graver_rules(estate: Estate, cast: Cast) -> None:
    complaint = complaint_in("verified", estate, cast)
    kept = Commitment.objects.get(thread=complaint.thread, code="complaint.decide")
    complaints.decide(
        complaint,
        method="停工整改",
        department=Department.objects.filter(estate=estate).order_by("id")[0],
        severity="major",
        actor=cast.director,
        at=LATER,
    )
    kept.refresh_from_db()
    assert kept.state in ("met", "late")
    codes = Commitment.objects.filter(thread=complaint.thread).values_list("code", flat=True)
    assert "complaint.decide.major" not in codes
