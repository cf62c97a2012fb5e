"""When the last good backup was made, and what became of the others."""

from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import QuerySet

from huiyin.foundation.backups import rules
from huiyin.foundation.backups.models import Backup


def last_good() -> Backup | None:
    """Return the latest backup that was written and read again without fault."""
    return Backup.objects.filter(error="").order_by("-at", "-pk").first()


def age_of_last_good(at: datetime) -> timedelta | None:
    """Return how old the last good backup is, for metrics and alarms; None when there never was one."""
    found = last_good()
    return None if found is None else at - found.at


def is_too_old(found: Backup | None, at: datetime) -> bool:
    return found is None or at - found.at > rules.TOO_OLD


def is_there(found: Backup) -> bool:
    """Say whether this machine still has the archive."""
    return Path(found.path).is_file()


def attempts() -> QuerySet[Backup]:
    return Backup.objects.order_by("-at", "-pk")
