import json
from datetime import date

import pytest
from hypothesis import given, settings

from huiyin.foundation.calendar.chinese import chinese_calendar
from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.foundation.calendar.hours import DAY, MalformedCalendar, hours_of, without, words_of
from huiyin.foundation.calendar.spec import from_spec, to_spec
from huiyin.foundation.calendar.tests.calendars import calendars

SPEC = {
    "tz": "Asia/Shanghai",
    "week": {"mon": [["08:30", "12:00"], ["13:30", "24:00"]], "sat": [["09:00", "11:15:30"]]},
    "overrides": {"2026-05-01": [], "2026-05-09": [["09:00", "12:00"]]},
    "breaks": [["2026-06-01", "09:00", "10:00"], ["2026-06-01", "15:00", "16:00"]],
    "holidays": ["2026-10-01"],
    "published_until": "2026-12-31",
}


def test_a_calendar_is_read_and_written_unchanged() -> None:
    calendar = from_spec(SPEC)
    assert calendar.published_until == date(2026, 12, 31)
    assert calendar.hours_on(date(2026, 6, 1)) == hours_of(
        [("08:30", "09:00"), ("10:00", "12:00"), ("13:30", "15:00"), ("16:00", "24:00")]
    )
    assert to_spec(calendar) == SPEC


@settings(max_examples=20, deadline=None)
@given(calendars())
def test_every_calendar_survives_json(calendar: WorkingCalendar) -> None:
    assert from_spec(json.loads(json.dumps(to_spec(calendar)))) == calendar


def test_the_chinese_calendar_survives_json() -> None:
    assert from_spec(json.loads(json.dumps(to_spec(chinese_calendar())))) == chinese_calendar()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"tz": None}, "缺少时区 tz"),
        ({"tz": "Nowhere"}, "没有 'Nowhere' 这个时区"),
        ({"hours": {}}, "没有 hours 这个字段"),
        ({"week": None}, "^week:"),
        ({"week": {"monday": []}}, "^week:没有 'monday' 这一天"),
        ({"week": {"mon": [["9 点", "17:00"]]}}, "^week:看不懂时刻 '9 点'"),
        ({"week": {"mon": [["09:60", "17:00"]]}}, "^week:没有 09:60 这个时刻"),
        ({"week": {"mon": [["24:30", "25:00"]]}}, "^week:没有 24:30 这个时刻"),
        ({"week": {"mon": [["22:00", "06:00"]]}}, "^week:.*跨夜的请拆到两天"),
        ({"week": {"mon": [["09:00"]]}}, "^week:时段要写成"),
        ({"week": {"mon": "09:00-17:00"}}, "^week:要写成一列"),
        ({"overrides": {"5月1日": []}}, "^overrides:看不懂日期"),
        ({"breaks": [["2026-05-01", "09:00"]]}, "^breaks:要写成"),
        ({"holidays": ["2026-02-30"]}, "^holidays:看不懂日期"),
        ({"published_until": 2026}, "^published_until:看不懂日期"),
    ],
)
def test_what_cannot_be_read_is_named(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(MalformedCalendar, match=sentence):
        from_spec({**SPEC, **change})


def test_slots_join_and_breaks_cut() -> None:
    assert hours_of([("12:00", "14:00"), ("09:00", "12:00"), ("13:00", "15:00")]) == hours_of([("09:00", "15:00")])
    assert hours_of([("00:00", "00:00")]) == ((0, DAY),)
    assert words_of(hours_of([("9:00", "17:00:05")])) == [["09:00", "17:00:05"]]
    lunch, all_day = hours_of([("12:00", "13:00")]), hours_of([("00:00", "24:00")])
    assert without(hours_of([("09:00", "17:00")]), lunch) == hours_of([("09:00", "12:00"), ("13:00", "17:00")])
    assert without(lunch, all_day) == ()
