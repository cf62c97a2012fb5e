"""Orders follow their cases: a merged or voided matter drops an order nobody has begun, one that runs again gets one.

An emergency nobody has reached keeps its matter from waiting.
"""

from datetime import datetime

from huiyin.areas.cases.events import CaseHeld, CaseMerged, CaseResumed, CaseUnmerged, CaseUrgencyChanged, CaseVoided
from huiyin.areas.cases.models import Case
from huiyin.areas.repairs import operations, queries
from huiyin.areas.staffing.events import PersonLeft
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry


def drop_order(fact: CaseMerged | CaseVoided, *, entry: Entry, actor: User, at: datetime) -> None:
    if fact.kind == "repair":
        operations.drop_unstarted(
            Case.objects.get(pk=fact.case_id), reason=entry.note or "事项已并案", actor=actor, at=at
        )


def order_again(fact: CaseUnmerged, *, entry: Entry, actor: User, at: datetime) -> None:
    if fact.kind == "repair":
        operations.open_order(Case.objects.get(pk=fact.case_id), actor=actor, at=at)


def resume_orders(fact: CaseResumed, *, entry: Entry, actor: User, at: datetime) -> None:
    if fact.kind == "repair":
        for order in queries.held_orders_of(fact.case_id):
            operations.resume(order, actor=actor, at=at)


def keep_emergency_running(fact: CaseHeld, *, entry: Entry, actor: User, at: datetime) -> None:
    if fact.kind == "repair":
        operations.check_waiting(fact.case_id, reason=entry.note)


def hurry_order(fact: CaseUrgencyChanged, *, entry: Entry, actor: User, at: datetime) -> None:
    if fact.kind == "repair":
        operations.hurry(fact.case_id, urgency=fact.urgency)


def take_back_orders(fact: PersonLeft, *, entry: Entry, actor: User, at: datetime) -> None:
    operations.rehome_orders_of(User.objects.get(pk=fact.person_id), actor=actor, at=at)


REACTIONS = (
    (CaseMerged, drop_order),
    (CaseVoided, drop_order),
    (CaseUnmerged, order_again),
    (CaseHeld, keep_emergency_running),
    (CaseResumed, resume_orders),
    (CaseUrgencyChanged, hurry_order),
    (PersonLeft, take_back_orders),
)
