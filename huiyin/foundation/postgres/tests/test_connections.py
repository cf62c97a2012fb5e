"""What a process makes of its settings: limits for pages, none for commands, a pool that does not survive a fork."""

import json
import subprocess
import sys

import pytest
from django.db import connection, connections

from huiyin.config import settings as said
from huiyin.foundation.postgres import pool

pytestmark = pytest.mark.django_db(transaction=True)
LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
ASK = f"""
import json
from django.db import connection
with connection.cursor() as cursor:
    print(json.dumps([cursor.execute(f"SHOW {{name}}").fetchone()[0] for name in {LIMITS}]))
"""


def asked(start: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", start + ASK], check=True, capture_output=True, text=True)
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "postgresql", reason="the embedded database knows no such limits")
def test_pages_are_limited_and_commands_are_not() -> None:
    assert asked("import huiyin.config.wsgi") == ["30s", "10s", "1min"]
    with connection.cursor() as cursor:
        as_the_server_says = [cursor.execute(f"SHOW {name}").fetchone()[0] for name in LIMITS]
    assert asked("import django; django.setup()") == as_the_server_says


def test_an_address_means_what_it_means_to_psql() -> None:
    made = said.database(
        "postgres://anna:s%40cret@db1:5432,db2:5433/huiyin?sslmode=require&target_session_attrs=primary", said.HOME
    )
    options = dict(made["OPTIONS"])
    assert (made["NAME"], made["USER"], made["PASSWORD"]) == ("huiyin", "anna", "s@cret")
    assert (made["HOST"], made["PORT"]) == ("db1,db2", "5432,5433")
    assert options.pop("pool")["min_size"] == 2
    assert options == {"sslmode": "require", "target_session_attrs": "primary"}
    assert said.database("postgres:///huiyin?host=/run/here", said.HOME)["HOST"] == "/run/here"


def test_nothing_is_open_behind_a_fork_and_the_next_query_opens_it_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    pool.close_all()
    assert getattr(connections["default"], "_connection_pools", {}) == {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
