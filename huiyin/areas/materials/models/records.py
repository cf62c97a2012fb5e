"""Counts of stock, purchase plans (F-29) and the sheets of items that were handed in."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials.models.items import Item
from huiyin.areas.materials.models.places import Place
from huiyin.areas.materials.models.quantities import QuantityField
from huiyin.areas.materials.states import CountStatus, SheetStatus
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.guards import APPEND_ONLY, Guard
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.money.fields import MoneyField


class Count(models.Model):
    """A stocktaking of one place: begun with what should be there, posted whole or not at all."""

    journal_name: ClassVar[str] = "materials.count"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    number = models.CharField("编号", max_length=40, unique=True)
    status = models.CharField("状态", max_length=10, choices=CountStatus, default=CountStatus.OPEN)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField("开始")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField("过账", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=CountStatus.values), name="count_status"),
            models.UniqueConstraint(fields=["place"], condition=Q(status="open"), name="one_count_at_a_time"),
        ]
        indexes = [models.Index(fields=["estate", "-id"], name="counts_latest")]

    def __str__(self) -> str:
        return self.number

    @property
    def thread(self) -> str:
        return f"count:{self.pk}"


class CountLine(models.Model):
    """What should be there of an item, what is, and why they differ."""

    count = models.ForeignKey(Count, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    expected = QuantityField("账面")
    counted = QuantityField("实盘", null=True)
    reason = models.CharField("原因", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["count", "item"], name="one_count_line"),
            models.CheckConstraint(
                condition=Q(expected__gte=0) & (Q(counted=None) | Q(counted__gte=0)), name="counted_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count_id}: {self.item_id}"


class Plan(models.Model):
    """采购计划: what is to be bought, as it was decided on that day."""

    journal_name: ClassVar[str] = "materials.plan"
    guard: ClassVar[Guard] = APPEND_ONLY

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    number = models.CharField("编号", max_length=40, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("编制")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["estate", "-id"], name="plans_latest")]

    def __str__(self) -> str:
        return self.number


class PlanLine(models.Model):
    """So much of an item is to be bought; what lay in the stores then, and what it should cost."""

    guard: ClassVar[Guard] = APPEND_ONLY

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    stock = QuantityField("现存")
    least = QuantityField("最低库存")
    quantity = QuantityField("采购数量")
    cost = MoneyField("进价", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "item"], name="one_plan_line"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="planned_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.item_id} × {self.quantity}"


class ItemSheet(models.Model):
    """A sheet of items, prices and opening stock that somebody handed in: kept, checked, taken in when confirmed."""

    journal_name: ClassVar[str] = "materials.sheet"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField("状态", max_length=10, choices=SheetStatus, default=SheetStatus.CHECKED)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    report = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(status__in=SheetStatus.values), name="sheet_status")]
        indexes = [models.Index(fields=["estate", "-id"], name="sheets_latest")]

    def __str__(self) -> str:
        return f"{self.pk} {self.get_status_display()}"

    @property
    def thread(self) -> str:
        return f"sheet:{self.pk}"
