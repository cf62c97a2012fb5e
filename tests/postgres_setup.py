"""Run a command with a PostgreSQL of its own: `python -m tests.postgres_setup pytest -n auto`.

A private cluster in a temporary folder, reachable through its socket alone, durability off, removed at the end. The
command finds it in HUIYIN_TEST_DATABASE_URL; where that is given already, that server is used and left alone. Server
programs that are missing are installed by apt when we may.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tests.packages import there_after_installing

OLDEST = 15
ROOM = 3 << 30
# It is thrown away: what a crash would lose is lost anyway.
QUICK = (
    *("fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0"),
    *("autovacuum=off", "checkpoint_timeout=1h", "jit=off"),
    "dynamic_shared_memory_type=mmap",  # in the data directory, and gone with it
)
# Whoever waits for a test that will never end gives up, so that the failure has a name and the run an end.
BOUNDED = ("lock_timeout=60s", "statement_timeout=240s", "idle_in_transaction_session_timeout=240s")
SETTINGS = (
    *QUICK,
    *BOUNDED,
    "listen_addresses=",
    "max_connections=200",
    "shared_buffers=128MB",
    "log_min_messages=fatal",
)


def main(command: Sequence[str]) -> int:
    if os.environ.get("HUIYIN_TEST_DATABASE_URL"):
        return subprocess.run(command, check=False).returncode
    found = programs()
    if found is None:
        sentence = "要测 PostgreSQL,请先安装它的服务端(Debian/Ubuntu:apt-get install postgresql),再运行 make test"
        print(sentence, file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that it is removed then too
    with private_cluster(found) as url:
        return subprocess.run(command, check=False, env={**os.environ, "HUIYIN_TEST_DATABASE_URL": url}).returncode


@contextmanager
def private_cluster(where: Path) -> Iterator[str]:
    """Start a server in a temporary folder, yield its URL, and leave nothing of it behind."""
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="huiyin-postgres-", dir=_memory()))
    try:
        if owner:
            shutil.chown(folder, owner)
        data = folder / "data"
        # Trust is safe: nobody else may enter the folder in which the socket lies.
        how = ["--auth=trust", "--username=huiyin", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run([where / "initdb", "-D", data, *how], folder, owner)
        options = " ".join(f"-c {one}" for one in (*SETTINGS, f"unix_socket_directories={folder}"))
        _run([where / "pg_ctl", "start", "-w", "-D", data, "-l", folder / "log", "-o", options], folder, owner)
        try:
            yield f"postgres://huiyin@/postgres?host={quote(str(folder), safe='')}"
        finally:
            _run([where / "pg_ctl", "stop", "-m", "immediate", "-D", data], folder, owner)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> str | None:
    """Return the folder that lies in memory, where there is one with room; None is the usual place."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None


def _run(command: Sequence[str | Path], folder: Path, owner: str | None) -> None:
    with (folder / "setup").open("a+") as told:
        done = subprocess.run(
            command, check=False, stdout=told, stderr=told, cwd=folder, user=owner, group=_group(owner)
        )
        if done.returncode:
            told.seek(0)
            sys.exit(f"{command[0]}: {told.read()[-2000:]}")


def _owner() -> str | None:
    """Return whom the server runs as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _group(owner: str | None) -> int | None:
    return pwd.getpwnam(owner).pw_gid if owner else None


def programs() -> Path | None:
    """Return the folder of the newest server programs of this machine, installed if they were not there; None without."""
    there_after_installing(lambda: _folder() is not None, "postgresql")
    return _folder()


def _folder() -> Path | None:
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    found = {int(place.parent.name.split("-")[-1]): place for place in places if (place / "initdb").exists()}
    if found and max(found) >= OLDEST:
        return found[max(found)]
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
