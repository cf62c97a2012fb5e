"""What a repair may cost and why: posted prices, warranties, the terms of an order. Rows are added, never changed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.areas.estate.models import Building, Estate, Unit
from huiyin.areas.repairs.models.orders import LocationKind, WorkOrder
from huiyin.areas.repairs.models.past import PastOrder
from huiyin.areas.repairs.rules.warranties import OUTCOMES
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.guards import APPEND_ONLY, Guard
from huiyin.foundation.money.fields import MoneyField


class ChargeKind(models.TextChoices):
    FREE = "free", "无偿"
    PAID = "paid", "有偿"


class WarrantyKind(models.TextChoices):
    BUILDER = "builder", "开发商"
    OWN = "own", "本公司维修"


class TariffItem(models.Model):
    """收费标准: one posted price from a day on. Another price of the same code is another row from a later day."""

    guard: ClassVar[Guard] = APPEND_ONLY
    journal_name: ClassVar[str] = "repairs.tariff"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    code = models.CharField("编码", max_length=20)
    title = models.CharField("项目", max_length=60)
    category = models.CharField("类别", max_length=20, blank=True)
    unit = models.CharField("单位", max_length=10)
    price = MoneyField("单价")
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True, blank=True)
    published_date = models.DateField("公示日期")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "code", "valid_from"], name="one_price_a_day"),
            models.CheckConstraint(condition=Q(price__gt=0), name="price_is_positive"),
            models.CheckConstraint(
                condition=Q(published_date__lte=F("valid_from")), name="price_is_posted_before_it_holds"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="price_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class TariffSheet(models.Model):
    """A sheet of prices that was handed in; it is compared anew whenever it is looked at, and when it is taken in."""

    journal_name: ClassVar[str] = "repairs.tariff_sheet"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    added = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.pk}"


class Warranty(models.Model):
    """保修: until when somebody answers for a part of a unit or a building. Day 0 is `from_date`; `to_date` still counts.

    Of the builder the row with the highest id counts for a place and part: a corrected handover is another row.
    """

    guard: ClassVar[Guard] = APPEND_ONLY
    journal_name: ClassVar[str] = "repairs.warranty"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField("谁保修", max_length=10, choices=WarrantyKind)
    part = models.CharField("部位", max_length=20, blank=True)
    fault = models.CharField("故障", max_length=60, blank=True)
    from_date = models.DateField("起")
    to_date = models.DateField("止")
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    past_order = models.ForeignKey(PastOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=WarrantyKind.values), name="warranty_kind"),
            models.CheckConstraint(
                condition=Q(unit=None, building__isnull=False) | Q(unit__isnull=False, building=None),
                name="warranty_of_one_place",
            ),
            models.CheckConstraint(condition=Q(to_date__gte=F("from_date")), name="warranty_ends_after_start"),
            models.CheckConstraint(
                condition=Q(kind="own", order__isnull=False, past_order=None)
                | Q(kind="own", order=None, past_order__isnull=False)
                | Q(kind="builder", order=None, past_order=None),
                name="own_warranty_has_order",
            ),
            models.UniqueConstraint(fields=["order"], condition=Q(kind="own"), name="one_own_warranty"),
            models.UniqueConstraint(fields=["past_order"], condition=Q(kind="own"), name="one_past_warranty"),
        ]
        indexes = [
            models.Index(fields=["unit", "kind"], condition=Q(unit__isnull=False), name="warranty_of_unit"),
            models.Index(fields=["building"], condition=Q(building__isnull=False), name="warranty_of_building"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.part or self.fault} {self.from_date}–{self.to_date}"

    @property
    def repair(self) -> WorkOrder | PastOrder | None:
        """The repair it answers for, of ours or of the time before; none when it is the builder's."""
        return self.order or self.past_order


class Terms(models.Model):
    """收费决定: what was found about an order and what was decided; the latest row of an order counts."""

    guard: ClassVar[Guard] = APPEND_ONLY
    journal_name: ClassVar[str] = "repairs.terms"

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="+")
    location_kind = models.CharField("部位", max_length=12, choices=LocationKind)
    part = models.CharField("部件", max_length=20)
    outcome = models.CharField("保修", max_length=10, choices=OUTCOMES)
    warranty = models.ForeignKey(Warranty, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    basis = models.CharField("怎么查的", max_length=200, blank=True)
    charge = models.CharField("收费", max_length=4, choices=ChargeKind, blank=True)
    over = models.BooleanField("保修期内仍收费", default=False)
    reason = models.CharField("原因", max_length=200, blank=True)
    supplied = models.CharField("客户自备", max_length=200, blank=True)
    survey = models.BooleanField("要先上门查勘", default=False)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(charge__in=["", *ChargeKind.values]), name="terms_charge"),
            models.CheckConstraint(condition=Q(outcome__in=[code for code, _ in OUTCOMES]), name="terms_outcome"),
            models.CheckConstraint(
                condition=~Q(charge="paid") | Q(outcome="none") | (Q(over=True) & ~Q(reason="")),
                name="paid_is_out_of_warranty",
            ),
            models.CheckConstraint(
                condition=~Q(charge="paid") | ~Q(outcome__in=["unknown", "common"]), name="paid_warranty_is_known"
            ),
        ]
        indexes = [models.Index(fields=["order", "-id"], name="latest_terms")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.outcome} {self.charge}"

    @property
    def is_paid(self) -> bool:
        return self.charge == ChargeKind.PAID
