"""The promises made under the manual: owed, paused, missed, escalated, waived; duties of the calendar; counts."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.foundation.guards import APPEND_ONLY, Guard
from huiyin.foundation.journal.models import Entry
from huiyin.standards.models.written import Rule


class CommitmentState(models.TextChoices):
    OPEN = "open", "待办"
    PAUSED = "paused", "暂停"
    MET = "met", "按时"
    LATE = "late", "逾期后完成"
    MISSED = "missed", "逾期"
    WAIVED = "waived", "免除"
    REPLACED = "replaced", "改订"


class Commitment(models.Model):
    """承诺: one promise to somebody, owed by somebody, until a time.

    `missed` is written by the sweep and stays owed until it is met late or ended; while `ended_at` is empty the
    promise is on somebody's list. A promise without a rule was given by a person in words. `follows` is the promise it
    goes on from: a new revision of one that was replaced (its elapsed time kept), or the new one of a reopened matter.
    """

    journal_name: ClassVar[str] = "standards.commitment"

    estate_id = models.BigIntegerField()
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    code = models.CharField(max_length=80)
    does = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    thread = models.CharField(max_length=30)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Entry, on_delete=models.PROTECT, db_index=False, related_name="+")
    not_before = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    calendar = models.CharField(max_length=20)
    provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=CommitmentState, default=CommitmentState.OPEN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    owner_post = models.CharField(max_length=30, blank=True)
    follows_subject = models.BooleanField(default=False)
    after_closing = models.BooleanField(default=False)
    met_at = models.DateTimeField(null=True)
    met_by = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=80, blank=True)
    revision = models.PositiveSmallIntegerField(default=1)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

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
                | Q(state__in=["met", "late", "waived", "replaced"], ended_at__isnull=False)
                | Q(state="missed"),
                name="ended_agrees_with_state",
            ),
            models.CheckConstraint(condition=~Q(state="met") | Q(met_at__lte=F("due_at")), name="met_in_time"),
        ]
        indexes = [
            # These hold every column that a count asks for, the empty one too, so that counting never touches the rows.
            # The id stands behind the due time: thousands fall due at one moment, the end of a day, and are not sorted.
            models.Index(
                fields=["owner", "due_at", "id", "state", "estate_id", "ended_at"],
                condition=Q(ended_at=None),
                name="owed_by_person",
            ),
            models.Index(
                fields=["estate_id", "owner_post", "due_at", "id", "state", "owner", "ended_at"],
                condition=Q(ended_at=None, owner=None),
                name="owed_by_post",
            ),
            models.Index(
                fields=["estate_id", "due_at", "id", "state", "owner", "owner_post", "ended_at"],
                condition=Q(ended_at=None),
                name="owed_in_estate",
            ),
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

    guard: ClassVar[Guard] = APPEND_ONLY

    commitment = models.OneToOneField(Commitment, on_delete=models.PROTECT, related_name="miss")
    due_at = models.DateTimeField()
    noticed_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.due_at}"


class StepState(models.TextChoices):
    WAITING = "waiting", "未到"
    TAKEN = "taken", "已催"
    DROPPED = "dropped", "不再需要"


class Step(models.Model):
    """One rung of the escalation ladder of one promise, laid down when the promise opens.

    `who` is `subject` or `post.<code>`; whom it really reached is decided when it is taken, and receipt is confirmed.
    """

    journal_name: ClassVar[str] = "standards.step"

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="steps")
    rule_code = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    who = models.CharField(max_length=40)
    then = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=StepState, default=StepState.WAITING)
    taken_at = models.DateTimeField(null=True)
    told = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    told_post = models.CharField(max_length=30, blank=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment", "rule_code", "position"], name="one_step"),
            models.CheckConstraint(condition=Q(state__in=StepState.values), name="step_state"),
            models.CheckConstraint(
                condition=~Q(state="taken")
                | Q(taken_at__isnull=False, entry__isnull=False) & (Q(told__isnull=False) | ~Q(told_post="")),
                name="taken_step_told_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["at"], condition=Q(state="waiting"), name="step_next"),
            models.Index(fields=["told", "at"], condition=Q(state="taken", received_at=None), name="step_unconfirmed"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.position} {self.at}"


class Waiver(models.Model):
    """Somebody asks to be released from a promise; another agrees or not."""

    journal_name: ClassVar[str] = "standards.waiver"

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="waivers")
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment"], condition=Q(granted=None), name="one_waiver_asked"),
            models.CheckConstraint(condition=~Q(decided_by=F("asked_by")), name="another_decides_the_waiver"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.reason}"


class Occurrence(models.Model):
    """One due time of a periodic duty, with the promise it opened. `key` names the zone, post or class it is for."""

    journal_name: ClassVar[str] = "standards.duty"

    estate_id = models.BigIntegerField()
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+")
    rule_code = models.CharField(max_length=80)
    period = models.CharField(max_length=10)
    key = models.CharField(max_length=120, blank=True)
    commitment = models.OneToOneField(Commitment, on_delete=models.PROTECT, null=True, related_name="duty")
    done_note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate_id", "rule_code", "period", "key"], name="one_occurrence")
        ]

    def __str__(self) -> str:
        return f"{self.rule_code} {self.period} {self.key}"


class Counted(models.Model):
    """One event counted by a threshold or a quota rule, by what it is the same as."""

    guard: ClassVar[Guard] = Guard(kept=True, but=("raised_id",))

    estate_id = models.BigIntegerField()
    rule_code = models.CharField(max_length=80)
    key = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    thread = models.CharField(max_length=30)
    raised = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate_id", "rule_code", "key", "entry"], name="counted_once")]
        indexes = [models.Index(fields=["estate_id", "rule_code", "key", "at"], name="counted_in_span")]

    def __str__(self) -> str:
        return f"{self.rule_code} {self.key} {self.at}"
