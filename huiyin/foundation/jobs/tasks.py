"""The task as our backend knows it: with a number of attempts and a key that keeps it single."""

from dataclasses import dataclass, replace
from typing import Any, ParamSpec, TypeVar

from django.utils.module_loading import import_string
from django_tasks.base import Task

from huiyin.foundation.jobs.rules import MAX_ATTEMPTS

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedTask(Task[P, T]):
    max_attempts: int = MAX_ATTEMPTS
    dedupe_key: str = ""


def once(task: Task[P, T], key: str) -> Task[P, T]:
    """Make the task single: while a job with this key is unfinished, enqueueing adds none.

    When that job is already running, it may have read the old state; it then runs once more.
    """
    return replace(task, dedupe_key=key) if isinstance(task, LeasedTask) else task


def task_at(path: str) -> LeasedTask[..., Any]:
    """Return the task with this dotted path. Fails for anything that is not a task of our backend."""
    found = import_string(path)
    if not isinstance(found, LeasedTask):
        raise TypeError(f"{path} is not a task")
    return found
