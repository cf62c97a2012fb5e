"""`huiyin report on-time --estate CODE`: how many matters were done in time, by type, counted from promises."""

import argparse
import csv
import sys
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import get_current_timezone, now

from huiyin.areas.estate import queries as estates
from huiyin.areas.past_cases import queries
from huiyin.areas.past_cases.queries import OnTimeRow
from huiyin.foundation.kit.listing import harmless

HEADER = ("类型", "件数", "按时", "逾期", "无时限", "按时率")
KINDS = {
    "enquiry": "咨询",
    "complaint": "投诉",
    "repair": "报修",
    "suggestion": "建议",
    "compliment": "表扬",
    "special_service": "特约服务",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="what", metavar="哪张报表", required=True)
    on_time = actions.add_parser("on-time", help="按时情况,按类型")
    on_time.add_argument("--estate", required=True, metavar="代码", help="小区代码")
    on_time.add_argument("--source", metavar="来源", help="只看从这个来源接管的事项")
    on_time.add_argument("--as-of", type=_moment, metavar="时间", help="截至什么时候,默认现在(接管的按来源截至时间)")
    on_time.add_argument("--csv", action="store_true", help="输出 CSV")


def run(args: argparse.Namespace) -> int:
    """Print the report. Ends with 1 without such an estate or source, or when a source's own flags disagree."""
    estate = estates.estate_by_code(args.estate)
    if estate is None:
        print(f"没有小区 {args.estate}", file=sys.stderr)
        return 1
    source = queries.source_of(estate.pk, args.source) if args.source else None
    if args.source and source is None:
        print(f"小区 {args.estate} 没有来源 {args.source}", file=sys.stderr)
        return 1
    rows = queries.on_time(estate.pk, at=args.as_of or now(), source=source)
    total = queries.in_all(rows)
    lines = [_line(row) for row in [*rows, total]]
    if args.csv:
        csv.writer(sys.stdout).writerows([harmless(str(cell)) for cell in line] for line in [HEADER, *lines])
    else:
        _print_table([HEADER, *lines])
    return _compare(total, quiet=args.csv)


def _compare(total: OnTimeRow, *, quiet: bool) -> int:
    """Say whether the promises agree with what the sources themselves say."""
    if not total.flagged:
        return 0
    apart = total.flagged - total.agreeing
    verdict = "全部相符" if not apart else f"不符 {apart} 件"
    print(
        f"与来源标记比对:有标记 {total.flagged} 件,相符 {total.agreeing} 件,{verdict};没有标记 {total.cases - total.flagged} 件",
        file=sys.stderr if quiet else sys.stdout,
    )
    return 1 if apart else 0


def _line(row: OnTimeRow) -> tuple[str, ...]:
    share = "—" if row.share is None else f"{row.share:.1%}"
    figures = (row.cases, row.on_time, row.overdue, row.no_target)
    return (KINDS.get(row.type, row.type), *(str(figure) for figure in figures), share)


def _print_table(lines: Sequence[Sequence[str]]) -> None:
    widths = [max(_width(line[column]) for line in lines) for column in range(len(HEADER))]
    for line in lines:
        first, *figures = line
        padded = [" " * (width - _width(text)) + text for text, width in zip(figures, widths[1:], strict=True)]
        print("  ".join([first + " " * (widths[0] - _width(first)), *padded]))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=get_current_timezone())
