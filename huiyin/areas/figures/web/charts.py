"""Which chart stands over which table: made of the very numbers of the table."""

from collections.abc import Sequence
from decimal import Decimal

from huiyin.areas.figures.queries import Column, Row, Table
from huiyin.areas.figures.web.showing import in_words
from huiyin.areas.repairs.queries.figures import COHORTS, COSTS, FIRST_FIX, LOAD, ON_TIME, REWORK
from huiyin.foundation.kit import charts
from huiyin.foundation.kit.charts import Bars, Lines

_LINES = ("1", "3", "7", "30")


def chart_lines(table: Table) -> list[Lines]:
    """Return the charts of lines over the table: how soon the cohorts were finished."""
    if table.code != COHORTS or not table.rows:
        return []
    rows = list(reversed(table.rows))
    series = [(_column(table, key).label, [table.cell(row, key).share for row in rows]) for key in _LINES]
    return [charts.lines("cohorts", "登记后多久完工,按登记日期", [_place(row) for row in rows], series)]


def chart_bars(table: Table) -> list[Bars]:
    """Return the charts of bars over the table."""
    if table.code == ON_TIME:
        return [
            _stacked(
                table,
                "on-time",
                "到期的承诺怎么样了",
                {"按时": ("met",), "逾期": ("late", "missed"), "免除、暂停、还没到期": ("waived", "paused", "open")},
                share="met",
            )
        ]
    if table.code == REWORK:
        return [
            _stacked(
                table,
                "rework",
                "返修,按隔了多久",
                {"30 天内": ("short",), "31–90 天": ("long",), "仍在保": ("warranty",)},
                share="again",
            )
        ]
    if table.code == FIRST_FIX:
        ways = {
            "一次修好": ("fixed",),
            "30 天内又报": ("back",),
            "验收不通过": ("rejected",),
            "跑了不止一次": ("visited",),
        }
        return [_stacked(table, "first-fix", "满 30 天的验收单修得怎么样", ways, share="fixed")]
    if table.code == COSTS:
        return [_plain(table, "worth", "用料金额"), _plain(table, "hours", "工时合计")]
    if table.code == LOAD:
        return [
            _plain(table, "finished", "完工"),
            _stacked(table, "kept", "到期的承诺", {"按时": ("met",), "逾期": ("failed",)}, share="met"),
        ]
    return []


def _place(row: Row) -> str:
    """Name a cohort by its first day or its month: the table tells the rest."""
    if row.period is None:
        return row.label
    return f"{row.period.first:%Y-%m}" if row.label.endswith("月") else f"{row.period.first:%m-%d}"


def _column(table: Table, key: str) -> Column:
    return next(one for one in table.columns if one.key == key)


def _stacked(table: Table, key: str, title: str, ways: dict[str, Sequence[str]], *, share: str) -> Bars:
    """Lay out one bar a row, its pieces the sums of columns, its share at the end of the line."""
    rows = []
    for row in table.rows:
        counts = {name: sum(_number(table, row, one) for one in keys) for name, keys in ways.items()}
        if not any(counts.values()):
            continue
        said = table.cell(row, share).share
        told = f"{_column(table, share).share} {said}%" if said is not None else "看不出"
        rows.append((row.label, [(name, count, f"{count:g}") for name, count in counts.items()], told))
    return charts.bars(key, title, rows)


def _plain(table: Table, key: str, title: str) -> Bars:
    column = _column(table, key)
    rows = [
        (
            row.label,
            [(title, _number(table, row, key), in_words(column, table.cell(row, key).value))],
            in_words(column, table.cell(row, key).value),
        )
        for row in sorted(table.rows, key=lambda row: -_number(table, row, key))
        if table.cell(row, key).value
    ]
    return charts.bars(key, title, rows)


def _number(table: Table, row: Row, key: str) -> float:
    return float(Decimal(table.cell(row, key).value or 0))
