"""How many guesses are free, how long one waits after them, what a code must be: decided from plain values."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hmac import compare_digest
from ipaddress import ip_network
from math import ceil
from unicodedata import normalize

WINDOW = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)
# A whole service centre may sit behind one address, so an address has many more than an account.
AT_ACCOUNT, AT_ADDRESS = 5, 50
JOIN_WITHIN, RESET_WITHIN = timedelta(days=7), timedelta(days=1)
POWERS_LAST = timedelta(minutes=15)
SECOND_STEP_WITHIN = timedelta(minutes=10)
CODE_SECONDS, CODE_DIGITS = 30, 6


@dataclass(frozen=True)
class Tries:
    """Tries at one thing: how many since when, and until when no more are taken."""

    count: int
    since: datetime
    until: datetime | None = None

    def is_locked(self, at: datetime) -> bool:
        return self.until is not None and at < self.until


def one_more(tries: Tries | None, *, free: int, at: datetime) -> Tries | None:
    """Count one more try before it is made; None when it must not be made.

    The last free try locks at once, so that of many made together no more than `free` go through. Being right takes the
    count back.
    """
    if tries is None or not tries.is_locked(at) and (tries.until is not None or at - tries.since >= WINDOW):
        tries = Tries(0, at)
    if tries.is_locked(at):
        return None
    count = tries.count + 1
    return replace(tries, count=count, until=at + LOCKED_FOR if count >= free else None)


def one_less(tries: Tries, *, free: int) -> Tries:
    """Take back a try that was right."""
    count = max(tries.count - 1, 0)
    return replace(tries, count=count, until=tries.until if count >= free else None)


def minutes_until(until: datetime, at: datetime) -> int:
    """Return the minutes to wait, rounded up, at least one."""
    return max(ceil((until - at) / timedelta(minutes=1)), 1)


def network_of(address: str) -> str:
    """Return the address, of IPv6 the network of one line: its owner has as many addresses as they like."""
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address


def counter_of(code: str, *, last: int, at: datetime, code_at: Callable[[int], str]) -> int | None:
    """Return the counter the code belongs to: the present one or its neighbours, never one used before."""
    now = int(at.timestamp()) // CODE_SECONDS
    said = "".join(normalize("NFKC", code).split()).encode()
    for counter in (now, now - 1, now + 1):
        if counter > last and compare_digest(said, code_at(counter).encode()):
            return counter
    return None


_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg/", "Edge"),
    ("HeadlessChrome", "Chrome"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("Android", "安卓"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device_words(told: str) -> str:
    """Name a browser and its system from what it says it is."""
    named = [next((word for mark, word in marks if mark in told), "") for marks in (_SYSTEMS, _BROWSERS)]
    return " · ".join(word for word in named if word) or "不认识的设备"
