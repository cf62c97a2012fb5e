"""Which job is next, which failed, and how the queue stands."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Max, Min, QuerySet

from huiyin.foundation.jobs.models import Job, ScheduleRow
from huiyin.foundation.jobs.queue import Standing, queue
from huiyin.foundation.jobs.states import JobStatus


def next_claimable(at: datetime, queues: Sequence[str]) -> Job | None:
    """Return a job whose lease ran out, else the due job of highest priority that was due first."""
    lost = Job.objects.filter(status=JobStatus.RUNNING, lease_until__lte=at, queue__in=queues)
    found = lost.order_by("lease_until").first()
    if found is not None:
        return found
    due = [job for queue in queues if (job := _first_due(queue, at))]
    return min(due, key=lambda job: (-job.priority, job.run_after, job.pk), default=None)


def unfinished_with_key(key: str) -> QuerySet[Job]:
    return Job.objects.filter(dedupe_key=key, status__in=(JobStatus.READY, JobStatus.RUNNING))


def failed_jobs() -> QuerySet[Job]:
    """Return the jobs that ran out of attempts, the latest first; on both engines they stand in our table."""
    return Job.objects.filter(status=JobStatus.FAILED).order_by("-finished_at")


def failed_job(job_id: int) -> Job | None:
    return Job.objects.filter(pk=job_id, status=JobStatus.FAILED).first()


def schedules() -> QuerySet[ScheduleRow]:
    return ScheduleRow.objects.order_by("next_run_at", "name")


def standing(at: datetime) -> Standing:
    """Say how the queue stands, on either engine."""
    return queue().standing(at)


def standing_of_rows(at: datetime) -> Standing:
    """Say how our own rows stand."""
    due = Job.objects.filter(status=JobStatus.READY, run_after__lte=at)
    oldest = due.aggregate(oldest=Min("run_after"))["oldest"]
    return Standing(
        due=due.count(),
        running=Job.objects.filter(status=JobStatus.RUNNING).count(),
        failed=failed_jobs().count(),
        lag=at - oldest if oldest else timedelta(0),
    )


def last_done(schedules: Sequence[str]) -> datetime | None:
    """Return when the jobs of these schedules were last done, the one that is longest ago; None when one never was."""
    done = ScheduleRow.objects.filter(name__in=schedules).values_list("last_done_at", flat=True)
    moments = [at for at in done if at is not None]
    return min(moments) if len(moments) == len(schedules) else None


def _first_due(queue: str, at: datetime) -> Job | None:
    ready = Job.objects.filter(status=JobStatus.READY, queue=queue)
    priority = ready.aggregate(highest=Max("priority"))["highest"]
    while priority is not None:
        found = ready.filter(priority=priority, run_after__lte=at).order_by("run_after", "id").first()
        if found is not None:
            return found
        priority = ready.filter(priority__lt=priority).aggregate(highest=Max("priority"))["highest"]
    return None
