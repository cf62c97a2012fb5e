"""Commands that were carried out, by the key their sender gave them."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from huiyin.foundation.guards import UNGUARDED, Guard


class Command(models.Model):
    guard: ClassVar[Guard] = UNGUARDED

    key = models.CharField(max_length=80, primary_key=True)
    name = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()
    result = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.name} {self.key}"


class Reply(models.Model):
    """What a command sent by a program was answered, word for word, for as long as it may be sent again."""

    guard: ClassVar[Guard] = UNGUARDED

    key = models.CharField(max_length=100)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="one_reply_to_a_key")]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.key}"
