"""Nobody judges a complaint about himself, nobody does all of a major one, and every refusal changes nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huiyin.areas.cases.tests.factories import everything
from huiyin.areas.complaints import operations
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.complaints.permissions import steps_open_to, why_not
from huiyin.areas.complaints.queries import standing_of
from huiyin.areas.complaints.tests.factories import complaint_in, decide
from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing.models import Department
from huiyin.foundation.refusals import Refused
from huiyin.standards.models import Standard
from tests.cast import AT, Cast, tell

LATER = AT + timedelta(hours=1)
Try = Callable[[Complaint, Cast, Department], object]
REFUSED: dict[str, tuple[str, Try, str]] = {
    "acknowledge twice": (
        "registered",
        lambda one, cast, d: operations.acknowledge(one, actor=cast.clerk, at=LATER),
        "已经告知过受理编号",
    ),
    "verify without a finding": (
        "registered",
        lambda one, cast, d: operations.verify(one, finding=" ", validity="valid", actor=cast.butler, at=LATER),
        "请写下核实的情况",
    ),
    "verify without a judgement": (
        "registered",
        lambda one, cast, d: operations.verify(one, finding="属实", validity="", actor=cast.butler, at=LATER),
        "请判断投诉是否成立",
    ),
    "decide without a method": (
        "verified",
        lambda one, cast, d: operations.decide(one, method=" ", department=d, actor=cast.supervisor, at=LATER),
        "请写明处理办法并指定责任部门",
    ),
    "decide without a department": (
        "verified",
        lambda one, cast, d: operations.decide(one, method="约谈", department=None, actor=cast.supervisor, at=LATER),
        "请写明处理办法并指定责任部门",
    ),
    "decide for a time that has passed": (
        "verified",
        lambda one, cast, d: operations.decide(
            one, method="约谈", department=d, resolve_by=AT, actor=cast.supervisor, at=LATER
        ),
        "解决时间要晚于现在",
    ),
    "reply without words": (
        "decided",
        lambda one, cast, d: operations.reply(one, reply=" ", actor=cast.clerk, at=LATER),
        "请写下怎么答复的",
    ),
    "reject without a reason": (
        "replied",
        lambda one, cast, d: operations.reject_reply(one, reason="", actor=cast.clerk, at=LATER),
        "请写明客户不满意的原因",
    ),
    "close before the reply": (
        "decided",
        lambda one, cast, d: operations.close(one, actor=cast.director, at=LATER),
        "还没答复投诉人,先答复再关闭",
    ),
    "reopen without a reason": (
        "closed",
        lambda one, cast, d: operations.reopen(one, reason=" ", actor=cast.supervisor, at=LATER),
        "请写明重开的原因",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_why_and_changes_nothing(name: str, estate: Estate, cast: Cast, standard: Standard) -> None:
    status, attempt, sentence = REFUSED[name]
    complaint = complaint_in(status, estate, cast)
    department = Department.objects.filter(estate=estate).order_by("id")[0]
    before = everything()
    with pytest.raises(Refused) as refusal:
        attempt(complaint, cast, department)
    assert refusal.value.sentence == sentence
    assert everything() == before


def test_a_complaint_needs_a_case_of_its_kind(estate: Estate, cast: Cast, standard: Standard) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    before = everything()
    with pytest.raises(operations.ComplaintIncomplete, match="只有投诉类事项才有投诉处理"):
        operations.open_complaint(case, actor=cast.clerk, at=AT)
    assert everything() == before


@pytest.mark.parametrize(("status", "step"), [("registered", "verify"), ("verified", "decide"), ("replied", "close")])
def test_the_person_complained_about_does_not_judge(
    status: str, step: str, estate: Estate, cast: Cast, standard: Standard
) -> None:
    complaint = complaint_in(status, estate, cast, by=cast.director, about_person=cast.supervisor)
    acts = {
        "verify": lambda: operations.verify(
            complaint, finding="没有", validity="invalid", actor=cast.supervisor, at=LATER
        ),
        "decide": lambda: decide(complaint, cast.supervisor),
        "close": lambda: operations.close(complaint, actor=cast.supervisor, at=LATER),
    }
    before = everything()
    with pytest.raises(operations.NotTheRightPerson, match="您是被投诉人"):
        acts[step]()
    assert everything() == before
    assert step not in steps_open_to(cast.supervisor, complaint)
    assert step in steps_open_to(cast.director, complaint)
    assert why_not(cast.supervisor, complaint).startswith("您是被投诉人")
    assert why_not(cast.director, complaint) == ""


def test_the_database_knows_no_decision_by_the_person_complained_about(
    estate: Estate, cast: Cast, standard: Standard
) -> None:
    complaint = complaint_in("decided", estate, cast, by=cast.director, about_person=cast.supervisor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(decided_by=cast.supervisor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(about_person=cast.director)
    for raw in ({"method": ""}, {"department": None}, {"status": "replied"}, {"status": "done"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Complaint.objects.filter(pk=complaint.pk).update(**raw)


def test_a_major_complaint_needs_a_second_pair_of_eyes(estate: Estate, cast: Cast, standard: Standard) -> None:
    complaint = complaint_in("replied", estate, cast, severity="major")
    before = everything()
    with pytest.raises(operations.NotTheRightPerson, match="重大投诉不能由一个人从头办到尾"):
        operations.close(complaint, actor=cast.supervisor, at=LATER)
    assert everything() == before
    assert "close" not in steps_open_to(cast.supervisor, complaint)
    assert steps_open_to(cast.director, complaint)[0] == "close"
    operations.close(complaint, actor=cast.director, at=LATER)
    assert complaint.status == "closed"


def test_an_ordinary_complaint_may_be_done_by_one(estate: Estate, cast: Cast, standard: Standard) -> None:
    complaint = complaint_in("replied", estate, cast)
    operations.close(complaint, actor=cast.supervisor, at=LATER)
    assert complaint.status == "closed"


def test_a_refused_decision_leaves_the_row_in_hand_as_it_was(estate: Estate, cast: Cast, standard: Standard) -> None:
    complaint = complaint_in("registered", estate, cast)
    department = Department.objects.filter(estate=estate).order_by("id")[0]
    with pytest.raises(Refused):
        operations.decide(
            complaint, method="约谈", department=department, severity="major", actor=cast.supervisor, at=LATER
        )
    assert (complaint.severity, complaint.method) == ("minor", "")


def test_the_progress_line_has_true_times_and_names(estate: Estate, cast: Cast, standard: Standard) -> None:
    complaint = complaint_in("verified", estate, cast)
    marks = standing_of(complaint, cast.supervisor).marks
    assert [(mark.name, mark.state, mark.who) for mark in marks] == [
        ("登记", "done", "陈晓"),
        ("核实", "done", "林芳"),
        ("决定", "now", ""),
        ("答复", "next", ""),
        ("办结", "next", ""),
    ]
    assert [mark.at for mark in marks] == [AT, AT + timedelta(minutes=10), None, None, None]


def test_a_reopened_complaint_shows_no_old_marks(estate: Estate, cast: Cast, standard: Standard) -> None:
    complaint = complaint_in("closed", estate, cast)
    operations.reopen(complaint, reason="又吵了", actor=cast.supervisor, at=LATER)
    states = [mark.state for mark in standing_of(complaint, cast.supervisor).marks]
    assert states == ["done", "now", "next", "next", "next"]
