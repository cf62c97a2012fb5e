"""The real server over loopback: CPU and time of taking a matter, listing, opening and Today, and eight people at once.

CPU is that of the server's processes, which on one file is the database's too; on PostgreSQL it is not asked. Other work
on the machine makes a request dearer and never cheaper: `least` is that of the quietest block of requests.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlparse

from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from huiyin.areas.cases.models import Case
from huiyin.foundation.accounts.queries import system_actor
from huiyin.standards import operations as standards
from huiyin.surfaces.bench.browser import Browser
from huiyin.surfaces.bench.load import under_load
from huiyin.surfaces.bench.multiply import copy_as, multiply, use
from huiyin.surfaces.bench.stage import PASSWORD, Stage, set_stage, take_matters
from huiyin.surfaces.bench.statistics import p50, p95

CASES, REQUESTS, BLOCK, WARM_UP = 1_000, 600, 15, 60
IDLE = 0.05  # CPU seconds in two, as of a server that only looks whether there is something to do
ALONE, CROWDED = (20_000, 200_000), (20_000, 1_000_000)
# Today has a budget of its own, flatness (`bench today`); here it is only said.
BUDGET_MS: dict[str, float] = {"register": 6.0, "list": 8.0, "open": 8.0}


def run() -> list[dict[str, Any]]:
    """Return for each size and request p50 and p95 in ms and CPU ms against the budget; and what a crowd was answered."""
    stage = set_stage(at=now().replace(microsecond=0))
    list(take_matters(stage, CASES))
    numbers = list(Case.objects.order_by("id").values_list("number", flat=True)[:REQUESTS])
    results = []
    taken, engine = str(connection.settings_dict["NAME"]), connection.vendor
    alone = ALONE if engine == "sqlite" else ()
    for size in sorted({*alone, *CROWDED}):
        use(taken)
        name = copy_as(str(size))
        multiply(day=stage.at.astimezone().date(), copies=size // CASES - 1)
        standards.note_misses(at=now(), actor=system_actor())  # else the server's own sweep would be measured
        connection.close()
        with _serving(name) as (port, pid):
            if size in alone:
                results += _one_by_one(stage, size, numbers, port, pid)
            if size in CROWDED:
                units = [unit.pk for unit in stage.units[:50]]
                crowd = f"web.crowd.{engine}.{size}"
                results.append(under_load(port, account="cs_supervisor", units=units, numbers=numbers, name=crowd))
    return results


@contextmanager
def _serving(database: str) -> Iterator[tuple[int, int]]:
    """Serve this database meanwhile; yield the port and the process."""
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "huiyin.surfaces.cli.main", "serve", "--port", str(port)],
        env={**os.environ, "HUIYIN_HOME": str(settings.HOME), "HUIYIN_DATABASE_URL": _url_of(database)},
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(20)


def _url_of(database: str) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite://{database}"
    return urlparse(os.environ["HUIYIN_DATABASE_URL"])._replace(path=f"/{database}").geturl()


def _one_by_one(stage: Stage, size: int, numbers: list[str], port: int, pid: int) -> list[dict[str, Any]]:
    browser, unit = Browser(port), stage.units[0].pk
    browser.sign_in("cs_supervisor", PASSWORD)
    _wait_until_idle(pid)
    asked: dict[str, Callable[[int], None]] = {
        "list": lambda n: browser.get("/cases/"),
        "open": lambda n: browser.get(f"/cases/{numbers[n % len(numbers)]}/"),
        "today": lambda n: browser.get("/"),
        "register": lambda n: browser.register(unit),
    }
    return [_measure(name, pid, size, ask) for name, ask in asked.items()]


def _measure(name: str, pid: int, size: int, ask: Callable[[int], None]) -> dict[str, Any]:
    for n in range(WARM_UP):
        ask(n)
    times, blocks = [], []
    for first in range(0, REQUESTS, BLOCK):
        cpu = _cpu_seconds(pid)
        for n in range(first, first + BLOCK):
            began = time.perf_counter()
            ask(n)
            times.append(time.perf_counter() - began)
        blocks.append((_cpu_seconds(pid) - cpu) / BLOCK * 1000)
    spent = sum(blocks) / len(blocks)
    return {
        "name": f"web.{name}.{size}",
        "ratio": round(spent / BUDGET_MS[name], 3) if name in BUDGET_MS else None,
        "ours": round(spent, 2),
        "baseline": BUDGET_MS.get(name),
        "unit": "CPU ms/request",
        "rows": size,
        "least": round(min(blocks), 2),
        "p50_ms": round(p50(times) * 1000, 2),
        "p95_ms": round(p95(times) * 1000, 2),
    }


def _wait_until_idle(pid: int, seconds: int = 120) -> None:
    """Let the server do what its schedule finds due when it starts: no request asked for that."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        before = _cpu_seconds(pid)
        time.sleep(2)
        if _cpu_seconds(pid) - before < IDLE:
            return
    raise RuntimeError("the server does not come to rest")


def _cpu_seconds(pid: int) -> float:
    """Add up the CPU time of the living threads of a process and its children."""
    spent = 0
    for one in _tree(pid):
        for task in os.listdir(f"/proc/{one}/task"):
            with open(f"/proc/{one}/task/{task}/schedstat") as file:
                spent += int(file.read().split()[0])
    return spent / 1e9


def _tree(pid: int) -> list[int]:
    found = [pid]
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children") as file:
            for child in file.read().split():
                found += _tree(int(child))
    return found


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int, seconds: int = 60) -> None:
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise RuntimeError("the server did not start")
