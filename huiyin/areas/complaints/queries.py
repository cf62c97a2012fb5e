"""Reading complaints."""

from dataclasses import dataclass

from django.http import Http404

from huiyin.areas.cases.models import Case
from huiyin.areas.complaints import rules
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.complaints.permissions import steps_open_to, visible_to, why_not
from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right

_RELATED = (
    "case__estate",
    "case__responsible_post",
    "case__responsible",
    "case__first_contact_owner",
    "about_department",
    "about_person",
    "department",
    "verified_by",
    "decided_by",
    "replied_by",
)


def complaint_for(user: User, number: str, *, to: str = "cases.see") -> Complaint:
    """Return the complaint of the case with this number; 404 out of sight, 403 without the right in its estate."""
    complaint = visible_to(user).select_related(*_RELATED).filter(case__number=number).first()
    if complaint is None:
        raise Http404
    require_right(user, to, complaint.estate_id)
    return complaint


_OF_CASE = rows.Prepared(lambda case_id: Complaint.objects.select_related(*_RELATED).filter(case=case_id)[:1])


def complaint_of(case: Case) -> Complaint | None:
    return _OF_CASE.first(case.pk)


def severity_of(case_id: int) -> str:
    """Return how severe the complaint of the case is; nothing for a case of another kind."""
    found = rows.read("SELECT severity FROM complaints_complaint WHERE case_id = %s", [case_id])
    return found[0][0] if found else ""


@dataclass(frozen=True)
class Standing:
    """How far a complaint is, for the person who looks at it: the progress line, the steps, and why one is missing."""

    marks: list[rules.Mark]
    steps: list[str]
    why_not: str


def standing_of(complaint: Complaint, user: User, *, closed_by: str = "") -> Standing:
    """Return how far the complaint is and what this person may do about it. Reads nothing."""
    case = complaint.case
    done = (
        (case.opened_at, case.first_contact_owner.name),
        (complaint.verified_at, _name(complaint.verified_by)),
        (complaint.decided_at, _name(complaint.decided_by)),
        (complaint.replied_at, _name(complaint.replied_by)),
        (case.closed_at, closed_by),
    )
    over = complaint.status == "closed" or not case.is_open
    return Standing(
        marks=rules.progress(complaint.status, done),
        steps=steps_open_to(user, complaint),
        why_not="" if over else why_not(user, complaint),
    )


def _name(person: User | None) -> str:
    return person.name if person else ""
