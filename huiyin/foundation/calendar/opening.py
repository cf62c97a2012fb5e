"""When a place is open, as it is written down: the week, dated overrides, breaks, holidays, on a local clock.

A holiday closes whatever else is said; else a dated override replaces the weekday's hours; a break is cut out of what
remains.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huiyin.foundation.calendar.hours import Hours, MalformedCalendar, union, without

MIDNIGHT = time()


@dataclass(frozen=True, eq=False, kw_only=True)
class OpeningHours:
    """The values of a calendar, and what a wall calendar and a wall clock can tell."""

    tz: str
    week: tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]  # Monday first
    overrides: Mapping[date, Hours] = field(default_factory=dict)
    breaks: Mapping[date, Hours] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    published_until: date | None = None
    zone: ZoneInfo = field(init=False, repr=False)

    def __post_init__(self) -> None:
        try:
            zone = ZoneInfo(self.tz)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise MalformedCalendar(f"没有 {self.tz!r} 这个时区") from error
        self._settle("zone", zone)
        self._settle("week", tuple(union(hours) for hours in self.week))
        self._settle("holidays", frozenset(self.holidays))
        overrides = {day: union(slots) for day, slots in self.overrides.items()}
        breaks = {day: union(slots) for day, slots in self.breaks.items() if slots}
        self._settle("overrides", MappingProxyType(overrides))
        self._settle("breaks", MappingProxyType(breaks))

    def _settle(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _values(self) -> tuple[object, ...]:
        dated = tuple(frozenset(days.items()) for days in (self.overrides, self.breaks))
        return self.tz, self.week, *dated, self.holidays, self.published_until

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OpeningHours) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def hours_on(self, day: date) -> Hours:
        """Return the open slots of a local date, in seconds from its midnight."""
        if day in self.holidays:
            return ()
        hours = self.overrides.get(day)
        if hours is None:
            hours = self.week[day.weekday()]
        breaks = self.breaks.get(day)
        return without(hours, breaks) if breaks else hours

    def is_workday(self, day: date) -> bool:
        """Say whether a date has any open hours."""
        return bool(self.hours_on(day))

    def local_date(self, instant: datetime) -> date:
        """Return the date on the wall at this instant."""
        return aware(instant).astimezone(self.zone).date()

    def at_local(self, day: date, clock: time) -> datetime:
        """Return the instant of a wall time; of a repeated one the first, for a skipped one as much later."""
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def end_of_day(self, instant: datetime) -> datetime:
        """Return the midnight that ends the local day."""
        return self.at_local(self.local_date(instant) + timedelta(days=1), MIDNIGHT)

    def is_provisional(self, due: datetime) -> bool:
        """Say whether a deadline lies where the holidays are not yet published."""
        return self.published_until is not None and self.local_date(due) > self.published_until


def aware(instant: datetime) -> datetime:
    """Return the instant. A naive one is a bug and stays loud (TypeError)."""
    if instant.tzinfo is None:
        raise TypeError("a working calendar answers for aware datetimes only")
    return instant
