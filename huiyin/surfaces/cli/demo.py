"""`huiyin demo`: an invented estate and some months of its life, to look around in."""

import argparse
import sys
import time

from huiyin.surfaces.cli.setup import prepare
from huiyin.surfaces.demo import accounts_card, make

__all__ = ["accounts_card", "add_arguments", "make", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--households", type=int, default=1200, metavar="N", help="多少户,默认 1200")
    parser.add_argument("--months", type=int, default=3, metavar="N", help="演几个月,默认 3")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="同一个数演出同样的小区,默认 1")


def run(args: argparse.Namespace) -> int:
    """Make the demonstration and say what it came to. Refused when it is there already."""
    prepare()
    begun = time.perf_counter()
    made = make(args.households, args.months, args.seed, show=sys.stderr.isatty())
    print(
        f"演示小区好了:{made.households} 户,来电来访 {made.contacts},事项 {made.cases},回访 {made.visits},"
        f"承诺 {made.promises};用时 {time.perf_counter() - begun:.0f} 秒"
    )
    print(accounts_card())
    return 0
