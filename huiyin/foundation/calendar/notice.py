"""The State Council's yearly notice as somebody hands it in: one date a row, its name, off or work. No database."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from huiyin.foundation.calendar.chinese import StatutoryDay
from huiyin.foundation.tables import Cell, text_of

FESTIVALS = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")
_OFF = frozenset({"off", "休", "休息", "放假", "假", "节假日", "放假调休"})
_WORK = frozenset({"work", "班", "上班", "补班", "调休上班", "工作日", "调班"})
_HEADERS = frozenset({"date", "日期", "时间", "day"})
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?|(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True)
class Problem:
    """What is wrong in one row, and what to write instead."""

    row: int
    says: str

    @property
    def sentence(self) -> str:
        return f"第 {self.row} 行:{self.says}"


@dataclass(frozen=True)
class Notice:
    """The days that were read, what has to be corrected first, and the festivals nobody mentioned."""

    days: Mapping[date, StatutoryDay] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    unmentioned: Sequence[str] = ()


def read_notice(rows: Iterable[Sequence[Cell]], *, year: int) -> Notice:
    """Read the rows (date, name, off or work; 休 and 班 do as well), each problem by its row.

    A notice may also say days of the December before. Empty rows, a heading and lines with # are passed over.
    """
    days: dict[date, StatutoryDay] = {}
    problems: list[Problem] = []
    for number, row in enumerate(rows, start=1):
        cells = [text_of(cell) for cell in row]
        if not any(cells) or cells[0].startswith("#") or cells[0].lower() in _HEADERS:
            continue
        day = _read_day(row[0])
        wrong = _problem(day, cells, year) or (f"{day} 写了两遍" if day in days else "")
        if wrong or day is None:
            problems.append(Problem(number, wrong))
        else:
            days[day] = StatutoryDay(cells[1], "work" if cells[2].lower() in _WORK else "off")
    if not days and not problems:
        problems.append(Problem(1, "没有内容,每行写日期、名称、off 或 work"))
    said = "".join(one.name for one in days.values() if one.kind == "off")
    return Notice(days, tuple(problems), tuple(name for name in FESTIVALS if name not in said))


def _problem(day: date | None, cells: Sequence[str], year: int) -> str:
    if day is None:
        return f"「{cells[0]}」不是日期,请写成 {year}-01-01"
    if day.year != year and (day.year, day.month) != (year - 1, 12):
        return f"{day} 不是 {year} 年的,也不是上年 12 月的"
    if len(cells) < 3 or not cells[1]:
        return "要写三项:日期、名称、off 或 work"
    kind = cells[2].lower()
    if kind not in _OFF | _WORK:
        return f"「{cells[2]}」看不懂,放假写 off,调休上班写 work"
    if kind in _WORK and day.weekday() < 5:
        return f"{day} 本来就是工作日,调休上班应是周六或周日"
    return ""


def _read_day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    said = _DAY.fullmatch(text_of(cell))
    if said is None:
        return None
    try:
        return date(*(int(part) for part in said.groups() if part))
    except ValueError:
        return None
