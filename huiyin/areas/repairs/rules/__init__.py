"""Decisions about repairs from plain values. Warranties, quotes and tariffs are asked of their own modules."""

from huiyin.areas.repairs.rules.dispatching import (
    HOLD_REASONS,
    Candidate,
    Hand,
    Wanted,
    countdown,
    hold_words,
    judge,
    may_wait,
    rank,
    skill_for,
    whose_turn,
)
from huiyin.areas.repairs.rules.fault_sheet import (
    HEADERS,
    Sheet,
    SheetUnusable,
    read_sheet,
)
from huiyin.areas.repairs.rules.orders import (
    JOB_BANDS,
    job_band,
    minute_of,
    wrong_order,
)
from huiyin.areas.repairs.rules.past import PastOrderTold
from huiyin.areas.repairs.rules.repeats import (
    LONG,
    SHORT,
    Repeats,
    repeats,
)
from huiyin.areas.repairs.rules.slots import (
    Slot,
    filled,
    overlaps,
    spans_of_day,
    touched,
)
from huiyin.areas.repairs.rules.visits import (
    ITEMS,
    SAYS,
    SKEW,
    Entering,
    Item,
    Leaving,
    Ticked,
    Told,
    items_of,
)

__all__ = [
    "HEADERS",
    "HOLD_REASONS",
    "ITEMS",
    "JOB_BANDS",
    "LONG",
    "SAYS",
    "SHORT",
    "SKEW",
    "Candidate",
    "Entering",
    "Hand",
    "Item",
    "Leaving",
    "PastOrderTold",
    "Repeats",
    "Sheet",
    "SheetUnusable",
    "Slot",
    "Ticked",
    "Told",
    "Wanted",
    "countdown",
    "filled",
    "hold_words",
    "items_of",
    "job_band",
    "judge",
    "may_wait",
    "minute_of",
    "overlaps",
    "rank",
    "read_sheet",
    "repeats",
    "skill_for",
    "spans_of_day",
    "touched",
    "whose_turn",
    "wrong_order",
]
