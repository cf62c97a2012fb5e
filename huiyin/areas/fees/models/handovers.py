"""现金交接: what one person took in cash is counted by another in the same shift (S0:54)."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.areas.estate.models import Estate
from huiyin.areas.fees.states import HandoverStatus
from huiyin.foundation.guards import Guard
from huiyin.foundation.money.fields import MoneyField


class CashHandover(models.Model):
    """`expected` is what the receipts say, `counted` what lay on the table. A difference is explained in `remark`."""

    journal_name: ClassVar[str] = "fees.handover"
    guard: ClassVar[Guard] = Guard(kept=True, but=("status", "receiver_id", "counted", "remark", "ended_at"))

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    number = models.CharField("交接单号", max_length=40, unique=True)
    status = models.CharField("状态", max_length=10, choices=HandoverStatus, default=HandoverStatus.OFFERED)
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    expected = MoneyField("应交")
    counted = MoneyField("实点", null=True, blank=True)
    note = models.TextField("交款人说明", blank=True)
    remark = models.TextField("清点说明", blank=True)
    offered_at = models.DateTimeField("交出")
    ended_at = models.DateTimeField("清点", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=HandoverStatus.values), name="handover_status"),
            models.CheckConstraint(
                condition=Q(receiver=None) | ~Q(receiver=F("giver")), name="cash_is_counted_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(status="received") | (Q(receiver__isnull=False) & Q(counted__isnull=False)),
                name="received_cash_was_counted",
            ),
            models.CheckConstraint(
                condition=Q(counted=None) | Q(counted=F("expected")) | ~Q(remark=""),
                name="cash_difference_is_explained",
            ),
        ]
        indexes = [models.Index(fields=["estate", "status", "-id"], name="handovers_of_estate")]

    def __str__(self) -> str:
        return self.number

    @property
    def difference(self) -> Decimal:
        """What was counted over what the receipts say; nothing while it was not counted."""
        return Decimal(0) if self.counted is None else self.counted - self.expected

    @property
    def thread(self) -> str:
        return f"handover:{self.pk}"
