"""The append-only record: history on pages, audit trail, and the facts that areas react to, in one table."""

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One thing that happened. `thread` gathers what belongs to one matter."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    estate_id = models.BigIntegerField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    thread = models.CharField(max_length=30, blank=True)
    note = models.TextField(blank=True)
    rule = models.CharField(max_length=80, blank=True)
    values = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["thread", "id"], name="journal_thread"),
            models.Index(fields=["estate_id", "kind", "at"], name="journal_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}:{self.subject_id}"
