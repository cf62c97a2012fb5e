"""Every cell of (move × status) of a complaint, and that it stands still while its case does."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.tests.factories import everything
from huiyin.areas.complaints import operations, states
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.complaints.states import ComplaintStatus
from huiyin.areas.complaints.tests.factories import complaint_in, decide
from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import User
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import Move
from huiyin.standards.models import Commitment, Standard
from tests.cast import AT, Cast, tell

LATER = AT + timedelta(hours=1)
ACTS: dict[str, Callable[[Complaint, User], None]] = {
    "verify": lambda one, who: operations.verify(one, finding="属实", validity="valid", actor=who, at=LATER),
    "decide": decide,
    "reply": lambda one, who: operations.reply(one, reply="已约谈", actor=who, at=LATER),
    "reject": lambda one, who: operations.reject_reply(one, reason="还在吵", actor=who, at=LATER),
    "close": lambda one, who: operations.close(one, actor=who, at=LATER),
    "reopen": lambda one, who: operations.reopen(one, reason="又吵了", actor=who, at=LATER),
}


@pytest.mark.parametrize("status", ComplaintStatus.values)
@pytest.mark.parametrize("move", states.MOVES, ids=lambda move: move.code)
def test_every_cell(move: Move, status: str, estate: Estate, cast: Cast, standard: Standard) -> None:
    complaint = complaint_in(status, estate, cast)
    before = everything()
    if status in move.sources:
        ACTS[move.code](complaint, cast.director)
        assert Complaint.objects.get(pk=complaint.pk).status == move.target == complaint.status
    else:
        with pytest.raises(Refused):
            ACTS[move.code](complaint, cast.director)
        assert everything() == before


def test_every_move_has_its_operation_and_every_status_is_reached() -> None:
    assert set(ACTS) == {move.code for move in states.MOVES}
    assert {move.target for move in states.MOVES} == set(ComplaintStatus)


@pytest.mark.parametrize("status", ["registered", "verified", "decided", "replied"])
@pytest.mark.parametrize("ending", ["merged", "voided"])
def test_a_complaint_stands_still_while_its_case_is_merged_or_voided(
    ending: str, status: str, estate: Estate, cast: Cast, standard: Standard
) -> None:
    complaint = complaint_in(status, estate, cast)
    if ending == "merged":
        other = tell(estate, cast.clerk, kind="complaint")
        cases.merge_case(complaint.case, into=other, actor=cast.supervisor, at=LATER)
    else:
        cases.void_case(complaint.case, reason="登记错了", actor=cast.supervisor, at=LATER)
    before = everything()
    for act in ACTS.values():
        with pytest.raises(Refused):
            act(Complaint.objects.select_related("case").get(pk=complaint.pk), cast.director)
        assert everything() == before


def test_closing_a_complaint_closes_its_case_and_draws_its_visit(
    estate: Estate, cast: Cast, standard: Standard
) -> None:
    complaint = complaint_in("closed", estate, cast)
    found = Case.objects.get(pk=complaint.case_id)
    assert (found.status, found.answer) == ("closed", "已约谈装修单位")
    left = Commitment.objects.filter(thread=found.thread, ended_at=None)
    assert [one.code for one in left] == ["return_visit.complaint"]


def test_a_reopened_complaint_begins_with_verification_under_new_promises(
    estate: Estate, cast: Cast, standard: Standard
) -> None:
    complaint = complaint_in("closed", estate, cast)
    operations.reopen(complaint, reason="又吵了", actor=cast.supervisor, at=LATER)
    owed = Commitment.objects.filter(thread=complaint.thread, ended_at=None, after_closing=False)
    assert set(owed.values_list("code", flat=True)) == {
        "case.reopen",
        "complaint.verify",
        "complaint.decide",
        "complaint.reply",
    }
    assert Case.objects.get(pk=complaint.case_id).status == "working"


def test_a_rejected_reply_is_owed_again(estate: Estate, cast: Cast, standard: Standard) -> None:
    complaint = complaint_in("replied", estate, cast)
    operations.reject_reply(complaint, reason="还在吵", actor=cast.clerk, at=LATER)
    found = Case.objects.get(pk=complaint.case_id)
    assert found.next_at is not None and found.next_at > LATER
    assert Commitment.objects.filter(thread=found.thread, ended_at=None, does=found.next_step).exists()
