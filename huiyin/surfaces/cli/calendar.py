"""`huiyin calendar check FILE`."""

import argparse

from huiyin.surfaces.cli import calendar_check


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    calendar_check.add_arguments(
        actions.add_parser("check", help="用事实文件检查日历引擎", description="读事实文件,逐条核对,失败的逐条列出")
    )


def run(args: argparse.Namespace) -> int:
    return calendar_check.run(args)
