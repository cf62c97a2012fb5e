"""Tokens by which other programs act in the name of one person, with a part of that person's rights, until a day."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.foundation.guards import Guard


class Token(models.Model):
    """Only a digest of the secret is kept. It reaches the estates it names, as far as its owner does.

    `minute` and `used` count the requests of one minute, for the limit that holds over all processes.
    """

    # What is counted by using it is counted by no command.
    guard: ClassVar[Guard] = Guard(but=("last_used_at", "minute", "used"))

    journal_name: ClassVar[str] = "tokens.token"

    name = models.CharField("名称", max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rights = models.JSONField("权限")
    estates = models.JSONField("小区")
    made_at = models.DateTimeField("建立")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField("到期")
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    revoked_at = models.DateTimeField("撤销", null=True, blank=True)
    minute = models.BigIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="token_expires_after_it_was_made")
        ]

    def __str__(self) -> str:
        return self.name
