"""客户来电来访登记: the front desk's ledger, one line a contact, never deleted."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate, Household, Person, Unit
from huiyin.areas.repairs.models import Incident
from huiyin.areas.service_desk.states import ContactStatus


class Channel(models.TextChoices):
    CALL = "call", "来电"
    VISIT = "visit", "来访"
    LETTER = "letter", "来信"
    MAIL = "mail", "邮件"
    ONLINE = "online", "网上"
    MAILBOX = "mailbox", "意见箱"
    HEARD = "heard", "员工听到"


class Contact(models.Model):
    """`received_at` is the server's time; `written_at` the time on a paper that was keyed in later."""

    journal_name: ClassVar[str] = "service_desk.contact"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, db_index=False, related_name="+")
    number = models.CharField("序号", max_length=40, unique=True)
    status = models.CharField("结果", max_length=10, choices=ContactStatus, default=ContactStatus.OPEN)
    channel = models.CharField("方式", max_length=10, choices=Channel)
    received_at = models.DateTimeField("时间")
    written_at = models.DateTimeField("书面时间", null=True, blank=True)
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name="接待人员"
    )
    caller_name = models.CharField("来电人", max_length=60, blank=True)
    caller_phone = models.CharField("电话", max_length=24, blank=True)
    caller_unit = models.CharField("房屋", max_length=40, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField("内容")
    answer = models.TextField("答复", blank=True)
    promised_at = models.DateTimeField("约定时间", null=True, blank=True)
    promised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ContactStatus.values), name="contact_status"),
            models.CheckConstraint(condition=~Q(status="answered") | ~Q(answer=""), name="answered_contact_has_answer"),
            models.CheckConstraint(
                condition=~Q(status="promised") | Q(promised_at__isnull=False, promised_by__isnull=False),
                name="promised_contact_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["answered", "passed_on"], settled_at__isnull=False)
                | Q(status__in=["open", "promised"], settled_at=None),
                name="settled_contact_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["estate", "received_at", "id"], name="contact_by_time"),
            models.Index(fields=["unit", "received_at"], name="contact_by_unit"),
            models.Index(fields=["estate", "status", "received_at"], name="contact_by_status"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def thread(self) -> str:
        return f"contact:{self.pk}"

    @property
    def caller(self) -> str:
        return " ".join(part for part in (self.caller_unit, self.caller_name or "匿名") if part)


class ContactCase(models.Model):
    """A case that came out of a contact."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="outcomes")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.contact_id} → {self.case_id}"


class IncidentCaller(models.Model):
    """Somebody who asked about an incident: told its sentence at once; who wants to hear the end is told then."""

    journal_name: ClassVar[str] = "service_desk.incident_caller"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="asked_about")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    wants_telling = models.BooleanField("结束了要告诉他", default=False)
    told_at = models.DateTimeField("告诉了", null=True, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    told_how = models.CharField("怎么告诉的", max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(told_at=None, told_by=None, told_how="")
                | (Q(wants_telling=True, told_at__isnull=False, told_by__isnull=False) & ~Q(told_how="")),
                name="told_by_somebody_somehow",
            )
        ]
        indexes = [
            models.Index(fields=["incident", "id"], name="callers_of_incident"),
            models.Index(
                fields=["incident", "id"], condition=Q(wants_telling=True, told_at=None), name="callers_to_be_told"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} ← {self.contact_id}"
