"""Tables: working days in China, and a city's due dates with the rule they follow in a file beside them."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from huiyin.foundation.calendar.chinese import chinese_calendar
from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.foundation.calendar.facts.fact import (
    Answer,
    Fact,
    Row,
    UnreadableFacts,
    calendar_of,
    json_of,
    text_of,
)
from huiyin.foundation.calendar.hours import WEEKDAYS

CHINESE_COLUMNS = ("start_date", "workdays", "expected_date")
CITY_COLUMNS = ("case_id", "business_days", "open", "city_target")


DueAfter = Callable[[WorkingCalendar, datetime, int], datetime]


def read_table(path: Path, text: str, due_after: DueAfter) -> Iterator[Fact]:
    """Read a table, of either kind. Refused with the row and the field when something in it is wrong."""
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        columns = set(reader.fieldnames or ())
        read: Callable[[Row], Fact]
        if columns.issuperset(CHINESE_COLUMNS):
            read = _chinese_fact
        elif columns.issuperset(CITY_COLUMNS):
            read = _city(path, due_after)
        else:
            raise UnreadableFacts(f"{path.name} 第 1 行的列名不认识,既不是工作日表也不是城市期限表")
        for values in reader:
            yield read(Row(f"{path.name} 第 {reader.line_num} 行", dict(values)))
    except csv.Error as error:
        raise UnreadableFacts(f"{path.name} 第 {reader.reader.line_num} 行不是完整的 CSV") from error


_ours = cache(chinese_calendar)


def _chinese_fact(row: Row) -> Fact:
    start, days = row.read("start_date", date.fromisoformat), row.whole("workdays")
    expected = row.read("expected_date", date.fromisoformat)
    said = row.values.get("start_is_workday")
    if said not in (None, "Y", "N"):
        raise UnreadableFacts(f"{row.place}的字段 start_is_workday 要写 Y 或 N")
    calendar = _ours()

    def ask() -> Answer:
        if said and calendar.is_workday(start) is not (said == "Y"):
            return f"{start} {'不是' if said == 'Y' else '是'}工作日"
        return calendar.nth_workday(start, days)

    return Fact(row.place, "nth_workday", expected, ask)


def _city(path: Path, due_after: DueAfter) -> Callable[[Row], Fact]:
    beside = path.with_name(path.name.removesuffix(".gz").removesuffix(".csv").removesuffix("_vectors") + "_rules.json")
    rules = json_of(beside.name, text_of(beside))
    said = rules.get("calendar")
    values: Mapping[str, object] = said if isinstance(said, dict) else {}
    row = Row(f"{beside.name} 的 calendar ", values)
    tolerance = Row(f"{beside.name} ", rules).whole("tolerance_seconds")
    spec = {
        "tz": row.read("timezone", str).split()[0],
        "week": {day: [row.values.get("day_window")] for day in _days_said(row)},
        "holidays": row.values.get("holidays"),
    }
    calendar = calendar_of(beside.name, spec)

    def read(row: Row) -> Fact:
        opened = row.read("open", datetime.fromisoformat).replace(tzinfo=calendar.zone)
        days = row.whole("business_days")
        expected = row.read("city_target", datetime.fromisoformat).replace(tzinfo=calendar.zone)
        return Fact(
            row.read("case_id", str),
            "city_due",
            expected,
            lambda: due_after(calendar, opened, days),
            tolerance,
        )

    return read


def _days_said(row: Row) -> tuple[str, ...]:
    first, _, last = row.read("workdays", str).lower().partition("-")
    if first not in WEEKDAYS or last not in WEEKDAYS:
        raise UnreadableFacts(f"{row.place}的字段 workdays 看不懂:{row.values.get('workdays')!r}")
    return WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last) + 1]
