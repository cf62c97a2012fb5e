"""The statutory holidays and make-up workdays (调休) of mainland China, as the State Council publishes them each year.

`holidays_cn.csv` is the table; next year's notice (around November) is added there as plain rows.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.foundation.calendar.hours import Hours, hours_of

TABLE = Path(__file__).with_name("holidays_cn.csv")
OFFICE_HOURS = (("08:00", "12:00"), ("14:00", "18:00"))


Week = tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]


@dataclass(frozen=True, slots=True)
class StatutoryDay:
    """A date that differs from its weekday: off on a weekday or within a holiday, or work at a weekend."""

    name: str
    kind: Literal["off", "work"]


@dataclass(frozen=True, slots=True)
class Weekly:
    """Opening hours by weekday (Monday first) from a day on; `on_holidays` when statutory days change nothing."""

    since: date
    week: Week
    on_holidays: bool = False

    def hours_on(self, day: date, statutory: Mapping[date, StatutoryDay]) -> Hours:
        """Return the hours of a day; a make-up workday without hours of its own has those of the first workday."""
        said = None if self.on_holidays else statutory.get(day)
        if said is None:
            return self.week[day.weekday()]
        return () if said.kind == "off" else self.week[day.weekday()] or next(filter(None, self.week), ())


@cache
def statutory_days() -> Mapping[date, StatutoryDay]:
    """Return the published table, by date."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        days = {
            date.fromisoformat(row["date"]): StatutoryDay(row["name"], "work" if row["kind"] == "work" else "off")
            for row in rows
        }
    return MappingProxyType(days)


def published_until() -> date:
    """Return the last day for which the holidays are known."""
    return date(max(statutory_days()).year, 12, 31)


def chinese_calendar(
    hours: Iterable[Sequence[str]] = OFFICE_HOURS,
    tz: str = "Asia/Shanghai",
    overrides: Mapping[date, Hours] | None = None,
) -> WorkingCalendar:
    """Return a calendar open Monday to Friday and on make-up workdays, closed on statutory holidays.

    A dated override wins over the statutory table. Refused when the hours cannot be read.
    """
    workday = hours_of(hours)
    statutory = {day: workday if said.kind == "work" else () for day, said in statutory_days().items()}
    return WorkingCalendar(
        tz=tz,
        week=(workday, workday, workday, workday, workday, (), ()),
        overrides={**statutory, **(overrides or {})},
        published_until=published_until(),
    )


def calendar_of(
    weeks: Sequence[Weekly],
    *,
    statutory: Mapping[date, StatutoryDay],
    until: date,
    dated: Mapping[date, Hours],
    tz: str = "Asia/Shanghai",
) -> WorkingCalendar:
    """Return the calendar of opening hours that changed over time: dated exception before statutory day before week.

    `weeks` comes in order; the first one also counts for the time before it, as far back as the holidays are known.
    """
    changes = [one.since for one in weeks[1:]]
    overrides: dict[date, Hours] = {}
    for place, one in enumerate(weeks):
        since = date.min if place == 0 else one.since
        before = changes[place] if place < len(changes) else date.max
        overrides |= {day: one.hours_on(day, statutory) for day in statutory if since <= day < before}
    if changes:
        day, place = min([*statutory, changes[0] - timedelta(days=366)]), 0
        while day < changes[-1]:
            while place < len(changes) and changes[place] <= day:
                place += 1
            overrides.setdefault(day, weeks[place].hours_on(day, statutory))
            day += timedelta(days=1)
    return WorkingCalendar(tz=tz, week=weeks[-1].week, overrides={**overrides, **dated}, published_until=until)
