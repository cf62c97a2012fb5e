"""How an estate gives out its orders, and what is written when a rule or a colleague does: offers, turns, transfers."""

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.areas.cases.models import Urgency
from huiyin.areas.repairs.models.orders import WorkOrder
from huiyin.foundation.guards import APPEND_ONLY, Guard


class DispatchMode(models.TextChoices):
    ASSIGNMENT = "assignment", "班长派单"
    GRAB = "grab", "抢单"
    ROTATION = "rotation", "轮派"


class DispatchPolicy(models.Model):
    """How orders of one urgency are given out in an estate. `load_cap` and `per_slot` 0: no limit.

    `mode_since`: only orders opened from then on are given by the rule.
    """

    journal_name: ClassVar[str] = "repairs.dispatch_policy"

    estate_id = models.BigIntegerField()
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency)
    mode = models.CharField("派法", max_length=10, choices=DispatchMode, default=DispatchMode.ASSIGNMENT)
    mode_since = models.DateTimeField()
    load_cap = models.PositiveSmallIntegerField("每人手上最多", default=0)
    grab_minutes = models.PositiveSmallIntegerField("抢单等多久", default=10)
    slots_from = models.TimeField("第一个时段", default=time(8))
    slots_until = models.TimeField("最后一个时段到", default=time(18))
    slot_minutes = models.PositiveSmallIntegerField("一个时段多长", default=120)
    per_slot = models.PositiveSmallIntegerField("每人一个时段几家", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate_id", "urgency"], name="one_dispatch_policy"),
            models.CheckConstraint(condition=Q(mode__in=DispatchMode.values), name="dispatch_mode"),
            models.CheckConstraint(condition=Q(slots_until__gt=F("slots_from")), name="slots_end_after_they_begin"),
            models.CheckConstraint(
                condition=Q(slot_minutes__gte=30) & Q(grab_minutes__gte=1), name="slots_and_grabbing_last"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.estate_id} {self.urgency} {self.mode}"


class FaultSkill(models.Model):
    """Which skill an estate asks for a fault (code of a category), where it differs from the shipped list; empty: any hands."""

    journal_name: ClassVar[str] = "repairs.fault_skill"

    estate_id = models.BigIntegerField()
    fault = models.CharField("故障", max_length=60)
    skill = models.CharField("要会", max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate_id", "fault"], name="one_skill_a_fault")]

    def __str__(self) -> str:
        return f"{self.fault} {self.skill}"


class OfferState(models.TextChoices):
    OPEN = "open", "抢单中"
    TAKEN = "taken", "已抢"
    LAPSED = "lapsed", "没人抢"
    WITHDRAWN = "withdrawn", "另行派出"


class Offer(models.Model):
    """抢单: an order that waits lies open to whoever is fit, until a time."""

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="offers")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lapses_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OPEN)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(state="open"), name="one_open_offer"),
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="offer_state"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | ~Q(state="open") & Q(ended_at__isnull=False),
                name="offer_ends_once",
            ),
            models.CheckConstraint(condition=~Q(state="taken") | Q(taken_by__isnull=False), name="offer_taken_by"),
            models.CheckConstraint(condition=Q(lapses_at__gt=F("opened_at")), name="offer_lapses_later"),
        ]
        indexes = [models.Index(fields=["lapses_at"], condition=Q(state="open"), name="offers_to_lapse")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"


class Turn(models.Model):
    """轮派: whose turn it was, and when. The next one is whose last turn lies furthest back."""

    guard: ClassVar[Guard] = APPEND_ONLY

    estate_id = models.BigIntegerField()
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="+")
    technician = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["estate_id", "technician", "given_at"], name="last_turn")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.technician_id}"


class TransferState(models.TextChoices):
    ASKED = "asked", "等对方接"
    TAKEN = "taken", "已接走"
    DECLINED = "declined", "对方不接"
    ENDED = "ended", "不转了"


class Transfer(models.Model):
    """转单: a technician asks a colleague to take over an order. Until the other takes it, it stays where it is."""

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="transfers")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("原因", max_length=200)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=TransferState, default=TransferState.ASKED)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(state="asked"), name="one_transfer_asked"),
            models.CheckConstraint(condition=Q(state__in=TransferState.values), name="transfer_state"),
            models.CheckConstraint(
                condition=Q(state="asked", ended_at=None) | ~Q(state="asked") & Q(ended_at__isnull=False),
                name="transfer_ends_once",
            ),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="transfer_to_another"),
        ]
        indexes = [models.Index(fields=["receiver"], condition=Q(state="asked"), name="transfers_to_answer")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.giver_id} {self.receiver_id}"
