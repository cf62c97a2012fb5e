"""How many requests a token may make in a minute, over all processes.

Each process counts by itself and adds what it has counted to the token's row every so many requests: so the limit holds
for all processes together to within a step of each, at the price of one small write for many requests. A process that has
the token to itself is exact.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from huiyin.foundation.refusals import Refused
from huiyin.foundation.tokens import operations
from huiyin.foundation.tokens.models import Token

_STEPS = 10
SEEN_EVERY = timedelta(minutes=5)


class TooMany(Refused):
    """The token has used up its minute; `wait` is how many seconds of it are left."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"请求太频繁,请 {wait} 秒后再试")
        self.wait = wait


@dataclass
class _Count:
    minute: int
    known: int = 0
    mine: int = 0


_counts: dict[int, _Count] = {}
_lock = threading.Lock()


def use(token: Token, *, per_minute: int, at: datetime) -> None:
    """Count one request of the token. Refused when its minute is used up."""
    minute, second = divmod(int(at.timestamp()), 60)
    with _lock:
        count = _counts.get(token.pk)
        if count is None or count.minute != minute:
            count = _counts[token.pk] = _Count(minute)
        if count.known + count.mine >= per_minute:
            raise TooMany(60 - second)
        count.mine += 1
        told = count.mine if count.mine >= max(1, per_minute // _STEPS) or _unseen(token, at) else 0
        count.mine -= told
        count.known += told
    if told:
        total = operations.count_use(token.pk, minute=minute, requests=told, at=at)
        with _lock:
            count.known = max(count.known, total)


def forget() -> None:
    """Forget what this process has counted; for tests."""
    _counts.clear()


def _unseen(token: Token, at: datetime) -> bool:
    return token.last_used_at is None or at - token.last_used_at >= SEEN_EVERY
