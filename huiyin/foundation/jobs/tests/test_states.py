"""Every cell of operation × status: what moves, and that nothing else does."""

from datetime import UTC, datetime, timedelta

import pytest

from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.jobs import operations
from huiyin.foundation.jobs.models import Job
from huiyin.foundation.jobs.operations import NotDropped, NotRequeued
from huiyin.foundation.jobs.states import STEPS, JobStatus

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db

READY, RUNNING, DONE, FAILED, DROPPED = JobStatus


def job_that_is(status: JobStatus, **fields: object) -> Job:
    values: dict[str, object] = {
        "task": "huiyin.foundation.jobs.tests.sample_tasks.add",
        "queue": "default",
        "run_after": AT,
        "max_attempts": 3,
        "attempts": 0 if status == READY else 1,
        "enqueued_at": AT,
        "leased_by": "" if status == READY else "w",
        "lease_until": AT if status == RUNNING else None,
    }
    return Job.objects.create(status=status, **{**values, **fields})


def claim(job: Job) -> None:
    operations.claim(worker="other", queues=["default"], at=AT)


def finish(job: Job) -> None:
    operations.finish(job, at=AT)


def fail(job: Job) -> None:
    operations.fail(job, ValueError(), at=AT)


def fail_for_the_last_time(job: Job) -> None:
    job.max_attempts = job.attempts
    operations.fail(job, ValueError(), at=AT)


def requeue(job: Job) -> None:
    try:
        operations.requeue(job, at=AT)
    except NotRequeued:
        assert job.status != FAILED


def drop(job: Job) -> None:
    try:
        operations.drop_dead(job, reason="不再需要", actor=system_actor(), at=AT)
    except NotDropped:
        assert job.status != FAILED


CELLS = {
    claim: {READY: RUNNING, RUNNING: RUNNING, DONE: DONE, FAILED: FAILED, DROPPED: DROPPED},
    finish: {READY: READY, RUNNING: DONE, DONE: DONE, FAILED: FAILED, DROPPED: DROPPED},
    fail: {READY: READY, RUNNING: READY, DONE: DONE, FAILED: FAILED, DROPPED: DROPPED},
    fail_for_the_last_time: {READY: READY, RUNNING: FAILED, DONE: DONE, FAILED: FAILED, DROPPED: DROPPED},
    requeue: {READY: READY, RUNNING: RUNNING, DONE: DONE, FAILED: READY, DROPPED: DROPPED},
    drop: {READY: READY, RUNNING: RUNNING, DONE: DONE, FAILED: DROPPED, DROPPED: DROPPED},
}


@pytest.mark.parametrize("operation", CELLS, ids=lambda act: act.__name__)
@pytest.mark.parametrize("status", JobStatus)
def test_each_operation_on_each_status(operation, status: JobStatus) -> None:
    job = job_that_is(status)

    operation(job)

    assert Job.objects.get().status == CELLS[operation][status]


@pytest.mark.parametrize("asked_again", [False, True])
@pytest.mark.parametrize("operation", [finish, fail_for_the_last_time], ids=lambda act: act.__name__)
def test_a_job_asked_for_again_while_it_ran_goes_back(operation, asked_again: bool) -> None:
    operation(job_that_is(RUNNING, asked_again=asked_again))

    job = Job.objects.get()
    assert (job.status == READY) == asked_again
    if asked_again:
        assert (job.attempts, job.asked_again, job.run_after, job.lease_until) == (0, False, AT, None)


def test_a_lost_job_without_attempts_left_fails() -> None:
    job_that_is(RUNNING, attempts=3)

    assert operations.claim(worker="other", queues=["default"], at=AT) is None
    job = Job.objects.get()
    assert (job.status, job.last_error, job.finished_at) == (FAILED, "执行者 w 中断,租约到期", AT)


def test_a_living_lease_is_not_taken_over() -> None:
    job_that_is(RUNNING, lease_until=AT + timedelta(seconds=1))

    assert operations.claim(worker="other", queues=["default"], at=AT) is None


def test_every_status_is_reached_and_left_as_the_table_says() -> None:
    assert {step.target for step in STEPS} == set(JobStatus)
    assert {step.source for step in STEPS} == {READY, RUNNING, FAILED}
