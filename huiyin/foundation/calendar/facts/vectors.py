"""Vectors: calendars by name, and questions put to them, in one JSON file."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.foundation.calendar.facts.fact import Answer, Fact, Row, UnreadableFacts, calendar_of, json_of
from huiyin.foundation.calendar.pausing import Pause


def read_vectors(path: Path, text: str) -> Iterator[Fact]:
    """Read calendars and the vectors on them. Refused with the vector and the field when something in it is wrong."""
    document = json_of(path.name, text)
    specs, vectors = document.get("calendars"), document.get("vectors")
    if not isinstance(specs, dict):
        raise UnreadableFacts(f"{path.name} 缺少字段 calendars")
    if not isinstance(vectors, list):
        raise UnreadableFacts(f"{path.name} 缺少字段 vectors")
    calendars = {name: calendar_of(f"{path.name} 的日历 {name}", spec) for name, spec in specs.items()}
    for number, values in enumerate(vectors, 1):
        if not isinstance(values, dict):
            raise UnreadableFacts(f"{path.name} 第 {number} 条要写成一组字段")
        label = f"({values['id']})" if "id" in values else ""
        yield _vector(Row(f"{path.name} 第 {number} 条{label}", values), calendars)


def _vector(row: Row, calendars: Mapping[str, WorkingCalendar]) -> Fact:
    op, name = row.read("op", str), row.read("calendar", str)
    if op not in OPS:
        raise UnreadableFacts(f"{row.place}的字段 op 不认识:{op!r}")
    if name not in calendars:
        raise UnreadableFacts(f"{row.place}的字段 calendar 不认识:{name!r}")
    expected, ask = OPS[op](calendars[name], row)
    peculiar = row.values.get("verified_by_reference") is False
    reason = f"只有一家系统这样算({row.values.get('note') or '出处未经核实'})" if peculiar else ""
    return Fact(row.read("id", str), op, expected, ask, skipped=reason)


Question = tuple[Answer, Callable[[], Answer]]


def _add_seconds(calendar: WorkingCalendar, row: Row) -> Question:
    start, seconds, pauses = (
        row.read("start", _instant),
        row.whole("seconds"),
        _pauses(row),
    )
    return row.read("expected", _instant), lambda: calendar.add_seconds(start, seconds, pauses)


def _next_open(calendar: WorkingCalendar, row: Row) -> Question:
    start = row.read("start", _instant)
    return row.read("expected", _instant), lambda: calendar.next_open(start)


def _prev_open(calendar: WorkingCalendar, row: Row) -> Question:
    start = row.read("start", _instant)
    return row.read("expected", _instant), lambda: calendar.prev_open(start)


def _elapsed_seconds(calendar: WorkingCalendar, row: Row) -> Question:
    start, end, pauses = (
        row.read("start", _instant),
        row.read("end", _instant),
        _pauses(row),
    )
    return row.whole("expected"), lambda: calendar.elapsed_seconds(start, end, pauses)


def _is_open(calendar: WorkingCalendar, row: Row) -> Question:
    at = row.read("at", _instant)
    return _yes_or_no(row), lambda: calendar.is_open(at)


def _is_workday(calendar: WorkingCalendar, row: Row) -> Question:
    day = row.read("date", date.fromisoformat)
    return _yes_or_no(row), lambda: calendar.is_workday(day)


def _add_workdays_date(calendar: WorkingCalendar, row: Row) -> Question:
    start, days = row.read("start", date.fromisoformat), row.whole("days")
    return row.read("expected", date.fromisoformat), lambda: calendar.add_workdays_date(start, days)


def _then_snap(calendar: WorkingCalendar, row: Row) -> Question:
    start, days = row.read("start", _instant), row.whole("days")
    return row.read("expected", _instant), lambda: calendar.add_workdays_then_snap(start, days)


def _end_of_day(calendar: WorkingCalendar, row: Row) -> Question:
    start, days = row.read("start", _instant), row.whole("days")
    return row.read("expected", _instant), lambda: calendar.add_workdays_end_of_day(start, days)


OPS: dict[str, Callable[[WorkingCalendar, Row], Question]] = {
    "add_seconds": _add_seconds,
    "next_open": _next_open,
    "prev_open": _prev_open,
    "elapsed_seconds": _elapsed_seconds,
    "is_open": _is_open,
    "is_workday": _is_workday,
    "add_workdays_date": _add_workdays_date,
    "add_workdays_then_snap": _then_snap,
    "add_workdays_end_of_day": _end_of_day,
}


def _instant(said: str) -> datetime:
    instant = datetime.fromisoformat(said)
    if instant.tzinfo is None:
        raise ValueError("an instant needs its offset")
    return instant


def _pauses(row: Row) -> list[Pause]:
    said = row.values.get("pauses") or []
    try:
        pauses = [(_instant(start), _instant(end)) for start, end in said]  # type: ignore[attr-defined]  # as the file says
    except (TypeError, ValueError) as error:
        raise UnreadableFacts(f"{row.place}的字段 pauses 看不懂:{said!r}") from error
    if any(end < start for start, end in pauses):
        raise UnreadableFacts(f"{row.place}的字段 pauses 有结束早于开始的")
    return pauses


def _yes_or_no(row: Row) -> bool:
    value = row.values.get("expected")
    if not isinstance(value, bool):
        raise UnreadableFacts(f"{row.place}的字段 expected 要写 true 或 false")
    return value
