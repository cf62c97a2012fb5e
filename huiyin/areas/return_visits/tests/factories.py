"""Return visits after a repair of 李强, and after a complaint that 林芳 replied to."""

from datetime import datetime

from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.queries import complaint_of
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs.tests.factories import minutes, order_in
from huiyin.areas.return_visits import operations
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.return_visits.rules import Evaluation
from huiyin.areas.staffing.queries import departments_of
from tests.cast import AT, Cast, tell

GOOD = Evaluation(4, 3, 3)
BAD = Evaluation(3, 2, 1, shortcomings="还在漏")
_RELATED = ("case__estate", "case__responsible_post", "case__unit", "rule", "doer", "assigned")


def fresh(visit: ReturnVisit) -> ReturnVisit:
    return ReturnVisit.objects.select_related(*_RELATED).get(pk=visit.pk)


def visit_due(estate: Estate, cast: Cast, *, at: datetime = AT, **matter: object) -> ReturnVisit:
    """The visit drawn when a repair told at `at` was signed 50 minutes later."""
    order = order_in("closed", estate, cast, at=at, **matter)
    return ReturnVisit.objects.select_related(*_RELATED).get(case=order.case_id)


def visit_in(status: str, estate: Estate, cast: Cast, *, at: datetime = AT) -> ReturnVisit:
    visit = visit_due(estate, cast, at=at)
    if status in ("done", "failed"):
        evaluation = GOOD if status == "done" else BAD
        operations.record_visit(visit, mode="phone", evaluation=evaluation, actor=cast.clerk, at=minutes(120, at))
    elif status == "exempt":
        operations.excuse(visit, reason="refused", note="说不用再打", actor=cast.supervisor, at=minutes(120, at))
    return visit


def visit_after_complaint(estate: Estate, cast: Cast, *, severity: str = "minor", at: datetime = AT) -> ReturnVisit:
    """The visit drawn when a complaint was closed; the supervisor replied, so she may not make it."""
    case = tell(estate, cast.clerk, at=at, kind="complaint", text="大厅地面没人拖", severity=severity)
    complaint = complaint_of(case)
    assert complaint is not None
    complaints.verify(complaint, finding="属实", validity="valid", actor=cast.butler, at=minutes(10, at))
    department = departments_of(estate.pk)[0]
    complaints.decide(complaint, method="每天拖两次", department=department, actor=cast.director, at=minutes(20, at))
    complaints.reply(complaint, reply="已安排每天拖两次", actor=cast.supervisor, at=minutes(30, at))
    complaints.close(complaint, actor=cast.director, at=minutes(40, at))
    return ReturnVisit.objects.select_related(*_RELATED).get(case=case)
