"""What the django-tasks backends of both engines have in common, and the one that keeps jobs as leased rows. TASKS = {"default": {"BACKEND": "….LeasedBackend"}}."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.utils import normalize_json

from huiyin.foundation.jobs import bell, operations, queries
from huiyin.foundation.jobs.models import Job
from huiyin.foundation.jobs.queue import Standing
from huiyin.foundation.jobs.states import JobStatus
from huiyin.foundation.jobs.tasks import LeasedTask, task_at

_STATUSES = {
    JobStatus.READY: TaskResultStatus.READY,
    JobStatus.RUNNING: TaskResultStatus.RUNNING,
    JobStatus.DONE: TaskResultStatus.SUCCESSFUL,
    JobStatus.FAILED: TaskResultStatus.FAILED,
    JobStatus.DROPPED: TaskResultStatus.FAILED,
}


class QueueBackend(BaseTaskBackend):
    """What both engines promise django-tasks; where a job waits, each says in `add`."""

    task_class = LeasedTask
    supports_defer = True
    supports_async_task = True
    supports_get_result = True
    supports_priority = True
    is_procrastinate = False

    def add(self, task: LeasedTask[..., Any], *, args: Sequence[Any], kwargs: dict[str, Any], at: datetime) -> Job:
        raise NotImplementedError

    def enqueue(self, task: Task[..., Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Add a job in the caller's transaction: rolled back with it, run after it."""
        self.validate_task(task)
        assert isinstance(task, LeasedTask)
        job = self.add(task, args=normalize_json(args), kwargs=normalize_json(kwargs), at=timezone.now())
        return result_of(job, task, self.alias)


class LeasedBackend(QueueBackend):
    def get_result(self, result_id: str) -> TaskResult[Any]:
        try:
            job = Job.objects.get(pk=result_id)
        except (Job.DoesNotExist, ValidationError, ValueError):
            raise TaskResultDoesNotExist(result_id) from None
        return result_of(job, task_at(job.task), self.alias)

    def add(self, task: LeasedTask[..., Any], *, args: Sequence[Any], kwargs: dict[str, Any], at: datetime) -> Job:
        transaction.on_commit(bell.ring)
        return operations.enqueue(task, args=args, kwargs=kwargs, at=at)

    def bring_forward(self, key: str, *, at: datetime) -> bool:
        return bool(Job.objects.filter(dedupe_key=key, status=JobStatus.READY).update(run_after=at))

    def is_unfinished(self, key: str) -> bool:
        return queries.unfinished_with_key(key).exists()

    def requeue(self, job: Job, *, at: datetime) -> bool:
        return operations.put_back(job, at=at)

    def standing(self, at: datetime) -> Standing:
        return queries.standing_of_rows(at)

    def forget_done(self, *, before: datetime, limit: int) -> int:
        return operations.forget_done(before=before, limit=limit)


def result_of(job: Job, task: LeasedTask[..., Any], alias: str) -> TaskResult[Any]:
    """Say in the terms of django-tasks how the job stands."""
    errors = [TaskError(exception_class_path=job.last_error_type, traceback=job.last_error)] if job.last_error else []
    result: TaskResult[Any] = TaskResult(
        task=task,
        id=str(job.pk),
        status=_STATUSES[JobStatus(job.status)],
        enqueued_at=job.enqueued_at,
        started_at=job.started_at,
        last_attempted_at=job.started_at,
        finished_at=job.finished_at,
        args=job.args,
        kwargs=job.kwargs,
        backend=alias,
        errors=errors,
        worker_ids=[job.leased_by] * job.attempts,
    )
    object.__setattr__(result, "_return_value", job.result)
    return result
