"""`huiyin standards`: check, coverage, contradictions, load, audit-draws, try."""

import argparse

from django.utils.timezone import now

from huiyin.standards import operations as standards
from huiyin.surfaces.cli import standards_audit, standards_reading, standards_try


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    standards_reading.add_arguments(actions)
    actions.add_parser("load", help="把随产品发布的标准载入数据库")
    audit = actions.add_parser("audit-draws", help="用留下的种子把每一次抽签重抽一遍,逐一核对")
    audit.add_argument("--estate", metavar="代码", default="", help="只核对这个小区")
    standards_try.add_arguments(actions.add_parser("try", help="把草稿放到以往的事实上试一遍,不写数据"))


_RUN = {
    "check": standards_reading.run_check,
    "coverage": standards_reading.run_coverage,
    "contradictions": standards_reading.run_contradictions,
    "try": standards_try.run,
    "audit-draws": standards_audit.run,
}


def run(args: argparse.Namespace) -> int:
    if args.action in _RUN:
        return _RUN[args.action](args)
    for version in standards.load_catalogue(at=now()):
        print(f"{version} 已载入")
    return 0
