"""The sheet of units and residents: its columns with the names people give them, and what its cells may say."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from huiyin.areas.estate.rules.names import NAME_LENGTH
from huiyin.areas.estate.rules.phones import read_phone, split_phones
from huiyin.areas.estate.rules.units import compose_code, read_building, read_entrance, read_unit, read_unit_no
from huiyin.foundation.tables import Cell, Table, TableUnreadable, text_of, with_columns

HEADERS: dict[str, tuple[str, ...]] = {
    "unit": ("房屋", "房屋编码", "房产编码", "房间编码", "房屋地址", "房产"),
    "building": ("楼栋", "楼栋号", "楼号", "栋", "栋号", "幢", "幢号", "座", "楼宇", "楼座", "楼幢", "building"),
    "entrance": ("单元", "单元号", "门", "梯", "entrance"),
    "unit_no": ("房号", "房间号", "房间", "室", "室号", "门牌", "门牌号", "户号", "unit"),
    "floor": ("楼层", "层", "所在层", "所在楼层", "floor"),
    "gross_area": ("建筑面积", "面积", "产权面积", "房屋面积", "建面", "房产面积", "收费面积", "area"),
    "name": ("姓名", "业主", "业主姓名", "住户", "住户姓名", "户主", "客户名称", "客户姓名", "联系人", "产权人", "name"),
    "salutation": ("称呼", "称谓", "性别"),
    "kind": ("身份", "人员类型", "住户类型", "客户类型", "与业主关系", "关系", "居住关系"),
    "phone": ("电话", "手机", "手机号", "手机号码", "联系电话", "联系方式", "电话号码", "移动电话", "业主电话", "phone"),
    "phone2": ("电话2", "备用电话", "其他电话", "第二电话", "固定电话", "座机", "住宅电话", "紧急联系电话"),
    "since": ("入住日期", "入住时间", "入伙日期", "入伙时间", "交房日期", "收楼日期", "起租日期", "迁入日期"),
    "until": ("迁出日期", "迁出时间", "搬离日期", "退租日期", "搬出日期"),
}  # fmt: skip
TEMPLATE = ("楼栋", "单元", "房号", "楼层", "建筑面积", "姓名", "称呼", "身份", "电话", "入住日期", "迁出日期")
KINDS = {
    "owner": ("业主", "产权人", "户主", "房主", "共有人", "业权人", "本人"),
    "tenant": ("租户", "租客", "房客", "承租人", "租户本人", "租住", "租赁"),
    "family": ("家庭成员", "家属", "配偶", "子女", "父母", "亲属", "成员", "同住人", "丈夫", "妻子", "儿子", "女儿", "父亲", "母亲", "老人"),
}  # fmt: skip
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}
_COLUMN_OF = {name: column for column, names in HEADERS.items() for name in names}
_SALUTATION = {"男": "先生", "女": "女士"}
NO_HEAD = "没有找到「楼栋」和「房号」这两列(或者「房屋」一列,写 3-2-1501),请照模板写好表头"
_FIRST_DAY, _LAST_DAY = date(1949, 10, 1), date(2200, 1, 1)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?|(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell, and what to write instead."""

    row: int
    column: str
    says: str

    @property
    def sentence(self) -> str:
        return f"第 {self.row} 行「{self.column}」:{self.says}"


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person of the sheet. What the sheet leaves open is empty."""

    row: int
    name: str
    salutation: str = ""
    kind: str = ""
    phones: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(slots=True)
class UnitLines:
    """One unit of the sheet, with everybody its rows name."""

    row: int
    code: str
    building: str
    entrance: str
    unit_no: str
    floor: int | None = None
    gross_area: Decimal | None = None
    people: list[PersonLine] = field(default_factory=list)


@dataclass
class Sheet:
    """What was read: units by code, what was wrong, and which columns nobody asked for."""

    rows: int
    units: dict[str, UnitLines]
    problems: list[Problem]
    unused: list[str]


class _Cells:
    """The cells of one row by column; reading one notes what is wrong with it."""

    def __init__(self, columns: dict[str, tuple[int, str]], problems: list[Problem]) -> None:
        self._columns = columns
        self._problems = problems
        self._cells: dict[str, Cell] = {}
        self._texts: dict[str, str] = {}
        self.row = 0

    def turn_to(self, row: int, cells: Sequence[Cell]) -> bool:
        """Go on to this row; False when nothing stands in its columns."""
        self.row, width = row, len(cells)
        self._cells = {column: cells[at] for column, (at, _) in self._columns.items() if at < width}
        self._texts = {column: text_of(cell) for column, cell in self._cells.items()}
        return any(self._texts.values())

    def text(self, column: str) -> str:
        return self._texts.get(column, "")

    def wrong(self, column: str, says: str) -> None:
        label = self._columns[column][1] if column in self._columns else HEADERS[column][0]
        self._problems.append(Problem(self.row, label, says))

    def read(self, column: str, how: Callable[[Cell], Any], otherwise: str) -> Any:
        """Read a cell; an empty one is None, an unreadable one is noted and None."""
        said = self._texts.get(column)
        if not said:
            return None
        value = how(self._cells[column])
        if value is None:
            self.wrong(column, f"写的是“{_short(said)}”,{otherwise}")
        return value


def read_sheet(tables: Sequence[Table], *, today: date, tell: Callable[[int, int], None] | None = None) -> Sheet:
    """Read the first table that has the columns of units.

    Every row is looked at; what is wrong with it is noted and the reading goes on. `tell` hears how far it is.
    Refused when no table has the columns, or there is nothing below them.
    """
    table, head, columns, unused = with_columns(tables, _COLUMN_OF, enough=_is_head, missing=NO_HEAD)
    problems: list[Problem] = []
    units: dict[str, UnitLines] = {}
    cells = _Cells(columns, problems)
    filled = 0
    for row, line in enumerate(table.rows[head + 1 :], start=head + 2):
        if tell and row % 2000 == 0:
            tell(row, len(table.rows))
        if cells.turn_to(row, line):
            filled += 1
            _read_row(cells, units, today)
    if not filled:
        raise TableUnreadable("表头下面没有内容,请从第二行开始填写")
    if tell:
        tell(len(table.rows), len(table.rows))
    return Sheet(filled, units, problems, unused)


def _is_head(columns: AbstractSet[str]) -> bool:
    return "unit" in columns or columns >= {"building", "unit_no"}


def _read_row(cells: _Cells, units: dict[str, UnitLines], today: date) -> None:
    place = _read_place(cells)
    floor = cells.read("floor", _floor, "要写整数")
    area = cells.read("gross_area", _area, "要写数字")
    if area is not None and not 0 < area < 1_000_000:
        cells.wrong("gross_area", f"写的是“{area}”,要大于 0、小于一百万")
        area = None
    person = _read_person(cells, today)
    if place is None:
        return
    code = compose_code(*place)
    unit = units.get(code)
    if unit is None:
        unit = units[code] = UnitLines(cells.row, code, *place)
    if (unit.building, unit.entrance, unit.unit_no) != place:
        cells.wrong("unit_no", f"和第 {unit.row} 行是同一个房屋编码 {unit.code},楼栋或单元却不同")
        return
    unit.floor = _same(cells, "floor", unit, unit.floor, floor)
    unit.gross_area = _same(cells, "gross_area", unit, unit.gross_area, area)
    if person:
        _add_person(cells, unit, person)


def _read_place(cells: _Cells) -> tuple[str, str, str] | None:
    whole = cells.text("unit")
    if whole and not cells.text("unit_no"):
        words = read_unit(whole)
        if words is None or not words.building or not words.unit_no:
            cells.wrong("unit", f"写的是“{_short(whole)}”,要写成 3-2-1501 这样")
            return None
        return words.building, words.entrance, words.unit_no
    said = {column: cells.text(column) for column in ("building", "entrance", "unit_no")}
    building, entrance = read_building(said["building"]), read_entrance(said["entrance"])
    unit_no = read_unit_no(said["unit_no"])
    for column, code, example in (("building", building, "3 或 3栋"), ("unit_no", unit_no, "1501")):
        if not said[column]:
            cells.wrong(column, "没有写")
        elif not code:
            cells.wrong(column, f"写的是“{_short(said[column])}”,要写成 {example} 这样")
    if said["entrance"] and not entrance:
        cells.wrong("entrance", f"写的是“{_short(said['entrance'])}”,要写成 2 或 2单元 这样")
        return None
    return (building, entrance, unit_no) if building and unit_no else None


def _read_person(cells: _Cells, today: date) -> PersonLine | None:
    name, salutation = cells.text("name"), cells.text("salutation")
    phones = _phones(cells, "phone") + _phones(cells, "phone2")
    kind = cells.read("kind", lambda cell: _KIND_OF.get(text_of(cell)), "要写业主、租户或家庭成员") or ""
    since = cells.read("since", day_of, "要写成 2024-05-01 这样的日期")
    until = cells.read("until", day_of, "要写成 2024-05-01 这样的日期")
    if not name:
        if phones:
            cells.wrong("name", "有电话,却没有写姓名")
        return None
    if len(name) > NAME_LENGTH:
        cells.wrong("name", f"太长了,最多 {NAME_LENGTH} 个字")
        return None
    if until and until > today:
        cells.wrong("until", f"写的是“{until}”,还没有到;等迁出那天再写")
        until = None
    if since and until and until < since:
        cells.wrong("until", f"写的是“{until}”,比入住日期 {since} 还早")
        until = None
    salutation = _SALUTATION.get(salutation, salutation)
    if len(salutation) > 10:
        cells.wrong("salutation", f"写的是“{_short(salutation)}”,太长了,最多 10 个字")
        salutation = ""
    return PersonLine(cells.row, name, salutation, kind, tuple(dict.fromkeys(phones)), since, until)


def _phones(cells: _Cells, column: str) -> list[str]:
    numbers = []
    for said in split_phones(cells.text(column)):
        number = read_phone(said)
        if number:
            numbers.append(number)
        else:
            cells.wrong(column, f"写的是“{_short(said)}”,不像电话;座机请带区号,多个电话用顿号隔开")
    return numbers


def _same(cells: _Cells, column: str, unit: UnitLines, known: Any, said: Any) -> Any:
    if known is not None and said is not None and known != said:
        cells.wrong(column, f"写的是“{said}”,同一房屋前面写的是“{known}”(第 {unit.row} 行起)")
    return known if known is not None else said


def _add_person(cells: _Cells, unit: UnitLines, new: PersonLine) -> None:
    """Take the person in; the same one named twice is one person with the phones of both rows."""
    for place, known in enumerate(unit.people):
        if (known.name, known.until) != (new.name, new.until):
            continue
        for column, old, said in (
            ("kind", known.kind, new.kind),
            ("since", known.since, new.since),
            ("salutation", known.salutation, new.salutation),
        ):
            if old and said and old != said:
                cells.wrong(column, f"和第 {known.row} 行是同一户的{new.name},这一列却不一样")
                return
        unit.people[place] = PersonLine(
            row=known.row,
            name=known.name,
            salutation=known.salutation or new.salutation,
            kind=known.kind or new.kind,
            phones=tuple(dict.fromkeys(known.phones + new.phones)),
            since=known.since or new.since,
            until=known.until,
        )
        return
    unit.people.append(new)


@lru_cache(maxsize=4096)
def day_of(cell: Cell) -> date | None:
    """Read a day as people write it: 2024-05-01, 2024/5/1, 2024.5.1, 2024年5月1日, 20240501, or Excel's own number."""
    day: date | None = None
    if isinstance(cell, datetime):
        day = cell.date()
    elif isinstance(cell, date):
        day = cell
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool) and 18_000 < cell < 110_000:
        day = date(1899, 12, 30) + timedelta(days=int(cell))
    elif found := _DAY.fullmatch(unicodedata.normalize("NFKC", text_of(cell))):
        try:
            day = date(*(int(part) for part in found.groups() if part))
        except ValueError:
            return None
    return day if day and _FIRST_DAY <= day < _LAST_DAY else None


@lru_cache(maxsize=1024)
def _floor(cell: Cell) -> int | None:
    said = re.sub(r"[层楼fF]$", "", text_of(cell)).removeprefix("B") if isinstance(cell, str) else text_of(cell)
    below = isinstance(cell, str) and cell.strip().upper().startswith(("B", "负"))
    said = said.removeprefix("负")
    if not re.fullmatch(r"-?\d{1,3}", said):
        return None
    return -int(said) if below else int(said)


def _area(cell: Cell) -> Decimal | None:
    if isinstance(cell, float):
        return Decimal(repr(cell)).quantize(Decimal("0.01")) if abs(cell) < 10**12 else None
    said = unicodedata.normalize("NFKC", text_of(cell)).replace(",", "")
    said = re.sub(r"\s*(?:㎡|m2|M2|平方米|平米|平方|平)$", "", said)
    try:
        area = Decimal(said)
    except InvalidOperation:
        return None
    return round(area, 2) if area.is_finite() and abs(area) < 10**12 else None


def _short(said: str) -> str:
    return said if len(said) <= 20 else f"{said[:20]}…"
