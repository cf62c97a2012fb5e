"""维护检修计划 (S3-53, F-28): a task on a piece of equipment every so often, and each time it falls due."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing.models import Post
from huiyin.areas.upkeep.models.equipment import Equipment
from huiyin.areas.upkeep.rules import UNITS, Cycle
from huiyin.areas.upkeep.states import PlanStatus, RoundStatus


class Plan(models.Model):
    """`next_on` is the first due date for which no round is open yet; it only ever goes on by the cycle."""

    journal_name: ClassVar[str] = "upkeep.plan"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, related_name="plans")
    task = models.CharField("任务", max_length=60)
    checklist = models.JSONField("检查项", default=list, blank=True)
    every = models.PositiveSmallIntegerField("每")
    unit = models.CharField("周期", max_length=8, choices=list(UNITS.items()))
    first_on = models.DateField("首次")
    next_on = models.DateField("下次")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField("状态", max_length=10, choices=PlanStatus, default=PlanStatus.RUNNING)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=PlanStatus.values), name="plan_status"),
            models.CheckConstraint(condition=Q(unit__in=list(UNITS)) & Q(every__gt=0), name="plan_cycle"),
        ]
        indexes = [models.Index(fields=["next_on"], condition=Q(status="running"), name="plans_to_open")]

    def __str__(self) -> str:
        return self.task

    @property
    def thread(self) -> str:
        return f"equipment:{self.equipment_id}"

    @property
    def cycle(self) -> Cycle:
        return Cycle(self.every, self.unit, self.first_on)


class Round(models.Model):
    """One due date of a plan. It keeps its time, whenever it is done."""

    journal_name: ClassVar[str] = "upkeep.round"

    estate_id = models.BigIntegerField()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="rounds")
    due_on = models.DateField("应做")
    due_at = models.DateTimeField()
    status = models.CharField("结果", max_length=10, choices=RoundStatus, default=RoundStatus.DUE)
    done_at = models.DateTimeField("做完", null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    left_out = models.JSONField("没做的检查项", default=list)
    remarks = models.CharField("说明", max_length=400, blank=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "due_on"], name="one_round"),
            models.CheckConstraint(condition=Q(status__in=RoundStatus.values), name="round_status"),
            models.CheckConstraint(
                condition=Q(status__in=["due", "dropped"], done_at=None, done_by=None)
                | Q(status__in=["fine", "defect"], done_at__isnull=False, done_by__isnull=False),
                name="done_round_says_by_whom",
            ),
            models.CheckConstraint(
                condition=(Q(status="defect") & Q(case__isnull=False)) | (~Q(status="defect") & Q(case=None)),
                name="defect_is_a_matter",
            ),
        ]
        indexes = [
            models.Index(fields=["estate_id", "-due_at", "-id"], name="rounds_by_due"),
            models.Index(fields=["estate_id", "due_at"], condition=Q(status="due"), name="rounds_owed"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.due_on}"

    @property
    def thread(self) -> str:
        return self.plan.thread

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def was_late(self) -> bool:
        return self.done_at is not None and self.done_at > self.due_at
