"""Jobs on PostgreSQL: Procrastinate behind the same tasks, its rows in the caller's transaction."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils.timezone import now
from django_tasks import TaskResultStatus, default_task_backend
from django_tasks.exceptions import TaskResultDoesNotExist

from huiyin.foundation.jobs import handing_over, operations, queries
from huiyin.foundation.jobs.models import Job, ScheduleRow
from huiyin.foundation.jobs.operations import NotRequeued
from huiyin.foundation.jobs.postgres import running
from huiyin.foundation.jobs.rules import Schedule
from huiyin.foundation.jobs.states import JobStatus
from huiyin.foundation.jobs.tasks import LeasedTask, once
from huiyin.foundation.jobs.tests.sample_tasks import add, break_down, fragile, say_attempt
from huiyin.foundation.jobs.worker import run_due_jobs

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs HUIYIN_TEST_DATABASE_URL"),
]


def rows(what: str, where: str = "true") -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {what} FROM procrastinate_jobs WHERE {where} ORDER BY id")
        return list(cursor.fetchall())


def make_due() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


class Undo(Exception):
    pass


def test_a_task_is_enqueued_run_and_answered() -> None:
    result = add.enqueue(2, right=3)
    assert (result.status, result.args, result.kwargs) == (TaskResultStatus.READY, [2], {"right": 3})

    assert run_due_jobs() == 1

    result.refresh()
    assert (result.status, result.attempts) == (TaskResultStatus.SUCCESSFUL, 1)


def test_a_job_is_rolled_back_with_its_transaction() -> None:
    with pytest.raises(Undo), transaction.atomic():
        add.enqueue(1, 2)
        assert len(rows("id")) == 1
        raise Undo

    assert rows("id") == []


def test_a_deferred_task_waits() -> None:
    add.using(run_after=now() + timedelta(hours=1)).enqueue(1, 2)

    assert run_due_jobs() == 0
    assert queries.standing(now()).due == 0


def test_a_failing_job_waits_and_dies_visibly_with_its_error() -> None:
    fragile.enqueue()

    assert [run_due_jobs(), run_due_jobs()] == [1, 0]
    (wait,) = rows("scheduled_at - now()")[0]
    assert timedelta(seconds=14) < wait < timedelta(seconds=20)
    make_due()
    run_due_jobs()

    dead = queries.failed_jobs().get()
    assert (dead.task, dead.attempts, dead.max_attempts) == (break_down.module_path, 2, 2)
    assert "短路了" in dead.last_error
    assert rows("status::text, attempts") == [("failed", 2)]
    assert queries.standing(now()).failed == 1


def test_a_dead_job_waits_anew_with_all_its_attempts() -> None:
    fragile.enqueue()
    run_due_jobs()
    make_due()
    run_due_jobs()

    operations.requeue(queries.failed_jobs().get(), at=now())

    assert rows("status::text, attempts") == [("todo", 0)]
    assert not Job.objects.exists()


def test_the_same_key_adds_no_second_job_while_one_waits_and_one_more_while_one_runs() -> None:
    single = once(add, "index:1")
    later = single.using(run_after=now() + timedelta(hours=1))
    assert isinstance(later, LeasedTask)

    first, second = later.enqueue(1, 2), single.enqueue(1, 2)
    assert first.id == second.id
    assert rows("scheduled_at <= now() + interval '1 second'") == [(True,)]

    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    third = single.enqueue(1, 2)
    assert third.id != first.id
    assert run_due_jobs() == 0, "two with one key never run at once"


def test_a_dead_job_is_not_requeued_beside_the_same_work() -> None:
    single = once(fragile, "one")
    single.enqueue()
    run_due_jobs()
    make_due()
    run_due_jobs()
    single.enqueue()

    with pytest.raises(NotRequeued, match="已在排队"):
        operations.requeue(queries.failed_jobs().get(), at=now())


def test_a_failed_job_can_wait_for_its_retry_although_the_same_work_came_to_wait() -> None:
    """Procrastinate alone would refuse the retry for its queueing lock and leave the job running for ever."""
    single = once(break_down, "one")
    single.enqueue()
    run_due_jobs()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET lock = 'elsewhere'")

    single.enqueue()

    assert rows("status::text") == [("todo",), ("todo",)]


def test_a_job_may_ask_which_attempt_it_is() -> None:
    say_attempt.enqueue()

    assert run_due_jobs() == 1
    assert rows("status::text") == [("succeeded",)]


@pytest.mark.parametrize("unknown", ["0", "no-number"])
def test_an_unknown_result_is_said_to_be_unknown(unknown: str) -> None:
    with pytest.raises(TaskResultDoesNotExist):
        default_task_backend.get_result(unknown)


def test_a_slot_is_started_once_and_its_outcome_kept() -> None:
    at = now()
    operations.synchronise(
        [Schedule("good", add, every=timedelta(hours=1)), Schedule("bad", break_down, every=timedelta(hours=1))], at=at
    )

    assert [operations.start_due_schedules(at=at), operations.start_due_schedules(at=at)] == [2, 0]
    run_due_jobs()

    good, bad = ScheduleRow.objects.get(name="good"), ScheduleRow.objects.get(name="bad")
    assert bad.last_error == "短路了"
    assert (bad.last_done_at, good.last_done_at) == (None, None), "add lacks its arguments, so it failed as well"
    assert "missing" in good.last_error


def test_a_run_that_is_not_over_makes_the_next_slot_unnecessary() -> None:
    at = now()
    operations.synchronise([Schedule("bad", break_down, every=timedelta(minutes=1))], at=at)
    operations.start_due_schedules(at=at)
    run_due_jobs()

    assert operations.start_due_schedules(at=at + timedelta(minutes=1)) == 1, "its retry is brought forward"
    assert len(rows("id")) == 1


def test_what_was_brought_along_in_our_rows_is_handed_over() -> None:
    assert isinstance(add, LeasedTask)
    operations.enqueue(add, args=(1, 2), at=now())
    died = operations.enqueue(add, args=(3, 4), at=now())
    Job.objects.filter(pk=died.pk).update(status=JobStatus.FAILED)

    running.take_over_rows(at=now())

    assert rows("args ->> 'args'") == [("[1, 2]",)]
    assert list(Job.objects.values_list("pk", flat=True)) == [died.pk]


def test_a_job_that_was_buried_nowhere_gets_a_grave() -> None:
    add.enqueue(1, 2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")

    running.take_over_rows(at=now())
    running.take_over_rows(at=now())

    assert queries.failed_jobs().get().task == add.module_path


def test_jobs_that_are_over_are_forgotten_and_the_dead_kept() -> None:
    add.enqueue(1, 2)
    fragile.enqueue()
    run_due_jobs()
    make_due()
    run_due_jobs()

    assert default_task_backend.forget_done(before=now() + timedelta(hours=1), limit=10) == 1
    assert rows("status::text") == [("failed",)]


def silence_workers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'")


def fetched() -> tuple[int, int]:
    """Let a worker fetch the job; return the numbers of both."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT worker_id FROM procrastinate_register_worker_v1()")
        (worker,) = cursor.fetchone()
        cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(NULL, %s)", [worker])
        return worker, cursor.fetchone()[0]


def test_a_job_whose_worker_gives_no_sign_waits_again_and_not_before() -> None:
    add.enqueue(1, 2)
    _, job = fetched()

    assert running.take_back_lost(seconds=30) == 0
    silence_workers()

    assert running.take_back_lost(seconds=30) == 1
    assert rows("id, status::text, attempts") == [(job, "todo", 1)]


def test_a_job_that_loses_its_worker_at_every_attempt_dies() -> None:
    fragile.enqueue()
    for _ in range(2):
        fetched()
        silence_workers()
        running.take_back_lost(seconds=30)
        make_due()

    assert rows("status::text, attempts") == [("failed", 2)]
    assert "执行者中断" in queries.failed_jobs().get().last_error


def test_a_job_that_is_running_by_the_table_alone_waits_again_at_the_second_look() -> None:
    add.enqueue(1, 2)
    worker, job = fetched()

    seen = running.take_back_dropped(worker, seen=set())
    assert (seen, rows("status::text")) == ({job}, [("doing",)])

    assert running.take_back_dropped(worker, seen=seen) == set()
    assert rows("status::text") == [("todo",)]


def test_a_job_that_a_thread_of_this_process_runs_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    add.enqueue(1, 2)
    worker, job = fetched()
    monkeypatch.setattr(running, "_held", {job})

    assert running.take_back_dropped(worker, seen={job}) == set()
    assert rows("status::text") == [("doing",)]


def test_jobs_that_waited_in_rows_of_ours_are_handed_over_once() -> None:
    later = now() + timedelta(hours=2)
    operations.enqueue(replace(once(add, "both"), run_after=later, priority=7), args=[2], kwargs={"right": 3}, at=now())
    operations.enqueue(add, args=[1, 1], at=now())

    assert handing_over.hand_over(at=now()) == 2

    assert not Job.objects.exists()
    assert rows("priority, scheduled_at, queueing_lock IS NOT NULL OR lock IS NOT NULL", "priority = 7") == [
        (7, later, True)
    ]
    assert run_due_jobs() == 1
    assert handing_over.hand_over(at=now()) == 0
