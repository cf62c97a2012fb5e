"""Tables people hand in, from Excel or as text in any encoding, as rows of plain values with the numbers Excel shows."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import python_calamine as calamine

from huiyin.foundation.refusals import Refused

Cell = str | int | float | bool | date | datetime | time | timedelta | None
EXAMPLES = ("示例", "说明", "样例", "example")
_HEADER_ROWS = 10
_UNSAID = re.compile(r"[\s*::]|\(.*?\)")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class TableUnreadable(Refused):
    """No table could be read from the file."""


@dataclass(frozen=True)
class Table:
    """The rows of one sheet; `rows[0]` is row 1 of the sheet."""

    name: str
    rows: Sequence[Sequence[Cell]]


def read_tables(data: bytes) -> Iterator[Table]:
    """Yield the filled sheets of an Excel file, or the one table of a text file. Sheets of examples are left out.

    Refused when the file is empty, locked with a password, broken, or text in an unknown encoding.
    """
    if not data.strip():
        raise TableUnreadable("文件是空的,请重新选择")
    if data.startswith((_ZIP, _OLE)):
        yield from _sheets(data)
    else:
        yield Table("", [*_text_rows(data)])


def with_columns(
    tables: Iterable[Table], column_of: Mapping[str, str], *, enough: Callable[[AbstractSet[str]], bool], missing: str
) -> tuple[Table, int, dict[str, tuple[int, str]], list[str]]:
    """Find the first table with a head: return it, the place of that row, by column its place and label, and the labels
    nobody knows.

    `column_of` has the columns by label in small letters, without blanks and what stands in brackets; `enough` says whether
    these columns make a head. Refused with `missing` when no table has one.
    """
    for table in tables:
        for at, row in enumerate(table.rows[:_HEADER_ROWS]):
            columns: dict[str, tuple[int, str]] = {}
            unused = []
            for place, cell in enumerate(row):
                label = text_of(cell)
                column = column_of.get(_UNSAID.sub("", unicodedata.normalize("NFKC", label).lower()))
                if column and column not in columns:
                    columns[column] = (place, label)
                elif label:
                    unused.append(label)
            if enough(columns.keys()):
                return table, at, columns, unused
    raise TableUnreadable(missing)


def text_of(cell: Cell) -> str:
    """Return what a cell says, without the .0 that Excel adds to figures."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return cell.date().isoformat() if isinstance(cell, datetime) else str(cell)


def _sheets(data: bytes) -> Iterator[Table]:
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError:
        raise TableUnreadable("这个 Excel 文件有密码,请去掉密码再传") from None
    except (calamine.CalamineError, OSError, ValueError):
        raise TableUnreadable("这个 Excel 文件打不开,可能没有传完整,请重新另存为 xlsx 再传") from None
    for name in book.sheet_names:
        if not name.strip().lower().startswith(EXAMPLES):
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if rows:
                yield Table(name, rows)


def _text_rows(data: bytes) -> Iterator[list[Cell]]:
    text = decode(data)
    head = text[:4096].partition("\n")[0]
    delimiter = max(",;\t|", key=head.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield list(row)
    except csv.Error:
        raise TableUnreadable("这个文件不是表格,请用 Excel(xlsx)或 CSV") from None


def decode(data: bytes) -> str:
    """Return the text of a file written by Excel, WPS or anything else: UTF-8 with or without mark, UTF-16, GB 18030.

    Refused when it is none of these.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise TableUnreadable("这个文件的文字看不懂,请用 Excel 另存为 xlsx,或存成 UTF-8 的 CSV")
