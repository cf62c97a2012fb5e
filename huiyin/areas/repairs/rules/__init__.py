"""Decisions about repairs from plain values. Warranties, quotes and tariffs are asked of their own modules."""

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
