"""The embedded database's own housekeeping, to be listed among the schedules."""

from django_tasks import task

from huiyin.foundation.sqlite.statistics import lay_down_statistics


@task
def refresh_statistics() -> None:
    lay_down_statistics()
