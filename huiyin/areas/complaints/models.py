"""投诉: what a case of this kind has besides."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.areas.cases.models import Case
from huiyin.areas.complaints.states import ComplaintStatus
from huiyin.areas.staffing.models import Department


class Severity(models.TextChoices):
    MINOR = "minor", "一般"
    IMPORTANT = "important", "重要"
    MAJOR = "major", "重大"


class Responsibility(models.TextChoices):
    INTERNAL = "internal", "本单位"
    EXTERNAL = "external", "外单位"


class Validity(models.TextChoices):
    VALID = "valid", "有效"
    INVALID = "invalid", "无效"
    VEXATIOUS = "vexatious", "恶意"


class Complaint(models.Model):
    """Urgency stands on the case; severity and responsible side stand here: three separate questions."""

    journal_name: ClassVar[str] = "complaints.complaint"

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    estate_id = models.BigIntegerField()
    status = models.CharField("状态", max_length=12, choices=ComplaintStatus, default=ComplaintStatus.REGISTERED)
    severity = models.CharField("严重程度", max_length=10, choices=Severity, default=Severity.MINOR)
    responsibility = models.CharField("责任方", max_length=10, choices=Responsibility, default=Responsibility.INTERNAL)
    about_department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="被投诉部门"
    )
    about_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="被投诉人",
    )
    reply_letter_only = models.BooleanField("上级只要求复函", default=False)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    finding = models.TextField("核实情况", blank=True)
    validity = models.CharField("是否成立", max_length=10, choices=Validity, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    method = models.TextField("处理办法", blank=True)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任部门"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolve_by = models.DateTimeField("解决时间", null=True, blank=True)
    reply = models.TextField("答复", blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ComplaintStatus.values), name="complaint_status"),
            models.CheckConstraint(
                condition=~Q(status__in=["decided", "replied", "closed"])
                | (~Q(method="") & Q(department__isnull=False) & Q(decided_by__isnull=False)),
                name="decided_has_method_and_department",
            ),
            models.CheckConstraint(
                condition=Q(about_person=None) | Q(decided_by=None) | ~Q(decided_by=models.F("about_person")),
                name="never_decided_by_the_complained",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["replied", "closed"]) | (~Q(reply="") & Q(replied_at__isnull=False)),
                name="replied_has_reply",
            ),
        ]
        indexes = [models.Index(fields=["estate_id", "status"], name="complaint_by_status")]

    def __str__(self) -> str:
        return str(self.case_id)

    @property
    def thread(self) -> str:
        return f"case:{self.case_id}"
