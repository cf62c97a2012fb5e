"""One command, one transaction: an operation called by another joins it instead of opening a savepoint of its own.

So a refusal anywhere undoes the whole command, and nobody in between may swallow it.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")
_memory: ContextVar[dict[Any, Any] | None] = ContextVar("memory_of_command", default=None)


def command(operation: Callable[P, R]) -> Callable[P, R]:
    """Let the operation be carried out whole or not at all."""

    @wraps(operation)
    def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        if _memory.get() is not None:
            return operation(*args, **kwargs)
        token = _memory.set({})
        try:
            with transaction.atomic():
                return operation(*args, **kwargs)
        finally:
            _memory.reset(token)

    return whole


def take_turn(about: str) -> None:
    """Wait until no other transaction is about the same, and be the only one until this one ends.

    For what is decided by reading rows that are not there yet. The embedded database has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [about])


def once_a_command(key: Any, find: Callable[[], R]) -> R:
    """Return what `find` found the first time in this command; outside a command, look every time.

    For what a command cannot change under its own feet: the standard in force, the calendar.
    """
    memory = _memory.get()
    if memory is None:
        return find()
    if key not in memory:
        memory[key] = find()
    return memory[key]  # type: ignore[no-any-return]


def look_again() -> None:
    """Let this command look again at what it has found: it has just changed it."""
    memory = _memory.get()
    if memory is not None:
        memory.clear()
