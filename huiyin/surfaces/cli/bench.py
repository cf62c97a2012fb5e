"""`huiyin bench [NAME …] [--json]`: the performance budget, in an empty home of its own."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from typing import Any

# name → (module, what its ratio must satisfy)
BENCHES: dict[str, tuple[str, str, Callable[[dict[str, Any]], bool]]] = {
    "intake": ("huiyin.surfaces.bench.intake", "≥ 0.2", lambda r: r["ratio"] >= 0.2),
    "today": ("huiyin.surfaces.bench.today", "≤ 1.3", lambda r: r["ratio"] <= 1.3),
    "commitments": ("huiyin.surfaces.bench.commitments", "≥ 0.2", lambda r: r["ratio"] >= 0.2),
    "sweep": ("huiyin.surfaces.bench.sweep", "≤ 1.5", lambda r: r["ratio"] <= 1.5),
    "draws": ("huiyin.surfaces.bench.draws", "≥ 0.2", lambda r: r["ratio"] >= 0.2),
    "board": ("huiyin.surfaces.bench.board", "≤ 3", lambda r: r["ratio"] <= 3),
    "calendar": ("huiyin.foundation.calendar.bench", "≥ 300000 次/秒", lambda r: r["ours"] >= 300_000),
    "web": (
        "huiyin.surfaces.bench.web",
        "register ≤ 6 ms, list 与 open ≤ 8 ms",
        lambda r: r["baseline"] is None or r["ours"] <= r["baseline"],
    ),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="名称", help=f"只量这些:{'、'.join(BENCHES)};不写就全部")
    parser.add_argument("--json", action="store_true", help="每个结果一行 JSON")


def run(args: argparse.Namespace) -> int:
    unknown = [name for name in args.names if name not in BENCHES]
    if unknown:
        print(f"没有叫「{unknown[0]}」的测量,可选:{'、'.join(BENCHES)}", file=sys.stderr)
        return 2
    within_budget = True
    for name in args.names or BENCHES:
        for result in _measure(name):
            _, budget, holds = BENCHES[name]
            within_budget = within_budget and holds(result)
            if args.json:
                print(json.dumps(result, ensure_ascii=False), flush=True)
            else:
                print(
                    f"{result['name']:<22} {result['ratio'] or '':>9} 我们 {result['ours']} 对照 {result['baseline'] or '—'} "
                    f"{result['unit']}(预算 {budget}{'' if holds(result) else ',超出'})",
                    flush=True,
                )
    return 0 if within_budget else 1


def _measure(name: str) -> list[dict[str, Any]]:
    """Run one bench in a process of its own, with an empty home, so that none disturbs another."""
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as home:
        outcome = subprocess.run(
            [sys.executable, "-m", "huiyin.surfaces.cli.bench", name],
            env={**os.environ, "HUIYIN_HOME": home, "HUIYIN_DATABASE_URL": ""},
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
