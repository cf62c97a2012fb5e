"""The manual as data: standards, their versions and rules, drafts, and what an estate lives by."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.foundation.guards import APPEND_ONLY, Guard
from huiyin.standards.states import DraftState


class Standard(models.Model):
    """A manual as data. One with an `estate_id` is that estate's own: what it is based on, with its own values."""

    code = models.SlugField(unique=True)
    title = models.CharField(max_length=80)
    estate_id = models.BigIntegerField(null=True)
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.title


class StandardVersion(models.Model):
    """A published state of a standard. It never changes; a later one follows it."""

    guard: ClassVar[Guard] = APPEND_ONLY

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    effective_from = models.DateTimeField()
    digest = models.CharField(max_length=64)
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["standard", "number"], name="one_version")]

    def __str__(self) -> str:
        return f"{self.standard} 第 {self.number} 版"


class Rule(models.Model):
    """One rule of one version, as written (`spec`); `huiyin.standards.rules` reads it."""

    guard: ClassVar[Guard] = APPEND_ONLY

    version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="rules")
    code = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    says = models.CharField(max_length=120)
    spec = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="one_rule")]

    def __str__(self) -> str:
        return self.says


class Adoption(models.Model):
    """Since when an estate lives by a standard. The newest that has begun is in force."""

    estate_id = models.BigIntegerField()
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate_id", "since"], name="one_adoption")]

    def __str__(self) -> str:
        return f"{self.estate_id}: {self.standard}"


class Draft(models.Model):
    """What a next version of an estate's own standard would say, before two people publish it.

    `changes` maps a rule's code to its whole written rule, or to null for a rule that is left out; every other rule is
    that of `base`.
    """

    journal_name: ClassVar[str] = "standards.draft"

    estate_id = models.BigIntegerField()
    base = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    changes = models.JSONField(default=dict)
    note = models.CharField(max_length=400, blank=True)
    effective_from = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=DraftState, default=DraftState.DRAFTING)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    published = models.OneToOneField(StandardVersion, on_delete=models.PROTECT, null=True, related_name="draft")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=DraftState.values), name="draft_status"),
            models.CheckConstraint(
                condition=~Q(status="published")
                | Q(
                    published__isnull=False,
                    proposed_by__isnull=False,
                    published_by__isnull=False,
                    effective_from__isnull=False,
                )
                & ~Q(published_by=F("proposed_by")),
                name="two_people_publish",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def thread(self) -> str:
        return f"draft:{self.pk}"
