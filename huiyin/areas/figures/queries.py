"""The figures as tables: rows, columns, and for every number the name of the list behind it.

What is counted, and what a list shows, is composed in `repairs.queries.figures`; here it is given words and shares.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from huiyin.areas.cases import queries as cases
from huiyin.areas.cases.models import Urgency
from huiyin.areas.estate.models import Estate
from huiyin.areas.figures import rules, words
from huiyin.areas.figures.rules import Period
from huiyin.areas.repairs import words as repair_words
from huiyin.areas.repairs.queries import figures
from huiyin.areas.repairs.queries.figures import COHORTS, COSTS, FIRST_FIX, LOAD, ON_TIME, REWORK, Cost, Scope
from huiyin.foundation.accounts.models import User
from huiyin.standards.outcomes import Span

COUNT, MONEY, SECONDS = "count", "money", "seconds"
CODES = (ON_TIME, COHORTS, REWORK, FIRST_FIX, COSTS, LOAD)
_HASTE = (Urgency.EMERGENCY, Urgency.URGENT, Urgency.NORMAL)
_STAGES = ("dispatch", "ungrabbed", "accept", "appoint", "arrive")


@dataclass(frozen=True)
class Asked:
    """Which figures are wanted: whose sight, where, which days, cut into what."""

    user: User
    estate: Estate
    period: Period
    at: datetime
    building_id: int | None = None
    fault: str = ""
    step: str = ""
    technician_id: int | None = None

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    @property
    def cut(self) -> str:
        return rules.step_of(self.period, self.step)

    def scope(self) -> Scope:
        """Return what the figures are counted over."""
        return Scope(
            self.user,
            self.estate.pk,
            span_of(self.period),
            self.at,
            building_id=self.building_id,
            fault=self.fault,
            technician_id=self.technician_id,
        )


@dataclass(frozen=True)
class Column:
    """One column. With `share` its cells carry a percentage too, of that name."""

    key: str
    label: str
    kind: str = COUNT
    share: str = ""

    @property
    def heading(self) -> str:
        """The head of the column; a share that only says the same again is not named."""
        said_already = self.share in ("", f"{self.label}占比")
        return self.label if said_already else f"{self.label} · {self.share}"


@dataclass(frozen=True)
class Cell:
    """One number. `col` names the orders behind it; `note` says what the share waits for."""

    value: int | Decimal | None
    col: str = ""
    share: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Row:
    """One row; `period` are its own days where they are not those of the table."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    period: Period | None = None


@dataclass(frozen=True)
class Table:
    """One figure, whole."""

    code: str
    title: str
    heading: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    how: tuple[str, ...] = field(default_factory=tuple)

    def cell(self, row: Row, key: str) -> Cell:
        """Return the cell of the row in the column."""
        return row.cells[[one.key for one in self.columns].index(key)]


def span_of(period: Period) -> Span:
    """Return the moments of the days, half-open, in the zone of the house."""
    zone = timezone.get_current_timezone()
    first, after = (datetime.combine(day, time(), zone) for day in (period.first, period.last + timedelta(days=1)))
    return first, after


def table_of(code: str, asked: Asked) -> Table:
    """Return one figure. The number of queries does not depend on how much was counted."""
    makers: Mapping[str, Callable[[Asked], Table]] = {
        ON_TIME: _on_time,
        COHORTS: _cohorts,
        REWORK: _rework,
        FIRST_FIX: _first_fix,
        COSTS: _costs,
        LOAD: _load,
    }
    return makers[code](asked)


def _table(code: str, heading: str, columns: Iterable[Column], rows: Iterable[Row], total: Row | None = None) -> Table:
    title = repair_words.FIGURES[code]
    return Table(code, title, heading, tuple(columns), tuple(rows), total, words.HOW[code])


def _column(code: str, key: str, share: str = "") -> Column:
    return Column(key, repair_words.FIGURE_COLUMNS[code][key], share=share)


def _on_time(asked: Asked) -> Table:
    keys = ("due", "met", "late", "missed", "paused", "open", "waived")
    rows = []
    for step in sorted(figures.steps(asked.scope()), key=_stage):
        counts = step.counts | {"due": sum(step.counts.values())}
        judged = sum(counts.get(how, 0) for how in figures.JUDGED)
        cells = [
            Cell(counts.get(key, 0), key, rules.percent(counts.get("met", 0), judged) if key == "met" else None)
            for key in keys
        ]
        rows.append(Row(f"{step.urgency}:{step.code}", f"{Urgency(step.urgency).label} · {step.does}", tuple(cells)))
    columns = [_column(ON_TIME, key, share="按时率" if key == "met" else "") for key in keys]
    return _table(ON_TIME, "哪一步", columns, rows)


def _stage(step: figures.Step) -> tuple[int, int, str]:
    stage = step.code.split(".")[1] if "." in step.code else ""
    return _HASTE.index(Urgency(step.urgency)), _STAGES.index(stage) if stage in _STAGES else len(_STAGES), step.code


def _cohorts(asked: Asked) -> Table:
    parts = rules.parts_of(asked.period, asked.cut, today=asked.today)
    counts = figures.cohorts(asked.scope(), [span_of(part)[1] for part in parts]) if parts else []
    rows = [_cohort(asked, part.label, part, found) for part, found in zip(parts, counts, strict=True)]
    every: dict[str, int] = {}
    for found in counts:
        every = {band: every.get(band, 0) + found.get(band, 0) for band in {*every, *found}}
    whole = Period(asked.period.first, min(asked.period.last, asked.today))
    total = _all_cohorts(_cohort(asked, words.EVERYTHING, whole, every), rows) if parts else None
    shared = {str(days): f"{days} 天内完工占比" for days in figures.DAYS}
    keys = ("kept", *shared, figures.LATER, figures.OPEN, figures.VOIDED)
    columns = [_column(COHORTS, key, share=shared.get(key, "")) for key in keys]
    # The newest stand on top.
    return _table(COHORTS, "登记日期", columns, reversed(rows), total)


def _cohort(asked: Asked, label: str, period: Period, counts: dict[str, int]) -> Row:
    kept = sum(counts.values()) - counts.get(figures.VOIDED, 0)
    within = []
    for days, done in figures.within_days(counts).items():
        old = rules.is_old(period.last, days, today=asked.today)
        share = rules.percent(done, kept) if old else None
        within.append(Cell(done, str(days), share, "" if old or not kept else words.NOT_DUE))
    rest = [Cell(counts.get(band, 0), band) for band in (figures.LATER, figures.OPEN, figures.VOIDED)]
    return Row("", label, (Cell(kept, "kept"), *within, *rest), Period(period.first, period.last))


def _all_cohorts(whole: Row, rows: Sequence[Row]) -> Row:
    """Return the row of all with the shares of those rows together that are old enough for one."""

    def shared(at: int, cell: Cell) -> Cell:
        old = [row for row in rows if row.cells[at].share is not None]
        kept = sum(int(row.cells[0].value or 0) for row in old)
        share = rules.percent(sum(int(row.cells[at].value or 0) for row in old), kept)
        return cell if share is None else replace(cell, share=share, note="")

    return replace(whole, cells=tuple(shared(at, cell) for at, cell in enumerate(whole.cells)))


def _rework(asked: Asked) -> Table:
    def row(key: str, label: str, counts: Mapping[str, int]) -> Row:
        every, again = sum(counts.values()), sum(counts.get(how, 0) for how in figures.AGAIN)
        ways = [Cell(counts.get(how, 0), how) for how in figures.AGAIN]
        return Row(key, label, (Cell(every, "all"), *ways, Cell(again, "again", rules.percent(again, every))))

    keys = ("all", *figures.AGAIN, "again")
    columns = [_column(REWORK, key, share="返修率" if key == "again" else "") for key in keys]
    return _by_class(asked, REWORK, columns, figures.reworks(asked.scope()), row)


def _first_fix(asked: Asked) -> Table:
    keys = ("all", "judged", figures.FIXED, *figures.WRONG, figures.KNOWN, figures.QUIET)

    def row(key: str, label: str, counts: Mapping[str, int]) -> Row:
        judged = sum(counts.get(how, 0) for how in (figures.FIXED, *figures.WRONG))
        told = dict(counts) | {"all": sum(counts.values()), "judged": judged}
        share = rules.percent(told.get(figures.FIXED, 0), judged)
        cells = [Cell(told.get(one, 0), one, share if one == figures.FIXED else None) for one in keys]
        return Row(key, label, tuple(cells))

    columns = [_column(FIRST_FIX, key, share="一次修好率" if key == figures.FIXED else "") for key in keys]
    return _by_class(asked, FIRST_FIX, columns, figures.fixes(asked.scope()), row)


def _by_class(
    asked: Asked,
    code: str,
    columns: Iterable[Column],
    counted: Mapping[str, Mapping[str, int]],
    row: Callable[[str, str, Mapping[str, int]], Row],
) -> Table:
    """Return a table of one row for each class of fault, those with most first, and all of them together."""
    titles = _titles(asked)
    rows = [row(fault or figures.NO_CATEGORY, titles(fault), counts) for fault, counts in counted.items()]
    every: dict[str, int] = {}
    for counts in counted.values():
        every = {how: every.get(how, 0) + counts.get(how, 0) for how in {*every, *counts}}
    total = row("", words.EVERYTHING, every) if rows else None
    return _table(code, "故障大类", columns, _most_first(rows), total)


def _titles(asked: Asked) -> Callable[[str], str]:
    known = {one.code: one.title for one in cases.categories_of("repair", asked.estate.pk)}
    return lambda fault: known.get(fault, fault) if fault else words.NO_CATEGORY


def _most_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-int(row.cells[0].value or 0), row.label))


def _costs(asked: Asked) -> Table:
    found, titles = figures.costs(asked.scope()), _titles(asked)

    def row(key: str, label: str, cost: Cost) -> Row:
        cells = (
            Cell(cost.orders, "orders"),
            Cell(cost.with_material, "material"),
            Cell(cost.material, "material"),
            Cell(cost.unpriced, "unpriced"),
            Cell(cost.charged, "charged"),
            Cell(cost.charge, "charged"),
            Cell(cost.timed, "timed"),
            Cell(cost.seconds, "timed"),
            Cell(cost.material / cost.orders if cost.orders else None),
            Cell(cost.charge / cost.orders if cost.orders else None),
            Cell(cost.seconds // cost.timed if cost.timed else None),
        )
        return Row(key, label, cells)

    rows = [row(fault or figures.NO_CATEGORY, titles(fault), cost) for fault, cost in found.items()]
    columns = (
        _column(COSTS, "orders"),
        _column(COSTS, "material"),
        Column("worth", "用料金额", MONEY),
        _column(COSTS, "unpriced"),
        _column(COSTS, "charged"),
        Column("charge", "收费金额", MONEY),
        _column(COSTS, "timed"),
        Column("hours", "工时合计", SECONDS),
        Column("average_worth", "平均用料", MONEY),
        Column("average_charge", "平均收费", MONEY),
        Column("average_hours", "平均工时", SECONDS),
    )
    total = row("", words.EVERYTHING, figures.total_cost(found.values())) if rows else None
    return _table(COSTS, "故障大类", columns, _most_first(rows), total)


def _load(asked: Asked) -> Table:
    rows = []
    for pk, load in figures.loads(asked.scope()).items():
        cells = (
            Cell(load.taken, "taken"),
            Cell(load.finished, "finished"),
            Cell(load.in_hand, "in_hand"),
            Cell(load.met, "met", rules.percent(load.met, load.met + load.failed)),
            Cell(load.failed, "failed"),
            Cell(load.material, "material"),
            Cell(load.seconds // load.timed if load.timed else None, "timed"),
        )
        rows.append(Row(str(pk), load.name, cells))
    columns = (
        _column(LOAD, "taken"),
        _column(LOAD, "finished"),
        _column(LOAD, "in_hand"),
        _column(LOAD, "met", share="按时率"),
        _column(LOAD, "failed"),
        Column("worth", "用料金额", MONEY),
        Column("took", "平均用时", SECONDS),
    )
    return _table(LOAD, "维修工", columns, _most_first(rows))
