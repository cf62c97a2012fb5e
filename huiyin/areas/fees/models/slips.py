"""有偿服务月结单: the paid services of one household in one month, signed once and paid together (S1:30)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.fees.states import SlipStatus
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.guards import Guard
from huiyin.foundation.money.fields import MoneyField


class MonthlySlip(models.Model):
    journal_name: ClassVar[str] = "fees.slip"
    guard: ClassVar[Guard] = Guard(
        kept=True, but=("status", "payer", "signer", "signature_id", "paper_slip", "signed_at", "void_reason")
    )

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    number = models.CharField("单号", max_length=40, unique=True)
    month = models.CharField("月份", max_length=7)
    status = models.CharField("状态", max_length=12, choices=SlipStatus, default=SlipStatus.ISSUED)
    payer = models.CharField("付款人", max_length=60, blank=True)
    unit = models.CharField("房屋", max_length=40)
    amount = MoneyField("合计")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField("出单")
    signer = models.CharField("签认人", max_length=60, blank=True)
    signature = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    paper_slip = models.CharField("纸单编号", max_length=40, blank=True)
    signed_at = models.DateTimeField("签认", null=True, blank=True)
    void_reason = models.TextField("作废原因", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=SlipStatus.values), name="slip_status"),
            models.UniqueConstraint(
                fields=["household", "month"], condition=Q(status="issued"), name="one_slip_to_sign_a_month"
            ),
            models.CheckConstraint(
                condition=~Q(status="signed")
                | (~Q(signer="") & Q(signed_at__isnull=False) & (Q(signature__isnull=False) | ~Q(paper_slip=""))),
                name="signed_slip_says_by_whom",
            ),
            models.CheckConstraint(condition=~Q(status="voided") | ~Q(void_reason=""), name="voided_slip_says_why"),
        ]
        indexes = [models.Index(fields=["estate", "month"], name="slips_of_month")]

    def __str__(self) -> str:
        return self.number

    @property
    def thread(self) -> str:
        return f"slip:{self.pk}"
