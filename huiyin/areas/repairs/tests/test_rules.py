"""Decisions about work orders from plain values."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from huiyin.areas.repairs import rules
from huiyin.areas.repairs.rules import Told
from huiyin.areas.repairs.tests.factories import minutes
from tests.cast import AT

TODAY = date(2026, 11, 25)


def test_times_that_follow_one_another_are_right() -> None:
    assert rules.wrong_order([("报修", minutes(0)), ("到达", minutes(0)), ("完工", minutes(9))], now=minutes(9)) == ""


def test_a_later_step_is_not_earlier() -> None:
    steps = [("报修", minutes(0)), ("到达", minutes(20)), ("完工", minutes(19))]
    assert rules.wrong_order(steps, now=minutes(60)) == "完工的时间不能早于到达的时间"


def test_the_last_step_is_not_in_the_future() -> None:
    assert rules.wrong_order([("报修", minutes(0)), ("到达", minutes(61))], now=minutes(60)) == "到达的时间不能晚于现在"


@pytest.mark.parametrize(
    ("status", "urgency", "day", "band"),
    [
        ("on_hold", "emergency", TODAY, "挂起"),
        ("finished", "urgent", None, "请客户签字"),
        ("working", "emergency", None, "正在修"),
        ("assigned", "emergency", None, "马上去"),
        ("accepted", "urgent", date(2026, 11, 27), "马上去"),
        ("accepted", "normal", None, "还没约时间"),
        ("accepted", "normal", date(2026, 11, 24), "今天"),
        ("accepted", "normal", TODAY, "今天"),
        ("assigned", "normal", date(2026, 11, 26), "以后"),
    ],
)
def test_a_job_stands_under_one_heading(status: str, urgency: str, day: date | None, band: str) -> None:
    found = rules.job_band(status=status, urgency=urgency, appointment_date=day, today=TODAY)
    assert found == band
    assert found in rules.JOB_BANDS


MOMENTS = some.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda one: one.replace(tzinfo=AT.tzinfo))
SPANS = some.timedeltas(timedelta(days=-2), timedelta(days=2))


@given(MOMENTS, some.timedeltas(timedelta(0), timedelta(hours=12)), SPANS)
def test_a_clock_that_is_wrong_is_set_right(happened: datetime, later: timedelta, ahead: timedelta) -> None:
    said = Told(happened + ahead, happened + later + ahead, happened + later)
    assert abs(said.true_time - happened) <= (rules.SKEW if not said.differs else timedelta(0))


@given(MOMENTS, MOMENTS)
def test_a_clock_that_is_right_is_believed(happened: datetime, sent: datetime) -> None:
    assert Told(happened, sent, sent + timedelta(seconds=90)).true_time == happened
