"""The queue's own housekeeping, to be listed among the schedules: jobs done a month ago are forgotten."""

from datetime import timedelta

from django.utils.timezone import now
from django_tasks import task

from huiyin.foundation.jobs.queue import queue

KEPT = timedelta(days=30)


@task
def forget_done_jobs() -> int:
    """Delete jobs that were done longer ago than KEPT, batch by batch."""
    before, deleted = now() - KEPT, 0
    while batch := queue().forget_done(before=before, limit=1_000):
        deleted += batch
    return deleted
