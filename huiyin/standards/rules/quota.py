"""Quotas: of a population, so many are to be reached in every period and stratum, whoever happened to be in."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from huiyin.standards.rules.conditions import Condition, all_hold, read_conditions
from huiyin.standards.rules.periods import PERIODS
from huiyin.standards.rules.reading import RuleInvalid, count, fact, needed, one_of, owed_by, percentage, texts

KEYS = {"counts", "of", "members", "stratum", "every", "at_least", "each", "who", "does"}
POPULATIONS = ("households", "units", "staff")
EVENTS = "events:"


@dataclass(frozen=True)
class Member:
    """One of a population. `key` is what an event names when it reaches this one; `values` are what conditions see."""

    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Coverage:
    """How far a stratum has been reached in a period.

    `needed` and `reached` are members, except for a rule of so many events, where they are events.
    """

    stratum: str
    members: int
    needed: int
    reached: int

    @property
    def short(self) -> int:
        return max(0, self.needed - self.reached)


@dataclass(frozen=True)
class Quota:
    """What is to be reached: a share of the members, so many events a stratum, or each member so many times."""

    counts: str
    of: str
    members: tuple[Condition, ...]
    stratum: tuple[str, ...]
    every: str
    share: Fraction | None
    events: int | None
    each: int | None

    @property
    def of_events(self) -> str:
        """The fact whose events are the population; nothing when it is one of the estate's."""
        return self.of.removeprefix(EVENTS) if self.of.startswith(EVENTS) else ""

    def coverage(self, members: Iterable[Member], reached: Iterable[str]) -> list[Coverage]:
        """Return, by stratum, who was to be reached and who was; `reached` names a member for every counted event.

        Events of others than these members do not count. Strata come in the order of their first member.
        """
        times = Counter(reached)
        strata: dict[str, list[int]] = {}
        for member in {one.key: one for one in members}.values():
            if all_hold(self.members, member.values):
                strata.setdefault(stratum_of(self.stratum, member.values), []).append(times[member.key])
        return [Coverage(key, len(found), *self._counted(found)) for key, found in strata.items()]

    def _counted(self, times: list[int]) -> tuple[int, int]:
        if self.share is not None:
            return ceil(self.share * len(times)), sum(1 for one in times if one)
        if self.events is not None:
            return self.events, sum(times)
        least = self.each or 1
        return len(times), sum(1 for one in times if one >= least)


def stratum_of(names: Iterable[str], values: Mapping[str, Any]) -> str:
    """Name the stratum to which these values belong."""
    return "|".join(str(values.get(name) or "") for name in names)


def read(spec: Mapping[str, Any]) -> Quota:
    """Read a quota. Refused unless it says exactly one of `at_least` and `each`."""
    owed_by(spec)
    needed(spec, "does")
    if ("at_least" in spec) == ("each" in spec):
        raise RuleInvalid("at_least: at_least 与 each 写且只写一项")
    least = spec.get("at_least")
    shared = isinstance(least, str) and "%" in least
    return Quota(
        counts=fact(spec, "counts"),
        of=_population(str(needed(spec, "of"))),
        members=read_conditions(spec.get("members", ()), "members"),
        stratum=texts(spec, "stratum"),
        every=one_of(spec, "every", PERIODS),
        share=percentage(least, "at_least") if shared else None,
        events=count(least, "at_least") if least is not None and not shared else None,
        each=count(spec["each"], "each") if "each" in spec else None,
    )


def _population(of: str) -> str:
    known = of in POPULATIONS or re.match(rf"^{EVENTS}[a-z_]+\.[a-z_]+\.[a-z_]+$", of)
    if not known:
        raise RuleInvalid(f"of: 「{of}」不是 {'、'.join(POPULATIONS)} 或 events:事实代码")
    return of
