"""Who may see complaints (whoever may see their cases), and which steps of one a person may take."""

from django.db.models import QuerySet

from huiyin.areas.cases.permissions import visible_to as visible_cases
from huiyin.areas.complaints import rules, states
from huiyin.areas.complaints.models import Complaint, Severity
from huiyin.areas.complaints.states import ComplaintStatus
from huiyin.areas.estate.permissions import visible_to as visible_estates
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.states.moves import available_moves

_ORDER = ("verify", "decide", "reply", "close", "reject", "reopen", "acknowledge")


def visible_to(user: User) -> QuerySet[Complaint]:
    found = Complaint.objects.filter(estate_id__in=visible_estates(user).values("pk"))
    # Only who has a part of an estate is asked case by case: it costs a look at every one of them.
    return found.filter(case__in=visible_cases(user)) if access_of(user).buildings else found


def is_complained(user: User, complaint: Complaint) -> bool:
    return complaint.about_person_id == user.pk


def is_alone_in_major(user: User, complaint: Complaint) -> bool:
    """Tell whether the person verified, decided and replied to a major complaint that now waits to be closed."""
    doers = (complaint.verified_by_id, complaint.decided_by_id, complaint.replied_by_id)
    waits = complaint.status == ComplaintStatus.REPLIED and complaint.severity == Severity.MAJOR
    return waits and rules.did_it_alone(user.pk, doers)


def why_not(user: User, complaint: Complaint) -> str:
    """Say why the person may not judge this complaint, or nothing when they may."""
    return rules.why_not(
        is_complained=is_complained(user, complaint), is_alone_in_major=is_alone_in_major(user, complaint)
    )


def steps_open_to(user: User, complaint: Complaint) -> list[str]:
    """Return the steps the person may take now, the one that is next first."""
    runs = complaint.case.is_open
    moves = [
        move.code
        for move in available_moves(complaint, user, states.MOVES)
        if runs or (move is states.REOPEN and complaint.case.status == "closed")
    ]
    barred = rules.JUDGING if is_complained(user, complaint) else set()
    if is_alone_in_major(user, complaint):
        barred = barred | {"close"}
    moves = [code for code in moves if code not in barred]
    waits = runs and complaint.acknowledged_at is None
    if waits and access_of(user).may("complaints.verify", complaint.estate_id):
        moves.append("acknowledge")
    return sorted(moves, key=_ORDER.index)
