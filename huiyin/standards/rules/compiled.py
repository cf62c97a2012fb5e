"""A rule as the engine uses it, read from its written form. Values in, values out; no database, no clock."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from huiyin.standards.rules.conditions import Condition, all_hold, read_conditions
from huiyin.standards.rules.limits import Within, percentage, within
from huiyin.standards.rules.reading import RuleInvalid, needed, texts

KINDS = ("deadline", "sampling", "requirement")
COMMON_KEYS = {"code", "kind", "clauses", "says", "because", "when"}
KEYS_BY_KIND = {
    "deadline": {"opens", "keeps", "within", "not_before", "who", "does"},
    "sampling": {
        "opens", "rate", "window", "stratum", "visit", "by", "by_when", "never_by", "joint", "exempt", "modes",
        "signature", "second_modes", "does",
    },
    "requirement": {"gates", "needs", "forbids"},
}  # fmt: skip


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
    gates: str = ""
    needs: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    after_closing: bool = field(default=False)

    def visitors(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the posts that may make the visit, in order of preference."""
        for conditions, posts in self.by_when:
            if all_hold(conditions, values):
                return posts
        return self.by


def compile_rule(spec: Mapping[str, Any], *, rule_id: int = 0) -> CompiledRule:
    """Read a written rule. Refused with `RuleInvalid`, whose sentence names the key that is wrong."""
    kind = spec.get("kind")
    if kind not in KINDS:
        raise RuleInvalid(f"kind: 「{kind}」不是 {'、'.join(KINDS)} 之一")
    unknown = set(spec) - COMMON_KEYS - KEYS_BY_KIND[kind]
    if unknown:
        raise RuleInvalid(f"{min(unknown)}: {kind} 规则没有这一项")
    for key in ("code", "says", "clauses"):
        if key not in spec:
            raise RuleInvalid(f"{key}: 缺少")
    opens = str(spec.get("opens", ""))
    shared: dict[str, Any] = {
        "id": rule_id,
        "code": spec["code"],
        "kind": kind,
        "says": spec["says"],
        "does": spec.get("does", ""),
        "clauses": tuple(spec["clauses"]),
        "because": spec.get("because", ""),
        "when": read_conditions(spec.get("when", ())),
        "opens": opens,
        "after_closing": kind == "sampling" or opens.startswith("return_visits."),
    }
    if kind == "deadline":
        return CompiledRule(**shared, **_deadline(spec))
    if kind == "sampling":
        return CompiledRule(**shared, **_sampling(spec))
    return CompiledRule(
        **shared, gates=needed(spec, "gates"), needs=texts(spec, "needs"), forbids=texts(spec, "forbids")
    )


def _deadline(spec: Mapping[str, Any]) -> dict[str, Any]:
    needed(spec, "opens")
    needed(spec, "does")
    who = str(spec.get("who", "subject"))
    if who not in ("subject", "receiver") and not re.match(r"^post\.\w+$", who):
        raise RuleInvalid(f"who: 「{who}」应为 subject、receiver 或 post.岗位代码")
    keeps = spec.get("keeps", ())
    return {
        "keeps": frozenset([keeps] if isinstance(keeps, str) else keeps),
        "within": within(needed(spec, "within"), "within"),
        "not_before": within(spec["not_before"], "not_before") if "not_before" in spec else None,
        "who": who,
    }


def _sampling(spec: Mapping[str, Any]) -> dict[str, Any]:
    needed(spec, "opens")
    first, separator, last = str(needed(spec, "window")).partition("..")
    if not separator:
        raise RuleInvalid("window: 写成「0 d .. 3 d」")
    return {
        "rate": percentage(needed(spec, "rate")),
        "window": (within(first.strip(), "window"), within(last.strip(), "window")),
        "stratum": texts(spec, "stratum"),
        "visit": needed(spec, "visit"),
        "by": texts(spec, "by"),
        "by_when": tuple((read_conditions(row["when"]), tuple(row["by"])) for row in spec.get("by_when", ())),
        "never_by_doer": spec.get("never_by") == "doer",
        "exempt": texts(spec, "exempt"),
        "modes": texts(spec, "modes"),
        "second_modes": texts(spec, "second_modes"),
    }
