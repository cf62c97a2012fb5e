"""存放处: a store, or the bag of a technician."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.areas.estate.models import Estate


class PlaceKind(models.TextChoices):
    STORE = "store", "库房"
    BAG = "bag", "随身"


class Place(models.Model):
    """Where material lies. A bag is its holder's and is made when something is first put into it."""

    journal_name: ClassVar[str] = "materials.place"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=PlaceKind, default=PlaceKind.STORE)
    name = models.CharField("名称", max_length=40)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "name"], condition=Q(kind="store"), name="one_store_a_name"),
            models.UniqueConstraint(fields=["estate", "holder"], condition=Q(kind="bag"), name="one_bag_a_person"),
            models.CheckConstraint(
                condition=Q(kind="store", holder=None) | Q(kind="bag", holder__isnull=False), name="bag_has_holder"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return f"{self.holder.name}随身" if self.holder else self.name
