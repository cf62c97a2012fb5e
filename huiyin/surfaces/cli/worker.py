"""`huiyin worker`: run background jobs and schedules in a process of their own; `serve` embeds the same worker."""

import argparse
import signal
import threading
from multiprocessing.util import Finalize
from types import FrameType

from django.utils.timezone import now

from huiyin.foundation.jobs import operations
from huiyin.foundation.jobs.queue import Runs, queue
from huiyin.foundation.jobs.worker import Worker
from huiyin.surfaces.cli.schedule import SCHEDULES

_DRAIN_SECONDS = 10.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="做完到期的任务就退出")
    parser.add_argument("--threads", type=int, default=2, metavar="N", help="同时做几件(默认 2)")


def run(args: argparse.Namespace) -> int:
    """Run jobs until SIGTERM or SIGINT: what runs is finished, nothing new is begun. A second signal ends at once."""
    worker = _ready_worker(args.threads)

    def drain(signum: int, frame: FrameType | None) -> None:
        worker.stop()
        signal.signal(signum, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, drain)
    worker.run(until_idle=args.once)
    return 0


def start_embedded_worker(threads: int = 1) -> Runs:
    """Run jobs on daemon threads of this process; the end of the process waits a little for what runs."""
    worker = _ready_worker(threads)

    def drain() -> None:
        worker.stop()
        worker.wait(_DRAIN_SECONDS)

    threading.Thread(target=worker.run, name="embedded-worker", daemon=True).start()
    # The server's processes are forked: they end by os._exit, which asks these and not `atexit`.
    Finalize(None, drain, exitpriority=1)
    return worker


def _ready_worker(threads: int) -> Runs:
    operations.synchronise(SCHEDULES, at=now())
    if queue().is_procrastinate:
        from huiyin.foundation.jobs.postgres.worker import ProcrastinateWorker  # optional

        return ProcrastinateWorker(threads=threads)
    return Worker(threads=threads)
