"""A repeated command does nothing twice: the second time it finds the result of the first."""

from datetime import datetime

from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.idempotency.models import Command
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import take_turn

_FIND = "SELECT name, actor_id, result FROM idempotency_command WHERE key = %s"


class KeyReused(Refused):
    """The key belongs to another command."""


def earlier_result(key: str, name: str, *, actor: User) -> int | None:
    """Return the id made by the first sending of this command, if there was one; wait for one that is under way.

    Refused when the key was used by somebody else or for another command.
    """
    if not key:
        return None
    take_turn(f"command {key}")
    known = rows.read(_FIND, [key])
    if not known:
        return None
    found = known[0]
    if found[:2] != (name, actor.pk):
        raise KeyReused("这张表单已经用过了,请刷新页面后重填")
    return int(found[2])


def remember(key: str, name: str, *, actor: User, at: datetime, result: int) -> None:
    """Keep what the command made. The primary key lets only one of two sendings commit, whoever looked or not."""
    if key:
        rows.insert(rows.new(Command, key=key, name=name, actor=actor, at=at, result=result))
