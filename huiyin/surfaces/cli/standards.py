"""`huiyin standards check [FOLDER]`, `huiyin standards load` and `huiyin standards try DRAFT|FILE`."""

import argparse
from pathlib import Path

from django.utils.timezone import now

from huiyin.standards import operations as standards
from huiyin.standards.operations.publishing import CATALOGUE, read_catalogue
from huiyin.surfaces.cli import standards_audit, standards_try


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    check = actions.add_parser("check", help="检查标准文件写得对不对")
    check.add_argument("folder", nargs="?", type=Path, default=CATALOGUE, help="标准目录,默认是随产品发布的")
    actions.add_parser("load", help="把随产品发布的标准载入数据库")
    audit = actions.add_parser("audit-draws", help="用留下的种子把每一次抽签重抽一遍,逐一核对")
    audit.add_argument("--estate", metavar="代码", default="", help="只核对这个小区")
    standards_try.add_arguments(actions.add_parser("try", help="把草稿放到以往的事实上试一遍,不写数据"))


def run(args: argparse.Namespace) -> int:
    if args.action == "try":
        return standards_try.run(args)
    if args.action == "audit-draws":
        return standards_audit.run(args)
    if args.action == "check":
        for written in read_catalogue(args.folder):
            print(f"{written.code}: {written.title},{len(written.rules)} 条规则,无误")
        return 0
    for version in standards.load_catalogue(at=now()):
        print(f"{version} 已载入")
    return 0
