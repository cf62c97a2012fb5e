"""The days and hours by which promises are counted, as data: each year's notice, an estate's hours, dated exceptions."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class HolidayYear(models.Model):
    """The State Council's notice for one year, or a correction of it: the highest revision holds.

    `days` maps ISO dates to [name, "off" | "work"].
    """

    year = models.PositiveSmallIntegerField()
    revision = models.PositiveSmallIntegerField(default=1)
    days = models.JSONField()
    source = models.CharField(max_length=200)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "revision"], name="one_holiday_year")]

    def __str__(self) -> str:
        return f"{self.year} 年放假安排"


class OpeningHours(models.Model):
    """When an estate's channel is open, from a day on: seven lists of [from, to), Monday first; "24 h" is 00:00–24:00."""

    estate_id = models.BigIntegerField()
    channel = models.CharField(max_length=30)
    effective_from = models.DateField()
    week = models.JSONField()
    on_holidays = models.BooleanField(default=False)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate_id", "channel", "effective_from"], name="one_opening_hours")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.effective_from}"


class DatedHours(models.Model):
    """An exception for one day of one estate's channel; a later one for the same day replaces it (`replaced_at`)."""

    estate_id = models.BigIntegerField()
    channel = models.CharField(max_length=30)
    day = models.DateField()
    slots = models.JSONField()
    reason = models.CharField(max_length=120)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate_id", "channel", "day"], condition=Q(replaced_at=None), name="one_dated_hours"
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None) | Q(replaced_at__gte=F("set_at")), name="dated_hours_replaced_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.day}"
