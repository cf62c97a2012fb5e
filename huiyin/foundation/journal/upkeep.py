"""The record's own housekeeping, to be listed among the schedules: the day that is over is sealed."""

from django.utils.timezone import now
from django_tasks import task

from huiyin.foundation.journal import sealing


@task
def seal_journal() -> int:
    """Seal every day that is over, the missed ones too."""
    return sealing.seal_days(at=now())
