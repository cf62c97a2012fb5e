"""`huiyin move-to-postgres [--to URL]`: carry a stopped installation from its SQLite file into an empty PostgreSQL database.

Everything is written and compared in one transaction of the target: it is all there and the same, or nothing is.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from psycopg.conninfo import conninfo_to_dict
from pysqlite3 import dbapi2 as sqlite

from huiyin.foundation.postgres import carrying, fitness
from huiyin.foundation.postgres.carrying import Sum, Table
from huiyin.foundation.refusals import Refused

ENGINE = "django.db.backends.postgresql"
# Steps for a process of its own: settings, apps and the keeper of jobs belong to the database they were read for.
MIGRATE = "from huiyin.foundation.postgres import upgrading; upgrading.migrate()"
HAND_OVER = """from huiyin.foundation.jobs.handing_over import hand_over; from django.utils.timezone import now
hand_over(at=now())"""
# The triggers that note what no operation did are told that this is one.
IS_COMMAND = "SET LOCAL huiyin.command = '1'"
# What migrating itself fills; and what belongs to apps that live on a server only.
FILLED = {"django_migrations", "django_content_type", "auth_permission"}
ONLY_THERE = {"procrastinate"}


class CannotMove(Refused):
    """The move was not begun, or was undone: the sentence says why and what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", default="", help="目标 postgres://用户:密码@主机/库;默认取 HUIYIN_DATABASE_URL")


def run(args: argparse.Namespace) -> int:
    url, file = args.to or _configured_url(), _source_file()
    with _stopped(file) as source, _reached(url) as target:
        _refuse_other_version(source)
        _refuse_unfit(target)
        _refuse_full(target)
        print("在目标库中建表…", flush=True)
        _there(url, MIGRATE)
        known = _tables_of_both(source, target)
        _empty_what_migrating_filled(known, target)
        different = [table for table in known if not _carried(table, source, target)]
        if different:
            names = "、".join(table.name for table in different)
            raise CannotMove(f"{len(different)} 张表两边不一致:{names}。已全部撤回,目标库里没有写入任何一行")
        target.commit()
    _there(url, HAND_OVER)
    _say_what_next(url, file)
    return 0


def _configured_url() -> str:
    if settings.DATABASES["default"]["ENGINE"] != ENGINE:
        raise CannotMove("请用 --to postgres://用户:密码@主机/库 或环境变量 HUIYIN_DATABASE_URL 说明搬到哪里")
    return settings.DATABASE_URL


def _source_file() -> Path:
    said = settings.DATABASES["default"]
    file = settings.HOME / "huiyin.sqlite3" if said["ENGINE"] == ENGINE else Path(said["NAME"])
    if not file.exists():
        raise CannotMove(f"没有找到 SQLite 数据库 {file}")
    return file


@contextmanager
def _stopped(file: Path) -> Iterator[Any]:
    """Open the file for ourselves alone, until the end."""
    with closing(sqlite.connect(file, isolation_level=None, timeout=2)) as source:
        try:
            # Leaving the log takes everybody else's leaving first; so an idle server is noticed too.
            source.execute("PRAGMA journal_mode = DELETE").fetchone()
            source.execute("BEGIN EXCLUSIVE")
        except sqlite.OperationalError as error:
            raise CannotMove("SQLite 数据库还开着:请先停下 huiyin serve 和 huiyin worker,再搬") from error
        yield source
        source.execute("ROLLBACK")


@contextmanager
def _reached(url: str) -> Iterator["psycopg.Connection[Any]"]:
    try:
        target = psycopg.connect(url)
    except psycopg.Error as error:
        raise CannotMove(f"连不上目标库:{error}") from error
    carrying.prepare(target)
    with closing(target):
        yield target


def _refuse_other_version(source: Any) -> None:
    applied = set(source.execute("SELECT app, name FROM django_migrations"))
    shipped = {key for key in MigrationLoader(None).disk_migrations if key[0] not in ONLY_THERE}
    if applied != shipped:
        differing = "、".join(sorted(f"{app}.{name}" for app, name in applied ^ shipped)[:5])
        raise CannotMove(f"SQLite 数据库与程序版本不同({differing}):请先用这个版本执行一次 huiyin setup")


def _refuse_unfit(target: "psycopg.Connection[Any]") -> None:
    found = target.execute(fitness.FACTS).fetchone()
    assert found
    if sentence := fitness.unfit(*found):
        raise CannotMove(sentence)


def _refuse_full(target: "psycopg.Connection[Any]") -> None:
    full = [name for name in sorted(_names(target) - FILLED) if _has_rows(name, target)]
    target.rollback()
    if full:
        raise CannotMove(
            f"目标库不是空的({'、'.join(full[:5])} 里有数据)。要重来,请先清空:"
            f"psql … -c 'DROP SCHEMA public CASCADE; CREATE SCHEMA public'"
        )


def _there(url: str, step: str) -> None:
    """Take a step of the program as it runs on the target."""
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {step}"],
        env={**os.environ, "HUIYIN_DATABASE_URL": url, "HUIYIN_TEST_DATABASE_URL": ""},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise CannotMove(f"目标库上的这一步没有成功:{step}\n{done.stderr[-2000:]}")


def _tables_of_both(source: Any, target: "psycopg.Connection[Any]") -> list[Table]:
    """Return what is carried over. Refused when rows would be left behind; the file's own tables are not ours to carry."""
    named = source.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    here = {name for (name,) in named}
    carried = [one for one in carrying.tables() if one.name in here & _names(target)]
    left = here - {one.name for one in carried} - {"django_migrations"}
    if full := [name for name in sorted(left) if source.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()]:
        raise CannotMove(f"这些表在目标库里没有地方放:{'、'.join(full)}")
    return carried


def _empty_what_migrating_filled(known: list[Table], target: "psycopg.Connection[Any]") -> None:
    target.execute(IS_COMMAND)
    target.execute("SET CONSTRAINTS ALL IMMEDIATE")  # each table is checked as it is written, not all at the end
    for table in reversed(known):
        if _has_rows(table.name, target):
            target.execute(f'DELETE FROM "{table.name}"'.encode())


def _carried(table: Table, source: Any, target: "psycopg.Connection[Any]") -> bool:
    """Carry a table over and compare it, one line on the screen."""
    try:
        read = carrying.copy_in(table, source=source, target=target)
    except psycopg.Error as error:
        raise CannotMove(f"{table.name} 搬不过去,已全部撤回:{error}") from error
    carrying.set_sequence(table, source=source, target=target)
    written = carrying.sum_of(table, target=target)
    print(_line(table, read, written), flush=True)
    return read == written


def _line(table: Table, read: Sum, written: Sum) -> str:
    mark = "✓" if read == written else "×"
    there = "" if read == written else f"  ≠ {written.rows:>10} {written.checksum[:12]}"
    return f"{mark} {table.name:<36} {read.rows:>10} {read.checksum[:12]}{there}"


def _names(target: "psycopg.Connection[Any]") -> set[str]:
    return {name for (name,) in target.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")}


def _has_rows(name: str, target: "psycopg.Connection[Any]") -> bool:
    return target.execute(f'SELECT 1 FROM "{name}" LIMIT 1'.encode()).fetchone() is not None


def _say_what_next(url: str, file: Path) -> None:
    said = conninfo_to_dict(url)
    where = f"{said.get('host', '')}/{said.get('dbname', '')}"
    print(
        f"全部搬到 {where},行数和校验和逐表一致。附件和密钥仍在 {settings.HOME},没有动。\n"
        "接下来:\n"
        "  1. 在服务的环境里设置 HUIYIN_DATABASE_URL 为目标地址,HUIYIN_HOME 不变\n"
        "  2. huiyin verify\n"
        "  3. huiyin serve\n"
        f"  4. 旧库 {file} 不再使用,请改名保存,免得有人误启动"
    )
