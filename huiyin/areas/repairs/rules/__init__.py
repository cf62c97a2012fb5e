"""Decisions about repairs from plain values."""

from huiyin.areas.repairs.rules.orders import (
    JOB_BANDS,
    job_band,
    minute_of,
    wrong_order,
)
from huiyin.areas.repairs.rules.repeats import LONG, SHORT, Repeats, repeats

__all__ = [
    "JOB_BANDS",
    "LONG",
    "SHORT",
    "Repeats",
    "job_band",
    "minute_of",
    "repeats",
    "wrong_order",
]
