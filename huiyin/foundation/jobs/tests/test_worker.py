"""Real workers in real processes on one file: kills, two at once, draining, long jobs."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pysqlite3
import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("jobs") / "empty.sqlite3"
    finish(start(file, "prepare"))
    return file


@pytest.fixture
def file(empty: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(empty, tmp_path / "test.sqlite3"))


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


def start(file: Path, *words: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "huiyin.foundation.jobs.tests.child", str(file), *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finish(process: "subprocess.Popen[str]") -> list[str]:
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return out.splitlines()


def enqueue(file: Path, notes: Path, count: int, seconds: float) -> None:
    row = {
        "task": "huiyin.foundation.jobs.tests.sample_tasks.note",
        "kwargs": "{}",
        **dict.fromkeys(("run_after", "enqueued_at"), "2026-03-02 04:00:00"),
        "queue": "default",
        "status": "ready",
        "max_attempts": 3,
        **dict.fromkeys(("priority", "attempts", "asked_again"), 0),
        **dict.fromkeys(("leased_by", "dedupe_key", "last_error_type", "last_error"), ""),
    }
    with closing(pysqlite3.connect(file)) as database:
        for number in range(count):
            values = {**row, "args": json.dumps([str(notes), str(number), seconds])}
            places = ", ".join(f":{name}" for name in values)
            database.execute(f"INSERT INTO jobs_job ({', '.join(values)}) VALUES ({places})", values)
        database.commit()


def standing(file: Path) -> list[tuple[str, int]]:
    with closing(pysqlite3.connect(file)) as database:
        return list(database.execute("SELECT status, attempts FROM jobs_job ORDER BY id"))


def wait_for(notes: Path, line: str) -> None:
    give_up = time.monotonic() + 30
    while not notes.exists() or line not in notes.read_text().splitlines():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def test_a_job_whose_worker_was_killed_is_run_by_another_after_its_lease(file: Path, notes: Path) -> None:
    enqueue(file, notes, 1, 2)
    killed = start(file, "work", "stopped")
    wait_for(notes, "begin 0")
    killed.kill()
    killed.communicate()

    other = start(file, "work", "stopped")
    wait_for(notes, "end 0")
    other.terminate()

    assert finish(other) == ["1"]
    assert notes.read_text().split("\n") == ["begin 0", "begin 0", "end 0", ""]
    assert standing(file) == [("done", 2)]


def test_two_workers_run_each_job_once(file: Path, notes: Path) -> None:
    enqueue(file, notes, 40, 0.01)

    workers = [start(file, "work", "idle") for _ in range(2)]

    shares = [int(finish(worker)[0]) for worker in workers]
    assert sum(shares) == 40
    lines = Counter(notes.read_text().splitlines())
    assert lines == Counter([f"{word} {n}" for n in range(40) for word in ("begin", "end")])


def test_a_job_that_takes_longer_than_its_lease_is_kept_by_its_worker(file: Path, notes: Path) -> None:
    enqueue(file, notes, 1, 3)

    workers = [start(file, "work", "stopped") for _ in range(2)]
    wait_for(notes, "end 0")
    for worker in workers:
        worker.terminate()

    assert sorted(finish(worker)[0] for worker in workers) == ["0", "1"]
    assert notes.read_text().splitlines() == ["begin 0", "end 0"]


def test_the_first_sigterm_lets_running_jobs_finish_and_begins_none(file: Path, notes: Path) -> None:
    enqueue(file, notes, 4, 1.5)
    worker = start(file, "work", "stopped")
    wait_for(notes, "begin 0")
    wait_for(notes, "begin 1")

    worker.send_signal(signal.SIGTERM)

    assert finish(worker) == ["2"]
    assert sorted(notes.read_text().splitlines()) == ["begin 0", "begin 1", "end 0", "end 1"]
    assert standing(file) == [("done", 1), ("done", 1), ("ready", 0), ("ready", 0)]


def test_two_workers_never_start_a_schedule_twice_at_once(file: Path) -> None:
    began = time.monotonic()

    for ticker in [start(file, "tick", 60) for _ in range(2)]:
        finish(ticker)

    runs = standing(file)
    assert set(runs) == {("done", 1)}
    assert 1 <= len(runs) <= (time.monotonic() - began) / 0.3 + 1
