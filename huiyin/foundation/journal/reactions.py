"""Who reacts to which fact. Filled while the apps wake, in the order of the tiers, never changed afterwards."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry

Reaction = Callable[..., None]
_reactions: list[tuple[type[Fact], Reaction]] = []


def register(reactions: Sequence[tuple[type[Fact], Reaction]]) -> None:
    """Add the reactions of one area: pairs of fact class (Fact itself: every fact) and function."""
    _reactions.extend(reactions)


def deliver(fact: Fact, *, entry: Entry, actor: User, at: datetime) -> None:
    """Hand the fact to everyone who reacts to it, inside the transaction that caused it."""
    for kind, reaction in _reactions:
        if isinstance(fact, kind):
            reaction(fact, entry=entry, actor=actor, at=at)


def reactions_to(kind: type[Fact]) -> list[Any]:
    return [reaction for wanted, reaction in _reactions if issubclass(kind, wanted)]
