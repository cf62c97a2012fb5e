"""Workers: threads that claim and run jobs, and one that keeps their leases alive and starts schedules.

An edge: it asks the clock. Killing a worker loses nothing; what it held is taken over when the lease runs out.
"""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils.timezone import now
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskContext, task_backends
from django_tasks.utils import normalize_json

from huiyin.foundation.jobs import bell, operations
from huiyin.foundation.jobs.backend import result_of
from huiyin.foundation.jobs.models import Job
from huiyin.foundation.jobs.queue import queue
from huiyin.foundation.jobs.rules import LEASE
from huiyin.foundation.jobs.tasks import task_at

_LOOK_AGAIN = 1.0
log = logging.getLogger(__name__)


class Worker:
    """Runs jobs on some threads. `run` blocks until `stop` was called or, with `until_idle`, nothing is due."""

    def __init__(self, *, threads: int = 1, queues: Sequence[str] = (), lease: timedelta = LEASE) -> None:
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.queues = list(queues) or sorted(task_backends[DEFAULT_TASK_BACKEND_ALIAS].queues)
        self.lease = lease
        self.jobs_run = 0
        self._threads = threads
        self._held: dict[int, datetime] = {}  # job → when its lease was last set
        self._lock = threading.Lock()
        self._claiming = threading.Lock()
        self._stopping = threading.Event()
        self._over = threading.Event()

    def run(self, *, until_idle: bool = False) -> None:
        """Run jobs on the threads while this one renews leases and starts schedules."""
        runners = [threading.Thread(target=self._run_jobs, args=(until_idle,)) for _ in range(self._threads)]
        try:
            self._keep_time()
            for runner in runners:
                runner.start()
            next_look = time.monotonic() + _LOOK_AGAIN
            while any(runner.is_alive() for runner in runners):
                time.sleep(0.1)
                if time.monotonic() >= next_look:
                    next_look = time.monotonic() + _LOOK_AGAIN
                    self._keep_time()
        finally:
            self._over.set()
            connections.close_all()

    def stop(self) -> None:
        """Claim nothing more; what runs is finished. Safe in a signal handler."""
        self._stopping.set()

    def wait(self, seconds: float) -> bool:
        """Wait until the running jobs are finished; False if they take longer."""
        return self._over.wait(seconds)

    def _keep_time(self) -> None:
        try:
            close_old_connections()
            at = now()
            ageing = self._held_since(at - self.lease / 3)
            if ageing:
                operations.renew(ageing, worker=self.name, at=at, lease=self.lease)
                self._renewed(ageing, at)
            if not self._stopping.is_set() and operations.start_due_schedules(at=now()):
                bell.ring()
        except (DatabaseError, InterfaceError):
            log.exception("the database does not answer; trying again")
            connections.close_all()

    def _run_jobs(self, until_idle: bool) -> None:
        try:
            while not self._stopping.is_set():
                if not self._run_next() and not self._stopping.is_set():
                    if until_idle:
                        return
                    bell.wait(_LOOK_AGAIN)
        finally:
            connections.close_all()

    def _run_next(self) -> bool:
        job = None
        try:
            close_old_connections()
            # One thread at a time: they would all see the same job as the next one, and all but one in vain.
            with self._claiming:
                job = operations.claim(worker=self.name, queues=self.queues, at=now(), lease=self.lease)
            if job is None:
                return False
            with self._lock:
                self._held[job.pk] = now()
                self.jobs_run += 1
            run_job(job)
        except (DatabaseError, InterfaceError):
            # What was held stays leased and is taken over, by us or by another.
            log.exception("the database does not answer; trying again")
            connections.close_all()
            self._stopping.wait(_LOOK_AGAIN)
        finally:
            if job is not None:
                with self._lock:
                    self._held.pop(job.pk, None)
        return True

    def _held_since(self, moment: datetime) -> list[int]:
        with self._lock:
            return [pk for pk, renewed_at in self._held.items() if renewed_at <= moment]

    def _renewed(self, jobs: Sequence[int], at: datetime) -> None:
        with self._lock:
            self._held.update((pk, at) for pk in jobs if pk in self._held)


def run_job(job: Job) -> None:
    """Run a claimed job and record how it ended."""
    try:
        result = call(job)
    except Exception as error:  # whatever a task raises is kept on its row
        log.warning("job %s failed, attempt %s of %s", job, job.attempts, job.max_attempts, exc_info=True)
        recorded = operations.fail(job, error, at=now())
    else:
        recorded = operations.finish(job, at=now(), result=result)
    if not recorded:
        log.warning("job %s was taken over while it ran: its lease had run out", job)


def run_due_jobs(*, queues: Sequence[str] = ()) -> int:
    """Run what is due here and now, on the caller's connection; return how many ran. For tests and scripts."""
    if queue().is_procrastinate:
        from huiyin.foundation.jobs.postgres import running  # optional

        return running.run_due(list(queues) or sorted(queue().queues))
    worker = Worker(queues=queues)
    ran = 0
    while (job := operations.claim(worker=worker.name, queues=worker.queues, at=now())) is not None:
        run_job(job)
        ran += 1
    return ran


def call(job: Job) -> Any:
    task = task_at(job.task)
    context = [TaskContext(task_result=result_of(job, task, task.backend))] if task.takes_context else []
    result = task.call(*context, *job.args, **job.kwargs)
    try:
        return normalize_json(result)
    except (TypeError, ValueError):
        # The work is done; repeating it would not make its result fit.
        log.exception("job %s returned what JSON cannot hold", job)
        return None
