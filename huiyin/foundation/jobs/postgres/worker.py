"""A Procrastinate worker in this process, and beside it a thread that keeps time: schedules, heartbeat, lost jobs.

An edge: it asks the clock. When the database goes away the worker starts anew; what it ran is taken back meanwhile.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils.timezone import now
from procrastinate import exceptions
from procrastinate.contrib.django.db_cleanup import DjangoApp
from procrastinate.contrib.django.utils import connector_params
from procrastinate.job_context import JobContext
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker

from huiyin.foundation.jobs import operations
from huiyin.foundation.jobs.postgres import rows, running
from huiyin.foundation.jobs.queue import queue

LOST_AFTER = 30.0  # seconds without a heartbeat
_LOOK_AGAIN = 1.0
log = logging.getLogger(__name__)


class ProcrastinateWorker:
    """Runs jobs on some threads. `run` blocks until `stop` was called or, with `until_idle`, nothing is due."""

    def __init__(self, *, threads: int = 1, queues: Sequence[str] = (), lost_after: float = LOST_AFTER) -> None:
        self.queues = list(queues) or sorted(queue().queues)
        self.jobs_run = 0
        self._threads = threads
        self._lost_after = lost_after
        self._worker: Worker | None = None
        self._seen: set[int] = set()
        self._stopping = threading.Event()
        self._over = threading.Event()

    def run(self, *, until_idle: bool = False) -> None:
        """Run jobs on the threads of an event loop while another thread keeps time."""
        running.take_over_rows(at=now())
        running.take_back_lost(seconds=self._lost_after)
        operations.start_due_schedules(at=now())
        keeper = threading.Thread(target=self._keep_time)
        keeper.start()
        try:
            asyncio.run(self._work(until_idle))
        finally:
            self._over.set()
            keeper.join()
            connections.close_all()

    def stop(self) -> None:
        """Claim nothing more; what runs is finished. Safe in a signal handler."""
        self._stopping.set()

    def wait(self, seconds: float) -> bool:
        """Wait until the running jobs are finished; False if they take longer."""
        return self._over.wait(seconds)

    async def _work(self, until_idle: bool) -> None:
        while not self._stopping.is_set():
            before = self.jobs_run
            try:
                await self._work_while_connected(until_idle)
            except (exceptions.ConnectorException, psycopg.Error, OSError):
                log.exception("the database does not answer; trying again")
                await asyncio.sleep(_LOOK_AGAIN)
                continue
            if until_idle and self.jobs_run == before:
                return

    async def _work_while_connected(self, until_idle: bool) -> None:
        app = self._app()
        async with app.open_async():
            self._worker = Worker(
                app=app,
                queues=self.queues,
                concurrency=self._threads,
                wait=not until_idle,
                fetch_job_polling_interval=_LOOK_AGAIN,
                install_signal_handlers=False,
                update_heartbeat_interval=self._lost_after / 3,
                stalled_worker_timeout=self._lost_after,
                task_middleware=app.worker_defaults.get("task_middleware"),
            )
            await self._worker.run()  # type: ignore[no-untyped-call]  # carries no types

    def _app(self) -> DjangoApp:
        # Django's connections belong to threads and transactions; the loop has a small pool of its own.
        most = self._threads + 2
        app = DjangoApp(connector=PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=most, timeout=5.0))
        app.task(name=rows.TASK, pass_context=True, retry=running.Backoff())(self._run)
        return app

    def _run(self, context: JobContext, /, **about: Any) -> None:
        self.jobs_run += 1
        running.run(context, **about)

    def _keep_time(self) -> None:
        next_sweep = next_look = 0.0
        while not self._over.wait(0.1):
            worker, at = self._worker, time.monotonic()
            if self._stopping.is_set() and worker is not None:
                worker.stop()  # type: ignore[no-untyped-call]  # carries no types
            if at < next_look:
                continue
            next_look = at + _LOOK_AGAIN
            try:
                close_old_connections()
                if not self._stopping.is_set():
                    operations.start_due_schedules(at=now())
                if at >= next_sweep:
                    next_sweep = at + self._lost_after / 3
                    self._sweep(worker)
            except (DatabaseError, InterfaceError, exceptions.ConnectorException):
                log.exception("the database does not answer; trying again")
                connections.close_all()
        connections.close_all()

    def _sweep(self, worker: Worker | None) -> None:
        if worker is not None and worker.worker_id is not None:
            rows.beat(worker.worker_id)
            self._seen = running.take_back_dropped(worker.worker_id, seen=self._seen)
        running.take_back_lost(seconds=self._lost_after)
