"""Pauses: intervals that do not count, measured in open time so that closed hours take care of themselves."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from huiyin.foundation.calendar.timeline import Timeline

Pause = tuple[datetime, datetime]
Stretch = tuple[timedelta, timedelta]


def in_open_time(timeline: Timeline, pauses: Iterable[Pause]) -> list[Stretch]:
    """Put the pauses in order as stretches of open time, overlapping ones joined."""
    joined: list[Stretch] = []
    for start, end in sorted(pauses):
        if end < start:
            raise ValueError("a pause ends before it starts")
        since, until = (timeline.position(instant - timeline.anchor) for instant in (start, end))
        if joined and since <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(until, joined[-1][1])
        else:
            joined.append((since, until))
    return joined


def past(position: timedelta, span: timedelta, paused: Iterable[Stretch]) -> timedelta:
    """Return the position after this much open time that is not paused."""
    target = position + span
    for since, until in paused:
        if until > position and since < target:
            target += until - max(since, position)
    return target


def out_of(position: timedelta, paused: Iterable[Stretch]) -> timedelta:
    """Return the position, or the end of the pause it lies in."""
    return next((until for since, until in paused if since <= position < until), position)


def back_past(position: timedelta, span: timedelta, paused: Sequence[Stretch]) -> timedelta:
    """Return the position before this much open time that is not paused."""
    target = position - span
    for since, until in reversed(paused):
        if since < position and until > target:
            target -= min(until, position) - since
    return target
