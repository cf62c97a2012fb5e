"""Time limits: how long after an event something falls due. The event's own day is day 0."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.standards.rules.reading import RuleInvalid

_SPAN = re.compile(r"^(\d+)\s*(min|h|d|month|working h|working d(?: same time)?|working min)(?:(?<=month)s)?$")
_AT = re.compile(r"^at (\d{1,2}):(\d{2})$")
_PROMISED = re.compile(r"^promised: ?(\w+)$")


@dataclass(frozen=True)
class Within:
    """A time limit: an amount of a unit from the event, a time of the day, or a promised moment."""

    unit: str
    amount: int = 0
    at: time | None = None
    promised: str = ""

    def due(self, start: datetime, values: Mapping[str, Any], calendar: WorkingCalendar) -> datetime | None:
        """Return when the promise falls due. The event's day is day 0; a day ends at the next local midnight.

        "working d same time" ends with the clock of the event, not with its day; what comes while nobody is there
        counts from the next opening.

        None when the limit is a promised moment and no moment was promised.
        """
        match self.unit:
            case "min" | "h":
                return start + timedelta(seconds=self.amount * _SECONDS[self.unit])
            case "working min" | "working h":
                return calendar.add_seconds(start, self.amount * _SECONDS[self.unit.removeprefix("working ")])
            case "d":
                return day_end(calendar, calendar.local_date(start) + timedelta(days=self.amount))
            case "month":
                return day_end(calendar, add_months(calendar.local_date(start), self.amount))
            case "working d":
                return day_end(calendar, calendar.nth_workday(calendar.local_date(start), self.amount))
            case "working d same time":
                counted = calendar.next_open(start).astimezone(calendar.zone)
                return calendar.at_local(calendar.nth_workday(counted.date(), self.amount), counted.time())
            case "at":
                assert self.at is not None
                day = calendar.local_date(start)
                due = calendar.at_local(day, self.at)
                return due if due > start else calendar.at_local(day + timedelta(days=1), self.at)
            case "promised":
                moment = values.get(self.promised)
                return moment if isinstance(moment, datetime) else None
        raise RuleInvalid(f"不认识的时限单位「{self.unit}」")

    def begins(self, start: datetime, calendar: WorkingCalendar) -> datetime:
        """Return the first moment of the limit's day, for windows that open later (`30 d .. 60 d`)."""
        if self.amount == 0:
            return start
        if self.unit in ("d", "month"):
            day = calendar.local_date(start)
            day = day + timedelta(days=self.amount) if self.unit == "d" else add_months(day, self.amount)
            return calendar.at_local(day, time.min)
        due = self.due(start, {}, calendar)
        assert due is not None
        return due

    @property
    def counts_working_time(self) -> bool:
        return self.unit in ("working min", "working h", SAME_TIME)

    @property
    def counts_days(self) -> bool:
        return self.unit in ("d", "month", "working d", "at")


SAME_TIME = "working d same time"
_SECONDS = {"min": 60, "h": 3600}


def day_end(calendar: WorkingCalendar, day: date) -> datetime:
    return calendar.at_local(day + timedelta(days=1), time.min)


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or its last day when it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day)


def within(text: str, key: str) -> Within:
    """Read a time limit: `30 min`, `24 h`, `3 d`, `3 working d`, `3 working d same time`, `end of day`, `at 16:00`, `promised: promised_at`."""
    text = str(text).strip()
    if text == "end of day":
        return Within("d", 0)
    if found := _SPAN.match(text):
        return Within(found[2], int(found[1]))
    if found := _AT.match(text):
        return Within("at", at=time(int(found[1]), int(found[2])))
    if found := _PROMISED.match(text):
        return Within("promised", promised=found[1])
    raise RuleInvalid(
        f"{key}: 读不懂时限「{text}」,可写 30 min、24 h、3 d、3 working d、3 working d same time、end of day、at 16:00"
    )
