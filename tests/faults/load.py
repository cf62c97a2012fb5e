"""Clerks who register matters and write down what they were told; what they were not told they send again, as browsers do."""

import itertools
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from uuid import uuid4

from huiyin.surfaces.bench.browser import Browser, NoAnswer

Address = tuple[str, int]
_NUMBER = re.compile(r"/desk/\?done=(\S+)")
_TIMEOUT, _PAUSE = 40.0, 0.05


@dataclass
class Told:
    """What all clerks together were told: the number by the key of the form, and when."""

    numbers: dict[str, str] = field(default_factory=dict)
    moments: list[float] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)
    unanswered: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, key: str, number: str) -> None:
        with self.lock:
            self.numbers[key] = number
            self.moments.append(time.monotonic())

    def longest_gap(self) -> float:
        """Return the longest time in which nobody was told anything, in seconds."""
        told = sorted(self.moments)
        return max((after - before for before, after in itertools.pairwise(told)), default=0.0)


class Clerk(threading.Thread):
    """One clerk at a browser. She goes from one address to the next when nobody answers."""

    def __init__(self, name: str, password: str, addresses: Sequence[Address], told: Told) -> None:
        super().__init__(daemon=True)
        self._name, self._password, self._addresses, self._told = name, password, list(addresses), told
        self._browser: Browser | None = None
        self._over = threading.Event()

    def stop(self) -> None:
        """Finish the form at hand, then go home."""
        self._over.set()

    def run(self) -> None:
        while not self._over.is_set():
            key = str(uuid4())
            self._told.sent.add(key)
            self._until_told(key)
            time.sleep(_PAUSE)

    def _until_told(self, key: str) -> None:
        """Send the form until a number is answered; a clerk who goes home gives up after a minute."""
        give_up = time.monotonic() + 60
        while not self._over.is_set() or time.monotonic() < give_up:
            if number := self._attempt(key):
                self._told.acknowledge(key, number)
                return
            time.sleep(_PAUSE)

    def _attempt(self, key: str) -> str | None:
        try:
            browser = self._signed_in()
            return self._register(browser, key)
        except (OSError, HTTPException):
            self._told.unanswered += 1
            self._turn_elsewhere()
        except NoAnswer:
            pass  # a page that says something went wrong: the form goes again, as the page asks
        return None

    def _signed_in(self) -> Browser:
        if self._browser is None:
            host, port = self._addresses[0]
            self._browser = Browser(port, host=host, timeout=_TIMEOUT)
        if "sessionid" not in self._browser.cookies:
            self._browser.cookies.clear()
            self._browser.sign_in(self._name, self._password)
        return self._browser

    def _register(self, browser: Browser, key: str) -> str | None:
        matter = {"kind": "repair", "channel": "call", "text": f"厨房漏水 {key}", "idempotency_key": key}
        if found := _NUMBER.search(browser.post("/desk/", matter)):
            return found[1]
        browser.cookies.clear()  # the session was lost with the server: sign in again
        return None

    def _turn_elsewhere(self) -> None:
        """Go on at the next address, with the same cookies."""
        self._addresses.append(self._addresses.pop(0))
        if self._browser is not None:
            self._browser.move(*self._addresses[0])


@dataclass(frozen=True)
class Outcome:
    """What a round of faults cost. `lost` was acknowledged and is not there; `doubled` is there twice for one form."""

    name: str
    acknowledged: int
    stored: int
    lost: int
    doubled: int
    longest_gap: float
    note: str = ""

    @property
    def holds(self) -> bool:
        return self.acknowledged > 0 and self.lost == 0 and self.doubled == 0

    def __str__(self) -> str:
        said = (
            f"{self.name:<18} acknowledged {self.acknowledged:>6}  stored {self.stored:>6}  lost {self.lost}  "
            f"doubled {self.doubled}  longest gap {self.longest_gap:.1f} s"
        )
        return f"{said}  {self.note}" if self.note else said


def under_load(
    name: str,
    *,
    addresses: Sequence[Address],
    account: tuple[str, str],
    clerks: int,
    disturb: Callable[[Told], str],
    stored: Callable[[], list[tuple[str, str]]],
) -> Outcome:
    """Let the clerks work while `disturb` does its worst; then hold what they were told against what is stored.

    `stored` returns (the key in the text, the number) of every matter.
    """
    told = Told()
    at_work = [Clerk(*account, addresses, told) for _ in range(clerks)]
    for clerk in at_work:
        clerk.start()
    try:
        _wait_for(lambda: len(told.numbers) >= clerks)
        note = disturb(told)
    finally:
        for clerk in at_work:
            clerk.stop()
        for clerk in at_work:
            clerk.join(120)
    kept = stored()
    by_key: dict[str, list[str]] = {}
    for key, number in kept:
        by_key.setdefault(key, []).append(number)
    lost = sum(number not in by_key.get(key, ()) for key, number in told.numbers.items())
    doubled = sum(len(numbers) > 1 for numbers in by_key.values())
    return Outcome(name, len(told.numbers), len(by_key), lost, doubled, told.longest_gap(), note)


def _wait_for(done: Callable[[], bool], seconds: float = 240) -> None:
    give_up = time.monotonic() + seconds
    while not done():
        if time.monotonic() > give_up:
            raise RuntimeError("the clerks were never answered")
        time.sleep(0.05)
