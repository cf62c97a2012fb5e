from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.test.utils import CaptureQueriesContext

from huiyin.foundation.jobs import operations, queries
from huiyin.foundation.jobs.models import Job, ScheduleRow
from huiyin.foundation.jobs.operations import NotRequeued
from huiyin.foundation.jobs.queries import Standing
from huiyin.foundation.jobs.rules import LEASE, Schedule
from huiyin.foundation.jobs.states import JobStatus
from huiyin.foundation.jobs.tasks import LeasedTask, once, task_at
from huiyin.foundation.jobs.tests.sample_tasks import add, fragile, hurry
from huiyin.foundation.jobs.worker import run_job

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def leased(task: object) -> LeasedTask[..., object]:
    assert isinstance(task, LeasedTask)
    return task


def enqueue(task: object = add, key: str = "", **fields: object) -> Job:
    changed = leased(task).using(**fields)
    return operations.enqueue(leased(once(changed, key)), args=(1, 2), at=AT)


def claim(worker: str = "w", at: datetime = AT) -> Job | None:
    return operations.claim(worker=worker, queues=["default"], at=at)


class Undo(Exception):
    pass


def test_a_job_is_rolled_back_with_its_transaction() -> None:
    with pytest.raises(Undo), transaction.atomic():
        add.enqueue(1, 2)
        assert Job.objects.count() == 1
        raise Undo

    assert Job.objects.count() == 0


def test_of_two_workers_one_gets_the_job() -> None:
    job = enqueue()

    first, second = claim("a"), claim("b")

    assert first is not None
    assert (first.pk, first.leased_by, first.lease_until, first.attempts) == (job.pk, "a", AT + LEASE, 1)
    assert second is None


@pytest.mark.parametrize("lost", [False, True], ids=["ready", "lost"])
def test_of_two_workers_that_saw_the_same_job_one_gets_it(lost: bool) -> None:
    enqueue()
    if lost:
        claim("killed")
    seen_by_both = queries.next_claimable(AT + LEASE, ["default"])
    assert seen_by_both is not None

    got = [operations._lease(seen_by_both, worker=name, at=AT + LEASE, lease=LEASE) for name in ("a", "b")]

    assert got == [True, False]
    assert Job.objects.get().leased_by == "a"


def test_a_renewal_at_the_last_moment_beats_a_take_over() -> None:
    job = enqueue()
    claim("slow")
    seen = queries.next_claimable(AT + LEASE, ["default"])
    assert seen is not None

    operations.renew([job.pk], worker="slow", at=AT + LEASE)

    assert not operations._lease(seen, worker="b", at=AT + LEASE, lease=LEASE)


def test_claiming_goes_by_priority_then_by_age_and_leaves_what_waits() -> None:
    late = enqueue(run_after=AT + timedelta(seconds=1), priority=100)
    old, young, urgent = enqueue(run_after=AT - timedelta(hours=1)), enqueue(), enqueue(priority=5)
    other = operations.enqueue(LeasedTask(func=add.func, queue_name="default"), at=AT)
    Job.objects.filter(pk=other.pk).update(queue="slow")

    claimed = []
    while job := claim():
        claimed.append(job.pk)

    assert claimed == [urgent.pk, old.pk, young.pk]
    assert Job.objects.get(pk=late.pk).status == JobStatus.READY
    assert operations.claim(worker="w", queues=["slow", "default"], at=AT).pk == other.pk


def test_a_worker_that_lost_its_lease_cannot_end_the_job() -> None:
    enqueue()
    first = claim("a")
    second = claim("b", at=AT + LEASE)
    assert first is not None
    assert second is not None
    assert second.attempts == 2

    assert operations.renew([first.pk], worker="a", at=AT) == 0
    assert not operations.finish(first, at=AT, result=1)
    assert not operations.fail(first, ValueError(), at=AT)
    assert operations.finish(second, at=AT, result=2)
    assert Job.objects.get().result == 2


def test_a_renewed_lease_keeps_others_away() -> None:
    job = enqueue()
    claim("a")

    assert operations.renew([job.pk], worker="a", at=AT + LEASE / 2) == 1

    assert claim("b", at=AT + LEASE) is None
    assert claim("b", at=AT + LEASE * 1.5) is not None


def test_a_failing_job_waits_longer_each_time_and_stays_visible_as_failed() -> None:
    enqueue(fragile)
    at, waits = AT, []

    while job := claim(at=at):
        operations.fail(job, ValueError("短路了"), at=at)
        now = Job.objects.get()
        waits.append((now.status, now.run_after - at))
        at = now.run_after if now.status == JobStatus.READY else at

    assert waits == [("ready", timedelta(seconds=15)), ("failed", timedelta(0))]
    failed = queries.failed_jobs().get()
    assert (failed.attempts, failed.last_error_type) == (2, "builtins.ValueError")
    assert failed.last_error == "ValueError: 短路了\n"


def test_a_failed_job_is_requeued_with_new_attempts() -> None:
    job = enqueue()
    Job.objects.update(status=JobStatus.FAILED, attempts=8, finished_at=AT)

    operations.requeue(job, at=AT + LEASE)

    again = Job.objects.get()
    assert (again.status, again.attempts, again.run_after) == (JobStatus.READY, 0, AT + LEASE)
    with pytest.raises(NotRequeued, match="^只有失败的任务可以重做$"):
        operations.requeue(job, at=AT)


def test_a_failed_job_is_not_requeued_beside_the_same_work() -> None:
    failed = enqueue(key="k")
    Job.objects.update(status=JobStatus.FAILED)
    enqueue(key="k")

    with pytest.raises(NotRequeued, match="^同样的任务已在排队,不必重做$"):
        operations.requeue(failed, at=AT)

    assert Job.objects.get(pk=failed.pk).status == JobStatus.FAILED


def test_the_same_key_adds_no_second_job_while_one_is_unfinished() -> None:
    first = enqueue(key="k", run_after=AT + timedelta(hours=1))

    assert enqueue(key="k").pk == first.pk
    assert enqueue(key="other").pk != first.pk
    assert Job.objects.get(pk=first.pk).run_after == AT  # the earlier of the two

    running = claim()
    assert running is not None
    assert running.pk == first.pk
    assert enqueue(key="k").pk == first.pk
    operations.finish(running, at=AT)
    repeated = Job.objects.get(pk=first.pk)
    assert repeated.status == JobStatus.READY  # asked for while it ran, so it runs once more

    Job.objects.filter(pk=first.pk).update(status=JobStatus.DONE)
    assert enqueue(key="k").pk != first.pk


def test_a_retry_is_not_brought_forward_by_the_same_key() -> None:
    enqueue(key="k")
    job = claim()
    assert job is not None
    operations.fail(job, ValueError(), at=AT)

    enqueue(key="k")

    assert Job.objects.get().run_after == AT + timedelta(seconds=15)


def test_the_database_refuses_two_unfinished_jobs_with_one_key() -> None:
    enqueue(key="k")

    with pytest.raises(IntegrityError), transaction.atomic():
        enqueue(key="l")
        Job.objects.update(dedupe_key="k")


def test_the_database_refuses_a_running_job_without_a_lease_and_an_unknown_status() -> None:
    enqueue()

    for wrong in ({"status": JobStatus.RUNNING}, {"lease_until": AT}, {"status": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.update(**wrong)


def test_done_jobs_are_forgotten_in_batches_and_failed_ones_kept() -> None:
    for _ in range(3):
        enqueue()
    Job.objects.update(status=JobStatus.DONE, finished_at=AT)
    enqueue()
    Job.objects.filter(status=JobStatus.READY).update(status=JobStatus.FAILED, finished_at=AT)

    assert operations.forget_done(before=AT, limit=2) == 0
    later = AT + LEASE
    assert [operations.forget_done(before=later, limit=2) for _ in range(3)] == [2, 1, 0]
    assert Job.objects.get().status == JobStatus.FAILED


def test_the_standing_counts_and_measures_the_lag() -> None:
    assert queries.standing(AT) == Standing(due=0, running=0, failed=0, lag=timedelta(0))
    enqueue(run_after=AT - timedelta(minutes=5))
    enqueue(run_after=AT - timedelta(minutes=3))
    enqueue(run_after=AT + timedelta(minutes=3))
    claim()

    assert queries.standing(AT) == Standing(due=1, running=1, failed=0, lag=timedelta(minutes=3))


def test_claiming_takes_as_many_queries_with_three_jobs_as_with_one() -> None:
    counts = []
    for added in (1, 2):
        for _ in range(added):
            enqueue()
        with CaptureQueriesContext(connection) as captured:
            assert claim() is not None
        counts.append(len(captured))

    assert counts == [5, 5]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan")
def test_claiming_seeks_in_the_index() -> None:
    ready = Job.objects.filter(status=JobStatus.READY, queue="default")
    first = ready.filter(priority=0, run_after__lte=AT).order_by("run_after", "id")[:1]
    lost = Job.objects.filter(status=JobStatus.RUNNING, lease_until__lte=AT).order_by("lease_until")[:1]

    assert "USING INDEX job_due (status=? AND queue=? AND priority=? AND run_after<?)" in first.explain()
    assert "TEMP B-TREE" not in first.explain()
    assert "USING INDEX job_lease (status=? AND lease_until<?)" in lost.explain()
    with CaptureQueriesContext(connection) as captured:
        ready.aggregate(highest=Max("priority"))
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + captured[0]["sql"])
        assert "INDEX job_due (status=? AND queue=?" in cursor.fetchone()[3]


def test_a_path_that_is_no_task_is_not_run() -> None:
    with pytest.raises(TypeError):
        task_at("os.getcwd")
    enqueue()
    Job.objects.update(task="os.getcwd")
    job = claim()
    assert job is not None

    run_job(job)

    assert Job.objects.get().last_error_type == "builtins.TypeError"


class TestSchedules:
    OFTEN = Schedule("often", hurry, every=timedelta(minutes=5))

    def start(self, at: datetime = AT) -> int:
        return operations.start_due_schedules(at=at)

    def test_a_slot_is_started_once(self) -> None:
        operations.synchronise([self.OFTEN], at=AT)

        assert [self.start(), self.start()] == [1, 0]

        job, row = Job.objects.get(), ScheduleRow.objects.get()
        assert (job.task, job.priority, job.dedupe_key) == (hurry.module_path, 10, "schedule:often")
        assert (row.last_run_at, row.next_run_at) == (AT, AT + timedelta(minutes=5))

    def test_of_two_workers_that_saw_the_same_slot_one_starts_it(self) -> None:
        operations.synchronise([self.OFTEN], at=AT)
        seen_by_both = ScheduleRow.objects.get()

        assert [operations._start(seen_by_both, AT), operations._start(seen_by_both, AT)] == [True, False]
        assert Job.objects.count() == 1

    def test_missed_slots_are_one_run(self) -> None:
        operations.synchronise([self.OFTEN], at=AT)

        assert self.start(AT + timedelta(hours=3, minutes=1)) == 1

        assert Job.objects.count() == 1
        assert ScheduleRow.objects.get().next_run_at == AT + timedelta(hours=3, minutes=5)

    def test_a_run_that_is_not_over_makes_the_next_slot_unnecessary(self) -> None:
        operations.synchronise([self.OFTEN], at=AT)
        self.start()
        running = claim()
        assert running is not None

        assert self.start(AT + timedelta(minutes=5)) == 0
        operations.finish(running, at=AT)

        assert Job.objects.get().status == JobStatus.DONE

    def test_a_run_that_waits_for_its_retry_is_brought_forward(self) -> None:
        operations.synchronise([self.OFTEN], at=AT)
        self.start()
        Job.objects.update(attempts=5, run_after=AT + timedelta(hours=2))

        self.start(AT + timedelta(minutes=5))

        assert Job.objects.get().run_after == AT + timedelta(minutes=5)

    def test_one_schedule_without_its_task_does_not_stop_the_others(self) -> None:
        operations.synchronise([self.OFTEN, Schedule("gone", add, every=timedelta(minutes=5))], at=AT)
        ScheduleRow.objects.filter(name="gone").update(task="huiyin.gone")

        assert self.start() == 1

        assert Job.objects.get().dedupe_key == "schedule:often"
        assert not ScheduleRow.objects.filter(next_run_at__lte=AT).exists()

    def test_synchronising_follows_the_declaration_and_keeps_what_is_unchanged(self) -> None:
        other = Schedule("other", hurry, every=timedelta(hours=1))
        operations.synchronise([self.OFTEN, other], at=AT)

        rarer, moved = Schedule("often", hurry, every=timedelta(hours=2)), Schedule("other", add, every=other.every)
        operations.synchronise([rarer, moved], at=AT + LEASE)

        rows = ScheduleRow.objects.order_by("name").values_list("name", "task", "next_run_at", "every")
        assert list(rows) == [
            ("often", hurry.module_path, AT + LEASE, timedelta(hours=2)),
            ("other", add.module_path, AT, timedelta(hours=1)),
        ]
        operations.synchronise([], at=AT)
        assert not ScheduleRow.objects.exists()
