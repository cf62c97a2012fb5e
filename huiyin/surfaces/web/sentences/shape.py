"""What a sentence is, and how the values of a line are filled into it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.foundation.kit import words
from huiyin.foundation.kit.entries import Kind

Values = Mapping[str, Any]
Says = str | Callable[[Values, datetime], str]


@dataclass(frozen=True)
class Sentence:
    """How a kind is said, on whose side of the timeline it stands, and what makes it superfluous.

    `unless` names kinds that say the same when they were written in the same act.
    """

    says: Says
    side: Kind = "done"
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleShown:
    """A rule as pages name it: in its own words, with its standard and its page."""

    says: str
    standard: str
    url: str


def at_time(name: str, text: str) -> Callable[[Values, datetime], str]:
    """Put the moment of that name into the text as people say it."""

    def say(values: Values, now: datetime) -> str:
        said = values.get(name)
        return text.format(words.people_time(datetime.fromisoformat(said), now) if said else "")

    return say


def filled(text: str, **otherwise: str) -> Callable[[Values, datetime], str]:
    """Fill the values into the text; a missing one is said as given in `otherwise`, or not at all."""

    class Known(dict[str, Any]):
        def __missing__(self, name: str) -> str:
            return otherwise.get(name, "")

    return lambda values, now: text.format_map(Known(values))


def time_of(values: Values, name: str, now: datetime) -> str:
    """Say the moment of that name as people do."""
    said = values.get(name)
    return words.people_time(datetime.fromisoformat(said), now) if said else "别的时间"
