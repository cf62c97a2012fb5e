"""A working calendar as plain JSON values, so that it can be stored, shown and sent."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.foundation.calendar.hours import (
    WEEKDAYS,
    Hours,
    MalformedCalendar,
    hours_of,
    union,
    words_of,
)

FIELDS = ("tz", "week", "overrides", "breaks", "holidays", "published_until")
Read = TypeVar("Read")


def from_spec(spec: Mapping[str, object]) -> WorkingCalendar:
    """Read a calendar: tz, week (mon … sun), overrides by date, breaks, holidays, published_until.

    Refused with the name of the field when a value is missing, unknown or cannot be read.
    """
    if not isinstance(spec, Mapping):
        raise MalformedCalendar("日历要写成一组字段")
    for name in spec:
        if name not in FIELDS:
            raise MalformedCalendar(f"日历没有 {name} 这个字段")
    tz = spec.get("tz")
    if not isinstance(tz, str):
        raise MalformedCalendar("日历缺少时区 tz")
    return WorkingCalendar(
        tz=tz,
        week=_in_field("week", _week, spec.get("week")),
        overrides=_in_field("overrides", _overrides, spec.get("overrides") or {}),
        breaks=_in_field("breaks", _breaks, spec.get("breaks") or ()),
        holidays=_in_field("holidays", _holidays, spec.get("holidays") or ()),
        published_until=_in_field("published_until", _day_if_any, spec.get("published_until")),
    )


def to_spec(calendar: WorkingCalendar) -> dict[str, object]:
    """Write a calendar as from_spec reads it, always in the same order."""
    return {
        "tz": calendar.tz,
        "week": {name: words_of(hours) for name, hours in zip(WEEKDAYS, calendar.week, strict=True) if hours},
        "overrides": {day.isoformat(): words_of(hours) for day, hours in sorted(calendar.overrides.items())},
        "breaks": [
            [day.isoformat(), *slot] for day, hours in sorted(calendar.breaks.items()) for slot in words_of(hours)
        ],
        "holidays": [day.isoformat() for day in sorted(calendar.holidays)],
        "published_until": calendar.published_until.isoformat() if calendar.published_until else None,
    }


def _in_field(name: str, read: Callable[[object], Read], value: object) -> Read:
    try:
        return read(value)
    except MalformedCalendar as error:
        raise MalformedCalendar(f"{name}:{error}") from error


def _week(value: object) -> tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]:
    days = _mapping(value)
    for name in days:
        if name not in WEEKDAYS:
            raise MalformedCalendar(f"没有 {name!r} 这一天,请写 {'、'.join(WEEKDAYS)}")
    mon, tue, wed, thu, fri, sat, sun = (_hours(days.get(name) or ()) for name in WEEKDAYS)
    return mon, tue, wed, thu, fri, sat, sun


def _overrides(value: object) -> dict[date, Hours]:
    return {_day(day): _hours(slots or ()) for day, slots in _mapping(value).items()}


def _breaks(value: object) -> dict[date, Hours]:
    breaks: dict[date, Hours] = {}
    for row in _items(value):
        if not isinstance(row, list | tuple) or len(row) != 3:
            raise MalformedCalendar(f"要写成 [日期, 开始, 结束],不能是 {row!r}")
        day = _day(row[0])
        breaks[day] = union((*breaks.get(day, ()), *hours_of([row[1:]])))
    return breaks


def _holidays(value: object) -> frozenset[date]:
    return frozenset(_day(day) for day in _items(value))


def _day_if_any(value: object) -> date | None:
    return None if value is None else _day(value)


def _hours(value: object) -> Hours:
    return hours_of(_items(value))  # type: ignore[arg-type]  # hours_of refuses what is not a pair of times


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise MalformedCalendar(f"要写成一组“名称: 值”,不能是 {value!r}")
    return value


def _items(value: object) -> Iterable[object]:
    if not isinstance(value, list | tuple):
        raise MalformedCalendar(f"要写成一列,不能是 {value!r}")
    return value


def _day(value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise MalformedCalendar(f"看不懂日期 {value!r},请写成 2026-01-31") from error
