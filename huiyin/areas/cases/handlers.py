"""Reactions of cases to facts from below."""

from datetime import datetime

from huiyin.areas.cases import operations
from huiyin.areas.staffing.events import PersonLeft
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.standards import operations as standards


def rehome_what_they_owed(fact: PersonLeft, *, entry: Entry, actor: User, at: datetime) -> None:
    operations.rehome_cases_of(User.objects.get(pk=fact.person_id), actor=actor, at=at)
    standards.rehome(fact.person_id, post="cs_supervisor")


REACTIONS = ((PersonLeft, rehome_what_they_owed),)
