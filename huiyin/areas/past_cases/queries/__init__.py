"""Reading what was taken over from other books."""

from huiyin.areas.past_cases.queries.comparing import (
    OrderPlan,
    compare,
)
from huiyin.areas.past_cases.queries.on_time import (
    OnTimeRow,
    in_all,
    on_time,
)
from huiyin.areas.past_cases.queries.sheets import (
    sheet_by_number,
    sheet_for,
    sheets_of,
    source_of,
    taken_over,
)

__all__ = [
    "OnTimeRow",
    "OrderPlan",
    "compare",
    "in_all",
    "on_time",
    "sheet_by_number",
    "sheet_for",
    "sheets_of",
    "source_of",
    "taken_over",
]
