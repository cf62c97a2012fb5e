"""Tables from Excel and from text in any encoding."""

import io
from datetime import date, datetime

import pytest
import xlsxwriter

from huiyin.foundation.tables import TableUnreadable, read_tables, text_of

TEXT = "楼栋,房号,姓名\n3栋,1501,王小丽\n3栋,1502,䶮明\n"
ROWS = [["楼栋", "房号", "姓名"], ["3栋", "1501", "王小丽"], ["3栋", "1502", "䶮明"]]


def book(**sheets: list[list[object]]) -> bytes:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for line, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(line, place, cell, day)
                    elif cell is not None:
                        sheet.write(line, place, cell)
    return kept.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_the_encodings_of_excel_and_wps(encoding: str) -> None:
    (table,) = read_tables(TEXT.encode(encoding))
    assert table.rows == ROWS


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    (table,) = read_tables(TEXT.replace(",", delimiter).encode())
    assert table.rows == ROWS


def test_quoted_cells_may_hold_commas_and_line_breaks() -> None:
    (table,) = read_tables('楼栋,姓名\n3栋,"王,小\n丽"\n'.encode())
    assert table.rows[1] == ["3栋", "王,小\n丽"]


def test_row_numbers_are_those_excel_shows() -> None:
    (table,) = read_tables(book(填写=[["楼栋"], [None], ["3栋"]]))
    assert [text_of(row[0]) for row in table.rows] == ["楼栋", "", "3栋"]


def test_examples_and_notes_are_left_out() -> None:
    tables = list(read_tables(book(填写=[["楼栋"]], 示例=[["楼栋"]], 说明=[["一行写一个人"]])))
    assert [table.name for table in tables] == ["填写"]


def test_what_a_cell_says_has_no_decimals_of_excel() -> None:
    assert [text_of(cell) for cell in (1501.0, 89.5, None, " 3栋 ", True, datetime(2024, 5, 1), date(2024, 5, 1))] == [
        "1501",
        "89.5",
        "",
        "3栋",
        "True",
        "2024-05-01",
        "2024-05-01",
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "文件是空的"),
        (b" \n ", "文件是空的"),
        (b"PK\x03\x04broken", "打不开"),
        (b"\xd0\xcf\x11\xe0broken", "打不开"),
        (b"\x00\x01\x02\xff\xfe", "看不懂"),
        (b"\xff\xff\xff\xff\xff", "看不懂"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data: bytes, says: str) -> None:
    with pytest.raises(TableUnreadable, match=says):
        list(read_tables(data))
