"""Who reacts to a fact, and in which order: the tiers, lowest first, the same in every process."""

import pytest

from huiyin.areas.cases.events import CaseMerged, CaseResumed, CaseUnmerged
from huiyin.areas.complaints.events import ComplaintClosed
from huiyin.areas.repairs.events import OrderClosed, OrderFinished
from huiyin.areas.staffing.events import PersonLeft
from huiyin.areas.upkeep.events import HomeFinished
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.reactions import reactions_to
from huiyin.standards.events import DrawToppedUp

# Listens to everything and writes down only who is to be told.
TELL = ("huiyin.foundation.webhooks.handlers", "tell")
WEIGH = ("huiyin.standards.handlers", "weigh")


@pytest.mark.parametrize(
    ("fact", "reactions"),
    [
        (OrderFinished, [TELL, WEIGH]),
        (OrderClosed, [TELL, WEIGH, ("huiyin.areas.return_visits.handlers", "draw_visit")]),
        (ComplaintClosed, [TELL, WEIGH, ("huiyin.areas.return_visits.handlers", "draw_visit")]),
        (HomeFinished, [TELL, WEIGH, ("huiyin.areas.return_visits.handlers", "draw_home")]),
        (DrawToppedUp, [TELL, WEIGH, ("huiyin.areas.return_visits.handlers", "open_topped_up")]),
        (CaseMerged, [TELL, WEIGH, ("huiyin.areas.repairs.handlers", "drop_order")]),
        (CaseResumed, [TELL, WEIGH, ("huiyin.areas.repairs.handlers", "resume_orders")]),
        (
            CaseUnmerged,
            [
                TELL,
                WEIGH,
                ("huiyin.areas.repairs.handlers", "order_again"),
                ("huiyin.areas.complaints.handlers", "run_again"),
            ],
        ),
        (
            PersonLeft,
            [
                TELL,
                WEIGH,
                ("huiyin.areas.cases.handlers", "rehome_what_they_owed"),
                ("huiyin.areas.repairs.handlers", "take_back_orders"),
                ("huiyin.areas.return_visits.handlers", "take_back_visits"),
            ],
        ),
    ],
    ids=lambda value: value.code if isinstance(value, type) else "",
)
def test_facts_are_delivered_from_the_lowest_tier_up(fact: type[Fact], reactions: list[tuple[str, str]]) -> None:
    assert [(reaction.__module__, reaction.__name__) for reaction in reactions_to(fact)] == reactions
