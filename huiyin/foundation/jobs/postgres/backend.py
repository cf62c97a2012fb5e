"""The django-tasks backend over Procrastinate. TASKS = {"default": {"BACKEND": "….ProcrastinateBackend"}}."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django_tasks import TaskResult
from django_tasks.exceptions import TaskResultDoesNotExist

from huiyin.foundation.jobs.backend import QueueBackend, result_of
from huiyin.foundation.jobs.models import Job
from huiyin.foundation.jobs.postgres import rows, running
from huiyin.foundation.jobs.queue import Standing
from huiyin.foundation.jobs.tasks import LeasedTask, task_at


class ProcrastinateBackend(QueueBackend):
    is_procrastinate = True

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """Say how the job stands. What it returned is not kept on this engine."""
        found = rows.find("j.id = %s", int(result_id)) if result_id.isdecimal() else []
        if not found:
            raise TaskResultDoesNotExist(result_id)
        job = found[0]
        dead = Job.objects.filter(queue_id=job.pk).first()
        if dead:
            job.last_error, job.last_error_type = dead.last_error, dead.last_error_type
        return result_of(job, task_at(job.task), self.alias)

    def add(self, task: LeasedTask[..., Any], *, args: Sequence[Any], kwargs: dict[str, Any], at: datetime) -> Job:
        return rows.find("j.id = %s", rows.defer(task, args=args, kwargs=kwargs, at=at))[0]

    def bring_forward(self, key: str, *, at: datetime) -> bool:
        return rows.bring_forward(key, at=at)

    def is_unfinished(self, key: str) -> bool:
        return rows.is_unfinished(key)

    def requeue(self, job: Job, *, at: datetime) -> bool:
        return running.requeue(job, at=at)

    def standing(self, at: datetime) -> Standing:
        return rows.standing(at)

    def forget_done(self, *, before: datetime, limit: int) -> int:
        return rows.forget_done(before=before, limit=limit)
