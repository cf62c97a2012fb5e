"""Periodic duties: the calendar says on which day of which period something is due, however quiet it was."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.standards.rules.limits import day_end
from huiyin.standards.rules.periods import MONTHS, PERIODS, Period, following, period_of
from huiyin.standards.rules.reading import RuleInvalid, fact, needed, one_of, owed_by

KEYS = {"every", "on", "by", "after", "shift", "per", "keeps", "who", "does"}
SHIFTS = ("none", "next_workday", "previous_workday")
PER = ("estate", "zone", "post", "household_class")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEK = timedelta(days=7)
LAST_DAY = "last day"
LAST_WORKDAY = "last workday"
_NUMBERED = re.compile(r"^(day|workday) ([1-9]\d?)$")
_DATE = re.compile(r"^(\d{2})-(\d{2})$")
_BY = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)$")
_AFTER = re.compile(r"^([1-9]\d?) (day|week|month|quarter|half_year|year)s?$")
# A day moved off a holiday never lands further than this from where it was written.
_FURTHEST_SHIFT = timedelta(days=31)


@dataclass(frozen=True)
class Due:
    """One due time of a duty: the period it is about, the first day of the span in which it is to be done, and its end."""

    period: str
    begins: date
    day: date
    due_at: datetime


@dataclass(frozen=True)
class Periodic:
    """A duty of the calendar.

    `on` is a day of the period the duty is about, or with `after` of the n-th day, week, month … after that period.
    """

    every: str
    on: str
    by: time | None
    after: tuple[int, str] | None
    shift: str
    per: str
    keeps: str

    def due_days(self, first: date, end: date, calendar: WorkingCalendar) -> Iterator[Due]:
        """Return what is due on the days from the first up to, and without, the end; earlier periods first.

        A working day that the span does not have (the 23rd of a month, the only day when it is a holiday) is not due.
        """
        day = first - _FURTHEST_SHIFT
        if self.after:
            for _ in range(self.after[0] + 1):
                day = period_of(self.after[1], day - timedelta(days=1)).start
        period = period_of(self.every, day)
        while period.start < end + _FURTHEST_SHIFT:
            due = self.due_of(period, calendar)
            if due is not None and first <= due.day < end:
                yield due
            period = period_of(self.every, period.end)

    def due_of(self, period: Period, calendar: WorkingCalendar) -> Due | None:
        """Return when the duty of this period is due; None when the span has no such working day."""
        span = following(self.after[1], period.end, self.after[0] - 1) if self.after else period
        day = self._day(span, calendar)
        if day is None:
            return None
        day = _shifted(day, self.shift, calendar)
        return Due(period.name, span.start, day, calendar.at_local(day, self.by) if self.by else day_end(calendar, day))

    def _day(self, span: Period, calendar: WorkingCalendar) -> date | None:
        last = span.end - timedelta(days=1)
        if self.on == LAST_DAY:
            return last
        if self.on == LAST_WORKDAY:
            return _within(calendar.nth_workday(span.end, -1), span)
        if self.on in WEEKDAYS:
            return span.start + timedelta(days=(WEEKDAYS.index(self.on) - span.start.weekday()) % 7)
        if found := _NUMBERED.match(self.on):
            if found[1] == "workday":
                return _within(calendar.nth_workday(span.start - timedelta(days=1), int(found[2])), span)
            end = min(last, _last_of_month(span.start)) if last - span.start > WEEK else last
            return min(span.start + timedelta(days=int(found[2]) - 1), end)
        return _date_in(span.start.year, self.on)


def read(spec: Mapping[str, Any]) -> Periodic:
    """Read a duty of the calendar."""
    owed_by(spec)
    needed(spec, "does")
    every = one_of(spec, "every", PERIODS)
    after = _after(spec["after"], every) if "after" in spec else None
    return Periodic(
        every=every,
        on=_on(str(spec.get("on", LAST_DAY)), after[1] if after else every),
        by=_by(spec["by"]) if "by" in spec else None,
        after=after,
        shift=one_of(spec, "shift", SHIFTS, "none"),
        per=one_of(spec, "per", PER, "estate"),
        keeps=fact(spec, "keeps") if "keeps" in spec else "",
    )


def _on(text: str, span: str) -> str:
    """Read the day, as far as a span of this length has it."""
    numbered, dated = _NUMBERED.match(text), _DATE.match(text)
    if not (numbered or dated or text in (LAST_DAY, LAST_WORKDAY, *WEEKDAYS)):
        raise RuleInvalid(f"on: 读不懂「{text}」,可写 day 5、last day、monday、workday 1、last workday、03-15")
    longest = {"day": 1, "week": 7}.get(span, 31)
    if (numbered and int(numbered[2]) > longest) or (text in WEEKDAYS and span == "day"):
        raise RuleInvalid(f"on: 一个 {span} 里没有「{text}」")
    if dated:
        if span != "year":
            raise RuleInvalid(f"on: 「{text}」只能用于 every: year")
        if _date_in(2024, text) is None:
            raise RuleInvalid(f"on: 没有「{text}」这一天")
    return text


def _by(text: Any) -> time:
    found = _BY.match(str(text))
    if not found:
        raise RuleInvalid(f"by: 读不懂「{text}」,写成「16:00」并加引号")
    return time(int(found[1]), int(found[2]))


def _after(text: Any, every: str) -> tuple[int, str]:
    found = _AFTER.match(str(text).strip())
    if not found:
        raise RuleInvalid(f"after: 读不懂「{text}」,写成「1 month」")
    # A span that is longer, or begins elsewhere, would begin before the period has ended.
    if not (found[2] in ("day", every) or MONTHS.get(found[2], 99) < MONTHS.get(every, 0)):
        raise RuleInvalid(f"after: every: {every} 之后不能写「{found[2]}」")
    return int(found[1]), found[2]


def _date_in(year: int, text: str) -> date | None:
    """Return that day of the year; of 02-29 the last day of February. None when no year has it."""
    month, day = int(text[:2]), int(text[3:])
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 2, 28) if (month, day) == (2, 29) else None


def _last_of_month(day: date) -> date:
    return period_of("month", day).end - timedelta(days=1)


def _within(day: date, span: Period) -> date | None:
    return day if span.start <= day < span.end else None


def _shifted(day: date, shift: str, calendar: WorkingCalendar) -> date:
    if shift == "none" or calendar.is_workday(day):
        return day
    return calendar.nth_workday(day, 1 if shift == "next_workday" else -1)
