"""Reading and writing Procrastinate's jobs on Django's own connection, and thus in the caller's transaction.

The key of a single job is Procrastinate's `lock` (two never run at once) and, until its first failure, its
`queueing_lock` (two never wait at once). Its number among the attempts is `attempts + 1`.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django.db_cleanup import DjangoApp
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued

from huiyin.foundation.jobs.models import Job
from huiyin.foundation.jobs.queue import Standing
from huiyin.foundation.jobs.states import JobStatus
from huiyin.foundation.jobs.tasks import LeasedTask

TASK = "huiyin.run"  # the one task Procrastinate knows: it runs the task whose path it is given
_LOCK = 4_815_162  # of several workers one sweeps
deferring = DjangoApp(connector=DjangoConnector())
manager = deferring.job_manager

STATUSES = {"todo": JobStatus.READY, "doing": JobStatus.RUNNING, "succeeded": JobStatus.DONE}
_JOB = """
    SELECT j.id, j.status::text, j.args, j.queue_name, j.priority, j.attempts, coalesce(j.lock, ''), j.scheduled_at,
        (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'deferred')
    FROM procrastinate_jobs j WHERE j.task_name = 'huiyin.run' AND
"""


def defer(task: LeasedTask[..., Any], *, args: Sequence[Any], kwargs: dict[str, Any], at: datetime) -> int:
    """Add a job in the caller's transaction, or return the waiting one with the same key; answer its number."""
    key = task.dedupe_key or None
    if key and (standing := _hold(key, task.run_after or at)) is not None:
        return standing
    about: dict[str, Any] = {
        "path": task.module_path,
        "args": list(args),
        "kwargs": kwargs,
        "max_attempts": task.max_attempts,
    }
    deferrer = deferring.configure_task(
        TASK,
        queue=task.queue_name,
        priority=task.priority,
        lock=key,
        queueing_lock=key,
        schedule_at=task.run_after,
    )
    if key is None:
        return deferrer.defer(**about)
    try:
        with transaction.atomic():
            return deferrer.defer(**about)
    except AlreadyEnqueued:
        standing = _hold(key, task.run_after or at)
        if standing is None:
            raise
        return standing


def find(condition: str, *values: Any) -> list[Job]:
    """Return Procrastinate's jobs as rows of ours, unsaved, numbered as Procrastinate numbers them."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_JOB} {condition}", values)
        return [_as_job(*row) for row in cursor.fetchall()]


def is_unfinished(key: str) -> bool:
    return _count("lock = %s AND status IN ('todo', 'doing')", key) > 0


def bring_forward(key: str, *, at: datetime) -> bool:
    return _change("UPDATE procrastinate_jobs SET scheduled_at = %s WHERE lock = %s AND status = 'todo'", at, key) > 0


def free_key(job_id: int) -> None:
    """Let a job that failed wait for its retry without its queueing lock.

    Procrastinate could not put it back if the same work came to wait meanwhile, and would leave it as running for ever.
    """
    _change("UPDATE procrastinate_jobs SET queueing_lock = NULL WHERE id = %s AND status = 'doing'", job_id)


def standing(at: datetime) -> Standing:
    due = "status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= %s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT min(coalesce(j.scheduled_at, e.at)) FROM procrastinate_jobs j
            JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred' WHERE {due}""",
            [at],
        )
        (oldest,) = cursor.fetchone()
    return Standing(
        due=_count(due, at),
        running=_count("status = 'doing'"),
        failed=Job.objects.filter(status=JobStatus.FAILED).count(),
        lag=max(at - oldest, timedelta(0)) if oldest else timedelta(0),
    )


def forget_done(*, before: datetime, limit: int) -> int:
    """Delete jobs that were over before the moment, a batch at a time; those that died stand in our rows."""
    return _change(
        """DELETE FROM procrastinate_jobs WHERE id IN (
            SELECT j.id FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id
            WHERE j.status NOT IN ('todo', 'doing') AND e.type NOT IN ('deferred', 'scheduled', 'started') AND e.at < %s
            AND NOT EXISTS (SELECT 1 FROM jobs_job d WHERE d.queue_id = j.id AND d.status = 'failed')
            ORDER BY j.id LIMIT %s)""",
        before,
        limit,
    )


def forget(job_id: int) -> None:
    """Delete a failed job: its work waits anew under another number."""
    _change("DELETE FROM procrastinate_jobs WHERE id = %s AND status = 'failed'", job_id)


def beat(worker_id: int) -> None:
    """Say that the worker lives, beside Procrastinate's own heartbeat: that one ends silently with its connection."""
    _change("SELECT procrastinate_update_heartbeat_v1(%s)", worker_id)


@contextmanager
def sweeping() -> Iterator[bool]:
    """Open a transaction; true in one worker at a time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        yield bool(cursor.fetchone()[0])


def _hold(key: str, run_after: datetime) -> int | None:
    """Find the waiting job with the key, and keep workers off it until the caller commits."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM procrastinate_jobs WHERE lock = %s AND status = 'todo' ORDER BY id LIMIT 1 FOR UPDATE",
            [key],
        )
        found = cursor.fetchone()
        if found is None:
            return None
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = %s WHERE id = %s AND attempts = 0 AND scheduled_at > %s",
            [run_after, found[0], run_after],
        )
    return int(found[0])


def _as_job(
    number: int,
    status: str,
    said: str,
    queue: str,
    priority: int,
    attempts: int,
    key: str,
    scheduled_at: datetime | None,
    enqueued_at: datetime,
) -> Job:
    about = json.loads(said)  # Django leaves the column as text
    return Job(
        pk=number,
        status=STATUSES.get(status, JobStatus.FAILED),
        task=about["path"],
        args=about["args"],
        kwargs=about["kwargs"],
        max_attempts=about["max_attempts"],
        queue=queue,
        priority=priority,
        attempts=attempts + (status == "doing"),
        dedupe_key=key,
        run_after=scheduled_at or enqueued_at,
        enqueued_at=enqueued_at,
    )


def _count(condition: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM procrastinate_jobs WHERE {condition}", values)
        return int(cursor.fetchone()[0])


def _change(sql: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)
