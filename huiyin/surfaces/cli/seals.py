"""`huiyin seals [--estate CODE] [--since DAY] [--check FILE]`: the daily seals as lines to keep outside, and to hold against.

A line is `estate day place lines digest seal`. Whoever keeps them can show later that nothing before was changed.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from huiyin.areas.estate import queries as estates
from huiyin.foundation.journal import queries as journal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--estate", default="", metavar="代码", help="只要这个小区")
    parser.add_argument("--since", type=date.fromisoformat, metavar="日期", help="从这一天起,例如 2026-11-01")
    parser.add_argument("--check", type=Path, metavar="文件", help="拿以前打印留下的逐行来对")


def run(args: argparse.Namespace) -> int:
    """Print the seals, or compare kept lines with them and end with 1 when one differs."""
    if args.estate and estates.estate_by_code(args.estate) is None:
        print(f"没有小区 {args.estate}", file=sys.stderr)
        return 1
    if args.check:
        return _check(args.check, dict(_lines(args)))
    for day, rest in _lines(args):
        print(day, rest)
    return 0


def _lines(args: argparse.Namespace) -> Iterator[tuple[str, str]]:
    codes = estates.codes_of_estates()
    for seal in journal.seals(since=args.since):
        code = codes.get(seal.estate_id, str(seal.estate_id))
        if args.estate in ("", code):
            yield f"{code} {seal.day}", f"{seal.place} {seal.count} {seal.digest} {seal.seal}"


def _check(file: Path, known: dict[str, str]) -> int:
    if not file.is_file():
        print(f"没有文件 {file}", file=sys.stderr)
        return 1
    kept = [line.split() for line in file.read_text().splitlines() if line.strip()]
    wrong = 0
    for code, day, *rest in (line for line in kept if len(line) == 6):
        name = f"{code} {day}"
        if known.get(name) != " ".join(rest):
            wrong += 1
            print(f"不符 {name}:{'数据库里是 ' + known[name] if name in known else '数据库里没有这一天的封存'}")
    unread = sum(len(line) != 6 for line in kept)
    print(f"对了 {len(kept) - unread} 行,不符 {wrong}" + (f",看不懂 {unread}" if unread else ""))
    return 1 if wrong or unread or not kept else 0
