"""What stands around signing in: links by which somebody sets a password, and guesses that are counted."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import TextChoices

from huiyin.foundation.guards import UNGUARDED, WATCHED, Guard


class LinkKind(TextChoices):
    JOIN = "join", "邀请"
    RESET = "reset", "重设密码"


class Link(models.Model):
    """A link, good once and for a while, by which its owner sets a password. Of the token only the digest is kept."""

    guard: ClassVar[Guard] = WATCHED

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(used_at=None) | models.Q(revoked_at=None), name="link_used_or_revoked"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(used_at=None, revoked_at=None), name="one_open_link"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}"


class Guess(models.Model):
    """Tries that were counted before anything was compared, by what they were aimed at.

    `key` is a digest: what somebody types as an account name may be their password. `user` is known when there is one.
    """

    guard: ClassVar[Guard] = UNGUARDED

    key = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    address = models.CharField(max_length=45, blank=True)
    count = models.PositiveIntegerField()
    since = models.DateTimeField(db_index=True)
    until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.address} {self.count}"
