"""A real `huiyin serve` of two processes: it counts together, writes lines without a word of anybody, stops gently."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pysqlite3
import pytest

from tests.homes import set_up

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
PATIENCE = 120


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    home: Path
    port: int

    def ask(self, path: str, **headers: str) -> tuple[int, Message, str]:
        asked = Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urlopen(asked, timeout=PATIENCE) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except HTTPError as refused:
            return refused.code, refused.headers, refused.read().decode()

    def children(self) -> list[int]:
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.said().splitlines() if line.startswith("{")]

    def said(self) -> str:
        return (self.home / "server.log").read_text("utf-8")

    def stop(self) -> int:
        """Send SIGTERM and return how the server ended."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE)


def surroundings(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
    return {
        **kept,
        "HUIYIN_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "tests.slow_house",
        "HUIYIN_WORKERS": "2",
        "HUIYIN_LOG_FORMAT": "json",
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has been set up, and beside it `worker-home`, another."""
    home = tmp_path_factory.mktemp("serving") / "home"
    for one in (home, home.with_name("worker-home")):
        set_up(one, tmp_path_factory)
    return home


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "huiyin.surfaces.cli.main", "serve", "--port", str(port)],
            cwd=ROOT,
            env=surroundings(home),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    server = Server(process, home, port)
    try:
        wait_until(lambda: process.poll() is not None or answers(server))
        assert process.poll() is None, server.said()
        yield server
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def answers(server: Server) -> bool:
    try:
        return server.ask("/healthz")[0] == 200
    except (URLError, ConnectionError, TimeoutError):
        return False


def wait_until(done: object) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < until
        time.sleep(0.05)


GATHER = "import django; django.setup(); from huiyin.surfaces.cli.serve import gather_static; gather_static()"


def test_two_that_start_at_once_in_one_home_gather_its_files_one_after_the_other(tmp_path: Path) -> None:
    both = [
        subprocess.Popen([sys.executable, "-c", GATHER], env=surroundings(tmp_path), stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [one.communicate(timeout=PATIENCE)[1] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert (tmp_path / "static/.stamp").exists()
    assert (tmp_path / "static/staticfiles.json").exists()


def test_whichever_process_is_asked_answers_for_both(server: Server) -> None:
    for _ in range(40):
        server.ask("/healthz")
    seen = [answered(server) for _ in range(10)]
    assert seen[0] >= 40
    assert len(set(seen)) == 1


def answered(server: Server) -> float:
    wanted = 'huiyin_requests_total{method="GET",status="200",view="web:healthz"}'
    body = server.ask("/metrics")[2]
    return float(next(line for line in body.splitlines() if line.startswith(wanted)).split()[-1])


def test_a_server_process_that_is_killed_is_replaced(server: Server) -> None:
    before = server.children()
    os.kill(before[0], signal.SIGKILL)
    wait_until(lambda: len(server.children()) == 2 and before[0] not in server.children())
    wait_until(lambda: all(answers(server) for _ in range(10)))
    assert server.process.poll() is None


def test_an_error_is_found_by_its_number_and_repeats_nobody_s_words(server: Server) -> None:
    status, headers, body = server.ask("/broken/?said=secret-word", **{"X-Request-ID": "not-from-a-proxy"})
    assert status == 500
    number = headers["X-Request-ID"]
    assert number in body
    assert number != "not-from-a-proxy"
    wait_until(lambda: any(line.get("view") == "broken" for line in server.lines()))
    mine = [line for line in server.lines() if line["request_id"] == number]
    assert any("ValueError" in str(line.get("exception")) for line in mine)
    assert [(line["status"], line["method"]) for line in mine if line.get("view") == "broken"] == [(500, "GET")]
    for words in ("王丽", "13800138000", "secret-word", "said"):
        assert words not in server.said()


def test_a_worker_told_to_stop_finishes_its_job_and_leaves_the_next(home: Path) -> None:
    home = home.with_name("worker-home")
    notes = home / "notes"
    enqueue = (
        "import django; django.setup()\n"
        "from huiyin.foundation.jobs.tests.sample_tasks import note\n"
        f"for word in '12': note.enqueue({str(notes)!r}, word, 2.5)"
    )
    around = surroundings(home)
    subprocess.run([sys.executable, "-c", enqueue], cwd=ROOT, env=around, check=True, timeout=PATIENCE)
    worker = subprocess.Popen(
        [sys.executable, "-m", "huiyin.surfaces.cli.main", "worker", "--threads", "1"], cwd=ROOT, env=around
    )
    wait_until(notes.exists)
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=PATIENCE) == 0

    assert notes.read_text().splitlines() == ["begin 1", "end 1"]
    assert jobs_of(home) == [("done", 1), ("ready", 0)]


def jobs_of(home: Path) -> list[tuple[str, int]]:
    with closing(pysqlite3.connect(home / "huiyin.sqlite3")) as database:
        found = "SELECT status, attempts FROM jobs_job WHERE task LIKE '%sample_tasks.note' ORDER BY id"
        return list(database.execute(found).fetchall())


def test_what_is_in_hand_at_sigterm_is_finished_and_nothing_new_begun(server: Server) -> None:
    """The last one: afterwards there is no server."""
    assert server.ask("/slow-job/")[0] == 200
    wait_until((server.home / "notes").exists)
    told: list[tuple[int, Message, str]] = []
    asking = threading.Thread(target=lambda: told.append(server.ask("/slow/")))
    asking.start()
    wait_until((server.home / "page-begun").exists)

    assert server.stop() == 0

    asking.join()
    assert [(status, body) for status, _, body in told] == [(200, "answered to the end")]
    assert (server.home / "notes").read_text().splitlines() == ["begin 1", "end 1"]
    assert jobs_of(server.home) == [("done", 1)]
    with pytest.raises(URLError):
        server.ask("/healthz")
