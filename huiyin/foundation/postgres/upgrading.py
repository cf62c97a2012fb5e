"""Migrating a database that others are using: one node at a time, and never waiting for a lock while others queue behind.

On the embedded database the migrations run as they are: it has one writer anyway.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import OperationalError, connection

from huiyin.foundation.postgres import fitness
from huiyin.foundation.refusals import Refused

LOCK_SECONDS = 3  # as long as somebody who wants to save may stand behind a migration that waits
ATTEMPTS, PAUSE_SECONDS = 20, 3
TURN_SECONDS = 600
_OURS = 0x48554959494E  # "HUIYIN"; any number that nobody else takes for an advisory lock


class UnfitDatabase(Refused):
    """The house cannot live in this database: the sentence says why and how to make one."""


class TablesBusy(Refused):
    """Somebody held a table for so long that the migration gave up."""


def migrate() -> None:
    """Bring the tables up to this version.

    Refused for a database that is `unfit`, and when others hold a table, or the upgrading itself, for minutes. What was done stays; it may be run again.
    """
    if connection.vendor != "postgresql":
        call_command("migrate", verbosity=0, interactive=False)
        return
    with connection.cursor() as cursor:
        cursor.execute(fitness.FACTS)
        if sentence := fitness.unfit(*cursor.fetchone()):
            raise UnfitDatabase(sentence)
    with _short_waits():
        _try_again(lambda: call_command("migrate", verbosity=0, interactive=False))


@contextmanager
def one_node_at_a_time() -> Iterator[None]:
    """Let one of several nodes that start at once do what follows, and the others after it."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        _take_turn(cursor.execute, cursor.fetchone)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_OURS])


def _take_turn(execute: Callable[..., object], fetchone: Callable[[], tuple[bool] | None]) -> None:
    # Asking again and again, not waiting in the server: an index made CONCURRENTLY would wait for who waits for it.
    give_up = time.monotonic() + TURN_SECONDS
    while True:
        execute("SELECT pg_try_advisory_lock(%s)", [_OURS])
        if (fetchone() or (False,))[0]:
            return
        if time.monotonic() > give_up:
            raise TablesBusy("另一台机器正在升级数据库,等了十分钟还没有完;请稍后再试")
        time.sleep(1)


@contextmanager
def _short_waits() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        cursor.execute("SET statement_timeout = 0")
        try:
            yield
        finally:
            cursor.execute("RESET lock_timeout")
            cursor.execute("RESET statement_timeout")


def _try_again(migrate: Callable[[], object]) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            migrate()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != "55P03":  # lock_not_available
                raise
            if attempt == ATTEMPTS:
                raise TablesBusy("升级要改的表一直有人占用,这次没有升级完;请在空闲时再执行 huiyin setup") from error
            time.sleep(PAUSE_SECONDS)
        else:
            return
