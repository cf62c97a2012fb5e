"""A table of figures as a page shows it: every number in words, with the address of the orders behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from huiyin.areas.figures.queries import MONEY, SECONDS, Asked, Cell, Column, Row, Table
from huiyin.areas.figures.rules import Period
from huiyin.foundation.kit.addresses import url
from huiyin.foundation.kit.listing import ExportColumn
from huiyin.foundation.money import figures, rounded

_HOUR = 3600


@dataclass(frozen=True)
class Said:
    """A number in words; without an address nothing stands behind it. `beside` is its share, or what that waits for."""

    label: str
    text: str
    url: str
    beside: str


@dataclass(frozen=True)
class Line:
    label: str
    cells: tuple[Said, ...]


def lines_of(table: Table, asked: Asked, *, orders: str) -> tuple[list[Line], Line | None]:
    """Return the rows of the table and what they come to; `orders` is the page that lists what is behind a number."""

    def line(row: Row) -> Line:
        behind = _query(table, asked, row)
        pairs = zip(table.columns, row.cells, strict=True)
        return Line(row.label, tuple(_said(column, cell, behind, orders) for column, cell in pairs))

    return [line(row) for row in table.rows], line(table.total) if table.total else None


def where(asked: Asked, period: Period) -> dict[str, str | int]:
    """Return what an address says about the scope of figures."""
    said: dict[str, str | int] = {
        "estate": asked.estate.code,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
    }
    if asked.building_id:
        said["building"] = asked.building_id
    if asked.fault:
        said["fault"] = asked.fault
    return said


def _query(table: Table, asked: Asked, row: Row) -> dict[str, str | int]:
    behind = where(asked, row.period or asked.period) | {"figure": table.code}
    return behind | {"row": row.key} if row.key else behind


def _said(column: Column, cell: Cell, behind: dict[str, str | int], orders: str) -> Said:
    address = url(orders, query=behind | {"col": cell.col}) if cell.col and cell.value else ""
    beside = f"{cell.share}%" if cell.share is not None else cell.note
    return Said(column.label, in_words(column, cell.value), address, beside)


def in_words(column: Column, value: int | Decimal | None) -> str:
    """Write a number as people read it: counts, yuan, hours."""
    if value is None:
        return "—"
    if column.kind == MONEY:
        return figures(Decimal(value))
    return f"{value / _HOUR:,.1f} 小时" if column.kind == SECONDS else f"{value:,}"


def sheet_columns(table: Table) -> list[ExportColumn]:
    """Return the columns of the sheet: each number, and its share beside it."""
    columns = [ExportColumn(table.heading, lambda row: row.label, 24)]
    for at, column in enumerate(table.columns):
        unit = {MONEY: "(元)", SECONDS: "(小时)"}.get(column.kind, "")
        columns.append(ExportColumn(f"{column.label}{unit}", _value(at, column), 12))
        if column.share:
            columns.append(ExportColumn(f"{column.share}(%)", _share(at), 14))
    return columns


def _value(at: int, column: Column) -> Callable[[Row], object]:
    def read(row: Row) -> object:
        value = row.cells[at].value
        if value is None or column.kind not in (MONEY, SECONDS):
            return value
        return rounded(Decimal(value) / (_HOUR if column.kind == SECONDS else 1))

    return read


def _share(at: int) -> Callable[[Row], object]:
    def read(row: Row) -> object:
        cell = row.cells[at]
        return cell.share if cell.share is not None else cell.note

    return read
