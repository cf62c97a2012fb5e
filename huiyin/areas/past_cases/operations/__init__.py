"""Taking over what other books tell: matters by a map, repair orders by a sheet."""

from huiyin.areas.past_cases.operations.staging import (
    begin_check,
    check,
    confirm_orders,
    hand_in_orders,
    take_in_orders,
    take_in_plan,
)
from huiyin.areas.past_cases.operations.taking_over import (
    SourceChanged,
    open_source,
    take_over,
)

__all__ = [
    "SourceChanged",
    "begin_check",
    "check",
    "confirm_orders",
    "hand_in_orders",
    "open_source",
    "take_in_orders",
    "take_in_plan",
    "take_over",
]
