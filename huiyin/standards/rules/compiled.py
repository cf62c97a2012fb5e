"""A rule as the engine uses it, read from its written form. Values in, values out; no database, no clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from huiyin.standards.rules import (
    deadline,
    escalation,
    periodic,
    quota,
    requirement,
    retention,
    sampling,
    threshold,
)
from huiyin.standards.rules.conditions import Condition, all_hold, read_conditions
from huiyin.standards.rules.escalation import Ladder
from huiyin.standards.rules.limits import Within
from huiyin.standards.rules.periodic import Periodic
from huiyin.standards.rules.quota import Quota
from huiyin.standards.rules.reading import RuleInvalid
from huiyin.standards.rules.retention import Retention
from huiyin.standards.rules.sampling import Cap
from huiyin.standards.rules.threshold import Threshold

COMMON_KEYS = {"code", "kind", "clauses", "says", "because", "when", "public", "source"}


@dataclass(frozen=True)
class CompiledRule:
    """A rule ready for use. `id` is the row it was read from (0 while it is only being checked)."""

    id: int
    code: str
    kind: str
    says: str
    does: str
    clauses: tuple[str, ...]
    because: str
    when: tuple[Condition, ...]
    opens: str = ""
    keeps: frozenset[str] = frozenset()
    within: Within | None = None
    not_before: Within | None = None
    who: str = "subject"
    rate: Fraction = Fraction(1)
    window: tuple[Within, Within] | None = None
    stratum: tuple[str, ...] = ()
    visit: str = ""
    by: tuple[str, ...] = ()
    by_when: tuple[tuple[tuple[Condition, ...], tuple[str, ...]], ...] = ()
    never_by_doer: bool = False
    exempt: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    second_modes: tuple[str, ...] = ()
    cap: Cap | None = None
    gates: str = ""
    needs: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    quota: Quota | None = None
    periodic: Periodic | None = None
    threshold: Threshold | None = None
    ladder: Ladder | None = None
    retention: Retention | None = None
    after_closing: bool = field(default=False)

    def visitors(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the posts that may make the visit, in order of preference."""
        for conditions, posts in self.by_when:
            if all_hold(conditions, values):
                return posts
        return self.by


# What is opened by these facts follows a matter that is over, and is owed all the same.
FOLLOW_UP = ("return_visits.", "fees.", "repairs.copies.", "repairs.contact.")
# kind → (the keys only it has, how its values are read)
_KINDS: dict[str, tuple[set[str], Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "deadline": (deadline.KEYS, deadline.read),
    "sampling": (sampling.KEYS, sampling.read),
    "requirement": (requirement.KEYS, requirement.read),
    "quota": (quota.KEYS, lambda spec: {"quota": quota.read(spec), "who": spec["who"]}),
    "periodic": (periodic.KEYS, lambda spec: {"periodic": periodic.read(spec), "who": spec["who"]}),
    "threshold": (threshold.KEYS, threshold.read),
    "escalation": (escalation.KEYS, lambda spec: {"ladder": escalation.read(spec)}),
    "retention": (retention.KEYS, lambda spec: {"retention": retention.read(spec)}),
}
KINDS = tuple(_KINDS)


def compile_rule(spec: Mapping[str, Any], *, rule_id: int = 0) -> CompiledRule:
    """Read a written rule. Refused with `RuleInvalid`, whose sentence names the key that is wrong."""
    kind = spec.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise RuleInvalid(f"kind: 「{kind}」不是 {'、'.join(KINDS)} 之一")
    own_keys, read = _KINDS[kind]
    unknown = set(spec) - COMMON_KEYS - own_keys
    if unknown:
        raise RuleInvalid(f"{min(unknown)}: {kind} 规则没有这一项")
    for key in ("code", "says", "clauses"):
        if key not in spec:
            raise RuleInvalid(f"{key}: 缺少")
    if not isinstance(spec.get("public", False), bool):
        raise RuleInvalid("public: 写 true,或者不写")
    opens = str(spec.get("opens", ""))
    return CompiledRule(
        id=rule_id,
        code=spec["code"],
        kind=kind,
        says=spec["says"],
        does=spec.get("does", ""),
        clauses=tuple(spec["clauses"]),
        because=spec.get("because", ""),
        when=read_conditions(spec.get("when", ())),
        opens=opens,
        after_closing=kind == "sampling" or opens.startswith(FOLLOW_UP),
        **read(spec),
    )
