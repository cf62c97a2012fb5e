"""`huiyin calendar check FILE` and `huiyin calendar publish FILE --year N --source TEXT`."""

import argparse
import sys
from pathlib import Path

from huiyin.surfaces.cli import calendar_check


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    calendar_check.add_arguments(
        actions.add_parser("check", help="用事实文件检查日历引擎", description="读事实文件,逐条核对,失败的逐条列出")
    )
    publish = actions.add_parser(
        "publish", help="公布一年的放假安排", description="每行一天:日期,名称,off 或 work;有错逐行列出,一天也不公布"
    )
    publish.add_argument("file", type=Path, metavar="文件", help="Excel(xlsx、xls)或 CSV 文件")
    publish.add_argument("--year", type=int, required=True, metavar="年", help="哪一年的安排")
    publish.add_argument("--source", required=True, metavar="依据", help="通知的名称和文号")
    publish.add_argument("--dry-run", action="store_true", help="只核对,不公布")


def run(args: argparse.Namespace) -> int:
    return _publish(args) if args.action == "publish" else calendar_check.run(args)


def _publish(args: argparse.Namespace) -> int:
    from huiyin.surfaces.cli.main import wake  # app ready

    wake()
    from django.utils.timezone import now  # app ready

    from huiyin.foundation.accounts.queries import system_actor  # app ready
    from huiyin.foundation.calendar.notice import read_notice  # app ready
    from huiyin.foundation.tables import read_tables  # app ready
    from huiyin.standards import operations  # app ready

    if not args.file.is_file():
        print(f"没有文件 {args.file}", file=sys.stderr)
        return 1
    rows = [row for table in read_tables(args.file.read_bytes()) for row in table.rows]
    read = read_notice(rows, year=args.year)
    for problem in read.problems:
        print(problem.sentence, file=sys.stderr)
    if read.problems:
        return 1
    if read.unmentioned:
        print(f"没有看到:{'、'.join(read.unmentioned)}")
    if args.dry_run:
        print(f"{args.year} 年读到 {len(read.days)} 天,没有错,还没有公布")
        return 0
    notice, moved = operations.publish_year(args.year, read.days, source=args.source, actor=system_actor(), at=now())
    print(f"{notice.year} 年放假安排第 {notice.revision} 次公布,{len(read.days)} 天,{moved} 项暂定的承诺改了期限")
    return 0
