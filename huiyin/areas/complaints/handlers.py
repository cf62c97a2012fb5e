"""A complaint follows its case when that is merged out of and runs again."""

from datetime import datetime

from huiyin.areas.cases.events import CaseUnmerged
from huiyin.areas.complaints import operations
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.complaints.states import RUNNING
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry


def run_again(fact: CaseUnmerged, *, entry: Entry, actor: User, at: datetime) -> None:
    complaint = Complaint.objects.filter(case=fact.case_id, status__in=RUNNING).select_related("case").first()
    if complaint:
        operations.restart_clocks(complaint, actor=actor, at=at)


REACTIONS = ((CaseUnmerged, run_again),)
