"""`huiyin serve --port N`: the server, over what is there."""

import argparse
import atexit
import os
import shutil
import sys
import tempfile
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from huiyin.foundation.postgres import pool
from huiyin.surfaces.cli import check
from huiyin.surfaces.cli.setup import prepare

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
DRAINED_WITHIN = 30
SHARED_MEMORY = "/dev/shm"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="端口,默认 8000")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址,默认只在本机")
    parser.add_argument("--no-jobs", action="store_true", help="不兼做后台任务,由单独的 huiyin worker 做")


def run(args: argparse.Namespace) -> int:
    count_together()
    prepare()
    gather_static()
    serve(host=args.host, port=args.port, jobs=not args.no_jobs)
    return 0


def count_together() -> None:
    """Let several server processes count requests in shared files, so that any of them answers for all.

    To be called before anything loads the pages: what counts decides then whether it counts for itself alone. In memory
    and not in the home: a file that is mapped into a process ends it when the disk is full.
    """
    if settings.WORKERS == 1:
        return
    folder = tempfile.mkdtemp(prefix="huiyin-metrics-", dir=SHARED_MEMORY if os.path.isdir(SHARED_MEMORY) else None)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder


def gather_static() -> None:
    """Hash and compress the static files, once per state of their sources, whoever else is starting in this home."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    with (settings.HOME / "static.lock").open("w") as turn:
        flock(turn, LOCK_EX)
        _gather()


def _gather() -> None:
    stamp = settings.STATIC_ROOT / ".stamp"
    digest = sha256()
    for folder in sorted(Path(settings.BASE_PACKAGE).glob("**/static")):
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                found = file.stat()
                digest.update(f"{file} {found.st_size} {found.st_mtime_ns}".encode())
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())


def serve(*, host: str, port: int, jobs: bool = True) -> None:
    """Serve until told to stop. On one file, one worker process with four threads; jobs run beside it.

    At SIGTERM no new request is taken, those in hand are answered and the running jobs finished; who takes longer than
    DRAINED_WITHIN is ended. A worker that dies is replaced.
    """
    from granian import Granian  # slow
    from granian.constants import Interfaces  # slow

    if settings.HTTPS or host not in LOOPBACK:
        check.warn()
    # The server forks. An SQLite connection, or a thread that is writing, must not be carried through a fork:
    # the child would believe for ever in a lock that nobody holds.
    pool.close_all()
    os.environ["HUIYIN_EMBED_WORKER"] = "yes" if jobs else "no"
    print(f"回音已启动:http://{host}:{port}/", file=sys.stderr, flush=True)
    Granian(
        "huiyin.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.WORKERS,
        blocking_threads=4,
        log_enabled=False,  # every request is our own line already, without the query
        respawn_failed_workers=True,
        workers_kill_timeout=DRAINED_WITHIN,
    ).serve()
