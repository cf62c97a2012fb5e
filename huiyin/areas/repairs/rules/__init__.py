"""Decisions about repairs from plain values."""

from huiyin.areas.repairs.rules.orders import (
    JOB_BANDS,
    job_band,
    minute_of,
    wrong_order,
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
    "ITEMS",
    "JOB_BANDS",
    "SAYS",
    "SKEW",
    "Entering",
    "Item",
    "Leaving",
    "Ticked",
    "Told",
    "items_of",
    "job_band",
    "minute_of",
    "wrong_order",
]
