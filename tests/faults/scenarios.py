"""The faults of one machine with one file: killed processes, a full disk, a clock that steps back, a server told to stop."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.faults.cluster import CannotBeTried
from tests.faults.house import House, free_port, local
from tests.faults.load import Outcome, Told, under_load
from tests.packages import there_after_installing

CLERKS = 4


def killed(home: Path, rounds: int) -> Outcome:
    """`kill -9` of the web server and of the worker, in turn and together."""
    luck, port = Random(2026), free_port()
    with House(home) as house:
        web, worker = house.web(port), house.worker()

        def disturb(told: Told) -> str:
            nonlocal web, worker
            for _ in range(rounds):
                time.sleep(luck.uniform(0.2, 1.2))
                if (what := luck.choice(("web", "worker", "both"))) != "worker":
                    house.kill(web)
                    web = house.web(port)
                if what != "web":
                    house.kill(worker)
                    worker = house.worker()
            return f"{rounds} rounds"

        return judged(house, "kill -9", [port], disturb)


def disk_full(home: Path, rounds: int) -> Outcome:
    """The disk fills up under load, stays full for a while, and has room again; nobody restarts anything."""
    with _small_disk(home, megabytes=48), House(home) as house:
        house.web(port := free_port())
        ballast = home / "ballast"

        def disturb(told: Told) -> str:
            for _ in range(rounds):
                _fill(ballast)
                told_before = len(told.numbers)
                time.sleep(2)
                ballast.unlink()
                _wait_until(lambda before=told_before: len(told.numbers) > before + CLERKS)
            return f"{rounds} times full"

        return judged(house, "disk full", [port], disturb)


def clock_back(home: Path, rounds: int) -> Outcome:
    """The clock steps back by an hour, and forward again."""
    if not there_after_installing(lambda: _faketime() is not None, "faketime"):
        raise CannotBeTried("libfaketime is missing (apt-get install faketime)")
    home.mkdir(parents=True, exist_ok=True)
    clock = home / "clock"
    clock.write_text("+0")
    fake = {
        "LD_PRELOAD": str(_faketime()),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with House(home, **fake) as house:
        house.web(port := free_port())

        def disturb(told: Told) -> str:
            for turn in range(rounds):
                clock.write_text("+0" if turn % 2 else "-3600")
                time.sleep(2)
            return f"{rounds} steps of an hour"

        return judged(house, "clock back", [port], disturb)


def told_to_stop(home: Path, rounds: int) -> Outcome:
    """SIGTERM under load: what was begun is answered before the server ends; then it starts again."""
    with House(home) as house:
        web = house.web(port := free_port())

        def disturb(told: Told) -> str:
            nonlocal web
            for _ in range(rounds):
                time.sleep(0.7)
                house.kill(web, signal.SIGTERM)
                web = house.web(port)
            return f"{rounds} stops, {told.unanswered} attempts unanswered"

        return judged(house, "SIGTERM", [port], disturb)


def judged(house: House, name: str, ports: list[int], disturb: Callable[[Told], str]) -> Outcome:
    """Let clerks work at these doors meanwhile; then count, and hold every invariant against the database."""
    outcome = under_load(
        name,
        addresses=[local(port) for port in ports],
        account=house.account,
        clerks=CLERKS,
        disturb=disturb,
        stored=house.stored,
    )
    if broken := house.broken():
        raise RuntimeError(f"{name}: huiyin verify found\n{broken}")
    return outcome


def _faketime() -> Path | None:
    return next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


@contextmanager
def _small_disk(home: Path, *, megabytes: int) -> Iterator[None]:
    if os.geteuid() != 0:
        raise CannotBeTried("a small disk can only be mounted by root")
    home.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(home)], check=True)
    try:
        yield
    finally:
        # The last of the killed may still be on its way out.
        _wait_until(lambda: subprocess.run(["umount", "-q", str(home)], check=False).returncode == 0)


def _fill(ballast: Path) -> None:
    """Write until nothing more goes in."""
    with ballast.open("wb", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2
    assert shutil.disk_usage(ballast.parent).free < 8192


def _wait_until(done: Callable[[], bool], seconds: float = 240) -> None:
    give_up = time.monotonic() + seconds
    while not done():
        if time.monotonic() > give_up:
            raise RuntimeError("nobody was answered again")
        time.sleep(0.05)
