"""The sheet of posted prices: its columns with the names people give them, and what its cells may say."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from huiyin.areas.estate.rules.sheet import Problem, day_of
from huiyin.foundation.tables import Cell, Table, TableUnreadable, text_of, with_columns

HEADERS: dict[str, tuple[str, ...]] = {
    "code": ("编码", "项目编码", "代码", "编号", "code"),
    "title": ("项目", "名称", "项目名称", "收费项目", "服务项目"),
    "category": ("类别", "分类", "大类"),
    "unit": ("单位", "计价单位", "计量单位"),
    "price": ("单价", "价格", "收费标准", "金额"),
    "valid_from": ("生效日期", "执行日期", "有效期自", "自"),
    "valid_to": ("失效日期", "有效期至", "至"),
    "published_date": ("公示日期", "公布日期", "张贴日期"),
}
TEMPLATE = ("编码", "项目", "类别", "单位", "单价", "生效日期", "失效日期", "公示日期")
NEEDED = ("code", "title", "unit", "price", "valid_from", "published_date")
LONGEST = {"code": 20, "title": 60, "category": 20, "unit": 10}
MOST_ROWS = 2000
HIGHEST = Decimal("999999.99")
_COLUMN_OF = {name: column for column, names in HEADERS.items() for name in names}


@dataclass(frozen=True)
class PriceLine:
    """One price of the sheet, read and in itself right."""

    row: int
    code: str
    title: str
    category: str
    unit: str
    price: Decimal
    valid_from: date
    valid_to: date | None
    published_date: date

    @property
    def content(self) -> tuple[object, ...]:
        return (self.title, self.category, self.unit, self.price, self.valid_to, self.published_date)


@dataclass(frozen=True)
class PriceSheet:
    """What was read: lines, what was wrong, and which columns nobody asked for."""

    rows: int
    lines: tuple[PriceLine, ...]
    problems: tuple[Problem, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True)
class KnownPrice:
    """A price that is there already."""

    code: str
    valid_from: date
    content: tuple[object, ...]


@dataclass(frozen=True)
class Comparison:
    """What taking a sheet in would do: prices to add, how many are there already, what is wrong."""

    added: tuple[PriceLine, ...]
    unchanged: int
    problems: tuple[Problem, ...]


def read_prices(tables: Sequence[Table]) -> PriceSheet:
    """Read the first table that has the columns of prices. Every row is looked at.

    Refused when no table has the columns, there is nothing below them, or too much.
    """
    needed = "、".join(f"「{HEADERS[column][0]}」" for column in NEEDED)
    table, head, columns, unused = with_columns(
        tables,
        _COLUMN_OF,
        enough=lambda found: found >= set(NEEDED),
        missing=f"没有找到这几列:{needed},请照模板写好表头",
    )
    problems: list[Problem] = []
    lines: list[PriceLine] = []
    seen: dict[tuple[str, date], int] = {}
    filled = 0
    for row, cells in enumerate(table.rows[head + 1 :], start=head + 2):
        found = {column: cells[at] for column, (at, _) in columns.items() if at < len(cells)}
        if not any(text_of(cell) for cell in found.values()):
            continue
        filled += 1
        line = _read_line(row, found, {column: label for column, (_, label) in columns.items()}, problems)
        if line is None:
            continue
        first = seen.setdefault((line.code, line.valid_from), row)
        if first != row:
            problems.append(Problem(row, "编码", f"和第 {first} 行是同一项目、同一天生效的价格"))
        lines.append(line)
    if not filled:
        raise TableUnreadable("表头下面没有内容,请从第二行开始填写")
    if filled > MOST_ROWS:
        raise TableUnreadable(f"一张表最多 {MOST_ROWS} 行,请分开导入")
    return PriceSheet(filled, tuple(lines), tuple(problems), tuple(unused))


def compare_prices(sheet: PriceSheet, known: Sequence[KnownPrice]) -> Comparison:
    """Return what the sheet would add. A price that is there is never changed: another one needs a later day."""
    there = {(one.code, one.valid_from): one for one in known}
    latest: dict[str, date] = {}
    for one in known:
        latest[one.code] = max(one.valid_from, latest.get(one.code, one.valid_from))
    problems, added, unchanged = list(sheet.problems), [], 0
    for line in sheet.lines:
        same = there.get((line.code, line.valid_from))
        if same and same.content == line.content:
            unchanged += 1
        elif same:
            problems.append(Problem(line.row, "单价", f"{line.valid_from} 起的这一项已经有了,改价请另写一个生效日期"))
        elif line.code in latest and line.valid_from < latest[line.code]:
            problems.append(Problem(line.row, "生效日期", f"已经有 {latest[line.code]} 起的价格,新的要更晚"))
        else:
            added.append(line)
    problems.sort(key=lambda one: one.row)
    return Comparison(tuple(added), unchanged, tuple(problems))


def _read_line(row: int, cells: dict[str, Cell], labels: dict[str, str], problems: list[Problem]) -> PriceLine | None:
    wrong: list[Problem] = []

    def amiss(column: str, says: str) -> None:
        wrong.append(Problem(row, labels.get(column, HEADERS[column][0]), says))

    texts = {column: text_of(cells.get(column)) for column in HEADERS}
    for column in NEEDED:
        if not texts[column]:
            amiss(column, "没有写")
    for column, most in LONGEST.items():
        if len(texts[column]) > most:
            amiss(column, f"太长了,最多 {most} 个字")
    price = _price(texts["price"])
    if texts["price"] and price is None:
        amiss("price", f"写的是“{texts['price'][:20]}”,要写大于 0 的金额,最多两位小数")
    days: dict[str, date | None] = {}
    for column in ("valid_from", "valid_to", "published_date"):
        days[column] = day_of(cells.get(column)) if texts[column] else None
        if texts[column] and days[column] is None:
            amiss(column, f"写的是“{texts[column][:20]}”,要写成 2026-05-01 这样的日期")
    begins, ends, posted = days["valid_from"], days["valid_to"], days["published_date"]
    if begins and ends and ends < begins:
        amiss("valid_to", f"比生效日期 {begins} 还早")
    if begins and posted and posted > begins:
        amiss("published_date", f"比生效日期 {begins} 晚:先公示,再执行")
    problems += wrong
    if wrong or price is None or begins is None or posted is None:
        return None
    return PriceLine(row, texts["code"], texts["title"], texts["category"], texts["unit"], price, begins, ends, posted)


def _price(said: str) -> Decimal | None:
    bare = re.sub(r"元$", "", unicodedata.normalize("NFKC", said).replace(",", "").strip().removeprefix("¥"))
    try:
        price = Decimal(bare.strip())
    except InvalidOperation:
        return None
    if not price.is_finite() or not 0 < price <= HIGHEST or price != price.quantize(Decimal("0.01")):
        return None
    return price.quantize(Decimal("0.01"))
