"""设备台账 (S3-104): what there is, of which model, how many, where, and its overhauls."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.upkeep.states import EquipmentStatus
from huiyin.foundation.guards import APPEND_ONLY, Guard
from huiyin.foundation.money.fields import MoneyField


class EquipmentKind(models.TextChoices):
    LIFT = "lift", "电梯"
    WATER = "water", "给排水"
    POWER = "power", "供配电"
    LIGHTING = "lighting", "照明"
    FIRE = "fire", "消防"
    SECURITY = "security", "安防门禁"
    AIR = "air", "通风空调"
    HEATING = "heating", "供暖"
    OTHER = "other", "其他"


class Equipment(models.Model):
    """One line of the ledger: a piece, or several alike in one place."""

    journal_name: ClassVar[str] = "upkeep.equipment"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    code = models.CharField("编号", max_length=30)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=10, choices=EquipmentKind)
    model = models.CharField("型号", max_length=60, blank=True)
    quantity = models.PositiveIntegerField("数量", default=1)
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    place = models.CharField("位置", max_length=80, blank=True)
    since_date = models.DateField("投用", null=True, blank=True)
    status = models.CharField("状态", max_length=10, choices=EquipmentStatus, default=EquipmentStatus.IN_USE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "code"], name="one_equipment"),
            models.CheckConstraint(condition=Q(status__in=EquipmentStatus.values), name="equipment_status"),
            models.CheckConstraint(condition=Q(kind__in=EquipmentKind.values), name="equipment_kind"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="equipment_counted"),
        ]
        indexes = [models.Index(fields=["estate", "name", "id"], name="equipment_by_name")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return f"{self.name}({self.code})"

    @property
    def thread(self) -> str:
        return f"equipment:{self.pk}"

    @property
    def where(self) -> str:
        """Where it stands, building and place in one breath."""
        return " ".join(part for part in (str(self.building) if self.building else "", self.place) if part)


class OverhaulKind(models.TextChoices):
    MEDIUM = "medium", "中修"
    MAJOR = "major", "大修"
    REPLACED = "replaced", "更换主要部件"


class Overhaul(models.Model):
    """大中修 of a piece of equipment."""

    guard: ClassVar[Guard] = APPEND_ONLY

    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, related_name="overhauls")
    kind = models.CharField("类别", max_length=10, choices=OverhaulKind)
    done_on = models.DateField("日期")
    what = models.CharField("内容", max_length=300)
    by_whom = models.CharField("谁做的", max_length=80)
    cost = MoneyField("费用", null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OverhaulKind.values), name="overhaul_kind"),
            models.CheckConstraint(condition=Q(cost=None) | Q(cost__gte=0), name="overhaul_cost"),
        ]
        indexes = [models.Index(fields=["equipment", "-done_on"], name="overhauls_of_equipment")]

    def __str__(self) -> str:
        return f"{self.equipment_id} {self.done_on}"
