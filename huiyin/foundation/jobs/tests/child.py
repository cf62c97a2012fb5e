"""A process of its own with a worker: `python -m huiyin.foundation.jobs.tests.child <database file> <what> [word …]`."""

import signal
import sys
from collections.abc import Callable
from datetime import timedelta

import django
from django.conf import settings
from django.core.management import call_command

LEASE = timedelta(seconds=1.5)


def main(file: str, what: str, *words: str) -> None:
    settings.configure(
        DATABASES={"default": {"ENGINE": "huiyin.foundation.sqlite", "NAME": file, "CONN_MAX_AGE": None}},
        INSTALLED_APPS=["huiyin.foundation.jobs"],
        TASKS={"default": {"BACKEND": "huiyin.foundation.jobs.backend.LeasedBackend"}},
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
    from huiyin.foundation.jobs.worker import Worker  # app ready

    worker = Worker(threads=2, lease=LEASE)
    signal.signal(signal.SIGTERM, lambda number, frame: worker.stop())
    worker.run(until_idle=until == "idle")
    print(worker.jobs_run)


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


WHAT: dict[str, Callable[..., None]] = {act.__name__: act for act in (prepare, work, tick)}

if __name__ == "__main__":
    main(*sys.argv[1:])
