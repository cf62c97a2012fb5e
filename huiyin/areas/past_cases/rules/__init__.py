"""Decisions about matters of other books from plain values. The sheet of old orders is asked of its own module."""

from huiyin.areas.past_cases.rules.maps import (
    CaseMap,
    MapInvalid,
    RowUnreadable,
    Told,
    read_map,
)

__all__ = ["CaseMap", "MapInvalid", "RowUnreadable", "Told", "read_map"]
