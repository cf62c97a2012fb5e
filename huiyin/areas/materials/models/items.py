"""材料目录: the items of an estate and their dated prices by quantity."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials.models.quantities import QuantityField
from huiyin.foundation.guards import APPEND_ONLY, Guard
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.money.fields import MoneyField


class Item(models.Model):
    """One material. `least` is the stock below which it is bought again, `up_to` how far."""

    journal_name: ClassVar[str] = "materials.item"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    code = models.CharField("编码", max_length=30)
    name = models.CharField("品名", max_length=60)
    spec = models.CharField("规格", max_length=60, blank=True)
    unit = models.CharField("单位", max_length=10)
    least = QuantityField("最低库存", default=0)
    up_to = QuantityField("补到", null=True, blank=True)
    active = models.BooleanField("在用", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "code"], name="one_item_a_code"),
            models.CheckConstraint(condition=Q(least__gte=0), name="least_not_negative"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name="") & ~Q(unit=""), name="item_is_named"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return f"{self.name} {self.spec}".strip()

    @property
    def thread(self) -> str:
        return f"material:{self.pk}"


class PriceList(models.Model):
    """The prices of an item from a day on, until the next list: the newest whose day has come is in force."""

    guard: ClassVar[Guard] = APPEND_ONLY

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="price_lists")
    valid_from = models.DateField("生效")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["item", "valid_from", "id"], name="prices_of_item")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.valid_from}"


class PriceBand(models.Model):
    """One band of a price list: from this quantity on."""

    guard: ClassVar[Guard] = APPEND_ONLY

    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="bands")
    from_quantity = QuantityField("起")
    cost = MoneyField("进价")
    charge = MoneyField("收费价")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["price_list", "from_quantity"], name="one_price_a_band"),
            models.CheckConstraint(
                condition=Q(from_quantity__gte=0) & Q(cost__gte=0) & Q(charge__gte=0), name="price_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_quantity}+ {self.charge}"
