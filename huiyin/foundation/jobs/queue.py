"""What the rest of the house asks of the queue, whichever engine carries it: the backend of django-tasks answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task_backends

from huiyin.foundation.jobs.models import Job
from huiyin.foundation.jobs.tasks import LeasedTask


@dataclass(frozen=True)
class Standing:
    """How the queue stands: `lag` is how long the longest-waiting due job has been due."""

    due: int
    running: int
    failed: int
    lag: timedelta


class Queue(Protocol):
    """Both backends answer this; only they know in whose tables the jobs wait."""

    is_procrastinate: bool
    queues: set[str]

    def add(self, task: LeasedTask[..., Any], *, args: Sequence[Any], kwargs: dict[str, Any], at: datetime) -> Job: ...

    def bring_forward(self, key: str, *, at: datetime) -> bool: ...

    def is_unfinished(self, key: str) -> bool: ...

    def requeue(self, job: Job, *, at: datetime) -> bool: ...

    def standing(self, at: datetime) -> Standing: ...

    def forget_done(self, *, before: datetime, limit: int) -> int: ...


class Runs(Protocol):
    """A worker of either engine."""

    def run(self, *, until_idle: bool = False) -> None: ...

    def stop(self) -> None: ...

    def wait(self, seconds: float) -> bool: ...


def queue() -> Queue:
    return cast(Queue, task_backends[DEFAULT_TASK_BACKEND_ALIAS])
