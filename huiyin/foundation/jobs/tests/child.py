"""A process of its own with a worker: `python -m huiyin.foundation.jobs.tests.child <database> <what> [word …]`.

The database is a file, or postgres: with the settings of one as JSON.
"""

import json
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

LEASE = timedelta(seconds=1.5)
APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "huiyin.foundation.accounts",
    "huiyin.foundation.journal",
    "huiyin.foundation.jobs",
]


def main(database: str, what: str, *words: str) -> None:
    engine = {"ENGINE": "huiyin.foundation.sqlite", "NAME": database, "CONN_MAX_AGE": None}
    apps, backend = [], "huiyin.foundation.jobs.backend.LeasedBackend"
    if database.startswith("postgres:"):
        engine = json.loads(database.removeprefix("postgres:"))
        apps, backend = ["procrastinate.contrib.django"], "huiyin.foundation.jobs.postgres.backend.ProcrastinateBackend"
    settings.configure(
        DATABASES={"default": engine},
        INSTALLED_APPS=[*APPS, *apps],
        AUTH_USER_MODEL="accounts.User",
        TASKS={"default": {"BACKEND": backend}},
        PROCRASTINATE_AUTODISCOVER_MODULE_NAME="",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
    WHAT[what](*words)


def prepare() -> None:
    """Create the tables."""
    call_command("migrate", verbosity=0)


def work(until: str) -> None:
    """Run a worker with two threads, until idle or until SIGTERM."""
    from huiyin.foundation.jobs.queue import queue  # app ready
    from huiyin.foundation.jobs.worker import Worker  # app ready

    worker: Any = None
    if queue().is_procrastinate:
        from huiyin.foundation.jobs.postgres.worker import ProcrastinateWorker  # optional

        worker = ProcrastinateWorker(threads=2, lost_after=LEASE.total_seconds())
    else:
        worker = Worker(threads=2, lease=LEASE)
    signal.signal(signal.SIGTERM, lambda number, frame: worker.stop())
    worker.run(until_idle=until == "idle")
    print(worker.jobs_run)


def enqueue(folder: str, count: str, seconds: str) -> None:
    """Enqueue so many marks, in one transaction."""
    from django.db import transaction  # app ready

    from huiyin.foundation.jobs.tests.sample_tasks import mark  # app ready

    with transaction.atomic():
        for number in range(int(count)):
            mark.enqueue(folder, number, float(seconds))


def standing() -> None:
    """Print how many jobs are due, running and failed."""
    from django.utils.timezone import now  # app ready

    from huiyin.foundation.jobs import queries  # app ready

    found = queries.standing(now())
    print(found.due, found.running, found.failed)


def tick(times: str) -> None:
    """Start due schedules as fast as possible, so many times."""
    from django.utils.timezone import now  # app ready

    from huiyin.foundation.jobs import operations  # app ready
    from huiyin.foundation.jobs.rules import Schedule  # app ready
    from huiyin.foundation.jobs.tests.sample_tasks import hurry  # app ready
    from huiyin.foundation.jobs.worker import run_due_jobs  # app ready

    operations.synchronise([Schedule("often", hurry, every=timedelta(milliseconds=300))], at=now())
    for _ in range(int(times)):
        operations.start_due_schedules(at=now())
        run_due_jobs()


WHAT: dict[str, Callable[..., None]] = {act.__name__: act for act in (prepare, work, enqueue, standing, tick)}

if __name__ == "__main__":
    main(*sys.argv[1:])
