"""What a visit keeps beside its order: what was agreed, who let the technician in, the checklist, photos, a soiled floor.

Rows are added when something is decided and never changed; the newest counts.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.areas.cases.models import Case
from huiyin.areas.repairs.models.orders import WorkOrder
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.guards import APPEND_ONLY, Guard


class EntryMode(models.TextChoices):
    PERSON = "person", "当面同意"
    PHONE = "phone", "电话里同意"
    MESSAGE = "message", "短信、微信同意"
    KEYS = "keys", "留了钥匙,委托进门"


class VisitStage(models.TextChoices):
    ENTER = "enter", "进门"
    LEAVE = "leave", "离开"


class PhotoStage(models.TextChoices):
    BEFORE = "before", "修前"
    AFTER = "after", "修后"


class VisitPlan(models.Model):
    """What was said when the visit was agreed: the work, and about how long it takes."""

    guard: ClassVar[Guard] = APPEND_ONLY

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="+")
    work = models.CharField("做什么", max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField("大约多久", null=True, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.order_id} {self.minutes}"


class UnitEntry(models.Model):
    """The door of a unit: who agreed that the technician comes in and how, or why he did not.

    Who agreed is struck out when the data of that person are erased.
    """

    guard: ClassVar[Guard] = Guard(kept=True, but=("consent_by",))

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="+")
    let_in = models.BooleanField("进了门")
    consent_by = models.CharField("谁同意进门", max_length=60, blank=True)
    consent_mode = models.CharField("怎么同意的", max_length=10, choices=EntryMode, blank=True)
    why = models.CharField("原因", max_length=200, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(let_in=False) & ~Q(why="")
                | Q(let_in=True) & ~Q(consent_by="") & Q(consent_mode__in=EntryMode.values),
                name="entry_by_consent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.let_in}"


class VisitCheck(models.Model):
    """One item of the checklist as the technician ticked it; what was not done says why, where a reason was given."""

    guard: ClassVar[Guard] = APPEND_ONLY

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField("时候", max_length=6, choices=VisitStage)
    code = models.CharField("检查项", max_length=20)
    done = models.BooleanField("做到")
    why = models.CharField("没做到的原因", max_length=200, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(stage__in=VisitStage.values), name="check_stage")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.code}"


class VisitPhoto(models.Model):
    """Whether a picture of the order shows it before or after the work."""

    guard: ClassVar[Guard] = APPEND_ONLY

    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField("时候", max_length=6, choices=PhotoStage)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(stage__in=PhotoStage.values), name="photo_stage")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.stage}"


class Spill(models.Model):
    """A floor the work soiled, and the matter by which cleaning was sent."""

    guard: ClassVar[Guard] = APPEND_ONLY

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.order_id} {self.case_id}"
