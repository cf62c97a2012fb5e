"""Working calendars: when is it open, when is it due, how long was it really.

No clock and no database: aware datetimes in, UTC out; dates for dates.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Lock

from huiyin.foundation.calendar import pausing
from huiyin.foundation.calendar.hours import DAY
from huiyin.foundation.calendar.opening import MIDNIGHT, OpeningHours, aware
from huiyin.foundation.calendar.pausing import Pause
from huiyin.foundation.calendar.timeline import EPOCH, NOTHING, Timeline, lay_out
from huiyin.foundation.refusals import Refused

EARLIEST_YEAR, END_YEAR = 1900, 2300
SECOND = timedelta(seconds=1)
NO_YEARS = (1970, 1970)
# Threads share calendars, and what one has laid out another must not lose.
LAYING_OUT = Lock()


class NoWorkingTime(Refused):
    """The calendar never opens where it was asked to; the sentence says so."""


@dataclass(frozen=True, eq=False, kw_only=True)
class WorkingCalendar(OpeningHours):
    """Opening hours that can be counted with; each year is laid out once, when first asked about."""

    _timeline: Timeline = field(init=False, repr=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._settle("_timeline", lay_out(self.hours_on, self.zone, *NO_YEARS))

    # Days

    def nth_workday(self, day: date, days: int) -> date:
        """Return the n-th working day after a date, or before it when n is negative; the date itself never counts.

        This is how the Civil Code counts a period (art. 201). Refused when there are not so many working days.
        """
        if days == 0:
            return day
        wanted = day.toordinal()
        while True:
            workdays = self._timeline_of(day.year, day.year).workdays
            index = bisect_right(workdays, wanted) + days - 1 if days > 0 else bisect_left(workdays, wanted) + days
            if 0 <= index < len(workdays):
                return date.fromordinal(workdays[index])
            self._stretch(forward=days > 0)

    def add_workdays_date(self, day: date, days: int) -> date:
        """Move n working days; from a closed date one first goes to the nearest working day in that direction.

        Refused when there are not so many working days.
        """
        if days == 0 or self.is_workday(day):
            return self.nth_workday(day, days)
        return self.nth_workday(day, days + (1 if days > 0 else -1))

    def workdays_between(self, start: date, end: date) -> int:
        """Count the working days from one date up to, and without, another."""
        if end <= start:
            return 0
        workdays = self._timeline_of(start.year, end.year).workdays
        return bisect_left(workdays, end.toordinal()) - bisect_left(workdays, start.toordinal())

    # Instants

    def is_open(self, instant: datetime) -> bool:
        """Say whether this instant is working time; the closing instant is not."""
        timeline = self._timeline_with(instant)
        since = instant - timeline.anchor
        return since < timeline.ends[timeline.index(since)]

    def next_open(self, instant: datetime) -> datetime:
        """Return the instant if open, else the next opening. Refused when there is none."""
        return self._moved(instant, 0, ())

    def prev_open(self, instant: datetime) -> datetime:
        """Return the instant if open, else the last closing. Refused when there is none."""
        while True:
            timeline = self._timeline_with(instant)
            since = instant - timeline.anchor
            index = timeline.index(since)
            if index:
                return timeline.anchor + min(since, timeline.ends[index])
            self._stretch(forward=False)

    def add_seconds(self, start: datetime, seconds: int, pauses: Sequence[Pause] = ()) -> datetime:
        """Return when this much working time has passed, pauses left out; negative counts backwards.

        An amount that ends with the day ends at the closing instant; nothing at all leads to the next open instant.
        Refused when the calendar has not so much working time.
        """
        if seconds <= 0 or pauses:
            return self._moved(start, seconds, pauses)
        # The budget of 300,000 a second is met here, so the look-ups are spelled out.
        timeline = self._timeline
        since = start - timeline.anchor
        try:
            index = timeline.first[since.days]
            starts, worked = timeline.starts, timeline.worked
            while starts[index + 1] <= since:
                index += 1
            try:
                span, leap = timeline.leaps[seconds]
            except KeyError:
                span, leap = timeline.leap(seconds)
            target = since - timeline.shift[index] + span if since < timeline.ends[index] else worked[index + 1] + span
            index += leap
            if worked[index] < target:
                index += 1
                if worked[index] < target:
                    index = bisect_left(worked, target, index)
            return timeline.landing[index] + target
        except (LookupError, OverflowError):
            return self._moved(start, seconds, pauses)

    def add_seconds_many(self, epochs: Sequence[int], seconds: int) -> list[int]:
        """Add the same working time to many instants, given and returned in seconds since 1970.

        Refused when the calendar has not so much working time.
        """
        if not epochs:
            return []
        if seconds <= 0:
            return [_epoch(self.add_seconds(EPOCH + epoch * SECOND, seconds)) for epoch in epochs]
        for outermost in (min(epochs), max(epochs)):
            self.add_seconds(EPOCH + outermost * SECOND, seconds)
        return _added(self._timeline, epochs, seconds)

    def elapsed_seconds(self, start: datetime, end: datetime, pauses: Sequence[Pause] = ()) -> int:
        """Count the full working seconds from start up to end, pauses left out; nothing when the end comes first."""
        if end <= start:
            return 0
        timeline = self._timeline_with(start, end, *_ends(pauses))
        first, last = (timeline.position(instant - timeline.anchor) for instant in (start, end))
        paused = sum(
            (
                max(min(until, last) - max(since, first), NOTHING)
                for since, until in pausing.in_open_time(timeline, pauses)
            ),
            NOTHING,
        )
        return (last - first - paused) // SECOND

    # Working days and a time of day

    def add_workdays_then_snap(self, start: datetime, days: int) -> datetime:
        """Return the same wall time on the n-th working day, moved on to the nearest open instant on the way.

        Refused when there are not so many working days.
        """
        if days == 0:
            return self.next_open(start)
        local = start.astimezone(self.zone)
        there = self.at_local(self.nth_workday(local.date(), days), local.time())
        return self.next_open(there) if days > 0 else self.prev_open(there)

    def add_workdays_end_of_day(self, start: datetime, days: int) -> datetime:
        """Return the closing instant of the n-th working day; with 0, the first closing of a day still to come.

        Refused when there are not so many working days.
        """
        day = self.local_date(start)
        if days:
            return self._closing(self.nth_workday(day, days))
        if self.is_workday(day) and self._closing(day) > start:
            return self._closing(day)
        return self._closing(self.nth_workday(day, 1))

    def _closing(self, day: date) -> datetime:
        wall = datetime.combine(day, MIDNIGHT, self.zone) + self.hours_on(day)[-1][1] * SECOND
        # Where the clocks change at closing time, the later reading of the wall clock holds the whole slot.
        readings = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        return self.prev_open(max(readings))

    # The timeline: laid out around the first question, stretched by the others

    def _moved(self, start: datetime, seconds: int, pauses: Sequence[Pause]) -> datetime:
        span = _span(seconds)
        while True:
            timeline = self._timeline_with(start, *_ends(pauses))
            position = timeline.position(start - timeline.anchor)
            paused = pausing.in_open_time(timeline, pauses)
            if seconds > 0:
                found = timeline.closing_at(pausing.past(position, span, paused))
            elif seconds == 0:
                found = timeline.opening_at(pausing.out_of(position, paused))
            else:
                found = timeline.opening_at(pausing.back_past(position, -span, paused))
            if found is not None:
                return found
            self._stretch(forward=seconds >= 0)

    def _timeline_with(self, *instants: datetime) -> Timeline:
        years = [aware(instant).astimezone(UTC).year for instant in instants]
        return self._timeline_of(min(years), max(years))

    def _timeline_of(self, first_year: int, last_year: int) -> Timeline:
        timeline = self._timeline
        if timeline.first_year <= first_year and last_year < timeline.end_year:
            return timeline
        if not EARLIEST_YEAR <= first_year <= last_year < END_YEAR:
            raise NoWorkingTime(f"工作日历只算 {EARLIEST_YEAR} 年到 {END_YEAR - 1} 年")
        return self._laid_out(first_year, min(last_year + 2, END_YEAR))

    def _stretch(self, *, forward: bool) -> None:
        """Lay out as many years again. Refused where the calendar cannot open any more."""
        timeline = self._timeline
        earliest, end = self._years_worth_looking()
        span = max(timeline.end_year - timeline.first_year, 2)
        if forward and timeline.end_year < end:
            self._laid_out(timeline.first_year, min(timeline.end_year + span, end))
        elif not forward and timeline.first_year > earliest:
            self._laid_out(max(timeline.first_year - span, earliest), timeline.end_year)
        else:
            raise NoWorkingTime(
                "日历里没有这么多工作时间,请检查开放时段" if end > earliest else "日历里没有任何工作时间"
            )

    def _years_worth_looking(self) -> tuple[int, int]:
        if any(self.week):
            return EARLIEST_YEAR, END_YEAR
        years = [day.year for day, hours in self.overrides.items() if hours]
        if not years:
            return END_YEAR, EARLIEST_YEAR
        # A local date may belong to the next or the last UTC year.
        return max(min(years) - 1, EARLIEST_YEAR), min(max(years) + 2, END_YEAR)

    def _laid_out(self, first_year: int, end_year: int) -> Timeline:
        with LAYING_OUT:
            known = self._timeline
            if known.first_year < known.end_year:
                first_year, end_year = min(first_year, known.first_year), max(end_year, known.end_year)
            self._settle("_timeline", lay_out(self.hours_on, self.zone, first_year, end_year, known))
            return self._timeline


def _epoch(instant: datetime) -> int:
    return (instant - EPOCH) // SECOND


def _span(seconds: int) -> timedelta:
    if abs(seconds) > (END_YEAR - EARLIEST_YEAR) * 366 * DAY:
        raise NoWorkingTime("没有哪个日历有这么多工作时间")
    return timedelta(seconds=seconds)


def _ends(pauses: Iterable[Pause]) -> Iterable[datetime]:
    return (instant for pause in pauses for instant in pause)


def _added(timeline: Timeline, epochs: Iterable[int], seconds: int) -> list[int]:
    first, (starts, ends, worked, shift) = timeline.first, timeline.whole
    base = _epoch(timeline.anchor)
    _, leap = timeline.leap(seconds)
    due: list[int] = []
    for epoch in epochs:
        since = epoch - base
        index = first[since // DAY]
        while starts[index + 1] <= since:
            index += 1
        target = (since - shift[index] if since < ends[index] else worked[index + 1]) + seconds
        index += leap
        if worked[index] < target:
            index += 1
            if worked[index] < target:
                index = bisect_left(worked, target, index)
        due.append(target + shift[index - 1] + base)
    return due
