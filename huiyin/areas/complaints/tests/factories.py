"""Complaints in every status, as their operations make them."""

from datetime import timedelta

from huiyin.areas.complaints import operations
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.complaints.queries import complaint_of
from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing.models import Department
from huiyin.foundation.accounts.models import User
from tests.cast import AT, Cast, tell

ORDER = ("registered", "verified", "decided", "replied", "closed")


def complaint_in(status: str, estate: Estate, cast: Cast, *, by: User | None = None, **matter: object) -> Complaint:
    """A complaint of that status. The supervisor does every step unless `by` names somebody."""
    case = tell(estate, cast.clerk, kind="complaint", text="夜里装修太吵", **matter)
    complaint = complaint_of(case)
    assert complaint is not None
    who, reached = by or cast.supervisor, ORDER.index(status)
    if reached >= 1:
        operations.verify(complaint, finding="属实", validity="valid", actor=who, at=AT + timedelta(minutes=10))
    if reached >= 2:
        decide(complaint, who)
    if reached >= 3:
        operations.reply(complaint, reply="已约谈装修单位", actor=who, at=AT + timedelta(minutes=30))
    if reached >= 4:
        operations.close(complaint, actor=cast.director, at=AT + timedelta(minutes=40))
    return complaint


def decide(complaint: Complaint, who: User) -> None:
    department = Department.objects.filter(estate=complaint.estate_id).order_by("id")[0]
    operations.decide(complaint, method="约谈装修单位", department=department, actor=who, at=AT + timedelta(minutes=20))
