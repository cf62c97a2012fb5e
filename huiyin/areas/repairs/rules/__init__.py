"""Decisions about repairs from plain values."""

from huiyin.areas.repairs.rules.orders import (
    JOB_BANDS,
    job_band,
    minute_of,
    wrong_order,
)

__all__ = [
    "JOB_BANDS",
    "job_band",
    "minute_of",
    "wrong_order",
]
