"""What happens to a job of Procrastinate: run, retried later, buried after its last attempt, taken back when lost."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils.timezone import now
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from huiyin.foundation.jobs import operations, rules
from huiyin.foundation.jobs.models import Job
from huiyin.foundation.jobs.postgres import rows
from huiyin.foundation.jobs.states import UNFINISHED, JobStatus
from huiyin.foundation.jobs.tasks import task_at
from huiyin.foundation.jobs.worker import call

log = logging.getLogger(__name__)
_lock = Lock()
_held: set[int] = set()  # jobs that threads of this process run


class Lost(Exception):
    """The worker was killed or cut off while it ran the job."""


class Backoff(BaseRetryStrategy):
    """Our own waits; a job without attempts left stays as failed."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        if job.attempts + 1 >= int(job.task_kwargs["max_attempts"]):  # type: ignore[arg-type]  # a number in our tasks
            return None
        return RetryDecision(retry_at=now() + rules.retry_delay(job.attempts + 1))


def run(context: JobContext, **about: Any) -> None:
    """Run the task a job names and note how it ended; Procrastinate then moves the job."""
    assert context.job.id is not None
    with _lock:
        _held.add(context.job.id)
    try:
        error = attempt(rows.find("j.id = %s", context.job.id)[0])
    finally:
        with _lock:
            _held.discard(context.job.id)
    if error is not None:
        raise error


def attempt(job: Job) -> Exception | None:
    """Run a fetched job and note how it ended; return its error."""
    try:
        call(job)
    except Exception as error:  # whatever a task raises is kept
        log.warning("job %s failed, attempt %s of %s", job, job.attempts, job.max_attempts, exc_info=True)
        note(job, error, at=now())
        return error
    operations.note_done(job.dedupe_key, at=now())
    return None


@transaction.atomic
def note(job: Job, error: BaseException, *, at: datetime) -> None:
    """Keep what Procrastinate does not: the error of a job that dies of it, the outcome of a schedule."""
    operations.note_failed(job.dedupe_key, error, at=at)
    if job.attempts < job.max_attempts:
        rows.free_key(job.pk)
    else:
        _bury(job, at=at, **operations.as_fields(error))


def take_back_lost(*, seconds: float) -> int:
    """Queue the jobs again whose worker gave no sign for so long; of several workers one does it."""
    with rows.sweeping() as mine:
        lost = async_to_sync(rows.manager.get_stalled_jobs)(seconds_since_heartbeat=seconds) if mine else []
        return sum(_take_back(job) for job in lost)


def take_back_dropped(worker_id: int, *, seen: set[int]) -> set[int]:
    """Queue the jobs again that are this worker's by the table but run on no thread of it, now and at the last look.

    Procrastinate leaves one so when the connection breaks in the moment it reports the end of a job.
    """
    with _lock:
        held = set(_held)
    dropped = {job.pk: job for job in rows.find("j.worker_id = %s AND j.status = 'doing'", worker_id)}
    again = (dropped.keys() & seen) - held
    for number in again:
        with transaction.atomic():
            _put_back(dropped[number])
    return set(dropped) - held - again


def take_over_rows(*, at: datetime) -> None:
    """Hand over what stands in our rows to Procrastinate, and bury what died without a grave.

    Rows that wait were brought along from SQLite; a worker that lost its connection may have buried nothing.
    """
    with rows.sweeping() as mine:
        if not mine:
            return
        for job in Job.objects.filter(status__in=UNFINISHED).order_by("id"):
            _defer(job, at=at)
            job.delete()
        graveless = "j.status = 'failed' AND NOT EXISTS (SELECT 1 FROM jobs_job d WHERE d.queue_id = j.id)"
        for job in rows.find(graveless):
            _bury(job, at=at, **operations.as_fields(Lost("失败,没有留下错误")))


def requeue(job: Job, *, at: datetime) -> bool:
    """Let a dead job wait anew, with all its attempts."""
    with transaction.atomic():
        gone, _ = Job.objects.filter(pk=job.pk, status=JobStatus.FAILED).delete()
        if gone:
            if job.queue_id is not None:
                rows.forget(job.queue_id)
            _defer(job, at=at)
    return gone == 1


def run_due(queues: list[str]) -> int:
    """Run what is due here and now on the caller's connection, for tests and scripts."""
    worker = async_to_sync(rows.manager.register_worker)()
    ran = 0
    while (fetched := async_to_sync(rows.manager.fetch_job)(queues, worker)) is not None:
        job = rows.find("j.id = %s", fetched.id)[0]
        if attempt(job) is None:
            _end(job.pk, Status.SUCCEEDED)
        else:
            _move_on(job, wait=rules.retry_delay(job.attempts))
        ran += 1
    async_to_sync(rows.manager.unregister_worker)(worker)
    return ran


def _take_back(stalled: QueuedJob) -> bool:
    found = rows.find("j.id = %s AND j.status = 'doing' FOR UPDATE OF j SKIP LOCKED", stalled.id)
    for job in found:
        _put_back(job)
    return bool(found)


def _put_back(job: Job) -> None:
    """Let a lost job wait again; one that was lost at its last attempt dies: it may be what kills its worker."""
    log.warning("job %s was lost by its worker, attempt %s of %s", job, job.attempts, job.max_attempts)
    note(job, Lost("执行者中断,任务没有做完"), at=now())
    _move_on(job, wait=timedelta(0))


def _move_on(job: Job, *, wait: timedelta) -> None:
    if job.attempts < job.max_attempts:
        rows.manager.retry_job_by_id(job.pk, retry_at=now() + wait)
    else:
        _end(job.pk, Status.FAILED)


def _end(number: int, status: Status) -> None:
    async_to_sync(rows.manager.finish_job_by_id_async)(job_id=number, status=status, delete_job=False)


def _bury(job: Job, *, at: datetime, **error: str) -> None:
    about = {name: getattr(job, name) for name in ("task", "args", "kwargs", "queue", "priority", "run_after")}
    about |= {name: getattr(job, name) for name in ("attempts", "max_attempts", "dedupe_key", "enqueued_at")}
    grave = Job(queue_id=job.pk, status=JobStatus.FAILED, started_at=job.run_after, finished_at=at, **about, **error)
    Job.objects.bulk_create([grave], ignore_conflicts=True)


def _defer(job: Job, *, at: datetime) -> int:
    task = replace(
        task_at(job.task),
        queue_name=job.queue,
        priority=job.priority,
        max_attempts=job.max_attempts,
        dedupe_key=job.dedupe_key,
        run_after=job.run_after if job.run_after > at else None,
    )
    return rows.defer(task, args=job.args, kwargs=job.kwargs, at=at)
