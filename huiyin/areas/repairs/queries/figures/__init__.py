"""The figures of repairs and the orders behind each number: one composed condition counts and lists."""

from huiyin.areas.repairs.queries.figures.again import (
    AGAIN,
    FIXED,
    KNOWN,
    QUIET,
    WRONG,
    fixes,
    reworks,
)
from huiyin.areas.repairs.queries.figures.behind import (
    COHORTS,
    COSTS,
    FIRST_FIX,
    LOAD,
    ON_TIME,
    REWORK,
    Number,
    Place,
    orders_behind,
    orders_of_number,
)
from huiyin.areas.repairs.queries.figures.cohorts import (
    DAYS,
    LATER,
    OPEN,
    VOIDED,
    cohorts,
    within_days,
)
from huiyin.areas.repairs.queries.figures.costs import Cost, costs, total_cost
from huiyin.areas.repairs.queries.figures.load import Load, loads
from huiyin.areas.repairs.queries.figures.on_time import JUDGED, Step, steps
from huiyin.areas.repairs.queries.figures.scope import NO_CATEGORY, Scope

__all__ = [
    "AGAIN",
    "COHORTS",
    "COSTS",
    "DAYS",
    "FIRST_FIX",
    "FIXED",
    "JUDGED",
    "KNOWN",
    "LATER",
    "LOAD",
    "NO_CATEGORY",
    "ON_TIME",
    "OPEN",
    "QUIET",
    "REWORK",
    "VOIDED",
    "WRONG",
    "Cost",
    "Load",
    "Number",
    "Place",
    "Scope",
    "Step",
    "cohorts",
    "costs",
    "fixes",
    "loads",
    "orders_behind",
    "orders_of_number",
    "reworks",
    "steps",
    "total_cost",
    "within_days",
]
