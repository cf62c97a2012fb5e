"""Reactions of cases to facts from below."""

from datetime import datetime

from huiyin.areas.cases import operations, queries
from huiyin.areas.staffing.events import PersonLeft
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.standards import operations as standards
from huiyin.standards.events import PromiseMoved


def rehome_what_they_owed(fact: PersonLeft, *, entry: Entry, actor: User, at: datetime) -> None:
    operations.rehome_cases_of(User.objects.get(pk=fact.person_id), actor=actor, at=at)
    standards.rehome(fact.person_id, post="cs_supervisor")
    standards.retell(fact.person_id, actor=actor, at=at)


def follow_the_promise(fact: PromiseMoved, *, entry: Entry, actor: User, at: datetime) -> None:
    """Let the next step of the case keep to the promise that now falls due at another time."""
    case = queries.case_of_thread(fact.thread)
    if case is not None and case.is_open:
        operations.refresh_next_step(case)


REACTIONS = ((PersonLeft, rehome_what_they_owed), (PromiseMoved, follow_the_promise))
