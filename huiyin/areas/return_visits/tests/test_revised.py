"""A visit stays owed when the matter is graded anew, and when its time is changed."""

import pytest

from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.queries import complaint_of
from huiyin.areas.estate.models import Estate
from huiyin.areas.return_visits.invariants import INVARIANTS
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.return_visits.tests.factories import minutes, visit_after_complaint
from huiyin.areas.staffing.queries import departments_of
from huiyin.standards import operations as standards
from huiyin.standards.models import Commitment
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("standard", "home")


def owed_for(visit: ReturnVisit) -> list[tuple[str, str]]:
    mine = Commitment.objects.filter(subject_type="return_visits.visit", subject_id=visit.pk)
    return list(mine.order_by("id").values_list("code", "state"))


def broken() -> list[str]:
    return [said for one in INVARIANTS for said in one.broken(minutes(300))]


def test_a_drawn_visit_stays_owed_when_the_complaint_is_reopened_and_graded_anew(estate: Estate, cast: Cast) -> None:
    visit = visit_after_complaint(estate, cast, severity="important")
    complaint = complaint_of(visit.case)
    assert complaint is not None
    complaints.reopen(complaint, reason="又开始漏了", actor=cast.director, at=minutes(60))
    complaints.verify(complaint, finding="属实", validity="valid", actor=cast.butler, at=minutes(70))
    complaints.decide(
        complaint,
        method="换人",
        department=departments_of(estate.pk)[0],
        severity="major",
        actor=cast.director,
        at=minutes(80),
    )
    assert owed_for(visit) == [("return_visit.complaint", "open")]
    assert broken() == []


def test_a_visit_whose_time_was_changed_is_still_owed(estate: Estate, cast: Cast) -> None:
    visit = visit_after_complaint(estate, cast)
    promise = Commitment.objects.get(subject_type="return_visits.visit", subject_id=visit.pk)
    standards.replace(promise, due_at=minutes(3000), actor=cast.director, at=minutes(60), reason="客户出差,说好改天")
    assert owed_for(visit) == [("return_visit.complaint", "replaced"), ("return_visit.complaint", "open")]
    assert broken() == []
