"""Webhooks: who is told of which facts, each telling, and every attempt at it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.foundation.guards import UNGUARDED, Guard
from huiyin.foundation.journal.models import Entry


class Endpoint(models.Model):
    """An address of another program. Its secret is derived from `salt` and the key of the house, and not kept.

    `kinds` names facts by their code (empty: every one), `estates` the estates it is told of.
    """

    guard: ClassVar[Guard] = UNGUARDED

    journal_name: ClassVar[str] = "webhooks.endpoint"

    name = models.CharField("名称", max_length=60)
    url = models.CharField("地址", max_length=400)
    salt = models.CharField(max_length=32)
    kinds = models.JSONField("事件", default=list)
    estates = models.JSONField("小区")
    active = models.BooleanField("启用", default=True)
    made_at = models.DateTimeField("建立")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "待发"
    DELIVERED = "delivered", "已送达"
    DEAD = "dead", "未送达"


class Delivery(models.Model):
    """One fact to be told to one endpoint. Telling it again keeps its number, by which the other side knows it."""

    guard: ClassVar[Guard] = UNGUARDED

    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="deliveries")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "entry"], name="told_once"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="delivery_next"),
            models.Index(fields=["endpoint", "-id"], name="delivery_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.entry_id}"


class Attempt(models.Model):
    """What came of one attempt: the status answered, or why there was none."""

    guard: ClassVar[Guard] = UNGUARDED

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    took_ms = models.PositiveIntegerField()
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["delivery", "id"], name="attempt_of_delivery")]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.status}"
