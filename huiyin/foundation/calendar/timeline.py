"""The open time of a run of years, laid out once so that every question is a look-up.

Segments are the open intervals in UTC, joined where they touch. Beside each stands how much open time lies before it,
so that adding working time is: find the segment, add, find the segment again. Instants are kept as timedeltas from
the first midnight: exact to the microsecond, and cheaper than turning a datetime into seconds and back.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import accumulate

from huiyin.foundation.calendar.hours import DAY, Hours

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.toordinal()
NOTHING = timedelta(0)
LEAPS_KEPT = 50_000

Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Open time from the first UTC midnight of `first_year` up to that of `end_year`."""

    first_year: int
    end_year: int
    segments: list[Interval]  # epoch seconds
    workdays: list[int]  # ordinals of the local dates with any hours
    anchor: datetime
    first: dict[int, int]  # UTC day after the anchor -> the last segment that starts no later than its midnight
    starts: list[timedelta]  # one more than there are segments: the end of the timeline
    ends: list[timedelta]
    worked: list[timedelta]  # open time before each segment, and the total
    shift: list[timedelta]  # start of a segment less the open time before it
    landing: list[datetime]  # the same as an instant, one place later
    longest: int  # seconds of the longest segment
    whole: tuple[list[int], ...]  # starts, ends, worked and shift again, as seconds, for long batches
    leaps: dict[int, tuple[timedelta, int]] = field(default_factory=dict)

    def leap(self, seconds: int) -> tuple[timedelta, int]:
        """Return this much time, and how many segments on its end lies at the very least.

        No segment is longer than the longest. Promises come in few lengths, and making a timedelta costs half as much
        as the rest of a look-up, so the answer is kept.
        """
        leap = self.leaps.get(seconds) or (
            timedelta(seconds=seconds),
            1 + (seconds - 1) // self.longest,
        )
        if len(self.leaps) < LEAPS_KEPT:
            self.leaps[seconds] = leap
        return leap

    def index(self, since: timedelta) -> int:
        """Find the last segment that starts at or before a moment. Refused (KeyError) outside the timeline."""
        index = self.first[since.days]
        return bisect_right(self.starts, since, index, len(self.ends)) - 1

    def position(self, since: timedelta) -> timedelta:
        """Say how much open time lies before a moment."""
        index = self.index(since)
        return min(since - self.shift[index], self.worked[index + 1])

    def closing_at(self, position: timedelta) -> datetime | None:
        """Return the moment at which this much is worked; a full segment ends at its closing instant."""
        index = bisect_left(self.worked, position)
        return self.landing[index] + position if 0 < index < len(self.worked) else None

    def opening_at(self, position: timedelta) -> datetime | None:
        """Return the open moment before which this much is worked; a full segment leads to the next opening."""
        index = bisect_right(self.worked, position)
        return self.landing[index] + position if 0 < index < len(self.worked) else None


HoursOn = Callable[[date], Hours]


def lay_out(
    hours_on: HoursOn,
    zone: tzinfo,
    first_year: int,
    end_year: int,
    known: Timeline | None = None,
) -> Timeline:
    """Build the timeline of these years, taking over what is already known of them."""
    segments: list[Interval] = []
    workdays: list[int] = []
    for year in range(first_year, end_year):
        if known and known.first_year <= year < known.end_year:
            if year == known.first_year:
                segments += known.segments
                workdays += known.workdays
            continue
        segments += _open_in_year(hours_on, zone, year)
        workdays += _workdays_of(hours_on, year)
    return _measured(first_year, end_year, list(_joined(segments)), workdays)


def _measured(first_year: int, end_year: int, segments: list[Interval], workdays: list[int]) -> Timeline:
    anchor, end = (
        datetime(first_year, 1, 1, tzinfo=UTC),
        datetime(end_year, 1, 1, tzinfo=UTC),
    )
    base, length = _epoch(anchor), (end - anchor) // timedelta(seconds=1)
    # An empty segment in front lets every moment of the timeline have a segment at or before it.
    framed = [(0, 0), *((opens - base, closes - base) for opens, closes in segments)]
    starts = [*(opens for opens, _ in framed), length]
    worked = list(accumulate((closes - opens for opens, closes in framed), initial=0))
    shift = [opens - before for opens, before in zip(starts, worked, strict=True)]
    spans = {seconds: timedelta(seconds=seconds) for seconds in {closes - opens for opens, closes in framed}}
    lengths = [spans[closes - opens] for opens, closes in framed]
    exact_starts = [timedelta(seconds=opens) for opens in starts]
    exact_worked = list(accumulate(lengths, initial=NOTHING))
    exact_shift = [opens - before for opens, before in zip(exact_starts, exact_worked, strict=True)]
    return Timeline(
        first_year=first_year,
        end_year=end_year,
        segments=segments,
        workdays=workdays,
        anchor=anchor,
        first={day: bisect_right(starts, day * DAY) - 1 for day in range(length // DAY)},
        starts=exact_starts,
        ends=[opens + length for opens, length in zip(exact_starts, lengths, strict=False)],
        worked=exact_worked,
        shift=exact_shift,
        landing=[anchor, *(anchor + by for by in exact_shift[:-1])],
        longest=max((closes - opens for opens, closes in framed[1:]), default=DAY),
        whole=(starts, [closes for _, closes in framed], worked, shift),
    )


def _joined(segments: Iterable[Interval]) -> Iterator[Interval]:
    held: Interval | None = None
    for opens, closes in segments:
        if held and held[1] == opens:
            held = (held[0], closes)
            continue
        if held:
            yield held
        held = (opens, closes)
    if held:
        yield held


def _workdays_of(hours_on: HoursOn, year: int) -> list[int]:
    days = range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    return [day for day in days if hours_on(date.fromordinal(day))]


def _open_in_year(hours_on: HoursOn, zone: tzinfo, year: int) -> Iterator[Interval]:
    """Lay out a UTC year. An instant is open exactly when its local wall time lies in a slot of its local date.

    So an hour the clocks skip is nobody's working time, and an hour they repeat counts twice.
    """
    for lo, hi, offset in _steady(zone, year):
        for day in range((lo + offset) // DAY, (hi + offset - 1) // DAY + 1):
            midnight = day * DAY - offset
            for opens, closes in hours_on(date.fromordinal(day + EPOCH_DAY)):
                start, end = max(midnight + opens, lo), min(midnight + closes, hi)
                if start < end:
                    yield start, end


def _steady(zone: tzinfo, year: int) -> Iterator[tuple[int, int, int]]:
    """Cut a UTC year into stretches in which the zone keeps one offset."""
    lo, end = (
        _epoch(datetime(year, 1, 1, tzinfo=UTC)),
        _epoch(datetime(year + 1, 1, 1, tzinfo=UTC)),
    )
    start, offset = lo, _offset(zone, lo)
    for midnight in range(lo, end, DAY):
        if _offset(zone, midnight + DAY) != offset:
            change = _change(zone, midnight, midnight + DAY)
            yield start, min(change, end), offset
            start, offset = change, _offset(zone, change)
    if start < end:
        yield start, end, offset


def _change(zone: tzinfo, before: int, after: int) -> int:
    old = _offset(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: tzinfo, epoch: int) -> int:
    shift = (EPOCH + timedelta(seconds=epoch)).astimezone(zone).utcoffset() or NOTHING
    return int(shift.total_seconds())


def _epoch(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(seconds=1)
