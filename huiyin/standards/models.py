"""The manual as data, and the promises made under it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.foundation.journal.models import Entry


class Standard(models.Model):
    code = models.SlugField(unique=True)
    title = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.title


class StandardVersion(models.Model):
    """A published state of a standard. It never changes; a later one follows it."""

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    effective_from = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["standard", "number"], name="one_version")]

    def __str__(self) -> str:
        return f"{self.standard} 第 {self.number} 版"


class Rule(models.Model):
    """One rule of one version, as written (`spec`); `huiyin.standards.rules` reads it."""

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


class CommitmentState(models.TextChoices):
    OPEN = "open", "待办"
    PAUSED = "paused", "暂停"
    MET = "met", "按时"
    LATE = "late", "逾期后完成"
    MISSED = "missed", "逾期"
    WAIVED = "waived", "免除"


class Commitment(models.Model):
    """承诺: one promise to somebody, owed by somebody, until a time.

    `missed` is written by the sweep and stays owed until it is met late or ended; while `ended_at` is empty the
    promise is on somebody's list. A promise without a rule was given by a person in words.
    """

    journal_name: ClassVar[str] = "standards.commitment"

    estate_id = models.BigIntegerField()
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=80)
    does = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    thread = models.CharField(max_length=30)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    not_before = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    calendar = models.CharField(max_length=20)
    provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=CommitmentState, default=CommitmentState.OPEN)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    owner_post = models.CharField(max_length=30, blank=True)
    follows_subject = models.BooleanField(default=False)
    after_closing = models.BooleanField(default=False)
    met_at = models.DateTimeField(null=True)
    met_by = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CommitmentState.values), name="commitment_state"),
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | ~Q(owner_post="") | Q(ended_at__isnull=False),
                name="open_commitment_is_owed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["met", "late"], met_at__isnull=False, met_by__isnull=False)
                | (~Q(state__in=["met", "late"]) & Q(met_at=None)),
                name="met_has_evidence",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "paused"], ended_at=None)
                | Q(state__in=["met", "late", "waived"], ended_at__isnull=False)
                | Q(state="missed"),
                name="ended_agrees_with_state",
            ),
            models.CheckConstraint(condition=~Q(state="met") | Q(met_at__lte=F("due_at")), name="met_in_time"),
        ]
        indexes = [
            models.Index(fields=["owner", "due_at"], condition=Q(ended_at=None), name="owed_by_person"),
            models.Index(
                fields=["estate_id", "owner_post", "due_at"],
                condition=Q(ended_at=None, owner=None),
                name="owed_by_post",
            ),
            models.Index(fields=["estate_id", "due_at"], condition=Q(ended_at=None), name="owed_in_estate"),
            models.Index(fields=["estate_id", "due_at", "code", "state"], name="promise_by_due"),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="due_next"),
            models.Index(fields=["thread"], name="commitment_thread"),
            models.Index(fields=["subject_type", "subject_id"], condition=Q(ended_at=None), name="owed_on_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.does} {self.due_at}"


class Pause(models.Model):
    """A span in which a promise did not run, with the reason and the time somebody looks again."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="pauses")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200)
    wakes_at = models.DateTimeField()
    remaining = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment"], condition=Q(until=None), name="one_running_pause")
        ]

    def __str__(self) -> str:
        return f"{self.since}: {self.reason}"


class Miss(models.Model):
    """A promise that was not kept in time. Stays, whatever follows."""

    commitment = models.OneToOneField(Commitment, on_delete=models.PROTECT, related_name="miss")
    due_at = models.DateTimeField()
    noticed_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.due_at}"


class Stratum(models.Model):
    """The running count of one stratum of one sampling rule in one period, with the seed of its blocks."""

    estate_id = models.BigIntegerField()
    rule_code = models.CharField(max_length=80)
    period = models.CharField(max_length=7)
    key = models.CharField(max_length=120, blank=True)
    seed = models.CharField(max_length=32)
    seen = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate_id", "rule_code", "period", "key"], name="one_stratum"),
            models.CheckConstraint(condition=Q(taken__lte=F("seen")), name="taken_of_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_code} {self.period} {self.key}"


class Draw(models.Model):
    """One sampling decision, taken or not. `position` counts from 0 in the stratum; exempt ones have none.

    A matter closed again is another event and drawn again: one decision for each closing.
    """

    stratum = models.ForeignKey(Stratum, on_delete=models.PROTECT, related_name="draws")
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    thread = models.CharField(max_length=30)
    position = models.PositiveIntegerField(null=True)
    taken = models.BooleanField()
    reason = models.CharField(max_length=40)
    window_from = models.DateTimeField()
    window_to = models.DateTimeField()
    tops_up = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="topped_up_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject_type", "subject_id", "at"], condition=Q(tops_up=None), name="drawn_once"
            )
        ]
        indexes = [models.Index(fields=["thread"], name="draw_thread")]

    def __str__(self) -> str:
        return f"{self.subject_type}:{self.subject_id} {'抽中' if self.taken else '未抽中'}"
