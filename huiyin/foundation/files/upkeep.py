"""The store's own housekeeping, to be listed among the schedules: bytes that no row points at are swept."""

from datetime import timedelta

from django.utils.timezone import now
from django_tasks import task

from huiyin.foundation.files import operations

KEPT = timedelta(days=1)


@task
def sweep_orphaned_files() -> int:
    """Delete bytes without a row that are older than KEPT."""
    return operations.sweep_orphans(before=now() - KEPT)
