"""`huiyin bench [NAME …] [--json] [--postgres URL]`: the performance budget, in an empty home of its own."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from urllib.parse import urlparse

# name → (module, what its ratio must satisfy)
ON_EITHER_ENGINE = {"web"}
BENCHES: dict[str, tuple[str, str, Callable[[dict[str, Any]], bool]]] = {
    "intake": ("huiyin.surfaces.bench.intake", "≥ 0.2", lambda r: r["ratio"] >= 0.2),
    "today": ("huiyin.surfaces.bench.today", "≤ 1.3", lambda r: r["ratio"] <= 1.3),
    "commitments": ("huiyin.surfaces.bench.commitments", "≥ 0.2", lambda r: r["ratio"] >= 0.2),
    "sweep": ("huiyin.surfaces.bench.sweep", "≤ 1.5", lambda r: r["ratio"] <= 1.5),
    "draws": ("huiyin.surfaces.bench.draws", "≥ 0.2", lambda r: r["ratio"] >= 0.2),
    "board": ("huiyin.surfaces.bench.board", "≤ 3", lambda r: r["ratio"] <= 3),
    "calendar": ("huiyin.foundation.calendar.bench", "≥ 300000 次/秒", lambda r: r["ours"] >= 300_000),
    "forms": (
        "huiyin.surfaces.bench.forms",
        "≤ 5 ms 一页,内存不涨",
        lambda r: r["ours"] <= 5 and r["growth_mb"] <= 20,
    ),
    "web": (
        "huiyin.surfaces.bench.web",
        "register ≤ 6 ms, list 与 open ≤ 8 ms",
        lambda r: r["baseline"] is None or r["ours"] <= r["baseline"],
    ),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="名称", help=f"只量这些:{'、'.join(BENCHES)};不写就全部")
    parser.add_argument("--postgres", metavar="URL", default="", help="web 也在这台服务器上量:建一个库,量完删掉")
    parser.add_argument("--json", action="store_true", help="每个结果一行 JSON")


def run(args: argparse.Namespace) -> int:
    unknown = [name for name in args.names if name not in BENCHES]
    if unknown:
        print(f"没有叫「{unknown[0]}」的测量,可选:{'、'.join(BENCHES)}", file=sys.stderr)
        return 2
    within_budget = True
    for name in args.names or BENCHES:
        results = _measure(name)
        if args.postgres and name in ON_EITHER_ENGINE:
            with _database_on(args.postgres) as url:
                results += _measure(name, url)
        for result in results:
            _, budget, holds = BENCHES[name]
            within_budget = within_budget and holds(result)
            if args.json:
                print(json.dumps(result, ensure_ascii=False), flush=True)
            else:
                print(
                    f"{result['name']:<22} {result['ratio'] or '':>9} 我们 {result['ours']} 对照 {result['baseline'] or '—'} "
                    f"{result['unit']}(预算 {budget}{'' if holds(result) else ',超出'}){result.get('also', '')}",
                    flush=True,
                )
    return 0 if within_budget else 1


@contextmanager
def _database_on(server: str) -> Iterator[str]:
    """Create an empty database on the server and drop it afterwards, with the copies a bench has made of it."""
    import psycopg  # optional

    name = f"huiyin_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'".encode())
    try:
        yield urlparse(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as database:
            left = database.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{name}%"]).fetchall()
            for (one,) in left:
                database.execute(f'DROP DATABASE "{one}" WITH (FORCE)'.encode())


def _measure(name: str, database: str = "") -> list[dict[str, Any]]:
    """Run one bench in a process of its own, with an empty home, so that none disturbs another."""
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as home:
        outcome = subprocess.run(
            [sys.executable, "-m", "huiyin.surfaces.cli.bench", name],
            env={**os.environ, "HUIYIN_HOME": home, "HUIYIN_DATABASE_URL": database},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return [json.loads(line) for line in outcome.stdout.splitlines() if line.startswith("{")]


def _inside(name: str) -> None:
    from huiyin.surfaces.cli.main import wake  # app ready

    wake()
    found = import_module(BENCHES[name][0]).run()
    for result in found if isinstance(found, list) else [found]:
        print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    _inside(sys.argv[1])
