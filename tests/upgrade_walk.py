"""`python -m tests.upgrade_walk COMMIT [--postgres]`: up from an older version and back again, both ways, with data.

Takes the steps of docs/deploy.md, with the old version set up from its commit in a folder of its own. Tells after each step
what is there, and ends with 1 when an invariant does not hold or a matter is gone that should have stayed. Some minutes.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from tests.child_rows import rows_of
from tests.postgres_setup import private_cluster, programs

ROOT = Path(__file__).parents[1]
ESTATE = ("demo", "--households", "60", "--months", "1")
REGISTER = """
import sys, django
django.setup()
from django.utils.timezone import now
from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.rules import Caller
from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import User
clerk = User.objects.get(username="qiantai")
for text in sys.argv[1:]:
    caller = Caller(name="王丽", phone="13800138000")
    cases.register_case(Estate.objects.get(), kind="repair", text=text, caller=caller, actor=clerk, at=now())
"""


@dataclass(frozen=True)
class House:
    """One version's code over one home and one database."""

    code: Path
    home: Path
    url: str

    def huiyin(self, *words: str) -> str:
        return self.python("-m", "huiyin.surfaces.cli.main", *words)

    def python(self, *words: str) -> str:
        around = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
        around |= {"HUIYIN_HOME": str(self.home), "HUIYIN_DATABASE_URL": self.url, "PYTHONIOENCODING": "utf-8"}
        around |= {"DJANGO_SETTINGS_MODULE": "huiyin.config.settings"}
        done = subprocess.run(
            [self.code / ".venv/bin/python", *words],
            check=False,
            cwd=self.code,
            env=around,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            sys.exit(f"{' '.join(words)[:200]}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done.stdout

    def matters(self) -> set[str]:
        return {str(number) for (number,) in rows_of(self.url, "SELECT number FROM cases_case")}

    def told(self, step: str, begun: float) -> None:
        """Print what is there; ends here when an invariant does not hold."""
        spent = time.monotonic() - begun
        held = self.huiyin("verify").splitlines()[-1]
        (journal,), (migrations,) = (
            rows_of(self.url, f"SELECT count(*) FROM {table}")[0] for table in ("journal_entry", "django_migrations")
        )
        there = f"{len(self.matters())} matters, {journal} journal lines, {migrations} migrations"
        print(f"{step}: {spent:.0f} s; {there}; {held}", flush=True)

    def register(self, *texts: str) -> None:
        self.python("-c", REGISTER, *texts)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.upgrade_walk", description=__doc__)
    parser.add_argument("commit", help="the older version")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own, else on SQLite")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="huiyin-upgrade-") as folder:
        old = version(said.commit, Path(folder))
        if not said.postgres:
            databases = [f"sqlite://{Path(folder) / name / 'huiyin.sqlite3'}" for name in ("first", "second")]
            return walk(old, Path(folder), databases)
        found = programs()
        if found is None:
            sys.exit("PostgreSQL is not there (Debian: apt-get install postgresql)")
        with private_cluster(found) as url:
            return walk(old, Path(folder), [new_database(url, name) for name in ("first", "second")])


def version(commit: str, folder: Path) -> Path:
    """Set the version up as the documentation says, in a folder of its own."""
    place = folder / "old"
    subprocess.run(["git", "clone", "--quiet", ROOT, place], check=True)
    subprocess.run(["git", "checkout", "--quiet", commit], cwd=place, check=True)
    subprocess.run(["make", "setup"], cwd=place, check=True, stdout=subprocess.DEVNULL)
    return place


def new_database(url: str, name: str) -> str:
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    return url.replace("/postgres?", f"/{name}?")


def walk(code: Path, folder: Path, databases: Sequence[str]) -> int:
    """Go up, back by the backup, up again, back by reversing, up again; return 1 when a matter is gone."""
    old = House(code, folder / "first", databases[0])
    new = replace(old, code=ROOT)
    begun = time.monotonic()
    old.huiyin(*ESTATE)
    old.told("the old version with a month of an estate", begun)
    archive = old.huiyin("backup").splitlines()[0]
    before = old.matters()

    upgrade(new, "up")
    gone = before - new.matters()
    new.register("登记一", "登记二", "登记三")
    after = new.matters() - before

    begun = time.monotonic()
    back = House(code, folder / "second", databases[1])
    back.home.mkdir(mode=0o700)
    for key in ("secret_key", "field_keys"):
        if (old.home / key).exists():
            (old.home / key).rename(back.home / key)
    back.huiyin("restore", archive)
    back.told("back by the backup, into an empty place", begun)
    print(f"  lost of what was registered after the upgrade: {len(after - back.matters())} of {len(after)}")
    gone |= before ^ back.matters()

    forward = replace(back, code=ROOT)
    upgrade(forward, "up again")
    forward.register("登记四", "登记五")
    stay = forward.matters()
    begun = time.monotonic()
    for app, last in sorted(last_migrations(code, of=ROOT).items()):
        forward.python("-m", "django", "migrate", "--verbosity", "0", app, last)
    back.huiyin("setup")
    back.told("back by reversing the migrations, with two matters registered in between", begun)
    gone |= stay - back.matters()
    upgrade(forward, "up once more")
    gone |= stay - forward.matters()
    print(f"gone that should have stayed: {len(gone)}")
    return 1 if gone else 0


def upgrade(house: House, step: str) -> None:
    begun = time.monotonic()
    house.huiyin("setup")
    house.told(step, begun)


def last_migrations(code: Path, *, of: Path) -> dict[str, str]:
    """Return for every app in which the one version has more the last migration that the other has, or `zero`."""
    folders = {one.parent.relative_to(of) for one in (of / "huiyin").glob("**/migrations/0*.py")}
    return {
        folder.parent.name: _last(code / folder) for folder in folders if _last(code / folder) != _last(of / folder)
    }


def _last(folder: Path) -> str:
    return max((one.stem for one in folder.glob("0*.py")), default="zero")


if __name__ == "__main__":
    sys.exit(main())
