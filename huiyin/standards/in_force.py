"""Which version an estate lives by at a moment, compiled once per process (a published version never changes)."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from huiyin.foundation import rows
from huiyin.foundation.transactions import once_a_command
from huiyin.standards import calendars
from huiyin.standards.models import Rule
from huiyin.standards.rules import CompiledRule, compile_rule
from huiyin.standards.waiting import can_be_kept

working_calendar = calendars.working_calendar
calendar_version = calendars.calendar_version
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
    counted_by: dict[str, list[CompiledRule]] = field(default_factory=dict)
    duties: list[CompiledRule] = field(default_factory=list)
    duties_kept_by: dict[str, list[CompiledRule]] = field(default_factory=dict)
    retained: list[CompiledRule] = field(default_factory=list)
    ladders: list[CompiledRule] = field(default_factory=list)
    _climbed: dict[str, tuple[CompiledRule, ...]] = field(default_factory=dict)

    def ladders_of(self, code: str) -> tuple[CompiledRule, ...]:
        """Return the ladders that promises of this code climb; asked for every promise, so looked for once."""
        if code not in self._climbed:
            self._climbed[code] = tuple(rule for rule in self.ladders if rule.ladder and rule.ladder.climbs(code))
        return self._climbed[code]


def rule_book(estate_id: int, *, at: datetime) -> RuleBook:
    """Return the rules in force in the estate at that moment; an estate that adopted none has the empty book."""
    return once_a_command((rule_book, estate_id, at), lambda: _look_up(estate_id, at))


def _look_up(estate_id: int, at: datetime) -> RuleBook:
    in_force = rows.read(_IN_FORCE, [estate_id, at, at])
    return _compiled(in_force[0][0]) if in_force else RuleBook(0, {})


def book_for(rule_id: int) -> RuleBook:
    """Return the rules of the version this rule belongs to; what was promised under it is judged by it."""
    return _compiled(_version_of(rule_id))


@lru_cache(maxsize=4096)
def rule_by_id(rule_id: int) -> CompiledRule:
    """Return a rule ready for use; a published rule never changes."""
    return next(rule for rule in book_for(rule_id).rules.values() if rule.id == rule_id)


@lru_cache(maxsize=4096)
def _version_of(rule_id: int) -> int:
    return Rule.objects.values_list("version", flat=True).get(pk=rule_id)


@lru_cache(maxsize=256)
def _compiled(version_id: int) -> RuleBook:
    rules = {
        row.code: compile_rule(row.spec, rule_id=row.pk)
        for row in Rule.objects.filter(version_id=version_id).order_by("pk")
    }
    book = RuleBook(version_id, rules)
    for rule in rules.values():
        _enter(book, rule)
    return book


def _enter(book: RuleBook, rule: CompiledRule) -> None:
    """Put the rule where it is looked for: by the fact that calls for it, or in the list of its kind."""
    match rule.kind:
        case "deadline" if can_be_kept(rule.keeps):
            book.opened_by.setdefault(rule.opens, []).append(rule)
            for kind in rule.keeps:
                book.kept_by.setdefault(kind, []).append(rule.code)
        case "sampling":
            book.sampled_by.setdefault(rule.opens, []).append(rule)
        case "requirement":
            book.gates.setdefault(rule.gates, []).append(rule)
        case "escalation":
            book.ladders.append(rule)
        case "retention":
            book.retained.append(rule)
    if rule.threshold:
        book.counted_by.setdefault(rule.threshold.counts, []).append(rule)
    if rule.quota:
        book.counted_by.setdefault(rule.quota.counts, []).append(rule)
        book.duties.append(rule)
    if rule.periodic:
        book.duties.append(rule)
        if rule.periodic.keeps:
            book.duties_kept_by.setdefault(rule.periodic.keeps, []).append(rule)


def forget() -> None:
    """Drop what was compiled; for tests that build standards anew."""
    _compiled.cache_clear()
    _version_of.cache_clear()
    rule_by_id.cache_clear()
    calendars.forget()
