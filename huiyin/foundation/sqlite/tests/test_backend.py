"""Real processes on a real file: which SQLite is in use, that writers wait for each other, that a kill loses nothing."""

import json
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from huiyin.foundation.sqlite.base import DatabaseFeatures
from huiyin.foundation.sqlite.creation import DatabaseCreation


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "test.sqlite3"


def start(file: Path, what: str, *numbers: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "huiyin.foundation.sqlite.tests.child", str(file), what, *map(str, numbers)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finish(process: "subprocess.Popen[str]") -> dict[str, Any]:
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return json.loads(out) if out else {}


def prepare(file: Path) -> None:
    with closing(pysqlite3.connect(file)) as database:
        database.executescript(
            "CREATE TABLE line (id integer PRIMARY KEY, value integer UNIQUE);"
            "CREATE TABLE total (value integer); INSERT INTO total VALUES (0);"
        )


def count(file: Path) -> tuple[int, int, str]:
    with closing(pysqlite3.connect(file)) as database:
        lines, last = database.execute("SELECT count(*), max(value) FROM line").fetchone()
        return lines, last, database.execute("PRAGMA integrity_check").fetchone()[0]


def test_the_bundled_sqlite_alone_opens_the_file_and_is_set_for_durable_writes(file: Path) -> None:
    seen = finish(start(file, "look"))

    assert tuple(map(int, seen["version"].split("."))) >= DatabaseFeatures.minimum_database_version
    assert seen["module"].startswith("pysqlite3")
    assert seen["error"].startswith("pysqlite3")
    assert seen["opened_by_standard_module"] == []
    assert seen["open_files"] == [file.name, f"{file.name}-shm", f"{file.name}-wal"]
    assert seen["pragmas"] == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "cache_size": -32_768,
        "mmap_size": 268_435_456,
        "temp_store": 2,
        "analysis_limit": 1_000,
    }


def test_types_functions_and_errors_are_those_of_django(file: Path) -> None:
    assert finish(start(file, "types")) == {
        "errors": [
            "IntegrityError: UNIQUE constraint failed: sample_sample.code",
            'IntegrityError: CHECK constraint failed: (JSON_VALID("facts") OR "facts" IS NULL)',
            "OperationalError: no such table: nowhere",
        ]
    }


@pytest.mark.slow
def test_threads_and_processes_write_at_once_without_a_lock_error(file: Path) -> None:
    prepare(file)

    writers = [start(file, "write", 4, 100) for _ in range(2)]

    assert [finish(writer) for writer in writers] == [{"errors": []}, {"errors": []}]
    assert count(file) == (800, 799, "ok")


def test_many_processes_may_open_a_new_file_at_once(file: Path) -> None:
    openers = [start(file, "look") for _ in range(3)]

    assert {finish(opener)["pragmas"]["journal_mode"] for opener in openers} == {"wal"}


@pytest.mark.slow
def test_kill_loses_no_acknowledged_row(file: Path) -> None:
    prepare(file)
    acknowledged = 0

    for _ in range(2):
        writer = start(file, "commit_for_ever")
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.3)
        writer.kill()
        before, acknowledged = acknowledged, int(writer.communicate()[0].split()[-1])
        lines, last, check = count(file)
        assert (lines, check) == (last, "ok")
        # At most the one row that was committed and not yet named.
        assert last - acknowledged in (0, 1)
        assert acknowledged > before + 10


def test_statistics_laid_down_are_known_to_the_other_connections_and_hold_no_samples(file: Path) -> None:
    seen = finish(start(file, "statistics"))

    assert "by_colour" in seen["before"]  # of two indexes it knows nothing of, it takes the younger one
    assert "by_number" in seen["after"]
    assert seen["samples"] == 0  # else every new value would be planned for anew


def test_the_log_of_an_earlier_test_database_is_removed(tmp_path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"test.sqlite3{suffix}").touch()

    DatabaseCreation(None)._destroy_test_db(str(tmp_path / "test.sqlite3"), 0)

    assert list(tmp_path.iterdir()) == []
