"""The sheet of items, prices and opening stock: its columns with the names people give them, what its cells may say."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from huiyin.areas.materials.rules.stock import LARGEST, NOTHING, Band, bands_wrong
from huiyin.foundation.tables import Cell, Table, TableUnreadable, text_of, with_columns

HEADERS: dict[str, tuple[str, ...]] = {
    "code": ("编码", "材料编码", "编号", "货号", "物料编码", "code"),
    "name": ("品名", "名称", "材料名称", "物料名称", "材料", "name"),
    "spec": ("规格", "规格型号", "型号", "spec"),
    "unit": ("单位", "计量单位", "unit"),
    "least": ("最低库存", "安全库存", "库存下限", "下限"),
    "up_to": ("补到", "库存上限", "上限"),
    "from_quantity": ("数量起", "起订量", "起订数量"),
    "cost": ("进价", "采购价", "成本价", "单价"),
    "charge": ("收费价", "售价", "零售价", "收费单价"),
    "valid_from": ("生效日期", "价格生效", "执行日期"),
    "store": ("库房", "仓库", "存放处"),
    "opening": ("期初数量", "期初", "库存", "现存数量", "数量"),
}
TEMPLATE = tuple(names[0] for names in HEADERS.values())
_COLUMN_OF = {name: column for column, names in HEADERS.items() for name in names}
_LONGEST = {"code": 30, "name": 60, "spec": 60, "unit": 10, "store": 40}
MOST_ROWS = 5_000
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MOST_MONEY = Decimal(100000000)


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell, and what to write instead."""

    row: int
    column: str
    says: str

    @property
    def sentence(self) -> str:
        return f"第 {self.row} 行「{self.column}」:{self.says}"


@dataclass
class ItemLines:
    """One item of the sheet with everything its rows say of it. What the sheet leaves open is None."""

    row: int
    code: str
    name: str = ""
    spec: str | None = None
    unit: str = ""
    least: Decimal | None = None
    up_to: Decimal | None = None
    valid_from: date | None = None
    bands: list[Band] = field(default_factory=list)
    openings: dict[str, tuple[int, Decimal]] = field(default_factory=dict)


@dataclass
class Sheet:
    """What was read: items by code, what was wrong, and which columns nobody asked for."""

    rows: int
    items: dict[str, ItemLines]
    problems: list[Problem]
    unused: list[str]


class _Row:
    """The cells of one row by column; reading one notes what is wrong with it."""

    def __init__(self, number: int, cells: Sequence[Cell], columns: dict[str, int], problems: list[Problem]) -> None:
        self.number = number
        self._cells = {column: cells[at] for column, at in columns.items() if at < len(cells)}
        self._problems = problems

    @property
    def filled(self) -> bool:
        return any(text_of(cell) for cell in self._cells.values())

    def wrong(self, column: str, says: str) -> None:
        self._problems.append(Problem(self.number, HEADERS[column][0], says))

    def text(self, column: str) -> str:
        said = text_of(self._cells.get(column))
        if len(said) > _LONGEST.get(column, 200):
            self.wrong(column, f"最多 {_LONGEST[column]} 个字")
            return ""
        return said

    def number_in(self, column: str, below: Decimal) -> Decimal | None:
        said = text_of(self._cells.get(column))
        if not said:
            return None
        try:
            value = Decimal(unicodedata.normalize("NFKC", said).replace(",", ""))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or value != value.quantize(Decimal("0.01")) or not NOTHING <= value < below:
            self.wrong(column, f"写的是“{said[:20]}”,要写不小于 0 的数字,最多两位小数")
            return None
        return value

    def day_in(self, column: str) -> date | None:
        cell = self._cells.get(column)
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        said = text_of(cell)
        found = _DAY.fullmatch(said)
        if said and not found:
            self.wrong(column, f"写的是“{said[:20]}”,要写成 2026-11-25 这样")
        if not found:
            return None
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            self.wrong(column, f"没有“{said}”这一天")
            return None


def read_sheet(tables: Sequence[Table]) -> Sheet:
    """Read the first table that has a column of codes and one of names.

    Every row is looked at; what is wrong with it is noted and the reading goes on. Refused when no table has the
    columns, when there is nothing below them, or far too much.
    """
    table, head, found, unused = with_columns(
        tables,
        _COLUMN_OF,
        enough=lambda found: found >= {"code", "name"},
        missing="没有找到「编码」和「品名」这两列,请照模板写好表头",
    )
    columns = {column: place for column, (place, _) in found.items()}
    problems: list[Problem] = []
    items: dict[str, ItemLines] = {}
    filled = 0
    for number, cells in enumerate(table.rows[head + 1 :], start=head + 2):
        row = _Row(number, cells, columns, problems)
        if row.filled:
            filled += 1
            _read_row(row, items)
    if not filled:
        raise TableUnreadable("表头下面没有内容,请从第二行开始填写")
    if filled > MOST_ROWS:
        raise TableUnreadable(f"一张表最多 {MOST_ROWS} 行,请分成几张导入")
    for item in items.values():
        if item.bands and (wrong := bands_wrong(sorted(item.bands, key=lambda band: band.from_quantity))):
            problems.append(Problem(item.row, HEADERS["from_quantity"][0], f"{item.code}:{wrong}"))
    return Sheet(filled, items, problems, unused)


def _read_row(row: _Row, items: dict[str, ItemLines]) -> None:
    code = row.text("code")
    if not code:
        row.wrong("code", "没有写")
        return
    item = items.setdefault(code, ItemLines(row.number, code))
    for column in ("name", "unit"):
        _same(row, item, column, row.text(column) or None)
    _same(row, item, "spec", row.text("spec") or None)
    for column in ("least", "up_to"):
        _same(row, item, column, row.number_in(column, LARGEST))
    _same(row, item, "valid_from", row.day_in("valid_from"))
    _read_price(row, item)
    _read_opening(row, item)


def _same(row: _Row, item: ItemLines, column: str, value: object) -> None:
    """Keep what the row says of the item; another row of the same item may repeat it, not contradict it."""
    if value is None:
        return
    known = getattr(item, column)
    if known not in (None, "") and known != value:
        row.wrong(column, f"和第 {item.row} 行的 {item.code} 写得不一样")
        return
    setattr(item, column, value)


def _read_price(row: _Row, item: ItemLines) -> None:
    cost, charge = row.number_in("cost", _MOST_MONEY), row.number_in("charge", _MOST_MONEY)
    start = row.number_in("from_quantity", LARGEST)
    if cost is None and charge is None:
        if start is not None:
            row.wrong("from_quantity", "写了数量起,没有写价格")
        return
    if cost is None or charge is None:
        row.wrong("cost" if cost is None else "charge", "进价和收费价要一起写")
        return
    band = Band(start or NOTHING, cost, charge)
    if band not in item.bands:
        item.bands.append(band)


def _read_opening(row: _Row, item: ItemLines) -> None:
    store, quantity = row.text("store"), row.number_in("opening", LARGEST)
    if not quantity:
        return
    if not store:
        row.wrong("store", "写了期初数量,没有写在哪个库房")
    elif store in item.openings:
        row.wrong("opening", f"{item.code} 在「{store}」的期初写了两行")
    else:
        item.openings[store] = (row.number, quantity)
