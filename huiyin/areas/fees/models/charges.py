"""收费单: what somebody owes for one thing that was done, line by line."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.fees.models.slips import MonthlySlip
from huiyin.areas.fees.rules import trimmed
from huiyin.areas.fees.states import ChargeStatus
from huiyin.foundation.guards import APPEND_ONLY, Guard
from huiyin.foundation.money.fields import MoneyField


class Settlement(models.TextChoices):
    AT_ONCE = "at_once", "当场结"
    MONTHLY = "monthly", "月结"


class Charge(models.Model):
    """`owed` is always the amount less what was paid and what was waived; kept so that it can be listed and checked.

    What is charged for is known by type and id only (`subject_type`, `subject_id`), its matter by `thread`.
    """

    journal_name: ClassVar[str] = "fees.charge"
    guard: ClassVar[Guard] = Guard(
        kept=True,
        but=("status", "paid", "waived", "owed", "payer", "collector_id", "settlement", "slip_id", "closed_at"),
    )

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    number = models.CharField("收费单号", max_length=40, unique=True)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    thread = models.CharField(max_length=30, blank=True)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    payer = models.CharField("付款人", max_length=60, blank=True)
    unit = models.CharField("房屋", max_length=40, blank=True)
    title = models.CharField("收费内容", max_length=120)
    amount = MoneyField("金额")
    paid = MoneyField("已收", default=0)
    waived = MoneyField("已减免", default=0)
    owed = MoneyField("待收")
    status = models.CharField("状态", max_length=12, choices=ChargeStatus, default=ChargeStatus.OPEN)
    settlement = models.CharField("结算", max_length=8, choices=Settlement, default=Settlement.AT_ONCE)
    collector = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    slip = models.ForeignKey(MonthlySlip, on_delete=models.PROTECT, null=True, blank=True, related_name="charges")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("开单")
    closed_at = models.DateTimeField("了结", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ChargeStatus.values), name="charge_status"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, paid__gte=0, waived__gte=0, owed__gte=0), name="charge_amounts"
            ),
            models.CheckConstraint(
                condition=Q(status="open", owed__gt=0, closed_at=None)
                | Q(status="settled", owed=0, paid__gt=0, closed_at__isnull=False)
                | Q(status="waived", owed=0, paid=0, closed_at__isnull=False)
                | Q(status="withdrawn", paid=0, closed_at__isnull=False),
                name="charge_is_settled_when_paid",
            ),
            models.CheckConstraint(condition=Q(slip=None) | Q(settlement="monthly"), name="slips_hold_monthly_charges"),
            models.UniqueConstraint(
                fields=["subject_type", "subject_id"], condition=Q(status="open"), name="one_open_charge_a_subject"
            ),
        ]
        indexes = [
            models.Index(fields=["estate", "status", "-id"], name="charges_of_estate"),
            models.Index(fields=["thread"], name="charges_of_thread"),
            models.Index(fields=["household", "status"], name="charges_of_household"),
            models.Index(fields=["collector", "status"], name="charges_of_collector"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status == ChargeStatus.OPEN


class ChargeItem(models.Model):
    """One line of a charge. `amount` was rounded when the line was made and is never worked out again."""

    guard: ClassVar[Guard] = APPEND_ONLY

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="items")
    title = models.CharField("项目", max_length=120)
    quantity = models.DecimalField("数量", max_digits=10, decimal_places=3)
    unit = models.CharField("单位", max_length=12, blank=True)
    unit_price = models.DecimalField("单价", max_digits=12, decimal_places=4)
    amount = MoneyField("金额")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0, unit_price__gte=0), name="charge_item_figures")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def how_much(self) -> str:
        """The quantity as people write it: 1.5 米."""
        return f"{trimmed(self.quantity)} {self.unit}".strip()

    @property
    def each(self) -> str:
        """The unit price with as many places as it has, two at least."""
        return trimmed(self.unit_price, least=2)
