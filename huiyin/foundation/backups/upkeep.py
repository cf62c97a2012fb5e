"""The daily backup, to be listed among the schedules."""

from django.conf import settings
from django.utils.timezone import now
from django_tasks import task

from huiyin.foundation.backups import operations


@task(max_attempts=3)
def back_up() -> str:
    """Make a backup into the configured folder, sealed when a key is configured, and thin the old ones."""
    made = operations.make_backup(settings.BACKUP_DIR, passphrase=settings.BACKUP_KEY, at=now())
    operations.thin(settings.BACKUP_DIR)
    return made.path
