"""A home as `huiyin setup` leaves it. Laying the tables takes longer than most tests: the workers of a run do it once."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def shared_by_workers(factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all workers of this run have in common."""
    mine = factory.getbasetemp()
    return mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine


def set_up(home: Path, factory: pytest.TempPathFactory) -> None:
    """Make `home`, which is not there or empty, a copy of one that was set up on SQLite."""
    shared = shared_by_workers(factory)
    made = shared / "set-up"
    with (shared / "set-up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            half = shared / "half-set-up"
            shutil.rmtree(half, ignore_errors=True)
            kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
            subprocess.run(
                [sys.executable, "-m", "huiyin.surfaces.cli.main", "setup"],
                cwd=ROOT,
                env={**kept, "HUIYIN_HOME": str(half), "PYTHONPATH": str(ROOT)},
                check=True,
                capture_output=True,
            )
            half.rename(made)
    shutil.copytree(made, home, dirs_exist_ok=True)
