"""A sheet of fault categories that somebody filled in: read into rows, with what is wrong with each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from huiyin.areas.cases.rules import OwnCategory, RowProblem
from huiyin.foundation.refusals import Refused
from huiyin.foundation.tables import Cell, read_tables, text_of

HEADERS = ("归在", "名称", "关键词", "多半在", "多半")
LOCATIONS = {"": "", "户内": "in_unit", "公共部位": "common_part"}
URGENCIES = {"": "", "一般": "normal", "紧急": "urgent", "急修": "emergency"}
MOST = 500


class SheetUnusable(Refused):
    """The sheet has no rows, or not the columns."""


@dataclass(frozen=True)
class Sheet:
    """What a sheet says: its rows, and what could not be read."""

    rows: tuple[OwnCategory, ...]
    problems: tuple[RowProblem, ...]


def read_sheet(data: bytes) -> Sheet:
    """Read the first filled table. Refused without its head row, without rows, or with too many."""
    table = next(iter(read_tables(data)), None)
    if table is None:
        raise SheetUnusable("表里没有内容")
    head = [text_of(cell) for cell in table.rows[0]]
    missing = [name for name in HEADERS[:2] if name not in head]
    if missing:
        raise SheetUnusable(f"第一行要有这些列:{'、'.join(HEADERS)};现在少了{'、'.join(missing)}")
    filled = [(n, row) for n, row in enumerate(table.rows[1:], start=2) if any(text_of(cell) for cell in row)]
    if not filled:
        raise SheetUnusable("表里没有要加的类别")
    if len(filled) > MOST:
        raise SheetUnusable(f"一次最多 {MOST} 行,请分几次")
    return _read(head, filled)


def _read(head: Sequence[str], filled: Iterable[tuple[int, Sequence[Cell]]]) -> Sheet:
    rows, problems = [], []
    for n, cells in filled:
        said = {name: text_of(cell) for name, cell in zip(head, cells, strict=False)}
        where, haste = said.get("多半在", ""), said.get("多半", "")
        if where not in LOCATIONS:
            problems.append(RowProblem(n, f"看不懂「{where}」,写户内或公共部位", "多半在"))
        if haste not in URGENCIES:
            problems.append(RowProblem(n, f"看不懂「{haste}」,写一般、紧急或急修", "多半"))
        words = said.get("关键词", "").replace(",", "、").replace(",", "、")
        rows.append(
            OwnCategory(
                "repair",
                said.get("归在", ""),
                said.get("名称", ""),
                tuple(word.strip() for word in words.split("、") if word.strip()),
                LOCATIONS.get(where, ""),
                URGENCIES.get(haste, ""),
                n,
            )
        )
    return Sheet(tuple(rows), tuple(problems))
