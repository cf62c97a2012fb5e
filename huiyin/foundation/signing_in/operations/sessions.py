"""Ending sessions, one's own or somebody else's."""

from datetime import datetime

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.signing_in import events
from huiyin.foundation.signing_in.operations.lines import tell
from huiyin.foundation.transactions import command


@command
def cut_off(user: User, *, actor: User, at: datetime, only: str = "", keep: str = "") -> int:
    """Sign the user out elsewhere: in one session, or in all but the one to keep. Return how many ended."""
    ended = accounts.end_sessions(user, only=only, keep=keep)
    if ended:
        tell(events.SESSIONS_ENDED, user, actor=actor, at=at, count=ended)
    return ended
