"""The answers given to programs: a command sent again with its key is answered again, and carried out once.

The answer is kept in the transaction of the command. A command that was refused left nothing behind, nor its key.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.idempotency.models import Reply
from huiyin.foundation.refusals import Refused

_FIND = "SELECT digest, status, body FROM idempotency_reply WHERE actor_id = %s AND key = %s"
_running: set[tuple[int, str]] = set()
_lock = threading.Lock()


class KeyTaken(Refused):
    """The key was used for another command."""


class StillRunning(Refused):
    """The first sending of this command is not done yet."""


def digest_of(*parts: bytes) -> str:
    """Return what tells one command from another: where it was sent and what it said."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


@contextmanager
def one_at_a_time(key: str, *, actor: User) -> Iterator[None]:
    """Let only one sending of the command be under way in this process. Refused while another is."""
    mine = (actor.pk, key)
    with _lock:
        if mine in _running:
            raise StillRunning("同一个请求正在处理,请稍后再取结果")
        _running.add(mine)
    try:
        yield
    finally:
        with _lock:
            _running.discard(mine)


def earlier_reply(key: str, *, actor: User, digest: str) -> tuple[int, str] | None:
    """Return the status and body given the first time, inside the transaction of the command.

    Refused when the key was used for another command, and while another process is carrying it out.
    """
    _claim(key, actor)
    found = rows.read(_FIND, [actor.pk, key])
    if not found:
        return None
    if found[0][0] != digest:
        raise KeyTaken("这个幂等键已经用于另一个请求,请换一个新的键")
    return int(found[0][1]), str(found[0][2])


def keep_reply(key: str, *, actor: User, digest: str, status: int, body: str, at: datetime) -> None:
    """Keep what was answered, in the transaction of the command."""
    rows.insert(rows.new(Reply, key=key, actor=actor, digest=digest, status=status, body=body, at=at))


def forget_replies(*, before: datetime, limit: int = 1_000) -> int:
    """Delete answers older than the moment, a batch at a time; return how many."""
    old = Reply.objects.filter(at__lt=before).order_by("at").values_list("pk", flat=True)[:limit]
    deleted, _ = Reply.objects.filter(pk__in=list(old)).delete()
    return deleted


def _claim(key: str, actor: User) -> None:
    """On a server, hold the key until the end of the transaction; one file lets one writer in at a time anyway."""
    if connection.vendor != "postgresql":
        return
    number = int.from_bytes(hashlib.sha256(f"{actor.pk} {key}".encode()).digest()[:8], "big", signed=True)
    if not rows.read("SELECT pg_try_advisory_xact_lock(%s)", [number])[0][0]:
        raise StillRunning("同一个请求正在处理,请稍后再取结果")
