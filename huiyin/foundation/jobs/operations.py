"""Every write to the queue. Each step is one conditional UPDATE: it succeeded if exactly one row changed."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from traceback import format_exception
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.utils.timezone import get_default_timezone
from django_tasks.utils import get_module_path

from huiyin.foundation.accounts.models import User
from huiyin.foundation.jobs import queries, rules
from huiyin.foundation.jobs.models import Job, ScheduleRow
from huiyin.foundation.jobs.queue import queue
from huiyin.foundation.jobs.rules import LEASE, Schedule
from huiyin.foundation.jobs.states import (
    CLAIM,
    DROP,
    FINISH,
    GIVE_UP,
    REPEAT,
    REQUEUE,
    RETRY,
    TAKE_OVER,
    JobStatus,
    Step,
)
from huiyin.foundation.jobs.tasks import LeasedTask, task_at
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command

_ERROR_LENGTH = 8_000
_HOUSE = 0  # jobs belong to the installation, to no estate of it
log = logging.getLogger(__name__)


class NotRequeued(Refused):
    """The job did not fail, or the same work waits already."""


class NotDropped(Refused):
    """The job is not among the failed, or nobody said why."""


def enqueue(
    task: LeasedTask[..., Any], *, args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None, at: datetime
) -> Job:
    """Add a job in the caller's transaction, or return the unfinished one with the same key."""
    run_after = task.run_after or at
    if task.dedupe_key:
        standing = _ask_again(task.dedupe_key, run_after)
        if standing is not None:
            return standing
    job = Job(
        task=task.module_path,
        args=list(args),
        kwargs=kwargs or {},
        queue=task.queue_name,
        priority=task.priority,
        run_after=run_after,
        max_attempts=task.max_attempts,
        dedupe_key=task.dedupe_key,
        enqueued_at=at,
    )
    if not task.dedupe_key:
        job.save(force_insert=True)
        return job
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        standing = _ask_again(task.dedupe_key, run_after)
        if standing is None:
            raise
        return standing
    return job


def claim(*, worker: str, queues: Sequence[str], at: datetime, lease: timedelta = LEASE) -> Job | None:
    """Lease the next due job to the worker, or one whose lease ran out; return nothing when nothing is due.

    A job whose last attempt was lost fails instead: one that kills its worker must not do so for ever.
    """
    while (job := queries.next_claimable(at, queues)) is not None:
        if _lease(job, worker=worker, at=at, lease=lease):
            return Job.objects.get(pk=job.pk)
    return None


def renew(jobs: Collection[int], *, worker: str, at: datetime, lease: timedelta = LEASE) -> int:
    """Extend the worker's leases on these jobs; return how many it still holds."""
    mine = Job.objects.filter(pk__in=jobs, leased_by=worker, status=JobStatus.RUNNING)
    return mine.update(lease_until=at + lease)


def finish(job: Job, *, at: datetime, result: Any = None) -> bool:
    """Record that the job is done, or put it back if it was asked for again; False if its lease was lost."""
    held = _held(job)
    done = {"lease_until": None, "finished_at": at, "result": result}
    with transaction.atomic():
        moved = _move(held.filter(asked_again=False), FINISH, **done) or _repeat(held, at)
        if moved:
            note_done(job.dedupe_key, at=at)
    return moved


def fail(job: Job, error: BaseException, *, at: datetime) -> bool:
    """Record the error and put the job back for later; after its last attempt it stays as failed."""
    held = _held(job)
    wrong = {"lease_until": None, **as_fields(error)}
    with transaction.atomic():
        if job.attempts < job.max_attempts:
            moved = _move(held, RETRY, run_after=at + rules.retry_delay(job.attempts), **wrong)
        else:
            moved = _move(held.filter(asked_again=False), GIVE_UP, finished_at=at, **wrong) or _repeat(held, at)
        if moved:
            note_failed(job.dedupe_key, error, at=at)
    return moved


def as_fields(error: BaseException) -> dict[str, str]:
    """Return the error as the fields of a job keep it."""
    return {
        "last_error_type": get_module_path(type(error))[:200],
        "last_error": "".join(format_exception(error))[-_ERROR_LENGTH:],
    }


def note_done(key: str, *, at: datetime) -> None:
    """Write on the schedule, if the job was one's, that it is done."""
    if name := rules.schedule_of(key):
        ScheduleRow.objects.filter(name=name).update(last_done_at=at, last_error="")


def note_failed(key: str, error: BaseException, *, at: datetime) -> None:
    """Write on the schedule, if the job was one's, what went wrong."""
    if name := rules.schedule_of(key):
        said = rules.in_a_sentence("".join(format_exception(error)))
        ScheduleRow.objects.filter(name=name).update(last_failed_at=at, last_error=said)


@command
def retry_dead(job: Job, *, actor: User, at: datetime) -> None:
    """Give a failed job a new series of attempts, by somebody's decision.

    Refused when it is not among the failed any more, or when the same work waits already.
    """
    requeue(job, at=at)
    values = {"task": job.task, "attempts": job.attempts}
    journal.record("jobs.job.retried", subject=("job", job.pk), estate_id=_HOUSE, actor=actor, at=at, values=values)


@command
def drop_dead(job: Job, *, reason: str, actor: User, at: datetime) -> None:
    """Give a failed job up for good; the record keeps who decided and why.

    Refused without a reason, or when the job is not among the failed any more.
    """
    if not reason.strip():
        raise NotDropped("请写明为什么放弃")
    if not _move(Job.objects.filter(pk=job.pk), DROP):
        raise NotDropped("这项任务已经不在失败之列")
    journal.record(
        "jobs.job.dropped",
        subject=("job", job.pk),
        estate_id=_HOUSE,
        actor=actor,
        at=at,
        note=reason.strip(),
        values={"task": job.task, "attempts": job.attempts, "error": rules.in_a_sentence(job.last_error)},
    )


def requeue(job: Job, *, at: datetime) -> None:
    """Give a failed job a new series of attempts.

    Refused when it did not fail, or when the same work waits already.
    """
    if not Job.objects.filter(pk=job.pk, status=JobStatus.FAILED).exists():
        raise NotRequeued("只有失败的任务可以重做")
    if job.dedupe_key and queue().is_unfinished(job.dedupe_key):
        raise NotRequeued("同样的任务已在排队,不必重做")
    if not queue().requeue(job, at=at):
        raise NotRequeued("只有失败的任务可以重做")


def put_back(job: Job, *, at: datetime) -> bool:
    """Let the failed row wait again. Refused when the same work came to wait meanwhile."""
    try:
        with transaction.atomic():
            return _move(Job.objects.filter(pk=job.pk), REQUEUE, attempts=0, run_after=at, finished_at=None)
    except IntegrityError:
        raise NotRequeued("同样的任务已在排队,不必重做") from None


def forget_done(*, before: datetime, limit: int = 1_000) -> int:
    """Delete jobs that were done before the moment, a batch at a time; failed ones stay."""
    old = Job.objects.filter(status=JobStatus.DONE, finished_at__lt=before).order_by("finished_at")
    deleted, _ = Job.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()
    return deleted


@transaction.atomic
def synchronise(schedules: Sequence[Schedule], *, at: datetime) -> None:
    """Bring the rows in line with the declared schedules; an unchanged one keeps its next run."""
    ScheduleRow.objects.exclude(name__in=[schedule.name for schedule in schedules]).delete()
    for schedule in schedules:
        path, every, daily_at = schedule.task.module_path, schedule.every, schedule.daily_at
        first = rules.first_slot(every=every, daily_at=daily_at, now=at, zone=get_default_timezone())
        declared = {"task": path, "every": every, "daily_at": daily_at}
        row, _ = ScheduleRow.objects.get_or_create(name=schedule.name, defaults={"next_run_at": first, **declared})
        if (row.every, row.daily_at) != (every, daily_at):
            ScheduleRow.objects.filter(pk=row.pk).update(next_run_at=first, **declared)
        elif row.task != path:
            ScheduleRow.objects.filter(pk=row.pk).update(task=path)


def start_due_schedules(*, at: datetime) -> int:
    """Enqueue the job of every schedule whose time has come; of several workers one does it."""
    return sum(_start(row, at) for row in ScheduleRow.objects.filter(next_run_at__lte=at))


@transaction.atomic
def _start(row: ScheduleRow, at: datetime) -> bool:
    slot = rules.next_slot(
        every=row.every, daily_at=row.daily_at, previous=row.next_run_at, now=at, zone=get_default_timezone()
    )
    mine = ScheduleRow.objects.filter(pk=row.pk, next_run_at=row.next_run_at)
    if mine.update(next_run_at=slot, last_run_at=at) != 1:
        return False
    key = rules.key_of(row.name)
    # A run that waits for its retry is brought forward; one that still runs makes this slot unnecessary.
    if queue().bring_forward(key, at=at):
        return True
    if queue().is_unfinished(key):
        return False
    try:
        task = task_at(row.task)
    except (ImportError, TypeError):
        log.exception("schedule %s names a task that is not there", row.name)
        return False
    queue().add(replace(task, dedupe_key=key), args=(), kwargs={}, at=at)
    return True


def _lease(job: Job, *, worker: str, at: datetime, lease: timedelta) -> bool:
    seen = Job.objects.filter(pk=job.pk, attempts=job.attempts, lease_until=job.lease_until)
    if job.status == JobStatus.RUNNING and job.attempts >= job.max_attempts:
        lost = {"last_error_type": "", "last_error": f"执行者 {job.leased_by} 中断,租约到期"}
        _move(seen, GIVE_UP, lease_until=None, finished_at=at, **lost)
        return False
    step = CLAIM if job.status == JobStatus.READY else TAKE_OVER
    held = {"leased_by": worker, "lease_until": at + lease, "attempts": job.attempts + 1, "started_at": at}
    # What was asked before a start is answered by it; only later requests ask for another run.
    return _move(seen, step, asked_again=False, **held)


def _ask_again(key: str, run_after: datetime) -> Job | None:
    """Find the unfinished job with the key. Writing to it keeps workers off it until the caller commits."""
    sooner = Case(When(attempts=0, run_after__gt=run_after, then=Value(run_after)), default=F("run_after"))
    same = Job.objects.filter(dedupe_key=key)
    found = same.filter(status=JobStatus.READY).update(run_after=sooner) or same.filter(
        status=JobStatus.RUNNING
    ).update(asked_again=True)
    return queries.unfinished_with_key(key).first() if found else None


def _repeat(held: QuerySet[Job], at: datetime) -> bool:
    return _move(held.filter(asked_again=True), REPEAT, asked_again=False, attempts=0, run_after=at, lease_until=None)


def _held(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, leased_by=job.leased_by, attempts=job.attempts)


def _move(jobs: QuerySet[Job], step: Step, **fields: Any) -> bool:
    return jobs.filter(status=step.source).update(status=step.target, **fields) == 1
