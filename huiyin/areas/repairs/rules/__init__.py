"""Decisions about repairs from plain values."""

from huiyin.areas.repairs.rules.fault_sheet import HEADERS, Sheet, SheetUnusable, read_sheet
from huiyin.areas.repairs.rules.orders import (
    JOB_BANDS,
    job_band,
    minute_of,
    wrong_order,
)
from huiyin.areas.repairs.rules.repeats import LONG, SHORT, Repeats, repeats

__all__ = [
    "HEADERS",
    "JOB_BANDS",
    "LONG",
    "SHORT",
    "Repeats",
    "Sheet",
    "SheetUnusable",
    "job_band",
    "minute_of",
    "read_sheet",
    "repeats",
    "wrong_order",
]
