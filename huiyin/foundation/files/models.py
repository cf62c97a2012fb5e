"""What is kept of a file. The bytes lie under MEDIA_ROOT; a row never changes and is never deleted."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.foundation.guards import WATCHED, Guard


class StoredFile(models.Model):
    """One kept file. `sha256` and `size` are those of the bytes on disk, after cleaning."""

    guard: ClassVar[Guard] = WATCHED

    estate_id = models.BigIntegerField(null=True, blank=True)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=100)
    original_name = models.CharField(max_length=200)
    stored_name = models.CharField(max_length=60, unique=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="file_not_empty")]
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="file_subject")]

    def __str__(self) -> str:
        return f"{self.original_name} ({self.content_type})"

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")
