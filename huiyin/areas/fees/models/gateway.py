"""扫码付款: what the company's payment gateway was asked to collect, and what came of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.areas.fees.models.charges import Charge
from huiyin.areas.fees.states import IntentStatus
from huiyin.foundation.guards import Guard
from huiyin.foundation.money.fields import MoneyField


class PaymentIntent(models.Model):
    """`reference` is ours and goes out with the code; `transaction` is the gateway's and comes back with the money."""

    journal_name: ClassVar[str] = "fees.intent"
    guard: ClassVar[Guard] = Guard(kept=True, but=("status", "transaction", "received", "ended_at"))

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="intents")
    estate_id = models.BigIntegerField()
    reference = models.CharField("付款编号", max_length=40, unique=True)
    gateway = models.CharField("通道", max_length=20)
    payload = models.TextField("二维码内容")
    amount = MoneyField("金额")
    status = models.CharField("状态", max_length=10, choices=IntentStatus, default=IntentStatus.PENDING)
    transaction = models.CharField("通道流水号", max_length=64, blank=True)
    received = MoneyField("到账金额", null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("出码")
    ended_at = models.DateTimeField("结果时间", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=IntentStatus.values), name="intent_status"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="intent_amount"),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "lapsed"]) | (~Q(transaction="") & Q(received__isnull=False)),
                name="arrived_intent_says_what_came",
            ),
            models.UniqueConstraint(fields=["charge"], condition=Q(status="pending"), name="one_code_at_a_time"),
            models.UniqueConstraint(
                fields=["gateway", "transaction"], condition=~Q(transaction=""), name="one_intent_a_transaction"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def thread(self) -> str:
        return self.charge.thread
