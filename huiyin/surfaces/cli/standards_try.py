"""`huiyin standards try DRAFT|FILE --estate CODE --from DATE --to DATE`: what would have been, beside what was."""

import argparse
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils.timezone import get_current_timezone, now

from huiyin.areas.estate import queries as estates
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.refusals import Refused
from huiyin.standards import composition, trying
from huiyin.standards.rules import RuleInvalid, compile_rule
from huiyin.standards.rules.comparing import composed
from huiyin.standards.trying import Figures, Trial
from huiyin.standards.written import read_file

HEADER = (
    "规则",
    "试:应办",
    "按时",
    "逾期办",
    "没办",
    "免除",
    "未到",
    "实:应办",
    "按时",
    "逾期办",
    "没办",
    "免除",
    "未到",
)
BREACHES_PRINTED = 20


class CannotTry(Refused):
    """There is no such draft or file, or it cannot be read."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", metavar="草稿号或文件", help="草稿的编号,或写有规则的 YAML 文件(按代码替换现行的规则)")
    parser.add_argument("--estate", required=True, metavar="代码", help="小区代码")
    parser.add_argument("--from", dest="first", required=True, type=date.fromisoformat, metavar="日期", help="从哪天起")
    parser.add_argument(
        "--to", dest="last", required=True, type=date.fromisoformat, metavar="日期", help="到哪天为止,含当天"
    )


def run(args: argparse.Namespace) -> int:
    """Print the tables. Ends with 1 without such an estate; refused when there is nothing to try or the days are off."""
    estate = estates.estate_by_code(args.estate)
    if estate is None:
        print(f"没有小区 {args.estate}", file=sys.stderr)
        return 1
    if args.last < args.first:
        raise CannotTry("结束日期早于开始日期")
    at = now()
    start, end = _midnight(args.first), min(_midnight(args.last + timedelta(days=1)), at)
    specs = _specs(args.what, estate.pk, at=at)
    began = now()
    trial = trying.try_rules(specs, estate_id=estate.pk, start=start, end=end)
    titles = {code: post.title for code, post in staffing.posts_of(estate.pk).items()}
    _print(trial, titles)
    print(f"重演 {trial.facts} 条事实,用时 {(now() - began).total_seconds():.1f} 秒;没有写入任何数据")
    return 0


def _specs(what: str, estate_id: int, *, at: datetime) -> Mapping[str, Mapping[str, Any]]:
    if what.isdigit():
        draft = composition.draft_by_id(int(what), [estate_id])
        if draft is None:
            raise CannotTry(f"这个小区没有第 {what} 号草稿")
        return composition.drafted(draft)
    file = Path(what)
    if not file.is_file():
        raise CannotTry(f"没有文件 {what}")
    rules = {str(spec.get("code", "?")): spec for spec in read_file(file)["rules"]}
    for code, spec in rules.items():
        try:
            compile_rule(spec)
        except RuleInvalid as error:
            raise CannotTry(f"{file.name} 规则 {code}: {error}") from error
    return composed(composition.in_force_by_code(estate_id, at=at), rules)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=get_current_timezone())


def _print(trial: Trial, titles: Mapping[str, str]) -> None:
    lines = [(line.code, *_figures(line.tried), *_figures(line.happened)) for line in trial.lines]
    _table([HEADER, *lines, ("合计", *_figures(trial.tried), *_figures(trial.happened))])
    if trial.visits:
        print("\n回访(按周)")
        weeks = [(one.week, titles.get(one.post, one.post), str(one.tried), str(one.happened)) for one in trial.visits]
        _table([("周一", "岗位", "试", "实"), *weeks])
    for one in trial.draws:
        print(
            f"{one.code}: 发生 {one.seen},抽中 {one.taken},补抽 {one.topped_up},免访 {one.exempt},联系到顶 {one.capped}"
        )
    for duty in trial.duties:
        print(f"{duty.code}: 到期 {duty.tried} 次,实际 {duty.happened} 次")
    for code, _, times in trial.raised:
        print(f"{code}: 达到 {times} 次")
    if trial.breaches:
        shown = trial.breaches[:BREACHES_PRINTED]
        print(f"\n会违约的 {trial.tried.breaches} 项,前 {len(shown)} 项")
        _table([("规则", "事项", "时限", "办完"), *(_breach(one) for one in shown)])


def _breach(one: trying.Breach) -> tuple[str, ...]:
    return one.code, one.thread, _minute(one.due_at), _minute(one.met_at) if one.met_at else "—"


def _minute(at: datetime) -> str:
    return f"{at.astimezone(get_current_timezone()):%Y-%m-%d %H:%M}"


def _figures(one: Figures) -> tuple[str, ...]:
    return tuple(str(number) for number in (one.opened, one.met, one.late, one.missed, one.waived, one.open))


def _table(rows: Sequence[Sequence[str]]) -> None:
    """Print the rows with their columns in line; Chinese characters are two wide."""
    widths = [max(_width(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
