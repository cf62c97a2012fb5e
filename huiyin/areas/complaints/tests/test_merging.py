"""A complaint follows its case when that is merged and taken apart again."""

from datetime import timedelta

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.complaints.queries import complaint_of
from huiyin.areas.estate.models import Estate
from huiyin.standards.models import Commitment, Standard
from tests.cast import AT, Cast, tell


def owed(case: Case) -> int:
    return Commitment.objects.filter(thread=case.thread, ended_at=None).count()


def test_a_complaint_runs_again_with_new_clocks(estate: Estate, cast: Cast, standard: Standard) -> None:
    a, b = (tell(estate, cast.clerk, kind="complaint") for _ in range(2))
    before = owed(a)
    cases.merge_case(a, into=b, actor=cast.supervisor, at=AT)
    assert owed(a) == 0
    cases.unmerge_case(a, reason="不是一件", actor=cast.supervisor, at=AT + timedelta(hours=1))
    assert owed(a) == before - 1  # progress is owed for new matters only; its next step is the complaint's
    complaint = complaint_of(a)
    assert complaint is not None and complaint.status == "registered"
