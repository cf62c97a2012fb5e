"""Where standards disagree: two of them side by side by the code of the rule, and all of them by topic.

Computed from rules as written; topics.yaml only says which codes and which of their values answer one question.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from huiyin.standards import reading
from huiyin.standards.rules.comparing import in_order
from huiyin.standards.vocabulary import CATALOGUE
from huiyin.standards.written import Written

# What a rule is called and where it comes from is no part of what it asks.
UNASKED = frozenset({"code", "kind", "clauses", "source", "says", "does", "because", "public"})
RECOMMENDED = "recommended"
Spec = Mapping[str, Any]


@dataclass(frozen=True)
class Pair:
    """The same question in two standards. One of them may say nothing to it."""

    code: str
    left: Spec | None
    right: Spec | None
    differing: tuple[str, ...]

    @property
    def either(self) -> Spec:
        found = self.left or self.right
        assert found is not None
        return found


@dataclass(frozen=True)
class Topic:
    """A question the manuals answer differently, and the rules and values by which they answer it."""

    code: str
    title: str
    codes: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """What one rule of one standard says to a topic."""

    standard: str
    title: str
    spec: Spec
    answer: Mapping[str, Any]


@dataclass(frozen=True)
class Contradiction:
    """A topic with what every side says to it; the recommended standard settles it and is no side of its own."""

    topic: Topic
    sides: tuple[Side, ...]
    settled: tuple[Side, ...]

    @property
    def found(self) -> bool:
        """Both sides have rules, and they do not say the same."""
        return len({repr(sorted(side.answer.items())) for side in self.sides}) > 1

    @property
    def inside_one(self) -> bool:
        """All sides stand in one manual: it contradicts itself."""
        return len({side.standard for side in self.sides}) == 1


@lru_cache(maxsize=1)
def topics() -> tuple[Topic, ...]:
    """Return the questions to compare, in their order."""
    read = reading.load((CATALOGUE / "topics.yaml").read_text("utf-8"))
    return tuple(Topic(row["code"], row["title"], tuple(row["codes"]), tuple(row["keys"])) for row in read)


def asked(spec: Spec) -> dict[str, Any]:
    """Return the values by which a rule asks something of somebody."""
    return {key: value for key, value in spec.items() if key not in UNASKED}


def side_by_side(left: Iterable[Spec], right: Iterable[Spec]) -> list[Pair]:
    """Return every question either standard answers, in the order of the left one; what only the right says comes last."""
    ours, theirs = ({spec["code"]: spec for spec in specs} for specs in (left, right))
    codes = [*ours, *(code for code in theirs if code not in ours)]
    return [
        Pair(code, ours.get(code), theirs.get(code), _differing(ours.get(code), theirs.get(code))) for code in codes
    ]


def contradictions(standards: Sequence[Written]) -> list[Contradiction]:
    """Return what the standards say to every topic."""
    found = []
    for topic in topics():
        sides = [side for standard in standards for side in _sides(standard, topic)]
        found.append(
            Contradiction(
                topic,
                tuple(side for side in sides if side.standard != RECOMMENDED),
                tuple(side for side in sides if side.standard == RECOMMENDED),
            )
        )
    return found


def _sides(standard: Written, topic: Topic) -> Iterable[Side]:
    for spec in standard.rules:
        answer = {key: spec[key] for key in topic.keys if key in spec}
        # Saying nothing is an answer too when it is the only thing asked: no exemptions, nobody left out.
        if spec["code"] in topic.codes and (answer or len(topic.keys) == 1):
            yield Side(standard.code, standard.title, spec, answer)


def _differing(left: Spec | None, right: Spec | None) -> tuple[str, ...]:
    if left is None or right is None:
        return ()
    ours, theirs = asked(left), asked(right)
    return tuple(key for key in in_order({*ours, *theirs}) if ours.get(key) != theirs.get(key))
