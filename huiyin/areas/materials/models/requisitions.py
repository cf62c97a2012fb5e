"""《领料单》: what a technician asks for, what the storekeeper issues, what becomes of it. F-23, clause S0-58."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import rules
from huiyin.areas.materials.models.items import Item
from huiyin.areas.materials.models.places import Place
from huiyin.areas.materials.models.quantities import QuantityField
from huiyin.areas.materials.states import RequisitionStatus
from huiyin.foundation.money.fields import MoneyField


class Requisition(models.Model):
    """One slip. With a subject its material is for that; without one it fills the bag."""

    journal_name: ClassVar[str] = "materials.requisition"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    number = models.CharField("单号", max_length=40, unique=True)
    status = models.CharField("状态", max_length=10, choices=RequisitionStatus, default=RequisitionStatus.ASKED)
    store = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    technician = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    subject_label = models.CharField("用在", max_length=60, blank=True)
    thread = models.CharField(max_length=30, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    asked_at = models.DateTimeField("申领")
    issued_at = models.DateTimeField("发料", null=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField("结清", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=RequisitionStatus.values), name="requisition_status"),
            models.CheckConstraint(
                condition=Q(status__in=["asked", "voided"]) | Q(issued_at__isnull=False, issued_by__isnull=False),
                name="issued_by_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(subject_type="") & Q(subject_id=None))
                | (~Q(subject_type="") & Q(subject_id__isnull=False)),
                name="requisition_subject",
            ),
        ]
        indexes = [
            models.Index(fields=["estate", "status", "-id"], name="requisitions_listed"),
            models.Index(fields=["subject_type", "subject_id"], name="requisitions_of_subject"),
            models.Index(
                fields=["technician"], condition=Q(status__in=["asked", "issued"]), name="requisitions_under_way"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class RequisitionLine(models.Model):
    """One item of a slip. Its counters only ever go up, together with a movement."""

    requisition = models.ForeignKey(Requisition, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    asked = QuantityField("申领")
    issued = QuantityField("实发", default=0)
    used = QuantityField("用了", default=0)
    returned = QuantityField("退回", default=0)
    unit_price = MoneyField("单价", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["requisition", "item"], name="one_line_an_item"),
            models.CheckConstraint(condition=Q(asked__gt=0), name="asked_positive"),
            models.CheckConstraint(
                condition=Q(issued__gte=0, used__gte=0, returned__gte=0, issued__lte=F("asked")),
                name="issued_within_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requisition_id}: {self.item_id} × {self.asked}"

    @property
    def open(self) -> Decimal:
        return rules.still_open(issued=self.issued, used=self.used, returned=self.returned)
