"""《固定资产台账》 (S2-77, F-30): what the department owns, of which model, worth how much, where it is and who keeps it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials.states import ENDED, AssetStatus
from huiyin.foundation.money.fields import MoneyField


class FixedAsset(models.Model):
    """One asset. Who holds it now; whoever held it before stands in the journal.

    `value` is what it was bought for, in yuan. `reason` and `ended_at` say why and when it was scrapped or lost;
    `checked_date` is when somebody last saw it.
    """

    journal_name: ClassVar[str] = "materials.asset"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    number = models.CharField("资产编号", max_length=40)
    name = models.CharField("名称", max_length=60)
    model = models.CharField("型号", max_length=60, blank=True)
    value = MoneyField("价值", null=True, blank=True)
    bought_date = models.DateField("购置", null=True, blank=True)
    location = models.CharField("存放地点", max_length=80)
    keeper = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField("状态", max_length=10, choices=AssetStatus, default=AssetStatus.IN_USE)
    reason = models.CharField("报废、遗失原因", max_length=200, blank=True)
    ended_at = models.DateTimeField("报废、遗失", null=True, blank=True)
    checked_date = models.DateField("上次盘点", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "number"], name="one_asset_a_number"),
            models.CheckConstraint(condition=Q(status__in=AssetStatus.values), name="asset_status"),
            models.CheckConstraint(condition=~Q(number="") & ~Q(name="") & ~Q(location=""), name="asset_is_named"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=0), name="asset_value"),
            models.CheckConstraint(
                condition=(Q(status__in=ENDED, ended_at__isnull=False) & ~Q(reason=""))
                | (~Q(status__in=ENDED) & Q(ended_at=None, reason="")),
                name="ended_asset_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["estate", "status", "number"], name="assets_listed")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return f"{self.name}({self.number})"

    @property
    def thread(self) -> str:
        return f"asset:{self.pk}"

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def keeper_left(self) -> bool:
        """Whether it still stands with somebody who has left."""
        return not self.ended and not self.keeper.is_active
