"""`huiyin backup` and `huiyin restore` as an administrator runs them, with a sum of every table.

On the engine the tests run on.
"""

import os
import random
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pysqlite3
import pytest
from django.db import connection

from tests.homes import set_up

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
PHOTO = b"a photo" * 1000
STORED = "ab/abcdef.jpg"
NEW_FILE = """INSERT INTO files_storedfile (subject_type, subject_id, sha256, size, content_type, original_name, stored_name,
    uploaded_at) VALUES ('case', 1, '{}', 7000, 'image/jpeg', '照片.jpg', '{}', '2026-11-22 02:30:00+00:00')"""


@dataclass
class House:
    """One installation: its folder, its database, its commands."""

    home: Path
    url: str = ""
    env: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, **how: object) -> "subprocess.CompletedProcess[str]":
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
        env = {**clean, "HUIYIN_HOME": str(self.home), "HUIYIN_DATABASE_URL": self.url, **self.env}
        command = [sys.executable, "-m", "huiyin.surfaces.cli.main", *words]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False, **how)

    def sql(self, *statements: str) -> list[tuple[object, ...]]:
        """Run the statements in one transaction and return the rows of the last."""
        with self.open() as database:
            for statement in statements[:-1]:
                database.execute(statement)
            found = database.execute(statements[-1])
            rows = found.fetchall() if found.description else []
            database.commit()
        return [tuple(row) for row in rows]

    def open(self) -> object:
        if self.url:
            return closing(psycopg.connect(self.url))
        return closing(pysqlite3.connect(self.home / "huiyin.sqlite3", timeout=20))

    def sums(self) -> dict[str, tuple[int, str]]:
        """Count and sum every table by another way than the product does."""
        if self.url:
            names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        else:
            names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1"
        found = {}
        for (name,) in self.sql(names):
            rows = sorted(repr(row) for row in self.sql(f'SELECT * FROM "{name}"'))
            found[str(name)] = (len(rows), sha256("\n".join(rows).encode()).hexdigest())
        return found


Another = Callable[[Path], House]


@pytest.fixture(scope="module")
def another() -> Iterator[Another]:
    """Make an installation with an empty database."""
    if connection.vendor == "sqlite":
        yield House
        return
    about, names = connection.settings_dict, []
    server = {key.lower(): about[key] for key in ("USER", "PASSWORD", "HOST", "PORT") if about[key]}
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as admin:

        def make(home: Path) -> House:
            names.append(f"huiyin_backup_{random.randrange(10**9)}")
            admin.execute(f"CREATE DATABASE {names[-1]}")
            return House(home, f"postgres:///{names[-1]}?{urlencode(server)}")

        yield make
        for name in names:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def house(another: Another, tmp_path_factory: pytest.TempPathFactory) -> House:
    """An installation with standards, one photo, and two tables that are always written together."""
    made = another(tmp_path_factory.mktemp("house"))
    if made.url:
        assert made.run("setup").returncode == 0
    else:
        set_up(made.home, tmp_path_factory)
    photo = made.home / "files" / STORED
    photo.parent.mkdir(parents=True)
    photo.write_bytes(PHOTO)
    made.sql(NEW_FILE.format(sha256(PHOTO).hexdigest(), STORED))
    made.sql("CREATE TABLE twin_a (id INTEGER PRIMARY KEY)", "CREATE TABLE twin_b (id INTEGER PRIMARY KEY)")
    return made


@pytest.fixture(scope="module")
def archive(house: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive_of(house.run("backup", "--to", str(tmp_path_factory.mktemp("archives"))))


def archive_of(ran: "subprocess.CompletedProcess[str]") -> Path:
    assert ran.returncode == 0, ran.stderr
    return Path(ran.stdout.splitlines()[0])


def test_every_table_and_file_comes_back_as_it_was(
    house: House, another: Another, archive: Path, tmp_path: Path
) -> None:
    before = house.sums()
    before.pop("backups_backup")

    new = another(tmp_path / "new")
    back = new.run("restore", str(archive))

    assert back.returncode == 0, back.stderr
    after = new.sums()
    assert after.pop("backups_backup")[0] < int(str(house.sql("SELECT count(*) FROM backups_backup")[0][0]))
    assert after == before
    assert (new.home / "files" / STORED).read_bytes() == PHOTO
    assert "密钥没有恢复" in back.stdout
    assert (new.home / "secret_key").read_text() != (house.home / "secret_key").read_text()
    assert new.run("verify").returncode == 0


def test_a_moment_is_taken_while_others_write(house: House, another: Another, tmp_path: Path) -> None:
    over, written = threading.Event(), [0]
    start = 1 + int(str(house.sql("SELECT coalesce(max(id), 0) FROM twin_a")[0][0]))

    def write() -> None:
        while not over.is_set():
            number = start + written[0]
            house.sql(f"INSERT INTO twin_a VALUES ({number})", f"INSERT INTO twin_b VALUES ({number})")
            written[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        ran = house.run("backup", "--to", str(tmp_path))
    finally:
        over.set()
        writer.join()

    new = another(tmp_path / "new")
    assert new.run("restore", str(archive_of(ran))).returncode == 0
    kept_a, kept_b = new.sql("SELECT id FROM twin_a ORDER BY id"), new.sql("SELECT id FROM twin_b ORDER BY id")
    assert kept_a == kept_b
    assert 0 < len(kept_a) < start + written[0] - 1, "it was taken in the middle"


def test_a_log_that_was_left_behind_is_not_played_into_what_is_restored(
    another: Another, archive: Path, tmp_path: Path
) -> None:
    new = another(tmp_path)
    if new.url:
        pytest.skip("only SQLite leaves one")
    (new.home / "huiyin.sqlite3-wal").write_bytes(b"old")

    assert "空的地方" in new.run("restore", str(archive)).stderr


def test_nothing_is_restored_over_something(house: House, archive: Path) -> None:
    before = house.sums()

    ran = house.run("restore", str(archive))

    assert (ran.returncode, "空的地方" in ran.stderr) == (1, True)
    assert house.sums() == before


def test_a_damaged_archive_is_refused_and_leaves_the_place_empty(
    another: Another, archive: Path, tmp_path: Path
) -> None:
    data = bytearray(archive.read_bytes())
    data[len(data) // 3] ^= 0xFF
    damaged = tmp_path / "damaged.tar"
    damaged.write_bytes(data)

    new = another(tmp_path / "new")
    ran = new.run("restore", str(damaged))

    assert (ran.returncode, "备份已损坏" in ran.stderr) == (1, True)
    assert {path.name for path in new.home.iterdir()} <= {"secret_key"}
    assert new.run("restore", str(archive)).returncode == 0, "nothing is in the way"


def test_a_sealed_backup_comes_back_with_its_key_and_its_secrets_only_when_asked(
    house: House, another: Another, tmp_path: Path
) -> None:
    key, wrong = tmp_path / "key", tmp_path / "wrong"
    key.write_text("黄河远上白云间\n")
    wrong.write_text("一片孤城万仞山")
    house.env = {"HUIYIN_BACKUP_KEY_FILE": str(key)}
    archive = archive_of(house.run("backup", "--to", str(tmp_path), "--encrypt", "--with-secrets"))
    house.env = {}
    assert "照片".encode() not in archive.read_bytes()

    new = another(tmp_path / "new")
    assert "--key-file" in new.run("restore", str(archive)).stderr
    assert "密钥不对" in new.run("restore", str(archive), "--key-file", str(wrong)).stderr
    ran = new.run("restore", str(archive), "--key-file", str(key), "--with-secrets")

    assert ran.returncode == 0, ran.stderr
    assert (new.home / "secret_key").read_text() == (house.home / "secret_key").read_text()


def test_secrets_never_go_into_an_open_archive(house: House, tmp_path: Path) -> None:
    ran = house.run("backup", "--to", str(tmp_path), "--with-secrets")

    assert (ran.returncode, "--encrypt" in ran.stderr) == (1, True)
    assert "要先有密钥" in house.run("backup", "--to", str(tmp_path), "--encrypt").stderr
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_and_leaves_nothing_half_done(house: House, tmp_path: Path) -> None:
    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    ran = house.run("backup", "--to", str(tmp_path), preexec_fn=no_room)

    assert ran.returncode == 1
    assert "磁盘空间不足" in ran.stderr or "pg_dump" in ran.stderr
    assert list(tmp_path.iterdir()) == []
    error = house.sql("SELECT error FROM backups_backup ORDER BY id DESC LIMIT 1")[0][0]
    assert error or not house.url


def test_a_full_disk_while_restoring_leaves_the_place_empty(another: Another, archive: Path, tmp_path: Path) -> None:
    new = another(tmp_path / "new")

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    ran = new.run("restore", str(archive), preexec_fn=no_room)

    assert (ran.returncode, "磁盘空间不足" in ran.stderr) == (1, True)
    assert {path.name for path in new.home.iterdir()} <= {"secret_key"}


def test_a_backup_of_an_older_version_is_brought_up_to_date_and_says_so(
    another: Another, archive: Path, tmp_path: Path
) -> None:
    old = another(tmp_path / "old")
    assert old.run("restore", str(archive)).returncode == 0
    old.sql("DROP TABLE backups_backup", "DELETE FROM django_migrations WHERE app = 'backups'")

    new = another(tmp_path / "new")
    ran = new.run("restore", str(archive_of_old(old, tmp_path / "archives")))

    assert ran.returncode == 0, ran.stderr
    assert "现在补上 1 步升级:\n  backups 0001_initial" in ran.stdout
    assert new.sql("SELECT count(*) FROM backups_backup") == [(0,)]


def archive_of_old(old: House, folder: Path) -> Path:
    """The archive is written although its record cannot be: this version's table is missing."""
    old.run("backup", "--to", str(folder))
    return next(folder.glob("*.tar"))


def test_a_backup_of_a_newer_version_is_refused(house: House, another: Another, tmp_path: Path) -> None:
    house.sql("INSERT INTO django_migrations (app, name, applied) VALUES ('jobs', '0999_later', '2026-11-22')")
    archive = archive_of(house.run("backup", "--to", str(tmp_path)))
    house.sql("DELETE FROM django_migrations WHERE name = '0999_later'")

    new = another(tmp_path / "new")
    ran = new.run("restore", str(archive))

    assert (ran.returncode, "先升级程序" in ran.stderr) == (1, True)
    assert not (new.home / "huiyin.sqlite3").exists()


def test_a_file_that_is_missing_is_said_and_the_rest_backed_up(house: House, tmp_path: Path) -> None:
    house.sql(NEW_FILE.format("0" * 64, "cd/gone.jpg"))

    ran = house.run("backup", "--to", str(tmp_path))
    house.sql("DELETE FROM files_storedfile WHERE stored_name = 'cd/gone.jpg'")

    assert ran.returncode == 0
    assert "1 个文件在备份之前就已缺失或损坏" in ran.stdout
