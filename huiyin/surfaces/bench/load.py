"""Eight people at once at the real server, with the mix of a busy morning: how many requests, how long, how many errors."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from huiyin.surfaces.bench.browser import Browser
from huiyin.surfaces.bench.stage import PASSWORD
from huiyin.surfaces.bench.statistics import p50, p95

PEOPLE, SECONDS, WARM_UP = 8, 20.0, 3.0
# Of a hundred requests; what a desk of eight does between nine and ten.
MIX = {"register": 15, "list": 20, "open": 35, "today": 15, "reply": 15}


@dataclass
class Person:
    """One signed-in person who asks one thing after the other, without a pause."""

    browser: Browser
    unit: int
    numbers: Sequence[str]
    luck: Random
    times: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in MIX})
    errors: int = 0

    def work(self, begins: float, ends: float) -> None:
        """Ask until the end; what was asked before the beginning warms up and is not counted."""
        names, weights = list(MIX), list(MIX.values())
        while (began := time.perf_counter()) < ends:
            (name,) = self.luck.choices(names, weights)
            try:
                self._ask(name)
            except (RuntimeError, OSError):
                self.errors += 1
                continue
            if began >= begins:
                self.times[name].append(time.perf_counter() - began)

    def _ask(self, name: str) -> None:
        number = self.luck.choice(self.numbers)
        match name:
            case "register":
                self.browser.register(self.unit)
            case "list":
                self.browser.get("/cases/")
            case "open":
                self.browser.get(f"/cases/{number}/")
            case "today":
                self.browser.get("/")
            case "reply":
                self.browser.reply(number)


def under_load(port: int, *, account: str, units: Sequence[int], numbers: Sequence[str], name: str) -> dict[str, Any]:
    """Let everybody work at the server on this port; return requests a second, p50, p95 and errors, in all and by kind."""
    people = [Person(Browser(port), units[n % len(units)], numbers[n::PEOPLE], Random(n)) for n in range(PEOPLE)]
    for one in people:
        one.browser.sign_in(account, PASSWORD)
    begins = time.perf_counter() + WARM_UP
    _all_at_once([lambda one=one: one.work(begins, begins + SECONDS) for one in people])
    by_name = {kind: [t for one in people for t in one.times[kind]] for kind in MIX}
    every = [t for times in by_name.values() for t in times]
    return {
        "name": name,
        "ratio": None,
        "ours": round(len(every) / SECONDS, 1),
        "baseline": None,
        "unit": "requests/s",
        "errors": sum(one.errors for one in people),
        "p50_ms": round(p50(every) * 1000, 1),
        "p95_ms": round(p95(every) * 1000, 1),
        "p95_ms_by": {kind: round(p95(times) * 1000, 1) for kind, times in by_name.items() if times},
    }


def _all_at_once(works: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
