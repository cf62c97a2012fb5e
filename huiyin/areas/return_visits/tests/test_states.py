"""Every cell of the table (move × status), and what the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction

from huiyin.areas.estate.models import Estate
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.return_visits.states import MOVES, VisitStatus
from huiyin.areas.return_visits.tests.factories import fresh, minutes, visit_in
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.states.moves import Move, MovedMeanwhile, NoteNeeded, perform
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("standard", "home")
ALLOWED = {"pass": {"due"}, "fail": {"due"}, "excuse": {"due"}}
MADE = {"visited_at": minutes(200), "mode": "phone", "quality": 3, "effect": 3, "satisfaction": 3}


@pytest.mark.parametrize("status", VisitStatus.values)
def test_in_every_status_only_its_moves_are_made(status: str, estate: Estate, cast: Cast) -> None:
    visit = visit_in(status, estate, cast)
    assert fresh(visit).status == status
    entries = Entry.objects.count()
    for move in MOVES:
        with transaction.atomic():
            outcome = _try(fresh(visit), move, cast)
            now_in = fresh(visit).status
            written = Entry.objects.count() - entries
            transaction.set_rollback(True)
        if status in ALLOWED[move.code]:
            assert (move.code, outcome, now_in, written) == (move.code, "", move.target, 1)
        else:
            assert (move.code, now_in, written) == (move.code, status, 0)
            assert VisitStatus(status).label in outcome


def _try(visit: ReturnVisit, move: Move, cast: Cast) -> str:
    fields: dict[str, object] = {"excuse": "refused"}
    if move.code != "excuse":
        fields = MADE | {"visitor": cast.clerk, "verdict": move.code}
    if move.code == "fail":
        fields["raised_case"] = visit.case
    try:
        perform(visit, move, actor=cast.supervisor, at=minutes(200), note="原因", **fields)
    except MovedMeanwhile as refused:
        return refused.sentence
    return ""


def test_a_failure_and_an_excuse_need_words(estate: Estate, cast: Cast) -> None:
    visit = visit_in("due", estate, cast)
    needing = [move for move in MOVES if move.needs_note]
    assert {move.code for move in needing} == {"fail", "excuse"}
    for move in needing:
        with pytest.raises(NoteNeeded):
            perform(visit, move, actor=cast.supervisor, at=minutes(200))


def test_every_status_is_reached() -> None:
    assert {move.target for move in MOVES} | {"due"} == set(VisitStatus.values)


class TestTheDatabase:
    def refuses(self, visit: ReturnVisit, **change: object) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            ReturnVisit.objects.filter(pk=visit.pk).update(**change)

    def test_a_failed_visit_without_its_case(self, estate: Estate, cast: Cast) -> None:
        visit = visit_in("due", estate, cast)
        self.refuses(visit, status="failed", verdict="fail", visitor=cast.clerk, **MADE)
        failed = visit_in("failed", estate, cast)
        self.refuses(failed, raised_case=None)

    def test_the_doer_as_visitor(self, estate: Estate, cast: Cast) -> None:
        visit = visit_in("done", estate, cast)
        assert fresh(visit).doer == cast.technician
        self.refuses(visit, visitor=cast.technician)

    def test_half_a_record(self, estate: Estate, cast: Cast) -> None:
        visit = visit_in("due", estate, cast)
        whole = {"status": "done", "verdict": "pass", "visitor": cast.clerk, **MADE}
        for missing in ("visited_at", "quality", "effect", "satisfaction", "visitor"):
            self.refuses(visit, **{**whole, missing: None})
        self.refuses(visit, **{**whole, "mode": ""})
        self.refuses(visit, **{**whole, "verdict": ""})
        self.refuses(visit, **{**whole, "verdict": "fail"})
        assert ReturnVisit.objects.filter(pk=visit.pk).update(**whole) == 1

    def test_a_door_visit_without_signature_an_excuse_without_reason_and_an_empty_window(
        self, estate: Estate, cast: Cast
    ) -> None:
        visit = visit_in("due", estate, cast)
        self.refuses(visit, mode="door")
        self.refuses(visit, status="exempt")
        self.refuses(visit, status="unheard")
        self.refuses(visit, window_to=visit.window_from)
