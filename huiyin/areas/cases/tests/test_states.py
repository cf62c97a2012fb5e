"""Every cell of (move × status), made by the operations people use."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from huiyin.areas.cases import operations, states
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.states import CaseStatus
from huiyin.areas.cases.tests.factories import case_in, everything
from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import User
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import Move, available_moves
from huiyin.standards.models import Standard
from tests.cast import AT, Cast, tell

LATER = AT + timedelta(hours=1)
Act = Callable[[Case, User, datetime, Case], None]
ACTS: dict[str, Act] = {
    "take": lambda case, who, at, other: operations.take_case(case, actor=who, at=at),
    "hold": lambda case, who, at, other: operations.hold_case(
        case, reason="等配件", wakes_at=at + timedelta(days=1), actor=who, at=at
    ),
    "resume": lambda case, who, at, other: operations.resume_case(case, actor=who, at=at),
    "close": lambda case, who, at, other: operations.close_case(case, answer="已答复", actor=who, at=at),
    "reopen": lambda case, who, at, other: operations.open_again(case, reason="又来了", actor=who, at=at),
    "merge": lambda case, who, at, other: operations.merge_case(case, into=other, actor=who, at=at),
    "unmerge": lambda case, who, at, other: operations.unmerge_case(case, reason="不是一件", actor=who, at=at),
    "void": lambda case, who, at, other: operations.void_case(case, reason="登记错了", actor=who, at=at),
}


@pytest.mark.parametrize("status", CaseStatus.values)
@pytest.mark.parametrize("move", states.MOVES, ids=lambda move: move.code)
def test_every_cell(move: Move, status: str, estate: Estate, cast: Cast, standard: Standard) -> None:
    case = case_in(status, estate, cast)
    other = tell(estate, cast.clerk, kind="enquiry", text="另一件")
    before = everything()
    allowed = status in move.sources
    assert (move in available_moves(case, cast.supervisor, states.MOVES)) is allowed
    if allowed:
        ACTS[move.code](case, cast.supervisor, LATER, other)
        assert Case.objects.get(pk=case.pk).status == move.target == case.status
    else:
        with pytest.raises(Refused):
            ACTS[move.code](case, cast.supervisor, LATER, other)
        assert everything() == before


def test_every_move_has_its_operation_and_every_status_is_reached() -> None:
    assert set(ACTS) == {move.code for move in states.MOVES}
    assert {move.target for move in states.MOVES} | {CaseStatus.NEW} == set(CaseStatus)


@pytest.mark.parametrize("kind", ["complaint", "repair"])
def test_what_its_own_area_ends_is_not_ended_or_opened_again_here(
    kind: str, estate: Estate, cast: Cast, standard: Standard
) -> None:
    case = tell(estate, cast.clerk, kind=kind)
    before = everything()
    with pytest.raises(operations.NotYours):
        operations.close_case(case, answer="好了", actor=cast.clerk, at=AT)
    with pytest.raises(operations.NotYours):
        operations.open_again(case, reason="再办", actor=cast.clerk, at=AT)
    assert everything() == before


def test_a_reopened_case_counts_and_runs_with_somebody_responsible(
    estate: Estate, cast: Cast, standard: Standard
) -> None:
    case = case_in("closed", estate, cast)
    operations.open_again(case, reason="又漏了", actor=cast.clerk, at=LATER)
    found = Case.objects.get(pk=case.pk)
    assert (found.status, found.reopened, found.closed_at) == ("working", 1, None)
    assert (found.next_step, found.next_at) == ("联系住户重新处理", LATER + timedelta(hours=24))
