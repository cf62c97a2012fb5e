"""维修单 of the time before this house: what the order had besides its case, as the other book tells it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huiyin.areas.cases.models import Case
from huiyin.foundation.guards import APPEND_ONLY, Guard
from huiyin.foundation.money.fields import MoneyField


class PastOrder(models.Model):
    """以前的维修单: taken over once by its number. Nobody signed for it here, so it is no `WorkOrder`.

    The technician is a name: he may never have had an account. What was reported and what came of it stand in the case.
    """

    guard: ClassVar[Guard] = APPEND_ONLY
    journal_name: ClassVar[str] = "repairs.past_order"

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    estate_id = models.BigIntegerField()
    number = models.CharField("原单号", max_length=40)
    dispatched_at = models.DateTimeField("派单", null=True, blank=True)
    arrived_at = models.DateTimeField("到达", null=True, blank=True)
    finished_at = models.DateTimeField("完工", null=True, blank=True)
    accepted_at = models.DateTimeField("验收", null=True, blank=True)
    closed_at = models.DateTimeField("修好", null=True, blank=True)
    technician = models.CharField("维修人", max_length=60, blank=True)
    charge = models.CharField("收费", max_length=4, choices=[("free", "无偿"), ("paid", "有偿")], blank=True)
    amount = MoneyField("金额", default=0)
    materials = models.TextField("材料", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate_id", "number"], name="past_order_once"),
            models.CheckConstraint(condition=Q(charge__in=["", "free", "paid"]), name="past_order_charge"),
            models.CheckConstraint(
                condition=Q(amount=0) | (Q(charge="paid") & Q(amount__gt=0)), name="past_order_paid_amount"
            ),
        ]

    def __str__(self) -> str:
        return self.number
