"""The calendar by which promises are counted: the shipped table of holidays, the notices published since, and the hours
of an estate's channel. Read from the tables once a version.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from huiyin.foundation import rows
from huiyin.foundation.calendar.chinese import (
    OFFICE_HOURS,
    StatutoryDay,
    Weekly,
    calendar_of,
    published_until,
    statutory_days,
)
from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.foundation.calendar.hours import Hours, hours_of
from huiyin.foundation.transactions import once_a_command
from huiyin.standards.models import DatedHours, HolidayYear, OpeningHours

OFFICE, DESK, LINE = "office", "desk", "line"
CHANNELS = {OFFICE: "办公时间(工作时间按它算)", DESK: "前台", LINE: "服务热线"}
_ALWAYS = date(1900, 1, 1)
_WORKDAY = hours_of(OFFICE_HOURS)
_DESK, _LINE = hours_of([("09:00", "21:00")]), hours_of([("00:00", "24:00")])
USUAL = {
    OFFICE: Weekly(_ALWAYS, (_WORKDAY, _WORKDAY, _WORKDAY, _WORKDAY, _WORKDAY, (), ())),
    DESK: Weekly(_ALWAYS, (_DESK, _DESK, _DESK, _DESK, _DESK, _DESK, _DESK), on_holidays=True),
    LINE: Weekly(_ALWAYS, (_LINE, _LINE, _LINE, _LINE, _LINE, _LINE, _LINE), on_holidays=True),
}
_MARKS = """
SELECT (SELECT count(*) FROM standards_holidayyear),
       (SELECT count(*) FROM standards_openinghours WHERE estate_id = %s AND channel = %s),
       (SELECT count(*) FROM standards_datedhours WHERE estate_id = %s AND channel = %s)
"""
_MARKS_AT = """
SELECT (SELECT count(*) FROM standards_holidayyear WHERE published_at <= %s),
       (SELECT count(*) FROM standards_openinghours WHERE estate_id = %s AND channel = %s AND set_at <= %s),
       (SELECT count(*) FROM standards_datedhours WHERE estate_id = %s AND channel = %s AND set_at <= %s)
"""


@dataclass(frozen=True)
class _Version:
    """How many notices, changes of hours and exceptions there were: rows are only ever added, so this names a state."""

    estate_id: int | None
    channel: str
    at: datetime | None
    notices: int
    hours: int
    exceptions: int


def working_calendar(
    *, estate_id: int | None = None, channel: str = OFFICE, at: datetime | None = None
) -> WorkingCalendar:
    """Return the calendar of this channel as it is known now, or as it was known at a moment.

    Without an estate the usual hours are counted.
    """
    return _built(_version(estate_id, channel, at))


def calendar_version(*, estate_id: int | None = None, channel: str = OFFICE, at: datetime | None = None) -> str:
    """Name what a promise was counted by: the last day with known holidays, and how often anything was changed since."""
    version = _version(estate_id, channel, at)
    known = f"cn-{holidays(version.at, version.notices)[1]:%Y%m%d}"
    changes = (("r", version.notices), ("h", version.hours), ("d", version.exceptions))
    return known + "".join(f"{letter}{count}" for letter, count in changes if count)


def _version(estate_id: int | None, channel: str, at: datetime | None) -> _Version:
    return once_a_command((_version, estate_id, channel, at), lambda: _look_up(estate_id, channel, at))


def _look_up(estate_id: int | None, channel: str, at: datetime | None) -> _Version:
    of = (estate_id or 0, channel)
    if at is None:
        counted = rows.read(_MARKS, [*of, *of])[0]
    else:
        counted = rows.read(_MARKS_AT, [at, *of, at, *of, at])[0]
    # A state reached again by looking back is the same state; without changes the moment says nothing.
    return _Version(estate_id if any(counted[1:]) else None, channel, at if any(counted) else None, *counted)


@lru_cache(maxsize=256)
def _built(version: _Version) -> WorkingCalendar:
    statutory, until = holidays(version.at, version.notices)
    weeks, dated = [USUAL.get(version.channel, USUAL[OFFICE])], {}
    if version.estate_id is not None:
        weeks += [
            Weekly(one.effective_from, week_of(one.week), one.on_holidays)
            for one in hours_set(version.estate_id, version.channel, at=version.at)
        ]
        exceptions = exceptions_set(version.estate_id, version.channel, at=version.at)
        dated = {one.day: hours_of(one.slots) for one in exceptions}
    return calendar_of(weeks, statutory=statutory, until=until, dated=dated)


def week_of(week: list[list[list[str]]]) -> tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]:
    """Read seven lists of slots. Refused when a slot cannot be read."""
    mon, tue, wed, thu, fri, sat, sun = (hours_of(slots) for slots in week)
    return mon, tue, wed, thu, fri, sat, sun


def hours_set(estate_id: int, channel: str, *, at: datetime | None = None) -> list[OpeningHours]:
    """Return the hours the estate has set for the channel, by the day from which they count."""
    found = OpeningHours.objects.filter(estate_id=estate_id, channel=channel)
    return list((found.filter(set_at__lte=at) if at else found).order_by("effective_from"))


def exceptions_set(estate_id: int, channel: str, *, at: datetime | None = None) -> list[DatedHours]:
    """Return the exceptions for single days that count, by day; those replaced since are left out."""
    found = DatedHours.objects.filter(estate_id=estate_id, channel=channel)
    if at is None:
        return list(found.filter(replaced_at=None).order_by("day"))
    return list(found.filter(set_at__lte=at).exclude(replaced_at__lte=at).order_by("day"))


@lru_cache(maxsize=64)
def holidays(at: datetime | None, notices: int) -> tuple[Mapping[date, StatutoryDay], date]:
    """Return the statutory days as known (at the moment, if given), and the last day for which they are known.

    A notice says the whole of its year, so it takes the place of what was said before. `notices` names the state.
    """
    if not notices:
        return statutory_days(), published_until()
    published = HolidayYear.objects.all() if at is None else HolidayYear.objects.filter(published_at__lte=at)
    newest = {one.year: one for one in published.order_by("year", "revision")}
    days = {day: said for day, said in statutory_days().items() if day.year not in newest}
    for notice in newest.values():
        days |= read_days(notice.days)
    return days, date(max(published_until().year, *newest), 12, 31)


def known_until() -> date:
    """Return the last day for which the holidays are known now."""
    version = _version(None, OFFICE, None)
    return holidays(version.at, version.notices)[1]


def known_days() -> Mapping[date, StatutoryDay]:
    """Return the statutory days as known now, by date."""
    version = _version(None, OFFICE, None)
    return holidays(version.at, version.notices)[0]


def read_days(days: Mapping[str, list[str]]) -> dict[date, StatutoryDay]:
    """Read the days of a notice as the table keeps them."""
    return {date.fromisoformat(day): StatutoryDay(name, _kind(kind)) for day, (name, kind) in days.items()}


def _kind(kind: str) -> Literal["off", "work"]:
    return "work" if kind == "work" else "off"


def notices_published() -> list[HolidayYear]:
    """Return every notice, the newest year and revision first."""
    return list(HolidayYear.objects.select_related("published_by").order_by("-year", "-revision"))


def forget() -> None:
    """Drop what was read; for tests, whose rows are rolled back."""
    holidays.cache_clear()
    _built.cache_clear()
