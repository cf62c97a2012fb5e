"""维修工程: planned work in stages, each accepted, then the whole; and the homes it touched (S0-22, S3-124)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.areas.estate.models import Estate, Household, Person, Unit
from huiyin.areas.upkeep.states import ProjectStatus, StageStatus
from huiyin.foundation.guards import APPEND_ONLY, Guard
from huiyin.foundation.money.fields import MoneyField


class Project(models.Model):
    journal_name: ClassVar[str] = "upkeep.project"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    number = models.CharField("编号", max_length=40, unique=True)
    title = models.CharField("名称", max_length=80)
    text = models.TextField("内容", blank=True)
    place = models.CharField("地点", max_length=80)
    contractor = models.CharField("施工单位", max_length=80, blank=True)
    budget = MoneyField("预算", null=True)
    responsible = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begins_on = models.DateField("计划开工")
    ends_on = models.DateField("计划竣工")
    status = models.CharField("状态", max_length=10, choices=ProjectStatus, default=ProjectStatus.PLANNED)
    opened_at = models.DateTimeField("立项")
    started_at = models.DateTimeField("开工", null=True)
    completed_at = models.DateTimeField("竣工", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ProjectStatus.values), name="project_status"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="project_ends_after_start"),
            models.CheckConstraint(condition=Q(budget=None) | Q(budget__gte=0), name="project_budget"),
            models.CheckConstraint(
                condition=Q(status="completed", completed_at__isnull=False)
                | (~Q(status="completed") & Q(completed_at=None)),
                name="completed_project_has_time",
            ),
        ]
        indexes = [models.Index(fields=["estate", "-id"], name="projects_listed")]

    def __str__(self) -> str:
        return self.number

    @property
    def thread(self) -> str:
        return f"project:{self.pk}"

    @property
    def done_by(self) -> str:
        """Who does the work: the contractor, or our own people."""
        return self.contractor or "自己施工"


class Stage(models.Model):
    journal_name: ClassVar[str] = "upkeep.stage"

    estate_id = models.BigIntegerField()
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="stages")
    position = models.PositiveSmallIntegerField()
    title = models.CharField("工序", max_length=60)
    begins_on = models.DateField("计划开始")
    ends_on = models.DateField("计划完成")
    responsible = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField("状态", max_length=10, choices=StageStatus, default=StageStatus.WAITING)
    started_at = models.DateTimeField("开始", null=True)
    handed_in_at = models.DateTimeField("报验", null=True)
    accepted_at = models.DateTimeField("验收", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "position"], name="one_stage"),
            models.CheckConstraint(condition=Q(status__in=StageStatus.values), name="stage_status"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="stage_ends_after_start"),
            models.CheckConstraint(
                condition=Q(status="accepted", accepted_at__isnull=False)
                | (~Q(status="accepted") & Q(accepted_at=None)),
                name="accepted_stage_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def thread(self) -> str:
        return f"project:{self.project_id}"


class Result(models.TextChoices):
    PASS = "pass", "合格"
    FAIL = "fail", "不合格"


class Acceptance(models.Model):
    """Somebody looked at a stage, or at the whole when no stage is named, and said what came of it."""

    guard: ClassVar[Guard] = APPEND_ONLY
    journal_name: ClassVar[str] = "upkeep.acceptance"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="acceptances")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, null=True, related_name="acceptances")
    result = models.CharField("结论", max_length=4, choices=Result)
    remarks = models.TextField("意见", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(result__in=Result.values), name="acceptance_result"),
            models.CheckConstraint(condition=Q(result="pass") | ~Q(remarks=""), name="rejection_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.result}"


class ProjectHome(models.Model):
    """A home the project touched. Who lives there is looked up when the project is completed: they are asked."""

    journal_name: ClassVar[str] = "upkeep.home"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="homes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "unit"], name="one_home")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.unit_id}"

    @property
    def thread(self) -> str:
        return f"home:{self.pk}"
