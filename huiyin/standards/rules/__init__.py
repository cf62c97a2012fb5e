"""Reading written rules and deciding by them: each kind from values alone."""

from huiyin.standards.rules.compiled import KINDS, CompiledRule, compile_rule
from huiyin.standards.rules.conditions import OPERATORS, Condition, all_hold
from huiyin.standards.rules.limits import SAME_TIME, Within, add_months, day_end, within
from huiyin.standards.rules.reading import RuleInvalid, percentage

__all__ = [
    "KINDS",
    "OPERATORS",
    "SAME_TIME",
    "CompiledRule",
    "Condition",
    "RuleInvalid",
    "Within",
    "add_months",
    "all_hold",
    "compile_rule",
    "day_end",
    "percentage",
    "within",
]
