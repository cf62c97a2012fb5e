"""Jobs that wait, run, or are over, and the schedules that start some of them.

On PostgreSQL the waiting and running jobs are Procrastinate's; here then stand only those that ran out of attempts.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huiyin.foundation.guards import UNGUARDED, Guard
from huiyin.foundation.jobs.states import UNFINISHED, JobStatus


class Job(models.Model):
    """One call of a task. It belongs to `leased_by` until `lease_until`; then whoever comes first may take it over."""

    guard: ClassVar[Guard] = UNGUARDED

    task = models.CharField(max_length=200)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    queue = models.CharField(max_length=50)
    priority = models.SmallIntegerField(default=0)
    run_after = models.DateTimeField()
    status = models.CharField(max_length=10, choices=JobStatus, default=JobStatus.READY)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField()
    lease_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, blank=True)
    dedupe_key = models.CharField(max_length=200, blank=True)
    asked_again = models.BooleanField(default=False)
    last_error_type = models.CharField(max_length=200, blank=True)
    last_error = models.TextField(blank=True)
    result = models.JSONField(null=True)
    queue_id = models.BigIntegerField(null=True, unique=True)  # the number Procrastinate knows it by
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=JobStatus.values), name="job_status"),
            models.CheckConstraint(
                condition=Q(status=JobStatus.RUNNING, lease_until__isnull=False)
                | (~Q(status=JobStatus.RUNNING) & Q(lease_until=None)),
                name="job_leased_while_running",
            ),
            models.UniqueConstraint(
                fields=["dedupe_key"],
                condition=Q(status__in=UNFINISHED) & ~Q(dedupe_key=""),
                name="job_single_while_unfinished",
            ),
        ]
        indexes = [
            # Claiming walks priorities from the end and takes the first that is due: cost follows neither what
            # waits for later nor what is over.
            models.Index(fields=["status", "queue", "priority", "run_after"], name="job_due"),
            models.Index(fields=["status", "lease_until"], name="job_lease"),
            models.Index(fields=["status", "finished_at"], name="job_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.task} {self.status}"


class ScheduleRow(models.Model):
    """When a declared schedule runs next. The declaration is code; see `operations.synchronise`."""

    guard: ClassVar[Guard] = UNGUARDED

    name = models.CharField(max_length=60, unique=True)
    task = models.CharField(max_length=200)
    every = models.DurationField(null=True)
    daily_at = models.TimeField(null=True)
    next_run_at = models.DateTimeField()
    last_run_at = models.DateTimeField(null=True)
    last_done_at = models.DateTimeField(null=True)
    last_failed_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(every__isnull=True, daily_at__isnull=False) | Q(every__isnull=False, daily_at__isnull=True),
                name="schedule_every_or_daily",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.next_run_at:%Y-%m-%d %H:%M}"
