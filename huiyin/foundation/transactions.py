"""One command, one transaction: an operation called by another joins it instead of opening a savepoint of its own.

So a refusal anywhere undoes the whole command, and nobody in between may swallow it. While a command is under way the
transaction is marked, for the triggers that note what is changed behind the operations' back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction

from huiyin.foundation.guards import SETTING, UNDER_WAY

P = ParamSpec("P")
R = TypeVar("R")
Finish = Callable[[list[Any]], None]
_MARK = f"INSERT OR IGNORE INTO {UNDER_WAY} (id) VALUES (1)"
_UNMARK = f"DELETE FROM {UNDER_WAY}"


@dataclass
class _Command:
    """What one command under way has found, and what is to be finished before it ends."""

    found: dict[Any, Any] = field(default_factory=dict)
    gathered: dict[Finish, list[Any]] = field(default_factory=dict)


_under_way: ContextVar[_Command | None] = ContextVar("command_under_way", default=None)


def command(operation: Callable[P, R]) -> Callable[P, R]:
    """Let the operation be carried out whole or not at all."""

    @wraps(operation)
    def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        if _under_way.get() is not None:
            return operation(*args, **kwargs)
        with as_command():
            return operation(*args, **kwargs)

    return whole


def take_turn(about: str) -> None:
    """Wait until no other transaction is about the same, and be the only one until this one ends.

    For what is decided by reading rows that are not there yet. The embedded database has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [about])


@contextmanager
def as_command() -> Iterator[None]:
    """Carry out what is inside as one command. For writing in bulk from the shell; an operation uses `command`."""
    if _under_way.get() is not None:
        yield
        return
    this = _Command()
    token = _under_way.set(this)
    try:
        with transaction.atomic():
            _mark()
            yield
            for finish, items in this.gathered.items():
                finish(items)
            _unmark()
    finally:
        _under_way.reset(token)


def gather(finish: Finish, item: Any) -> None:
    """Keep the item for `finish`, which gets all of them in one go before the command ends. Refused outside a command.

    For what takes a lock that others wait for: taken last, it is held shortest and never waits for another.
    """
    this = _under_way.get()
    if this is None:
        raise RuntimeError(f"nothing is under way that {finish.__name__} could wait for")
    this.gathered.setdefault(finish, []).append(item)


def once_a_command(key: Any, find: Callable[[], R]) -> R:
    """Return what `find` found the first time in this command; outside a command, look every time.

    For what a command cannot change under its own feet: the standard in force, the calendar.
    """
    this = _under_way.get()
    if this is None:
        return find()
    if key not in this.found:
        this.found[key] = find()
    return this.found[key]  # type: ignore[no-any-return]  # kept under the key by its type


def look_again() -> None:
    """Let this command look again at what it has found: it has just changed it."""
    this = _under_way.get()
    if this is not None:
        this.found.clear()


def _mark() -> None:
    if connection.vendor == "sqlite":
        # Straight to the driver: Django's cursor costs ten times what this statement does.
        connection.connection.execute(_MARK)
    else:
        _set("1")


def _unmark() -> None:
    if connection.vendor == "sqlite":
        connection.connection.execute(_UNMARK)
    elif connection.savepoint_ids:
        # The setting ends with the transaction; only a larger transaction around the command lives on.
        _set("")


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT set_config('{SETTING}', %s, true)", [value])
