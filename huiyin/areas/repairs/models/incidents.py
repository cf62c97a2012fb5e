"""共因事件: one cause that many people call about, and what the desk tells them; and hints for a building."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.areas.cases.models import Category
from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.repairs.models.orders import WorkOrder
from huiyin.areas.repairs.states import IncidentStatus


class Incident(models.Model):
    """While it runs it says what callers hear and by when it should be over. Who called is kept by the desk."""

    journal_name: ClassVar[str] = "repairs.incident"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    number = models.CharField("编号", max_length=40, unique=True)
    status = models.CharField("状态", max_length=8, choices=IncidentStatus, default=IncidentStatus.OPEN)
    title = models.CharField("什么事", max_length=60)
    sentence = models.CharField("怎么跟来电人说", max_length=200)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    whole_estate = models.BooleanField("全小区", default=False)
    expected_end = models.DateTimeField("预计结束")
    leading_order = models.ForeignKey(
        WorkOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("开始")
    over_at = models.DateTimeField("结束", null=True, blank=True)
    over_sentence = models.CharField("结束了怎么说", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=IncidentStatus.values), name="incident_status"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(sentence=""), name="incident_says_something"),
            models.CheckConstraint(
                condition=Q(status="open", over_at=None)
                | (Q(status="over", over_at__isnull=False) & ~Q(over_sentence="")),
                name="over_incident_says_how",
            ),
            models.CheckConstraint(condition=Q(expected_end__gt=F("opened_at")), name="incident_ends_after_start"),
        ]
        indexes = [
            models.Index(fields=["estate", "id"], condition=Q(status="open"), name="running_incidents"),
            models.Index(fields=["estate", "opened_at"], name="incidents_by_time"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def thread(self) -> str:
        return f"incident:{self.pk}"

    @property
    def is_running(self) -> bool:
        return self.status == IncidentStatus.OPEN

    @property
    def where(self) -> str:
        """Say which buildings it is about; needs `places` read."""
        return "全小区" if self.whole_estate else "、".join(str(place.building) for place in self.places.all())


class IncidentPlace(models.Model):
    """A building the incident is about."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="places")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "building"], name="one_incident_place")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.building_id}"


class BuildingHint(models.Model):
    """What the desk should know of a building (or the estate) for a while: 3 号楼水泵周三检修."""

    journal_name: ClassVar[str] = "repairs.hint"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField("提示", max_length=200)
    since_date = models.DateField("自")
    until_date = models.DateField("至", null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="hint_says_something"),
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("since_date")), name="hint_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["estate", "since_date"], condition=Q(withdrawn_at=None), name="hints_in_force")]

    def __str__(self) -> str:
        return self.text
