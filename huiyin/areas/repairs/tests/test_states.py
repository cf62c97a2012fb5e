"""Every cell of the table (move × status): what is allowed moves, what is not changes nothing."""

import pytest
from django.db import IntegrityError, transaction

from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.states import MOVES, OrderStatus
from huiyin.areas.repairs.tests.factories import fresh, minutes, order_in
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.states.moves import Move, MovedMeanwhile, NoteNeeded, perform
from tests.cast import Cast

ALLOWED = {
    "dispatch": {"new"},
    "reassign": {"assigned", "accepted", "working"},
    "grab": {"new"},
    "transfer": {"assigned", "accepted", "working"},
    "accept": {"assigned"},
    "return": {"assigned", "accepted"},
    "take_back": {"assigned", "accepted", "working", "on_hold"},
    "arrive": {"accepted"},
    "hold": {"accepted", "working"},
    "resume": {"on_hold"},
    "finish": {"working"},
    "rework": {"finished"},
    "sign_off": {"finished"},
    "void": {"new", "assigned", "accepted", "working", "on_hold", "finished"},
}


@pytest.mark.parametrize("status", OrderStatus.values)
def test_in_every_status_only_its_moves_are_made(status: str, estate: Estate, cast: Cast) -> None:
    order = order_in(status, estate, cast)
    assert order.status == status
    entries = Entry.objects.count()
    for move in MOVES:
        with transaction.atomic():
            outcome = _try(fresh(order), move, cast)
            now_in = WorkOrder.objects.get(pk=order.pk).status
            written = Entry.objects.count() - entries
            transaction.set_rollback(True)
        if status in ALLOWED[move.code]:
            assert (move.code, outcome, now_in, written) == (move.code, "", move.target, 1)
        else:
            assert (move.code, now_in, written) == (move.code, status, 0)
            assert OrderStatus(status).label in outcome


def _try(order: WorkOrder, move: Move, cast: Cast) -> str:
    """Make the move and return what was refused, if it was."""
    fields: dict[str, object] = {"technician": cast.second_technician} if move.code in ("grab", "transfer") else {}
    if move.target in ("assigned", "new"):
        fields["technician"] = cast.second_technician if move.target == "assigned" else None
    if move.target == "closed":
        fields = {"acceptance": "paper", "paper_slip": "W-1", "signer": "王丽"}
    try:
        perform(order, move, actor=cast.lead, at=minutes(90), note="原因", **fields)
    except MovedMeanwhile as refused:
        return refused.sentence
    return ""


def test_a_move_that_needs_a_reason_is_refused_without_one(estate: Estate, cast: Cast) -> None:
    order = order_in("new", estate, cast)
    needing = [move for move in MOVES if move.needs_note]
    assert {move.code for move in needing} == {"reassign", "return", "take_back", "hold", "finish", "rework", "void"}
    for move in needing:
        with pytest.raises(NoteNeeded, match=move.label):
            perform(order, move, actor=cast.lead, at=minutes(90), note="  ")
    assert fresh(order).status == "new"


def test_every_status_is_reached_and_every_one_but_the_first_from_another() -> None:
    assert {move.target for move in MOVES} == set(OrderStatus.values)
    assert all(move.sources for move in MOVES)


@pytest.mark.parametrize(
    ("status", "change"),
    [
        ("new", {"status": "unheard"}),
        ("new", {"status": "assigned"}),
        ("finished", {"status": "closed"}),
        ("finished", {"status": "closed", "acceptance": "signature"}),
        ("finished", {"status": "closed", "acceptance": "paper", "signer": "王丽"}),
        ("finished", {"status": "closed", "acceptance": "paper", "paper_slip": "W-1"}),
        ("new", {"appointment_from": minutes(60), "appointment_to": minutes(60)}),
    ],
)
def test_the_database_refuses_what_the_operations_would_never_write(
    status: str, change: dict[str, object], estate: Estate, cast: Cast
) -> None:
    order = order_in(status, estate, cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkOrder.objects.filter(pk=order.pk).update(**change)
