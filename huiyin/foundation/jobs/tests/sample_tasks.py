"""Tasks for the tests. They write what they do to a file, which a kill does not take back."""

import time
from pathlib import Path

from django_tasks import TaskContext, task

from huiyin.foundation.jobs.tasks import LeasedTask


@task
def add(left: int, right: int) -> int:
    return left + right


@task
def break_down() -> None:
    raise ValueError("短路了")


@task(priority=10)
def hurry() -> str:
    return "first"


@task(takes_context=True)
def say_attempt(context: TaskContext) -> int:
    return context.attempt


@task
def note(path: str, word: str, seconds: float = 0) -> None:
    _write(path, f"begin {word}")
    time.sleep(seconds)
    _write(path, f"end {word}")


@task
def mark(folder: str, number: int, seconds: float) -> None:
    """Leave one mark for each number, however often it runs."""
    _write(f"{folder}/begun", str(number))
    time.sleep(seconds)
    Path(folder, f"mark-{number}").touch()


@task
def return_a_set() -> object:
    return {1}


fragile = LeasedTask(func=break_down.func, max_attempts=2)


def _write(path: str, line: str) -> None:
    with Path(path).open("a") as file:
        file.write(line + "\n")
