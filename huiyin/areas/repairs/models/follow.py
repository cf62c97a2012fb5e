"""What follows a closed order: its two copies, what was talked about with the resident, and contact details told anew."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Household, Occupancy, Person
from huiyin.areas.repairs.models.orders import WorkOrder
from huiyin.areas.repairs.states import ContactChangeStatus


class Materials(models.TextChoices):
    AGREE = "agree", "与领料相符"
    DIFFER = "differ", "与领料不符"
    NONE = "none", "没有用料"


class OrderCopies(models.Model):
    """The two copies of an accepted order: the first to the foreman (S0-67), the second back to the desk (S0-64)."""

    journal_name: ClassVar[str] = "repairs.copies"

    order = models.OneToOneField(WorkOrder, on_delete=models.PROTECT, related_name="copies")
    estate_id = models.BigIntegerField()
    expected_at = models.DateTimeField()
    back_at = models.DateTimeField("第二联交回", null=True, blank=True)
    back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    materials = models.CharField("核对用料", max_length=8, choices=Materials, blank=True)
    materials_note = models.CharField("用料不符", max_length=200, blank=True)
    seen_at = models.DateTimeField("第一联核对", null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    seen_note = models.CharField("核对意见", max_length=200, blank=True)
    training = models.BooleanField("作培训材料", default=False)
    training_note = models.CharField("培训要点", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(back_at=None, back_by=None, materials="")
                | (Q(back_at__isnull=False, back_by__isnull=False) & Q(materials__in=Materials.values)),
                name="copy_back_is_checked",
            ),
            models.CheckConstraint(
                condition=~Q(materials="differ") | ~Q(materials_note=""), name="differing_materials_are_explained"
            ),
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_by=None, training=False)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="copy_seen_by_somebody",
            ),
            models.CheckConstraint(condition=Q(training=False) | ~Q(training_note=""), name="training_says_what"),
        ]
        indexes = [
            models.Index(fields=["estate_id", "expected_at"], condition=Q(back_at=None), name="copies_not_back"),
            models.Index(fields=["estate_id", "expected_at"], condition=Q(seen_at=None), name="copies_not_seen"),
            models.Index(fields=["estate_id", "seen_at"], condition=Q(training=True), name="copies_for_training"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}"


class Attitude(models.TextChoices):
    PLEASED = "pleased", "满意"
    CALM = "calm", "平和"
    WORRIED = "worried", "有顾虑"
    ANGRY = "angry", "不满"


class CommunicationNote(models.Model):
    """业户沟通情况: what a technician told the desk about talking with the resident (S0-65, S0-66; F-25)."""

    journal_name: ClassVar[str] = "repairs.talk"

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="talks")
    estate_id = models.BigIntegerField()
    talked_at = models.DateTimeField("沟通时间")
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("录入")
    points = models.TextField("沟通要点")
    attitude = models.CharField("态度", max_length=8, choices=Attitude, default=Attitude.CALM)
    needs = models.TextField("需求", blank=True)
    follow_up = models.TextField("后续要办", blank=True)
    follow_up_case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(points=""), name="talk_has_points"),
            models.CheckConstraint(
                condition=Q(follow_up="") | Q(follow_up_case__isnull=False), name="follow_up_is_somebodys"
            ),
        ]
        indexes = [
            models.Index(fields=["estate_id", "talked_at"], name="talks_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.talked_at:%Y-%m-%d}"

    @property
    def thread(self) -> str:
        return self.order.thread


class ContactChange(models.Model):
    """Name and phone as confirmed on an order (S0-57). Where they differ from the roster, somebody decides."""

    journal_name: ClassVar[str] = "repairs.contact"

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="contact_changes")
    estate_id = models.BigIntegerField()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField("身份", max_length=10, choices=Occupancy.Kind, blank=True)
    status = models.CharField("状态", max_length=10, choices=ContactChangeStatus)
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("电话", max_length=24)
    old_name = models.CharField("原姓名", max_length=60, blank=True)
    old_phone = models.CharField("原电话", max_length=24, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField("核实时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ContactChangeStatus.values), name="contact_change_status"),
            models.CheckConstraint(
                condition=Q(status__in=["same", "proposed"], decided_at=None, decided_by=None)
                | Q(status__in=["accepted", "refused"], decided_at__isnull=False, decided_by__isnull=False),
                name="contact_change_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("confirmed_by")), name="four_eyes_on_contacts"
            ),
            models.UniqueConstraint(fields=["order"], condition=Q(status="proposed"), name="one_contact_change_waits"),
        ]
        indexes = [
            models.Index(fields=["estate_id", "id"], condition=Q(status="proposed"), name="contact_changes_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.status}"

    @property
    def thread(self) -> str:
        return self.order.thread
