"""`huiyin serve --port N`: the server, over what is there."""

import argparse
import os
import sys
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from huiyin.foundation.postgres import pool
from huiyin.surfaces.cli.setup import prepare


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="端口,默认 8000")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址,默认只在本机")


def run(args: argparse.Namespace) -> int:
    prepare()
    gather_static()
    serve(host=args.host, port=args.port)
    return 0


def gather_static() -> None:
    """Hash and compress the static files, once per state of their sources."""
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


def serve(*, host: str, port: int) -> None:
    """Serve until told to stop. On one file, one worker process with four threads; jobs run beside it."""
    from granian import Granian  # slow
    from granian.constants import Interfaces  # slow

    # The server forks. An SQLite connection, or a thread that is writing, must not be carried through a fork:
    # the child would believe for ever in a lock that nobody holds.
    pool.close_all()
    os.environ["HUIYIN_EMBED_WORKER"] = "yes"
    print(f"回音已启动:http://{host}:{port}/", file=sys.stderr, flush=True)
    Granian(
        "huiyin.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.WORKERS,
        blocking_threads=4,
        log_enabled=False,
    ).serve()
