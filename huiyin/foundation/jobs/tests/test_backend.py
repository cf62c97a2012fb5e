"""The django-tasks API on our rows."""

from datetime import timedelta

import pytest
from django.utils.timezone import now
from django_tasks import TaskResultStatus, default_task_backend
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist

from huiyin.foundation.jobs import queries
from huiyin.foundation.jobs.models import Job
from huiyin.foundation.jobs.tests.sample_tasks import add, break_down, hurry, note, return_a_set, say_attempt
from huiyin.foundation.jobs.worker import run_due_jobs
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command

pytestmark = pytest.mark.django_db


def test_a_task_is_enqueued_run_and_answered() -> None:
    result = add.enqueue(2, right=3)
    assert (result.status, result.args, result.kwargs) == (TaskResultStatus.READY, [2], {"right": 3})

    assert run_due_jobs() == 1

    result.refresh()
    assert (result.status, result.return_value, result.attempts) == (TaskResultStatus.SUCCESSFUL, 5, 1)
    assert add.get_result(result.id).return_value == 5


def test_an_error_is_kept_and_tried_again_later() -> None:
    result = break_down.enqueue()

    assert [run_due_jobs(), run_due_jobs()] == [1, 0]

    result.refresh()
    assert result.status == TaskResultStatus.READY
    assert [error.exception_class for error in result.errors] == [ValueError]
    assert "短路了" in result.errors[0].traceback


def test_a_deferred_task_waits() -> None:
    add.using(run_after=now() + timedelta(hours=1)).enqueue(1, 2)

    assert run_due_jobs() == 0


def test_a_task_may_ask_which_attempt_it_is() -> None:
    result = say_attempt.enqueue()

    run_due_jobs()

    assert say_attempt.get_result(result.id).return_value == 1


def test_the_priority_of_the_task_is_that_of_its_jobs() -> None:
    hurry.enqueue()

    assert Job.objects.get().priority == 10


def test_a_result_that_json_cannot_hold_does_not_repeat_the_work() -> None:
    result = return_a_set.enqueue()

    run_due_jobs()

    result.refresh()
    assert (result.status, result.return_value) == (TaskResultStatus.SUCCESSFUL, None)


@pytest.mark.parametrize("unknown", ["0", "no-number"])
def test_an_unknown_result_is_said_to_be_unknown(unknown: str) -> None:
    with pytest.raises(TaskResultDoesNotExist):
        default_task_backend.get_result(unknown)


def test_arguments_that_json_cannot_hold_and_naive_times_are_refused() -> None:
    with pytest.raises(TypeError):
        add.enqueue(1, object())
    with pytest.raises(InvalidTaskError):
        note.using(run_after=now().replace(tzinfo=None)).enqueue("", "")

    assert not Job.objects.exists()


def test_a_refused_command_enqueues_nothing() -> None:
    @command
    def promise_and_refuse() -> None:
        add.enqueue(1, 2)
        raise Refused("不行")

    with pytest.raises(Refused):
        promise_and_refuse()

    assert queries.standing(now()).due == 0
