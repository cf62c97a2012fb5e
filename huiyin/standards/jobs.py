"""What the clock does for the standards: a miss is recorded and a step of a ladder taken within a minute, short samples
are topped up, duties show in time.
"""

from datetime import timedelta

from django.utils.timezone import now
from django_tasks import task

from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.jobs.rules import Schedule
from huiyin.standards import operations


@task()
def note_misses() -> None:
    operations.note_misses(at=now(), actor=system_actor())


@task()
def climb_ladders() -> None:
    operations.climb(at=now(), actor=system_actor())


@task()
def top_up_draws() -> None:
    operations.top_up(at=now(), actor=system_actor())


@task()
def open_duties() -> None:
    operations.open_duties(at=now(), actor=system_actor())


SCHEDULES = (
    Schedule("note-misses", note_misses, every=timedelta(minutes=1)),
    Schedule("climb-ladders", climb_ladders, every=timedelta(minutes=1)),
    Schedule("top-up-draws", top_up_draws, every=timedelta(hours=1)),
    Schedule("open-duties", open_duties, every=timedelta(hours=1)),
)
