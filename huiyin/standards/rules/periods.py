"""The periods duties and quotas are counted by, each with its name: 2026-11-22, 2026-W47, 2026-11, 2026-Q4, 2026-H2, 2026."""

from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
PERIODS = ("day", "week", *MONTHS)


@dataclass(frozen=True)
class Period:
    """A span of local days, half open."""

    name: str
    start: date
    end: date


def period_of(every: str, day: date) -> Period:
    """Return the period of this kind in which the day lies. A week begins on Monday and has its ISO number."""
    if every == "day":
        return Period(day.isoformat(), day, day + timedelta(days=1))
    if every == "week":
        start = day - timedelta(days=day.weekday())
        year, week, _ = day.isocalendar()
        return Period(f"{year}-W{week:02d}", start, start + timedelta(days=7))
    months = MONTHS[every]
    number = (day.month - 1) // months
    start = date(day.year, number * months + 1, 1)
    names = {"month": f"{day:%Y-%m}", "quarter": f"{day.year}-Q{number + 1}", "half_year": f"{day.year}-H{number + 1}"}
    return Period(names.get(every, str(day.year)), start, _months_on(start, months))


def named(name: str) -> Period:
    """Return the period of this name."""
    year, _, part = name.partition("-")
    if not part:
        return period_of("year", date(int(year), 1, 1))
    if part[0] == "W":
        return period_of("week", date.fromisocalendar(int(year), int(part[1:]), 1))
    if part[0] in "QH":
        every = "quarter" if part[0] == "Q" else "half_year"
        return period_of(every, date(int(year), (int(part[1:]) - 1) * MONTHS[every] + 1, 1))
    if len(part) == 2:
        return period_of("month", date(int(year), int(part), 1))
    return period_of("day", date.fromisoformat(name))


def following(every: str, day: date, times: int) -> Period:
    """Return the period that many periods after the one in which the day lies; 0 is that one."""
    period = period_of(every, day)
    for _ in range(times):
        period = period_of(every, period.end)
    return period


def _months_on(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
