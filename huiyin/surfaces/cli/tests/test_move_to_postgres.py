"""A demonstration is carried from its file to a server and goes on there as if nothing had happened."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3
import pytest
from django.db import connection

from tests.child_rows import rows_of
from tests.own_database import new_database, settings_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
AT = "2026-11-25T10:00:00+08:00"
PAGES = ("/", "/cases/", "/repairs/orders/", "/control/", "/search/?q=王", "/search/?q=1-1-101", "/standards/")


class House:
    """An installation on a file, and a server it may move to."""

    def __init__(self, home: Path, target: str) -> None:
        self.file, self.target = home / "huiyin.sqlite3", target
        self.here = settings_for(f"sqlite://{self.file}", home)
        self.there = settings_for(target, home)

    def huiyin(self, *words: str, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "huiyin.surfaces.cli.main", *words]
        return subprocess.run(command, env=env or self.here, check=False, capture_output=True, text=True)

    def move(self) -> "subprocess.CompletedProcess[str]":
        return self.huiyin("move-to-postgres", "--to", self.target)

    def change(self, sql: str) -> None:
        """Change the file as a command would: what nobody's command does is noted, and found by `huiyin verify`."""
        with closing(pysqlite3.connect(self.file)) as database:
            database.execute("INSERT INTO journal_underway (id) VALUES (1)")
            database.execute(sql)
            database.execute("DELETE FROM journal_underway")
            database.commit()

    def pages(self, env: dict[str, str]) -> dict[str, str]:
        command = [sys.executable, "-m", "tests.child_pages", "zhuren", AT, *PAGES]
        done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
        found: dict[str, str] = json.loads(done.stdout)
        return found


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    house = House(tmp_path_factory.mktemp("demonstration"), "")
    made = house.huiyin("demo", "--households", "24", "--months", "1", "--seed", "5")
    assert made.returncode == 0, made.stderr
    return house.file


@pytest.fixture
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    if connection.vendor != "postgresql":
        pytest.skip("there is no server here to move to")
    demonstration: Path = request.getfixturevalue("demonstration")
    with new_database() as url:
        shutil.copy(demonstration, tmp_path)
        yield House(tmp_path, url)


def test_a_house_moves_and_goes_on(house: House) -> None:
    before = house.pages(house.here)
    # Numbers go on behind what was given last, also when that row is gone.
    house.change("UPDATE sqlite_sequence SET seq = seq + 500 WHERE name = 'cases_case'")
    last = _last(house, "cases_case")
    # Written and yet nothing: JSON's null is not the column's.
    house.change("UPDATE cases_category SET keywords = 'null' WHERE id = (SELECT MIN(id) FROM cases_category)")

    with closing(pysqlite3.connect(house.file)) as somebody:
        somebody.execute("PRAGMA journal_mode = WAL").fetchone()
        somebody.execute("SELECT COUNT(*) FROM cases_case").fetchone()
        assert "还开着" in house.move().stderr

    # SQLite lets anything in; a server does not. Then nothing is written, and the move may be begun again.
    house.change("UPDATE estate_phone SET tail = tail || 'xxxxx' WHERE id = (SELECT MIN(id) FROM estate_phone)")
    refused = house.move()
    assert refused.returncode == 1 and "estate_phone 搬不过去" in refused.stderr
    assert rows_of(house.target, "SELECT COUNT(*) FROM cases_case") == [(0,)]
    house.change("UPDATE estate_phone SET tail = substr(tail, 1, 4)")

    moved = house.move()
    assert moved.returncode == 0, moved.stderr
    lines = [line.split() for line in moved.stdout.splitlines() if line.startswith(("✓", "×"))]
    assert {line[0] for line in lines} == {"✓"}
    counted = {line[1]: int(line[2]) for line in lines}
    assert counted["cases_case"] > 20 and counted["journal_entry"] > 100
    for table, count in counted.items():
        assert rows_of(house.target, f'SELECT COUNT(*) FROM "{table}"') == [(count,)], table

    assert house.pages(house.there) == before
    assert rows_of(house.target, "SELECT COUNT(*) FROM cases_category WHERE keywords = 'null'") == [(1,)]
    verified = house.huiyin("verify", env=house.there)
    assert verified.returncode == 0, verified.stdout
    assert rows_of(house.target, "SELECT nextval(pg_get_serial_sequence('cases_case', 'id'))") == [(last + 1,)]

    again = house.move()
    assert again.returncode == 1 and "目标库不是空的" in again.stderr


def test_it_says_what_is_missing(house: House, tmp_path: Path) -> None:
    assert "--to postgres://" in house.huiyin("move-to-postgres").stderr
    house.change("DELETE FROM django_migrations WHERE app = 'cases' AND name = '0004_case_set_aside'")
    assert "cases.0004_case_set_aside" in house.move().stderr
    assert rows_of(house.target, "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def _last(house: House, table: str) -> Any:
    return rows_of(f"sqlite://{house.file}", f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'")[0][0]
