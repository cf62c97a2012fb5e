"""`huiyin import units FILE --estate CODE [--dry-run]`: units and residents from Excel or CSV, all or nothing."""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.utils.timezone import localdate, now
from tqdm import tqdm

from huiyin.areas.estate import operations, queries
from huiyin.areas.estate.rules.sheet import Sheet, read_sheet
from huiyin.areas.estate.words import plan_sentences
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.tables import read_tables

SHOWN = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="Excel(xlsx、xls)或 CSV 文件")
    parser.add_argument("--estate", required=True, metavar="代码", help="小区代码")
    parser.add_argument("--dry-run", action="store_true", help="只检查,不导入")
    parser.add_argument("--by", metavar="账号", help="记在谁名下(不写则记系统)")


def run(args: argparse.Namespace) -> int:
    """Check the file and take it in; print every problem by row and column and end with 1 if there is one."""
    estate = queries.estate_by_code(args.estate)
    actor = staffing.person_by_account(args.by) if args.by else system_actor()
    if estate is None or actor is None:
        print(f"没有小区 {args.estate}" if estate is None else f"没有账号 {args.by}", file=sys.stderr)
        return 1
    if not args.file.is_file():
        print(f"没有文件 {args.file}", file=sys.stderr)
        return 1
    at, today = now(), localdate()
    sheet = _read(args.file, today)
    try:
        plan = queries.compare(estate, sheet, today=today) if args.dry_run else None
        if plan is None:
            with bar_of("写入", " 步") as bar:
                plan = operations.import_sheet(
                    estate, sheet, actor=actor, at=at, today=today, source=args.file.name, tell=teller(bar)
                )
    except operations.SheetWrong as wrong:
        plan = wrong.plan
    return _report(plan, done=not args.dry_run)


def _report(plan: queries.Plan, *, done: bool) -> int:
    if not plan.problems:
        print("\n".join(plan_sentences(plan, done=done)))
        return 0
    for problem in plan.problems[:SHOWN]:
        print(problem.sentence, file=sys.stderr)
    more = len(plan.problems) - SHOWN
    rest = f",还有 {more} 处没有列出" if more > 0 else ""
    print(f"共 {len(plan.problems)} 处要改{rest};什么都没有导入", file=sys.stderr)
    return 1


def _read(file: Path, today: date) -> Sheet:
    tables = list(read_tables(file.read_bytes()))
    with bar_of("读取", " 行") as bar:
        return read_sheet(tables, today=today, tell=teller(bar))


def bar_of(what: str, unit: str) -> "tqdm[None]":
    return tqdm(total=1, desc=what, unit=unit, file=sys.stderr, disable=None)


def teller(bar: "tqdm[None]") -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)

    return tell
