"""The sheet of repair orders of the time before: its columns with the names people give them, and what its cells may say."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from huiyin.areas.estate.rules.phones import read_phone, split_phones
from huiyin.areas.estate.rules.sheet import Problem, day_of
from huiyin.foundation.tables import Cell, Table, TableUnreadable, text_of, with_columns

HEADERS: dict[str, tuple[str, ...]] = {
    "number": ("单号", "维修单号", "工单号", "工单编号", "编号", "单据号", "报修单号", "序号"),
    "unit": ("房屋", "房号", "房间号", "房产", "房屋编码", "门牌", "地址"),
    "place": ("地点", "位置", "公共部位", "报修地点", "报修位置"),
    "name": ("报修人", "姓名", "联系人", "业主", "客户姓名", "来电人"),
    "phone": ("电话", "手机", "联系电话", "联系方式", "手机号"),
    "fault": ("故障类别", "类别", "故障", "报修类别", "报修类型", "维修类别", "维修项目", "工单类型"),
    "text": ("报修内容", "内容", "描述", "故障描述", "问题描述", "报修描述", "工单内容"),
    "urgency": ("紧急程度", "紧急", "优先级"),
    "opened": ("登记时间", "报修时间", "受理时间", "登记日期", "报修日期", "创建时间", "下单时间"),
    "dispatched": ("派单时间", "派工时间", "派单日期", "派工日期"),
    "arrived": ("到达时间", "到场时间", "上门时间", "到达日期"),
    "finished": ("完工时间", "完成时间", "完工日期", "完成日期"),
    "accepted": ("验收时间", "签收时间", "验收日期", "关闭时间", "办结时间"),
    "technician": ("维修人", "维修工", "维修人员", "维修员", "处理人", "师傅"),
    "charge": ("收费方式", "收费", "有偿无偿", "是否收费", "收费类型"),
    "amount": ("金额", "收费金额", "费用", "实收金额"),
    "materials": ("材料", "用料", "材料明细", "所用材料"),
    "result": ("维修结果", "结果", "维修情况", "处理结果", "处理情况"),
    "warranty": ("保修到", "保修截止", "保修期至", "质保到", "质保截止", "保修截止日期"),
}
TEMPLATE = tuple(names[0] for names in HEADERS.values())
MOST_ROWS = 100_000
SOURCE = "old-orders"  # the book all such sheets are of, whatever file they came in
SOURCE_TITLE = "以前的维修单"
URGENCIES = {
    "normal": ("一般", "普通", "正常", "低", "中"),
    "urgent": ("紧急", "加急", "高"),
    "emergency": ("急修", "特急", "抢修"),
}
CHARGES = {"free": ("无偿", "免费", "不收费", "否"), "paid": ("有偿", "收费", "自费", "是")}
LONGEST = {"number": 40, "place": 80, "name": 60, "technician": 60, "materials": 500, "text": 2000, "result": 2000}
_URGENCY_OF = {word: code for code, words in URGENCIES.items() for word in words}
_CHARGE_OF = {word: code for code, words in CHARGES.items() for word in words}
_COLUMN_OF = {name: column for column, names in HEADERS.items() for name in names}
_STEPS = ("opened", "dispatched", "arrived", "finished", "accepted")
_AFTER_DAY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(.*)")
_CLOCK = re.compile(r"[ T]?\s*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?)?分?")


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One old order, read and in itself right; home and fault are still as they were written."""

    row: int
    number: str
    unit: str
    place: str
    name: str
    phone: str
    fault: str
    text: str
    urgency: str
    opened_at: datetime
    dispatched_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    accepted_at: datetime | None
    technician: str
    charge: str
    amount: Decimal
    materials: str
    result: str
    warranty_to: date | None

    @property
    def closed_at(self) -> datetime | None:
        return self.accepted_at or self.finished_at


class Named(NamedTuple):
    """Home and fault of a row that is wrong in itself: they are looked up all the same, so that all is said at once."""

    row: int
    unit: str
    fault: str


@dataclass
class OrderLines:
    """What was read: orders, what was wrong, which columns nobody asked for, and how the sheet calls the others."""

    labels: Mapping[str, str]
    rows: int
    lines: list[OrderLine]
    problems: list[Problem]
    unused: list[str]
    crooked: list[Named]


class _Row:
    """One row by column; what is wrong with it is noted."""

    def __init__(self, row: int, cells: Mapping[str, Cell], labels: Mapping[str, str], problems: list[Problem]) -> None:
        self.row, self._cells, self._labels, self._problems = row, cells, labels, problems
        self.right = True

    def wrong(self, column: str, says: str) -> None:
        self.right = False
        self._problems.append(Problem(self.row, self._labels.get(column, HEADERS[column][0]), says))

    def text(self, column: str) -> str:
        said = text_of(self._cells.get(column))
        if len(said) > LONGEST.get(column, 2000):
            self.wrong(column, f"太长了,最多 {LONGEST[column]} 个字")
            return ""
        return said

    def read(self, column: str, how: Callable[[Cell], Any], otherwise: str) -> Any:
        """Read a cell; an empty one is None, an unreadable one is noted and None."""
        cell = self._cells.get(column)
        said = text_of(cell)
        if not said:
            return None
        value = how(cell)
        if value is None:
            self.wrong(column, f"写的是“{said[:20]}”,{otherwise}")
        return value


def read_orders(
    tables: Sequence[Table], *, now: datetime, zone: ZoneInfo, tell: Callable[[int, int], None] | None = None
) -> OrderLines:
    """Read the first table that has the columns of orders. Every row is looked at; `tell` hears how far it is.

    Refused when no table has the columns, there is nothing below them, or too much.
    """
    table, head, columns, unused = with_columns(
        tables,
        _COLUMN_OF,
        enough=lambda found: found >= {"number", "opened"},
        missing="没有找到「单号」和「登记时间」这两列,请照模板写好表头",
    )
    if len(table.rows) - head - 1 > MOST_ROWS:
        raise TableUnreadable(f"一张表最多 {MOST_ROWS} 行,请分成几张")
    labels = {column: label for column, (_, label) in columns.items()}
    found = OrderLines(labels, 0, [], [], unused, [])
    seen: dict[str, int] = {}
    for number, cells in enumerate(table.rows[head + 1 :], start=head + 2):
        if tell and number % 2000 == 0:
            tell(number, len(table.rows))
        here = {column: cells[at] for column, (at, _) in columns.items() if at < len(cells)}
        if not any(text_of(cell) for cell in here.values()):
            continue
        found.rows += 1
        row = _Row(number, here, labels, found.problems)
        line = _read_line(row, seen, now, zone)
        if line is not None and row.right:
            found.lines.append(line)
        else:
            found.crooked.append(Named(number, text_of(here.get("unit")), text_of(here.get("fault"))))
    if not found.rows:
        raise TableUnreadable("表头下面没有内容,请从第二行开始填写")
    if tell:
        tell(len(table.rows), len(table.rows))
    return found


def _read_line(row: _Row, seen: dict[str, int], now: datetime, zone: ZoneInfo) -> OrderLine | None:
    number = row.text("number")
    if not number:
        row.wrong("number", "没有写")
    elif number in seen:
        row.wrong("number", f"写的是“{number}”,和第 {seen[number]} 行重复")
    else:
        seen[number] = row.row
    unit, place = row.text("unit"), row.text("place")
    if not unit and not place:
        row.wrong("unit", "没有写房屋;公共部位请写地点")
    fault, text = row.text("fault"), row.text("text")
    if not fault and not text:
        row.wrong("text", "没有写报修内容,也没有写故障类别")
    moments = _moments(row, now, zone)
    urgency = row.read("urgency", lambda cell: _URGENCY_OF.get(text_of(cell)), "要写一般、紧急或急修")
    phone = row.read("phone", _phone, "不像电话;座机请带区号")
    charge, amount = _money(row)
    technician, name = row.text("technician"), row.text("name")
    said = {column: row.text(column) for column in ("materials", "result")}
    opened_at = moments["opened"]
    closed_at = moments["accepted"] or moments["finished"]
    warranty_to = _warranty(row, closed_at, zone, unit=unit, fault=fault)
    if opened_at is None:
        return None
    return OrderLine(
        row=row.row,
        number=number,
        unit=unit,
        place=place,
        name=name,
        phone=phone or "",
        fault=fault,
        text=text or fault,
        urgency=urgency or "normal",
        opened_at=opened_at,
        dispatched_at=moments["dispatched"],
        arrived_at=moments["arrived"],
        finished_at=moments["finished"],
        accepted_at=moments["accepted"],
        technician=technician,
        charge=charge,
        amount=amount,
        materials=said["materials"],
        result=said["result"],
        warranty_to=warranty_to,
    )


def _moments(row: _Row, now: datetime, zone: ZoneInfo) -> dict[str, datetime | None]:
    """Read the steps in their order. A day without a time is its beginning, or the step before on the same day."""
    found: dict[str, datetime | None] = dict.fromkeys(_STEPS)
    last, last_step = None, ""
    for step in _STEPS:
        said = row.read(step, moment_of, "要写成 2024-05-01 09:30 这样的时间,只知道哪天就写 2024-05-01")
        if said is None:
            if step == "opened" and row.right and not row.text("opened"):
                row.wrong("opened", "没有写")
            continue
        moment, whole_day = said
        moment = moment.replace(tzinfo=zone)
        if whole_day and last is not None and last.date() == moment.date():
            moment = last
        if moment > now:
            row.wrong(step, f"写的是“{row.text(step)[:20]}”,还没有到")
        elif last is not None and moment < last:
            row.wrong(step, f"写的是“{row.text(step)[:20]}”,比{HEADERS[last_step][0]} {last:%Y-%m-%d %H:%M} 还早")
        else:
            found[step], last, last_step = moment, moment, step
    return found


def _money(row: _Row) -> tuple[str, Decimal]:
    charge = row.read("charge", lambda cell: _CHARGE_OF.get(text_of(cell)), "要写有偿或无偿")
    amount = row.read("amount", _amount, "要写数字,不能小于 0")
    if charge == "free" and amount:
        row.wrong("amount", f"写的是 {amount} 元,收费方式却是无偿")
    return charge or ("paid" if amount else ""), amount or Decimal("0.00")


def _warranty(row: _Row, closed_at: datetime | None, zone: ZoneInfo, *, unit: str, fault: str) -> date | None:
    until: date | None = row.read("warranty", day_of, "要写成 2024-05-01 这样的日期")
    if until is None:
        return None
    if closed_at is None:
        row.wrong("warranty", "还没有修好的单,不能有保修")
    elif until < closed_at.astimezone(zone).date():
        row.wrong("warranty", f"写的是“{until}”,比修好的那天还早")
    elif not unit or not fault:
        row.wrong("warranty", "有保修的,要写房屋和故障类别,才知道保修什么")
    else:
        return until
    return None


@lru_cache(maxsize=4096)
def moment_of(cell: Cell) -> tuple[datetime, bool] | None:
    """Read a moment as people write it, or Excel's own; a day alone is its midnight, and that is said too."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None, microsecond=0), cell.time() == time.min
    if isinstance(cell, float) and not cell.is_integer() and (day := day_of(cell)):
        return datetime.combine(day, time.min) + timedelta(minutes=round((cell % 1) * 1440)), False
    day = day_of(cell)
    if day is None:
        return None
    after = _AFTER_DAY.fullmatch(unicodedata.normalize("NFKC", text_of(cell))) if isinstance(cell, str) else None
    if after is None or not after[1].strip():
        return datetime.combine(day, time.min), True
    clock = _CLOCK.fullmatch(after[1].rstrip())
    if clock is None:
        return None
    hour, minute, second = (int(part or 0) for part in clock.groups())
    try:
        return datetime.combine(day, time(hour, minute, second)), False
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _phone(cell: Cell) -> str | None:
    numbers = [read_phone(one) for one in split_phones(text_of(cell))]
    return numbers[0] if numbers and all(numbers) else None


def _amount(cell: Cell) -> Decimal | None:
    said = unicodedata.normalize("NFKC", text_of(cell)).replace(",", "").removeprefix("¥").removesuffix("元").strip()
    try:
        amount = Decimal(said)
    except InvalidOperation:
        return None
    return round(amount, 2) if amount.is_finite() and 0 <= amount < 10_000_000 else None
