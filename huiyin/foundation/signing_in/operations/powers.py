"""Raising the powers that reach far, for a short time and with a reason."""

from datetime import datetime

from huiyin.foundation.accounts.models import User
from huiyin.foundation.refusals import Refused
from huiyin.foundation.signing_in import events, rules
from huiyin.foundation.signing_in.operations.entering import confirm
from huiyin.foundation.signing_in.operations.lines import tell
from huiyin.foundation.transactions import command


class ReasonMissing(Refused):
    """Nobody raises powers without saying what for."""


def raise_powers(user: User, *, said: str, reason: str, address: str, at: datetime) -> datetime:
    """Raise somebody's powers and return until when. Refused without a reason, and when what confirms them is wrong."""
    if not reason.strip():
        raise ReasonMissing("请写明要做什么,会记在日志里")
    confirm(user, said, address=address, at=at)
    until = at + rules.POWERS_LAST
    _note_raised(user, reason=reason.strip()[:200], until=until, at=at)
    return until


@command
def _note_raised(user: User, *, reason: str, until: datetime, at: datetime) -> None:
    tell(events.POWERS_RAISED, user, actor=user, at=at, note=reason, until=until)


@command
def lower_powers(user: User, *, at: datetime) -> None:
    """Record that somebody has lowered their powers before the time."""
    tell(events.POWERS_LOWERED, user, actor=user, at=at)
