"""`huiyin standards audit-draws [--estate CODE]`: every draw made again from its seed and compared with the record."""

import argparse
import sys
from collections import Counter

from huiyin.areas.estate.models import Estate
from huiyin.standards import queries as standards

SORTS = {
    "drawn": "抽中",
    "not_drawn": "未抽中",
    "capped": "联系次数到顶未访",
    "top_up": "补抽",
    "exempt": "免访",
}


def run(args: argparse.Namespace) -> int:
    estate_id = None
    if args.estate:
        estate_id = Estate.objects.filter(code=args.estate).values_list("pk", flat=True).first()
        if estate_id is None:
            print(f"没有代码为「{args.estate}」的小区", file=sys.stderr)
            return 2
    counts: Counter[str] = Counter()
    wrong = 0
    for one in standards.redraw(estate_id):
        counts[one.sort] += 1
        if one.wrong:
            wrong += 1
            print(f"不符 {one.name}: {one.wrong}")
    found = "、".join(f"{title} {counts[sort]}" for sort, title in SORTS.items())
    print(f"重抽 {counts.total()} 次:{found};不符 {wrong}")
    return 1 if wrong else 0
