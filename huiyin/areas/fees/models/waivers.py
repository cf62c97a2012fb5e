"""减免和退款: asked by one person with a reason, decided by another; the database itself refuses the same one twice."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.areas.fees.models.charges import Charge
from huiyin.areas.fees.models.receipts import Receipt
from huiyin.areas.fees.states import WaiverStatus
from huiyin.foundation.guards import Guard
from huiyin.foundation.money.fields import MoneyField


class WaiverKind(models.TextChoices):
    WAIVE = "waive", "减免"
    REFUND = "refund", "退款"


class Waiver(models.Model):
    """A refund gives back money of one receipt; `owed_again` says that it is to be paid once more."""

    journal_name: ClassVar[str] = "fees.waiver"
    guard: ClassVar[Guard] = Guard(kept=True, but=("status", "decided_by_id", "decided_at", "decision"))

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="waivers")
    estate_id = models.BigIntegerField()
    kind = models.CharField("类别", max_length=8, choices=WaiverKind, default=WaiverKind.WAIVE)
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owed_again = models.BooleanField("退后重新收取", default=False)
    amount = MoneyField("金额")
    reason = models.TextField("理由")
    status = models.CharField("状态", max_length=12, choices=WaiverStatus, default=WaiverStatus.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("审批", null=True, blank=True)
    decision = models.TextField("审批意见", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=WaiverStatus.values), name="waiver_status"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="waiver_takes_two_people"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(reason=""), name="waiver_says_how_much_and_why"),
            models.CheckConstraint(
                condition=Q(kind="waive", receipt=None, owed_again=False) | Q(kind="refund", receipt__isnull=False),
                name="refund_names_its_receipt",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["asked", "taken_back"], decided_by=None)
                | Q(status__in=["approved", "refused"], decided_by__isnull=False, decided_at__isnull=False),
                name="decided_waiver_says_by_whom",
            ),
            models.UniqueConstraint(fields=["charge"], condition=Q(status="asked"), name="one_waiver_asked_at_a_time"),
        ]
        indexes = [models.Index(fields=["estate_id", "status", "-id"], name="waivers_of_estate")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.charge_id}"

    @property
    def thread(self) -> str:
        return self.charge.thread
