"""The product as real processes: a home, a database, web servers and workers that can be killed."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Self

import psycopg
import pysqlite3

from tests.faults.load import Address

ROOT = Path(__file__).parents[2]
_KEY = re.compile(r"厨房漏水 (\S+)")
_CASES = "SELECT text, number FROM cases_case"


class House:
    """One installation. `url` empty: an SQLite file in the home. Use it as a context; it leaves no process behind."""

    def __init__(self, home: Path, *, url: str = "", **more: str) -> None:
        self.home, self.url = home, url
        self._environment: Mapping[str, str] = {
            **os.environ,
            "HUIYIN_HOME": str(home),
            "HUIYIN_DATABASE_URL": url,
            "PYTHONPATH": str(ROOT),
            **more,
        }
        self.account = ("", "")
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self.home.mkdir(parents=True, exist_ok=True)
        name, password = self._run("-m", "tests.faults.stage").split()
        self.account = (name, password)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running:
            self.kill(process)

    @property
    def file(self) -> Path:
        return self.home / "huiyin.sqlite3"

    def web(self, port: int, *, wait: bool = True) -> "subprocess.Popen[bytes]":
        """Start a web server and return when it answers."""
        process = self._start("serve", "--port", str(port))
        if wait:
            _until_it_answers(port)
        return process

    def worker(self) -> "subprocess.Popen[bytes]":
        return self._start("worker")

    def kill(self, process: "subprocess.Popen[bytes]", number: int = signal.SIGKILL) -> None:
        """Send the signal to the process and everything it started, and wait for its end."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        process.wait(60)

    def stored(self) -> list[tuple[str, str]]:
        """Return the key and the number of every matter that clerks of the load have told."""
        if self.url:
            with psycopg.connect(self.url) as database:
                rows = database.execute(_CASES).fetchall()
        else:
            with closing(pysqlite3.connect(self.file)) as database:
                assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                rows = database.execute(_CASES).fetchall()
        return [(found[1], number) for text, number in rows if (found := _KEY.search(text))]

    def broken(self) -> str:
        """Return the invariants that do not hold, as `huiyin verify` finds them; empty when all is well."""
        return self._run("-m", "tests.faults.stage", "verify").strip()

    def _run(self, *what: str) -> str:
        done = subprocess.run(
            [sys.executable, *what], env=self._environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    def _start(self, *what: str) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "-m", "huiyin.surfaces.cli.main", *what],
            env=self._environment,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._running.append(process)
        return process


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def local(port: int) -> Address:
    return ("127.0.0.1", port)


def _until_it_answers(port: int, seconds: float = 240) -> None:
    """Wait as a proxy does: a door that is open has nobody behind it yet."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        with suppress(OSError, HTTPException), closing(HTTPConnection(*local(port), timeout=5)) as line:
            line.request("GET", "/healthz")
            if line.getresponse().status == 200:
                return
        time.sleep(0.05)
    raise RuntimeError("the server never answered")
