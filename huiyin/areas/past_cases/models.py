"""Where matters taken over from other books came from, each with its key there, so that it is taken over once."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate
from huiyin.areas.past_cases.states import SheetStatus
from huiyin.foundation.files.models import StoredFile


class Source(models.Model):
    """Another book: a system that was replaced, a file. `as_of` is when it was written: open matters were open then."""

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField("来源", max_length=40)
    title = models.CharField("名称", max_length=80)
    as_of = models.DateTimeField("截至", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "code"], name="one_source")]

    def __str__(self) -> str:
        return self.title


class SourceFlag(models.TextChoices):
    """What the other book itself says about the promise."""

    UNKNOWN = "", "没说"
    ON_TIME = "on_time", "按时"
    OVERDUE = "overdue", "逾期"


class ImportedCase(models.Model):
    """A matter taken over: its key in the other book, what it was called there, and how it was judged there."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    key = models.CharField("来源编号", max_length=80)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    label = models.CharField("来源类别", max_length=120, blank=True)
    flag = models.CharField("来源标记", max_length=10, choices=SourceFlag, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="imported_once"),
            models.CheckConstraint(condition=models.Q(flag__in=["", "on_time", "overdue"]), name="source_flag"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.key}"


class OrderSheet(models.Model):
    """One sheet of old repair orders that somebody handed in: kept, checked, and taken in when confirmed.

    `report` holds what the check found or the import did: figures, columns nobody asked for, the first problems.
    """

    journal_name: ClassVar[str] = "past_cases.sheet"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField("状态", max_length=10, choices=SheetStatus, default=SheetStatus.CHECKING)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    done_rows = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(status__in=SheetStatus.values), name="order_sheet_status")]
        indexes = [models.Index(fields=["estate", "-id"], name="order_sheets_latest")]

    def __str__(self) -> str:
        return f"{self.pk} {self.get_status_display()}"

    @property
    def thread(self) -> str:
        return f"past_sheet:{self.pk}"
