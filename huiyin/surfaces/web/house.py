"""运行: jobs that ran out of attempts, schedules with their last outcome, and when the last good backup was made.

These belong to the installation, to no estate of it: whoever holds the right anywhere holds it for the whole.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.backups import queries as copies
from huiyin.foundation.backups.models import Backup
from huiyin.foundation.jobs import operations
from huiyin.foundation.jobs import queries as jobs
from huiyin.foundation.jobs.models import Job, ScheduleRow
from huiyin.foundation.kit.listing import Listing
from huiyin.foundation.kit.replies import done, page, refused
from huiyin.foundation.refusals import Refused
from huiyin.surfaces.web import house_words as words

RIGHT = "house.run"
LATE = timedelta(minutes=2)


@dataclass(frozen=True)
class Scheduled:
    """A schedule as the page says it: the badge of its last outcome, and how late its next run is."""

    row: ScheduleRow
    title: str
    rhythm: str
    outcome: str
    tone: str
    lag: timedelta


@require_GET
@needs(RIGHT)
def house(request: HttpRequest) -> HttpResponse:
    at, good = now(), copies.last_good()
    return page(
        request,
        "web/house.html",
        at=at,
        standing=jobs.standing(at),
        late=LATE,
        good=good,
        too_old=copies.is_too_old(good, at),
        schedules=[_scheduled(row, at) for row in jobs.schedules()],
    )


@require_GET
@needs(RIGHT)
def dead_jobs(request: HttpRequest) -> HttpResponse:
    listing: Listing[Job] = Listing(
        request.GET, find=jobs.failed_jobs, sorts={"when": "finished_at", "tried": "attempts"}, first="-when"
    )
    return page(request, "web/dead_jobs.html#rows", at=now(), listing=listing, words=words)


@require_POST
@needs(RIGHT)
def retry_job(request: HttpRequest, job_id: int) -> HttpResponse:
    user, job = signed_in(request), _dead(job_id)
    back = reverse("web:dead_jobs")
    try:
        operations.retry_dead(job, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, f"「{words.title_of(job.task)}」重新排队了")


@require_POST
@needs(RIGHT)
def drop_job(request: HttpRequest, job_id: int) -> HttpResponse:
    user, job = signed_in(request), _dead(job_id)
    back = reverse("web:dead_jobs")
    try:
        operations.drop_dead(job, reason=request.POST.get("note", ""), actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, f"「{words.title_of(job.task)}」已放弃,原因记下了")


@require_GET
@needs(RIGHT)
def backups(request: HttpRequest) -> HttpResponse:
    at, good = now(), copies.last_good()
    listing: Listing[Backup] = Listing(request.GET, find=copies.attempts, sorts={"when": "at"}, first="-when")
    return page(
        request,
        "web/backups.html#rows",
        at=at,
        listing=listing,
        good=good,
        too_old=copies.is_too_old(good, at),
        there=good is not None and copies.is_there(good),
    )


def _dead(job_id: int) -> Job:
    job = jobs.failed_job(job_id)
    if job is None:
        raise Http404
    return job


def _scheduled(row: ScheduleRow, at: datetime) -> Scheduled:
    outcome, tone = _outcome(row)
    rhythm = words.rhythm(row.every, row.daily_at)
    return Scheduled(row, words.title_of(row.task), rhythm, outcome, tone, max(at - row.next_run_at, timedelta(0)))


def _outcome(row: ScheduleRow) -> tuple[str, str]:
    """Say how the last run ended; what began later than it last ended still runs or waits."""
    ended = max((at for at in (row.last_done_at, row.last_failed_at) if at), default=None)
    if row.last_run_at is None:
        return "还没有执行过", "plain"
    if row.last_error:
        return "失败", "red"
    if ended is None or ended < row.last_run_at:
        return "执行中", "accent"
    return "成功", "green"
