"""Which version an estate lives by at a moment, compiled once per process (a published version never changes)."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from huiyin.foundation import rows
from huiyin.foundation.calendar.chinese import chinese_calendar, published_until
from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.foundation.transactions import once_a_command
from huiyin.standards.models import Rule
from huiyin.standards.rules import CompiledRule, compile_rule

_IN_FORCE = """
SELECT v.id FROM standards_standardversion v
WHERE v.standard_id = (
    SELECT standard_id FROM standards_adoption WHERE estate_id = %s AND since <= %s ORDER BY since DESC LIMIT 1
) AND v.effective_from <= %s
ORDER BY v.effective_from DESC, v.number DESC LIMIT 1
"""


@dataclass(frozen=True)
class RuleBook:
    """All rules of one version, by what they look for."""

    version_id: int
    rules: dict[str, CompiledRule]
    opened_by: dict[str, list[CompiledRule]] = field(default_factory=dict)
    kept_by: dict[str, list[str]] = field(default_factory=dict)
    sampled_by: dict[str, list[CompiledRule]] = field(default_factory=dict)
    gates: dict[str, list[CompiledRule]] = field(default_factory=dict)


def rule_book(estate_id: int, *, at: datetime) -> RuleBook:
    """Return the rules in force in the estate at that moment; an estate that adopted none has the empty book."""
    return once_a_command((rule_book, estate_id, at), lambda: _look_up(estate_id, at))


def _look_up(estate_id: int, at: datetime) -> RuleBook:
    in_force = rows.read(_IN_FORCE, [estate_id, at, at])
    return _compiled(in_force[0][0]) if in_force else RuleBook(0, {})


@lru_cache(maxsize=256)
def _compiled(version_id: int) -> RuleBook:
    rules = {
        row.code: compile_rule(row.spec, rule_id=row.pk)
        for row in Rule.objects.filter(version_id=version_id).order_by("pk")
    }
    book = RuleBook(version_id, rules)
    for rule in rules.values():
        if rule.kind == "deadline":
            book.opened_by.setdefault(rule.opens, []).append(rule)
            for kind in rule.keeps:
                book.kept_by.setdefault(kind, []).append(rule.code)
        elif rule.kind == "sampling":
            book.sampled_by.setdefault(rule.opens, []).append(rule)
        else:
            book.gates.setdefault(rule.gates, []).append(rule)
    return book


@lru_cache(maxsize=1)
def working_calendar() -> WorkingCalendar:
    """Return the calendar by which working time is counted: the statutory one, offices open 09:00–18:00."""
    return chinese_calendar()


@lru_cache(maxsize=1)
def calendar_version() -> str:
    """Name the table a promise was counted by: the last day it knows."""
    return f"cn-{published_until():%Y%m%d}"


def forget() -> None:
    """Drop what was compiled; for tests that build standards anew."""
    _compiled.cache_clear()
