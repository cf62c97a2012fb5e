"""At least once, whatever is killed: real workers die by SIGKILL at random points."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection

JOBS, KILLS, SECONDS = 30, 12, 0.3
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    if connection.vendor == "sqlite":
        yield str(tmp_path / "test.sqlite3")
        return
    with postgres_database() as made:
        yield made


@contextmanager
def postgres_database() -> Iterator[str]:
    name = f"huiyin_kills_{random.randrange(10**9)}"
    about = {key: connection.settings_dict[key] for key in ("ENGINE", "USER", "PASSWORD", "HOST", "PORT")}
    server = {key.lower(): about[key] for key in ("USER", "PASSWORD", "HOST", "PORT") if about[key]}
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield "postgres:" + json.dumps({**about, "NAME": name})
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def start(database: str, *words: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "huiyin.foundation.jobs.tests.child", database, *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def finish(process: "subprocess.Popen[str]") -> str:
    out, _ = process.communicate(timeout=180)
    assert process.returncode == 0
    return out.strip()


def marks(folder: Path) -> int:
    return len(list(folder.glob("mark-*")))


def wait_for_another_job(folder: Path) -> None:
    seen, give_up = begun(folder), time.monotonic() + 30
    while len(begun(folder)) == len(seen) and time.monotonic() < give_up:
        time.sleep(0.02)


def begun(folder: Path) -> list[str]:
    return (folder / "begun").read_text().split() if (folder / "begun").exists() else []


def test_every_job_is_done_although_workers_are_killed_at_random_points(database: str, tmp_path: Path) -> None:
    chance = random.Random(20261122)
    finish(start(database, "prepare"))
    finish(start(database, "enqueue", tmp_path, JOBS, SECONDS))

    workers = [start(database, "work", "stopped") for _ in range(2)]
    for _ in range(KILLS):
        wait_for_another_job(tmp_path)
        time.sleep(chance.uniform(0, SECONDS))
        killed = workers.pop(chance.randrange(2))
        killed.kill()
        killed.communicate()
        workers.append(start(database, "work", "stopped"))
    give_up = time.monotonic() + 180
    while marks(tmp_path) < JOBS and time.monotonic() < give_up:
        time.sleep(0.1)
    assert marks(tmp_path) == JOBS
    for worker in workers:
        worker.kill()
        worker.communicate()
    time.sleep(2)
    finish(start(database, "work", "idle"))

    assert set(begun(tmp_path)) == {str(number) for number in range(JOBS)}
    assert len(begun(tmp_path)) > JOBS, "no kill hit a job"
    assert finish(start(database, "standing")) == "0 0 0"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs HUIYIN_TEST_DATABASE_URL")
def test_a_worker_whose_connections_are_cut_connects_again_and_loses_nothing(tmp_path: Path) -> None:
    with postgres_database() as database:
        name = json.loads(database.removeprefix("postgres:"))["NAME"]
        finish(start(database, "prepare"))
        finish(start(database, "enqueue", tmp_path, JOBS, SECONDS))
        worker = start(database, "work", "stopped")
        for _ in range(2):
            wait_for_another_job(tmp_path)
            cut(name)
        give_up = time.monotonic() + 180
        while marks(tmp_path) < JOBS and time.monotonic() < give_up:
            time.sleep(0.1)
        time.sleep(1)
        worker.terminate()
        finish(worker)

        assert marks(tmp_path) == JOBS
        assert finish(start(database, "standing")) == "0 0 0"


def cut(name: str) -> None:
    about = connection.settings_dict
    server = {key.lower(): about[key] for key in ("USER", "PASSWORD", "HOST", "PORT") if about[key]}
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
