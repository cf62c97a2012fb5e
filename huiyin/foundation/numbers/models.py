"""Counters behind every number a person may ask about: continuous per estate, kind and day."""

from typing import ClassVar

from django.db import models

from huiyin.foundation.guards import WATCHED, Guard


class Counter(models.Model):
    guard: ClassVar[Guard] = WATCHED

    estate_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate_id", "kind", "day"], name="one_counter")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}: {self.last}"
