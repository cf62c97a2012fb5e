"""The statutory holidays and make-up workdays (调休) of mainland China, as the State Council publishes them each year.

`holidays_cn.csv` is the table; next year's notice (around November) is added there as plain rows.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.foundation.calendar.hours import Hours, hours_of

TABLE = Path(__file__).with_name("holidays_cn.csv")
OFFICE_HOURS = (("08:00", "12:00"), ("14:00", "18:00"))


@dataclass(frozen=True, slots=True)
class StatutoryDay:
    """A date that differs from its weekday: off on a weekday or within a holiday, or work at a weekend."""

    name: str
    kind: Literal["off", "work"]


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
