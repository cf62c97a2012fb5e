"""Jobs that wait in rows of ours when the house moves to a database where another backend keeps them."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django_tasks import task_backends

from huiyin.foundation.jobs.backend import LeasedBackend
from huiyin.foundation.jobs.models import Job
from huiyin.foundation.jobs.states import UNFINISHED
from huiyin.foundation.jobs.tasks import once, task_at


def hand_over(*, at: datetime) -> int:
    """Enqueue every unfinished row anew with the backend in use, for the time it was to run at; return how many.

    Where the backend in use keeps rows itself nothing is to be done.
    """
    if isinstance(task_backends["default"], LeasedBackend):
        return 0
    waiting = list(Job.objects.filter(status__in=UNFINISHED).order_by("pk"))
    for job in waiting:
        run_after = job.run_after if job.run_after > at else None
        task = replace(task_at(job.task), priority=job.priority, run_after=run_after)
        with transaction.atomic():
            once(task, job.dedupe_key).enqueue(*job.args, **job.kwargs)
            job.delete()
    return len(waiting)
