"""Calendars as data: notices that extend and correct the table, hours that change, exceptions, provisional promises."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.calendar.chinese import OFFICE_HOURS, StatutoryDay, Weekly, calendar_of, chinese_calendar
from huiyin.foundation.calendar.hours import hours_of
from huiyin.foundation.journal.models import Entry
from huiyin.standards import operations
from huiyin.standards.in_force import calendar_version, working_calendar
from huiyin.standards.models import Commitment, DatedHours, HolidayYear
from huiyin.standards.operations.calendars import CalendarInvalid
from huiyin.standards.tests.samples import (
    AT,
    DAY,
    ESTATE,
    HOUR,
    SHANGHAI,
    WorkDone,
    WorkOpened,
    happens,
    now,
    opened,
    publish,
    rule,
)

NEW_YEAR = {
    date(2027, 1, 1): StatutoryDay("元旦", "off"),
    date(2027, 1, 2): StatutoryDay("元旦", "off"),
    date(2027, 1, 4): StatutoryDay("元旦", "off"),
    date(2027, 1, 9): StatutoryDay("元旦", "work"),
}
WEEK = [[["09:00", "12:00"], ["13:00", "17:00"]]] * 5 + [[], []]


@pytest.fixture
def live_by(db: None, tmp_path: Path) -> Callable[..., None]:
    return partial(publish, tmp_path)


def notice(days: dict[date, StatutoryDay], year: int = 2027, at: datetime = AT) -> tuple[HolidayYear, int]:
    return operations.publish_year(year, days, source="国办发明电〔2026〕9号", actor=system_actor(), at=at)


def hours(
    week: list[Any] = WEEK, *, since: date = date(2026, 12, 1), on_holidays: bool = False, **changed: Any
) -> None:
    told: dict[str, Any] = {"estate_id": ESTATE, "channel": "office", "at": AT} | changed
    operations.set_hours(
        told["estate_id"],
        told["channel"],
        week,
        effective_from=since,
        on_holidays=on_holidays,
        actor=system_actor(),
        at=told["at"],
    )


def exception(day: date, slots: list[list[str]], *, at: datetime = AT, reason: str = "停电") -> DatedHours:
    return operations.set_dated_hours(ESTATE, "office", day, slots, reason=reason, actor=system_actor(), at=at)


# Reading


def test_without_anything_set_it_is_the_shipped_table(db: None) -> None:
    assert working_calendar() == chinese_calendar() == working_calendar(estate_id=ESTATE)
    assert calendar_version() == calendar_version(estate_id=ESTATE) == "cn-20261231"


@pytest.mark.parametrize(
    ("channel", "clock", "is_open"),
    [("desk", "20:59", True), ("desk", "21:00", False), ("desk", "08:59", False), ("line", "03:00", True)],
)
@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2026, 11, 25), date(2026, 11, 29)])
def test_the_desk_and_the_line_are_open_every_day(db: None, channel: str, clock: str, is_open: bool, day: date) -> None:
    calendar = working_calendar(estate_id=ESTATE, channel=channel)
    assert calendar.is_open(calendar.at_local(day, time.fromisoformat(clock))) is is_open


def test_a_notice_extends_the_table_and_a_correction_takes_its_place(db: None) -> None:
    notice(NEW_YEAR)
    calendar = working_calendar()
    assert [calendar.is_workday(date(2027, 1, day)) for day in (1, 4, 5, 9, 10)] == [False, False, True, True, False]
    assert (calendar.published_until, calendar_version()) == (date(2027, 12, 31), "cn-20271231r1")
    second, _ = notice({date(2027, 1, 1): StatutoryDay("元旦", "off")}, at=AT + DAY)
    assert second.revision == 2
    assert [working_calendar().is_workday(date(2027, 1, day)) for day in (1, 4, 9)] == [False, True, False]
    before = working_calendar(at=AT + HOUR)
    assert [before.is_workday(date(2027, 1, day)) for day in (1, 4, 9)] == [False, False, True]
    assert working_calendar(at=AT - HOUR) == chinese_calendar()
    assert (calendar_version(at=AT + HOUR), calendar_version()) == ("cn-20271231r1", "cn-20271231r2")


def test_a_correction_of_a_known_year_says_the_whole_of_it(db: None) -> None:
    notice({date(2026, 10, 1): StatutoryDay("国庆节", "off")}, year=2026)
    calendar = working_calendar()
    assert [calendar.is_workday(date(2026, 10, day)) for day in (1, 2, 10)] == [False, True, False]
    assert calendar.published_until == date(2026, 12, 31)


def test_hours_change_from_their_day_on_and_only_there(db: None) -> None:
    hours()
    calendar, other = working_calendar(estate_id=ESTATE), working_calendar(estate_id=ESTATE + 1)
    assert calendar.hours_on(date(2026, 11, 30)) == hours_of(OFFICE_HOURS)
    assert calendar.hours_on(date(2026, 12, 1)) == hours_of([("09:00", "12:00"), ("13:00", "17:00")])
    assert calendar.hours_on(date(2026, 10, 1)) == () == calendar.hours_on(date(2026, 12, 5))
    assert other == chinese_calendar()
    assert calendar_version(estate_id=ESTATE) == "cn-20261231h1"


def test_a_dated_exception_wins_over_holiday_and_week_and_a_later_one_over_it(db: None) -> None:
    notice(NEW_YEAR)
    exception(date(2027, 1, 1), [["09:00", "12:00"]])
    exception(date(2026, 11, 30), [])
    calendar = working_calendar(estate_id=ESTATE)
    assert calendar.hours_on(date(2027, 1, 1)) == hours_of([("09:00", "12:00")])
    assert calendar.hours_on(date(2026, 11, 30)) == ()
    exception(date(2026, 11, 30), [["10:00", "11:00"]], at=AT + HOUR)
    assert working_calendar(estate_id=ESTATE).hours_on(date(2026, 11, 30)) == hours_of([("10:00", "11:00")])
    assert working_calendar(estate_id=ESTATE, at=AT).hours_on(date(2026, 11, 30)) == ()
    assert calendar_version(estate_id=ESTATE) == "cn-20271231r1d3"
    assert DatedHours.objects.filter(day=date(2026, 11, 30), replaced_at=None).count() == 1


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
SLOTS = st.sampled_from([(), hours_of([("09:00", "12:00")]), hours_of([("08:00", "24:00")])])


@given(
    changes=st.lists(st.tuples(DAYS, st.tuples(*[SLOTS] * 7), st.booleans()), max_size=3, unique_by=lambda one: one[0]),
    statutory=st.dictionaries(DAYS, st.sampled_from(["off", "work"]), max_size=5),
    dated=st.dictionaries(DAYS, SLOTS, max_size=3),
    day=DAYS,
)
def test_dated_before_statutory_before_week(
    changes: list[Any], statutory: dict[date, Any], dated: dict[date, Any], day: date
) -> None:
    """Against the naive reading: look for the exception, then the holiday, then the week in force on that day."""
    usual = hours_of(OFFICE_HOURS)
    weeks = [Weekly(date(1900, 1, 1), (usual, usual, usual, usual, usual, (), ()))]
    weeks += [Weekly(*one) for one in sorted(changes, key=lambda one: one[0])]
    said = {one: StatutoryDay("节", kind) for one, kind in statutory.items()}
    calendar = calendar_of(weeks, statutory=said, until=date(2026, 12, 31), dated=dated)
    week = next(one for one in reversed(weeks) if one.since <= day)
    if day in dated:
        wanted = dated[day]
    elif day in said and not week.on_holidays:
        first = next((slots for slots in week.week if slots), ())
        wanted = () if statutory[day] == "off" else week.week[day.weekday()] or first
    else:
        wanted = week.week[day.weekday()]
    assert calendar.hours_on(day) == wanted


# Refusals


@pytest.mark.parametrize(
    ("year", "days", "source", "sentence"),
    [
        (2027, NEW_YEAR, " ", "请写明依据"),
        (2027, {}, "国办", "没有一天放假"),
        (2028, NEW_YEAR, "国办", "请先公布 2027 年"),
    ],
)
def test_a_notice_needs_days_a_source_and_no_gap(
    db: None, year: int, days: dict[date, StatutoryDay], source: str, sentence: str
) -> None:
    with pytest.raises(CalendarInvalid, match=sentence):
        operations.publish_year(year, days, source=source, actor=system_actor(), at=AT)
    assert not HolidayYear.objects.exists()


def test_hours_are_set_ahead_and_once_a_day(db: None) -> None:
    hours()
    for changed, sentence in (
        ({"since": date(2026, 11, 25)}, "最早从明天起"),
        ({}, "已经定过"),
        ({"week": [[]] * 7, "since": date(2026, 12, 9)}, "至少要有一个"),
        ({"channel": "shop", "since": date(2026, 12, 9)}, "没有这个渠道"),
    ):
        with pytest.raises(CalendarInvalid, match=sentence):
            hours(**changed)
    with pytest.raises(CalendarInvalid, match="已经过去"):
        exception(date(2026, 11, 24), [])
    with pytest.raises(CalendarInvalid, match="请写明原因"):
        exception(date(2026, 11, 30), [], reason=" ")


# Promises


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_publishing_counts_only_provisional_promises_again(live_by: Callable[..., None]) -> None:
    live_by(rule(within="28 working d"), rule("short", within="20 working d"), rule("fixed", within="60 d"))
    happens(WorkOpened)
    assert due_times() == {
        "work.done": (local("2027-01-05T00:00"), True),
        "short": (local("2026-12-24T00:00"), False),
        "fixed": (local("2027-01-25T00:00"), True),
    }
    _, moved = notice(NEW_YEAR)
    assert moved == 1
    assert due_times() == {
        "work.done": (local("2027-01-07T00:00"), False),
        "short": (local("2026-12-24T00:00"), False),
        "fixed": (local("2027-01-25T00:00"), False),
    }
    calendars = dict(Commitment.objects.values_list("code", "calendar"))
    assert calendars == {"work.done": "cn-20271231r1", "short": "cn-20261231", "fixed": "cn-20271231r1"}
    line = Entry.objects.get(kind="standards.commitment.moved")
    assert (line.thread, line.rule, line.note) == ("case:1", "work.done", "2027 年放假安排已公布")
    _, again = notice({date(2027, 1, 1): StatutoryDay("元旦", "off")}, at=AT + DAY)
    assert (again, due_times()["work.done"]) == (0, (local("2027-01-07T00:00"), False))


def due_times() -> dict[str, tuple[datetime, bool]]:
    return {one.code: (one.due_at, one.provisional) for one in Commitment.objects.all()}


def test_what_has_ended_or_waits_is_not_moved_and_a_paused_one_runs_on_by_the_new_calendar(
    live_by: Callable[..., None],
) -> None:
    live_by(rule(within="28 working d"))
    opened(1)
    happens(WorkDone, 1, at=AT + HOUR)
    two = opened(2, thread="case:2")
    operations.pause("case:2", reason="等客户", wakes_at=AT + 9 * DAY, at=AT + HOUR)
    assert notice(NEW_YEAR)[1] == 0
    operations.resume("case:2", at=AT + HOUR + timedelta(minutes=1))
    assert (now(two).due_at, now(two).provisional) == (local("2027-01-07T00:00"), False)


def test_a_time_somebody_set_is_kept_whatever_the_holidays(live_by: Callable[..., None]) -> None:
    live_by(rule(within="28 working d"))
    agreed = local("2027-01-04T10:00")
    new = operations.replace(opened(), due_at=agreed, actor=system_actor(), at=AT, reason="客户改约")
    assert notice(NEW_YEAR)[1] == 0
    assert (now(new).due_at, now(new).provisional) == (agreed, False)


def test_an_estate_counts_by_its_own_hours(live_by: Callable[..., None]) -> None:
    live_by(rule(within="4 working h"))
    exception(date(2026, 11, 25), [["10:00", "11:00"]])
    one = opened()
    assert (one.due_at, one.calendar) == (local("2026-11-26T11:00"), "cn-20261231d1")
