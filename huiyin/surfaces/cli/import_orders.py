"""`huiyin import orders FILE --estate CODE [--dry-run]`: repair orders of the time before, once each, resumable."""

import argparse
import gzip
import sys
from pathlib import Path

from django.utils.timezone import get_default_timezone, now
from tqdm import tqdm

from huiyin.areas.estate import queries as estates
from huiyin.areas.past_cases import operations, queries
from huiyin.areas.past_cases.queries import OrderPlan
from huiyin.areas.past_cases.rules.orders import read_orders
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.tables import read_tables
from huiyin.surfaces.cli.import_units import bar_of, teller

SHOWN = 50
_GZIP = b"\x1f\x8b"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="Excel(xlsx)或 CSV 文件,可以是 .gz;模板在「维修单 › 导入以前的」")
    parser.add_argument("--estate", required=True, metavar="代码", help="小区代码")
    parser.add_argument("--dry-run", action="store_true", help="只检查,不导入")
    parser.add_argument("--skip-errors", action="store_true", help="跳过有错的行,导入其余的")
    parser.add_argument("--by", metavar="账号", help="记在谁名下(不写则记系统)")


def run(args: argparse.Namespace) -> int:
    """Check every row, then take over what is not known yet. Ends with 1 when something is wrong with a row."""
    estate = estates.estate_by_code(args.estate)
    actor = staffing.person_by_account(args.by) if args.by else system_actor()
    if estate is None or actor is None:
        print(f"没有小区 {args.estate}" if estate is None else f"没有账号 {args.by}", file=sys.stderr)
        return 1
    if not args.file.is_file():
        print(f"没有文件 {args.file}", file=sys.stderr)
        return 1
    at, zone = now(), get_default_timezone()
    data = args.file.read_bytes()
    tables = list(read_tables(gzip.decompress(data) if data.startswith(_GZIP) else data))
    with bar_of("读取", " 行") as bar:
        sheet = read_orders(tables, now=at, zone=zone, tell=teller(bar))
    plan = queries.compare(estate, sheet, zone=zone)
    _report(plan)
    if plan.problems and not args.skip_errors:
        print(f"共 {len(plan.problems)} 处要改;什么都没有导入(加 --skip-errors 可跳过有错的行)", file=sys.stderr)
        return 1
    if args.dry_run:
        print(f"可接管 {_figures(plan)};以前接管过 {plan.known} 张;这次只检查,没有导入")
        return 0
    with tqdm(total=len(plan.told), unit="张", desc="接管", file=sys.stderr, disable=None) as bar:
        added = operations.take_in_plan(estate, plan, actor=actor, at=at, tell=teller(bar))
    print(f"接管 {added} 张,以前接管过的 {plan.known} 张没有动")
    return 0


def _figures(plan: OrderPlan) -> str:
    return (
        f"{len(plan.told)} 张:对上房屋 {plan.homes},带保修 {plan.warranties},"
        f"已修好 {len(plan.told) - plan.still_open},还没修好 {plan.still_open}"
    )


def _report(plan: OrderPlan) -> None:
    for problem in plan.problems[:SHOWN]:
        print(problem.sentence, file=sys.stderr)
    if len(plan.problems) > SHOWN:
        print(f"…另有 {len(plan.problems) - SHOWN} 处", file=sys.stderr)
    if plan.unused:
        print(f"没有用到的列:{'、'.join(plan.unused)}", file=sys.stderr)
