"""Housekeeping, to be listed among the schedules: answers given to programs are forgotten after two days."""

from datetime import timedelta

from django.utils.timezone import now
from django_tasks import task

from huiyin.foundation.idempotency import replies

KEPT = timedelta(hours=48)


@task
def forget_old_replies() -> int:
    """Delete answers that are older than KEPT, batch by batch."""
    before, deleted = now() - KEPT, 0
    while batch := replies.forget_replies(before=before):
        deleted += batch
    return deleted
