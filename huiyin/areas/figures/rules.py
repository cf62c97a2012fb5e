"""Days and shares from plain values: which days a period has, how they are cut into weeks and months, what is old enough."""

from dataclasses import dataclass
from datetime import date, timedelta

THIS_MONTH, LAST_MONTH, QUARTER, YEAR, DAYS = "month", "last_month", "quarter", "year", "days"
WEEKS, MONTHS = "week", "month"
# A longer stretch of days is cut into months when nobody says how.
WEEKS_UP_TO = 100
LONGEST = 5 * 366
YEARS = range(2000, 2200)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """The days from the first to the last, both included."""

    first: date
    last: date

    @property
    def words(self) -> str:
        return f"{self.first:%Y-%m-%d} 至 {self.last:%Y-%m-%d}"


@dataclass(frozen=True)
class Part(Period):
    """A week or month of a period, cut where the period is."""

    label: str


def period_of(name: str, today: date) -> Period:
    """Return the days of a period by its name, as seen from today."""
    first = today.replace(day=1)
    if name == LAST_MONTH:
        return Period((first - _DAY).replace(day=1), first - _DAY)
    if name == QUARTER:
        first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
        return Period(first, _months_on(first, 3) - _DAY)
    if name == YEAR:
        return Period(date(today.year, 1, 1), date(today.year, 12, 31))
    return Period(first, _months_on(first, 1) - _DAY)


def problem(first: date, last: date) -> str:
    """Say what is wrong with days somebody chose; nothing when they are a period."""
    if first.year not in YEARS or last.year not in YEARS:
        return "年份不对,请核对"
    if last < first:
        return "最后一天不能早于第一天"
    if (last - first).days >= LONGEST:
        return "一次最多看五年"
    return ""


def step_of(period: Period, asked: str = "") -> str:
    """Return how the period is cut: as asked, else into weeks while it is short."""
    if asked in (WEEKS, MONTHS):
        return asked
    return WEEKS if (period.last - period.first).days < WEEKS_UP_TO else MONTHS


def parts_of(period: Period, step: str, *, today: date) -> list[Part]:
    """Cut the period into weeks from Monday on or into months, up to today; the first and last may be cut short."""
    found: list[Part] = []
    begins = period.first
    last = min(period.last, today)
    while begins <= last:
        after = begins + timedelta(days=7 - begins.weekday()) if step == WEEKS else _months_on(begins.replace(day=1), 1)
        ends = min(after - _DAY, last)
        label = f"{begins:%m-%d} 至 {ends:%m-%d}" if step == WEEKS else f"{begins.year} 年 {begins.month} 月"
        found.append(Part(begins, ends, f"{begins.year} 年 {label}" if step == WEEKS and not found else label))
        begins = after
    return found


def is_old(last: date, days: int, *, today: date) -> bool:
    """Tell whether everything of this last day has had that many days: before that nothing can be said of it."""
    return last + timedelta(days=days) < today


def percent(part: int, whole: int) -> int | None:
    """Return the share in whole percent, rounded down; nothing of nothing."""
    return part * 100 // whole if whole else None


def _months_on(first: date, months: int) -> date:
    later = first.month - 1 + months
    return date(first.year + later // 12, later % 12 + 1, 1)
