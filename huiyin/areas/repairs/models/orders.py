"""维修单: the work order of a repair, in two copies on paper, one row here."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.areas.cases.models import Case, Urgency
from huiyin.areas.repairs.states import OrderStatus
from huiyin.foundation.files.models import StoredFile


class LocationKind(models.TextChoices):
    IN_UNIT = "in_unit", "户内"
    COMMON_PART = "common_part", "公共部位"


class Acceptance(models.TextChoices):
    SIGNATURE = "signature", "手写签名"
    PAPER = "paper", "纸质签收"


class WorkOrder(models.Model):
    journal_name: ClassVar[str] = "repairs.order"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    estate_id = models.BigIntegerField()
    number = models.CharField("单号", max_length=44, unique=True)
    status = models.CharField("状态", max_length=12, choices=OrderStatus, default=OrderStatus.NEW)
    location_kind = models.CharField("部位", max_length=12, choices=LocationKind, default=LocationKind.IN_UNIT)
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency, default=Urgency.NORMAL)
    large = models.BooleanField("大型维修", default=False)
    technician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField("登记")
    appointment_from = models.DateTimeField("预约自", null=True, blank=True)
    appointment_to = models.DateTimeField("预约至", null=True, blank=True)
    dispatched_at = models.DateTimeField("派单", null=True, blank=True)
    accepted_at = models.DateTimeField("接单", null=True, blank=True)
    arrived_at = models.DateTimeField("到达", null=True, blank=True)
    finished_at = models.DateTimeField("完工", null=True, blank=True)
    closed_at = models.DateTimeField("验收", null=True, blank=True)
    work_done = models.TextField("维修情况", blank=True)
    acceptance = models.CharField("验收方式", max_length=10, choices=Acceptance, blank=True)
    signer = models.CharField("签收人", max_length=60, blank=True)
    signature = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    paper_slip = models.CharField("纸单编号", max_length=40, blank=True)
    paper_written_at = models.DateTimeField("纸单时间", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=OrderStatus.values), name="order_status"),
            models.CheckConstraint(
                condition=Q(status__in=["new", "voided"]) | Q(technician__isnull=False),
                name="dispatched_order_has_technician",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed")
                | (Q(acceptance="signature") & Q(signature__isnull=False))
                | (Q(acceptance="paper") & ~Q(paper_slip="") & ~Q(signer="")),
                name="closed_order_was_accepted",
            ),
            models.CheckConstraint(
                condition=Q(appointment_from=None) | Q(appointment_to__gt=F("appointment_from")),
                name="appointment_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(
                fields=["estate_id", "status", "id"],
                condition=~Q(status__in=["closed", "voided"]),
                name="running_orders",
            ),
            models.Index(fields=["estate_id", "opened_at", "id"], name="orders_by_time"),
            models.Index(
                fields=["technician", "status"],
                condition=~Q(status__in=["closed", "voided"]),
                name="orders_of_technician",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def thread(self) -> str:
        return f"case:{self.case_id}"
