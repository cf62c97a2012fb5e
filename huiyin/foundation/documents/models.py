"""A batch of prints that runs as a job: what was asked for, how far it is, and the file it became."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.guards import UNGUARDED, Guard


class PrintRun(models.Model):
    """`wanted` are the ids of the records that were listed when somebody pressed the button, in that order; `purpose`
    is what for, in words, and stands on every page.
    """

    guard: ClassVar[Guard] = UNGUARDED
    journal_name: ClassVar[str] = "documents.run"

    estate_id = models.BigIntegerField()
    form = models.CharField("表单", max_length=8)
    title = models.CharField(max_length=60)
    wanted = models.JSONField()
    origin = models.CharField(max_length=200)
    purpose = models.CharField("用途", max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total__gt=0), name="print_run_not_empty"),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="print_run_no_further_than_its_end"),
        ]
        indexes = [models.Index(fields=["made_by", "-id"], name="print_run_latest")]

    def __str__(self) -> str:
        return f"{self.form} {self.title} × {self.total}"

    @property
    def job_key(self) -> str:
        return f"print:{self.pk}"
