"""库存: the places where material lies, how much lies there, and every movement between them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import rules
from huiyin.areas.materials.models.items import Item
from huiyin.areas.materials.models.places import Place
from huiyin.areas.materials.models.quantities import QuantityField
from huiyin.areas.materials.models.requisitions import RequisitionLine
from huiyin.foundation.guards import APPEND_ONLY, Guard
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.money.fields import MoneyField


class MovementKind(models.TextChoices):
    OPENING = "opening", "期初"
    RECEIVE = "receive", "入库"
    SURPLUS = "surplus", "盘盈"
    ISSUE = "issue", "发料"
    RETURN = "return", "退料"
    TRANSFER = "transfer", "调拨"
    USE = "use", "用料"
    HAND_OUT = "hand_out", "领用"
    SHORTAGE = "shortage", "盘亏"
    WRITE_OFF = "write_off", "报废"


class Holding(models.Model):
    """How much of an item lies in a place: the sum of its movements, kept."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="holdings")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="holdings")
    quantity = QuantityField("数量")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "place"], name="one_holding"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="stock_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}@{self.place_id}: {self.quantity}"


class Movement(models.Model):
    """So much of an item came, went or changed hands. Never changed, never taken back: a mistake is moved back.

    `taker` is the colleague it was handed out to; `subject` is what it was used for.
    """

    guard: ClassVar[Guard] = APPEND_ONLY

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("事由", max_length=10, choices=MovementKind)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="movements")
    from_place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    to_place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    quantity = QuantityField("数量")
    unit_price = MoneyField("单价", null=True)
    line = models.ForeignKey(RequisitionLine, on_delete=models.PROTECT, null=True, related_name="movements")
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    subject_label = models.CharField("用在", max_length=60, blank=True)
    taker = models.CharField("领用人", max_length=60, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MovementKind.values), name="movement_kind"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="movement_positive"),
            models.CheckConstraint(
                condition=Q(kind__in=rules.COMES, from_place=None, to_place__isnull=False)
                | Q(kind__in=rules.GOES, from_place__isnull=False, to_place=None)
                | Q(kind__in=rules.PASSES, from_place__isnull=False, to_place__isnull=False),
                name="movement_places",
            ),
            models.CheckConstraint(
                condition=Q(from_place=None) | Q(to_place=None) | ~Q(from_place=F("to_place")),
                name="movement_goes_elsewhere",
            ),
            models.CheckConstraint(
                condition=~Q(kind="use") | (~Q(subject_type="") & Q(subject_id__isnull=False)),
                name="use_has_subject",
            ),
            models.CheckConstraint(condition=~Q(kind="hand_out") | ~Q(taker=""), name="hand_out_has_taker"),
            models.CheckConstraint(
                condition=~Q(kind__in=["surplus", "shortage", "write_off"]) | ~Q(note=""),
                name="difference_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["item", "-id"], name="movements_of_item"),
            models.Index(fields=["subject_type", "subject_id"], name="movements_of_subject"),
            models.Index(fields=["estate", "kind", "at"], name="movements_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id} × {self.quantity}"
