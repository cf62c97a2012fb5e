"""Samples: the running count of each stratum and every decision, taken or not."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huiyin.foundation.guards import Guard
from huiyin.standards.models.written import Rule


class Stratum(models.Model):
    """The running count of one stratum of one sampling rule in one period, with the seed of its blocks."""

    estate_id = models.BigIntegerField()
    rule_code = models.CharField(max_length=80)
    period = models.CharField(max_length=7)
    key = models.CharField(max_length=120, blank=True)
    seed = models.CharField(max_length=32)
    seen = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate_id", "rule_code", "period", "key"], name="one_stratum"),
            models.CheckConstraint(condition=Q(taken__lte=F("seen")), name="taken_of_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_code} {self.period} {self.key}"


class Draw(models.Model):
    """One sampling decision, taken or not. `position` counts from 0 in the stratum; exempt ones have none.

    A matter closed again is another event and drawn again: one decision for each closing.
    """

    # Of one that was not drawn it may be said later that its household had had enough.
    guard: ClassVar[Guard] = Guard(kept=True, but=("reason",))

    stratum = models.ForeignKey(Stratum, on_delete=models.PROTECT, related_name="draws")
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    thread = models.CharField(max_length=30)
    position = models.PositiveIntegerField(null=True)
    taken = models.BooleanField()
    reason = models.CharField(max_length=40)
    window_from = models.DateTimeField()
    window_to = models.DateTimeField()
    household_id = models.BigIntegerField(null=True)
    tops_up = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="topped_up_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject_type", "subject_id", "at"], condition=Q(tops_up=None), name="drawn_once"
            )
        ]
        indexes = [
            models.Index(fields=["thread"], name="draw_thread"),
            models.Index(fields=["household_id", "at"], condition=Q(taken=True), name="drawn_of_household"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type}:{self.subject_id} {'抽中' if self.taken else '未抽中'}"
