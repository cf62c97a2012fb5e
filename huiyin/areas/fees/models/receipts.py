"""收据: one gapless series an estate and year. Nothing of it is changed: it is voided, or answered by one in red."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.areas.fees.models.charges import Charge
from huiyin.areas.fees.models.gateway import PaymentIntent
from huiyin.areas.fees.models.handovers import CashHandover
from huiyin.areas.fees.states import ReceiptStatus
from huiyin.foundation.guards import Guard
from huiyin.foundation.money.fields import MoneyField


class Mode(models.TextChoices):
    CASH = "cash", "现金"
    QR = "qr", "扫码"
    TRANSFER = "transfer", "转账"


class Receipt(models.Model):
    """`in_till`: the cash went straight to a cashier. A receipt in red has a negative amount and names what it `refunds`."""

    journal_name: ClassVar[str] = "fees.receipt"
    guard: ClassVar[Guard] = Guard(
        kept=True, but=("status", "handover_id", "voided_by_id", "voided_at", "void_reason", "invoice")
    )

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="receipts")
    estate_id = models.BigIntegerField()
    series = models.CharField("字头", max_length=24)
    serial = models.PositiveIntegerField("号")
    number = models.CharField("收据号", max_length=40, unique=True)
    status = models.CharField("状态", max_length=8, choices=ReceiptStatus, default=ReceiptStatus.ISSUED)
    payer = models.CharField("付款人", max_length=60)
    amount = MoneyField("金额")
    capitals = models.CharField("大写", max_length=80)
    mode = models.CharField("方式", max_length=10, choices=Mode)
    reference = models.CharField("凭证号", max_length=64, blank=True)
    cashier = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("收款")
    in_till = models.BooleanField(default=False)
    intent = models.OneToOneField(
        PaymentIntent, on_delete=models.PROTECT, null=True, blank=True, related_name="receipt"
    )
    refunds = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="refunded_by")
    handover = models.ForeignKey(CashHandover, on_delete=models.PROTECT, null=True, blank=True, related_name="receipts")
    invoice = models.CharField("发票号码", max_length=40, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    void_reason = models.TextField("作废原因", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="one_receipt_a_number"),
            models.CheckConstraint(condition=Q(status__in=ReceiptStatus.values), name="receipt_status"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="receipt_mode"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, refunds=None) | Q(amount__lt=0, refunds__isnull=False),
                name="receipt_in_red_names_its_receipt",
            ),
            models.CheckConstraint(
                condition=Q(status="issued", voided_at=None, voided_by=None, void_reason="")
                | (Q(status="voided", voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                name="voided_receipt_says_why",
            ),
            models.CheckConstraint(
                condition=(Q(handover=None) & Q(in_till=False)) | Q(mode="cash"), name="only_cash_is_handed_over"
            ),
            models.CheckConstraint(condition=Q(intent=None) | Q(mode="qr"), name="codes_are_paid_by_code"),
        ]
        indexes = [
            models.Index(fields=["estate_id", "-at"], name="receipts_of_estate"),
            models.Index(
                fields=["cashier"],
                condition=Q(mode="cash", status="issued", in_till=False, handover=None),
                name="cash_in_hand",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def thread(self) -> str:
        return self.charge.thread

    @property
    def is_valid(self) -> bool:
        return self.status == ReceiptStatus.ISSUED
