"""`huiyin import cases FILE --estate CODE --map MAP.yaml`: past matters from any table, once each, resumable."""

import argparse
import gzip
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import yaml
from django.utils.timezone import now
from tqdm import tqdm

from huiyin.areas.estate import queries as estates
from huiyin.areas.past_cases import operations
from huiyin.areas.past_cases.models import Source
from huiyin.areas.past_cases.rules import CaseMap, MapInvalid, RowUnreadable, Told, read_map
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.refusals import Refused
from huiyin.foundation.tables import read_tables, text_of
from huiyin.standards.in_force import working_calendar

BATCH = 500
SHOWN = 50
_GZIP = b"\x1f\x8b"


class FileUnusable(Refused):
    """There is no such file, or the map speaks of columns it does not have."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV 或 Excel 文件,可以是 .gz")
    parser.add_argument("--estate", required=True, metavar="代码", help="小区代码")
    parser.add_argument(
        "--map", required=True, type=Path, metavar="MAP.yaml", help="列与字段的对照文件,例子在 docs/import-maps/"
    )
    parser.add_argument("--dry-run", action="store_true", help="只检查,不导入")
    parser.add_argument("--skip-errors", action="store_true", help="跳过读不懂的行,导入其余的")
    parser.add_argument("--by", metavar="账号", help="记在谁名下(不写则记系统)")


def run(args: argparse.Namespace) -> int:
    """Check every row, then take over what is not known yet. Ends with 1 when rows cannot be read."""
    estate = estates.estate_by_code(args.estate)
    actor = staffing.person_by_account(args.by) if args.by else system_actor()
    if estate is None or actor is None:
        print(f"没有小区 {args.estate}" if estate is None else f"没有账号 {args.by}", file=sys.stderr)
        return 1
    at = now()
    case_map = _map(args.map)
    told, problems = read_rows(_rows(args.file, case_map), case_map, at=at)
    _report(problems)
    if problems and not args.skip_errors:
        print(f"共 {len(problems)} 行要改;什么都没有导入(加 --skip-errors 可跳过这些行)", file=sys.stderr)
        return 1
    if args.dry_run:
        closed = sum(one.matter.closed_at is not None for one in told)
        print(f"可导入 {len(told)} 件:已办结 {closed},还开着 {len(told) - closed};这次只检查,没有导入")
        return 0
    source = operations.open_source(estate, code=case_map.source, title=case_map.title, as_of=case_map.as_of)
    added = 0
    with tqdm(total=len(told), unit="件", desc="导入", file=sys.stderr, disable=None) as bar:
        for start in range(0, len(told), BATCH):
            batch = told[start : start + BATCH]
            added += _take_over(source, batch, case_map, actor=actor, at=at)
            bar.update(len(batch))
    print(f"导入 {added} 件,以前导入过的 {len(told) - added} 件没有动")
    return 0


def read_rows(
    rows: Iterator[tuple[int, Mapping[str, str]]], case_map: CaseMap, *, at: datetime
) -> tuple[list[Told], list[str]]:
    """Read all rows; return the matters, and a sentence for every row that cannot be read."""
    told: list[Told] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    calendar = working_calendar()
    for number, row in rows:
        try:
            one = case_map.told(row, now=at, calendar=calendar)
        except RowUnreadable as error:
            problems.append(f"第 {number} 行:{error.sentence}")
            continue
        if one.key in seen:
            problems.append(f"第 {number} 行:编号「{one.key}」与第 {seen[one.key]} 行重复")
            continue
        seen[one.key] = number
        told.append(one)
    return told, problems


def _take_over(source: Source, batch: Sequence[Told], case_map: CaseMap, *, actor: object, at: datetime) -> int:
    return operations.take_over(
        source,
        batch,
        promised=case_map.promise,
        post=case_map.open_to,
        actor=actor,
        at=at,
    )


def _map(file: Path) -> CaseMap:
    if not file.is_file():
        raise FileUnusable(f"没有对照文件 {file}")
    try:
        return read_map(yaml.safe_load(file.read_text()))
    except yaml.YAMLError as error:
        raise MapInvalid(f"{file.name}: 不是合法的 YAML({error})") from error


def _rows(file: Path, case_map: CaseMap) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the rows below the header with their numbers, as texts by column."""
    if not file.is_file():
        raise FileUnusable(f"没有文件 {file}")
    data = file.read_bytes()
    table = next(iter(read_tables(gzip.decompress(data) if data.startswith(_GZIP) else data)), None)
    if table is None:
        raise FileUnusable("文件里没有表格")
    header = [text_of(cell) for cell in table.rows[0]]
    missing = [column for column in case_map.columns if column not in header]
    if missing:
        raise FileUnusable(f"文件里没有列「{'」「'.join(missing)}」;有 {'、'.join(header)}")
    wanted = [(column, header.index(column)) for column in case_map.columns]
    for number, cells in enumerate(table.rows[1:], start=2):
        if any(cell not in (None, "") for cell in cells):
            yield number, {name: text_of(cells[place]) if place < len(cells) else "" for name, place in wanted}


def _report(problems: Sequence[str]) -> None:
    for problem in problems[:SHOWN]:
        print(problem, file=sys.stderr)
    if len(problems) > SHOWN:
        print(f"…另有 {len(problems) - SHOWN} 行", file=sys.stderr)
