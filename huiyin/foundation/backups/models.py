"""Every attempt at a backup, good or not. The archives themselves lie outside the database."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huiyin.foundation.guards import UNGUARDED, Guard


class Backup(models.Model):
    """One attempt. Without an error the archive was written, read again from end to end, and every sum agreed."""

    guard: ClassVar[Guard] = UNGUARDED

    at = models.DateTimeField()
    seconds = models.PositiveIntegerField(default=0)
    path = models.CharField(max_length=500, blank=True)
    size = models.BigIntegerField(default=0)
    tables = models.PositiveIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    damaged_files = models.PositiveIntegerField(default=0)
    encrypted = models.BooleanField(default=False)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(error="") | Q(size__gt=0) & ~Q(path=""), name="backup_good_or_said_why")
        ]
        indexes = [models.Index(fields=["at"], name="backup_at")]

    def __str__(self) -> str:
        return self.path or self.error
