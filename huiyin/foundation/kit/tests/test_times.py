"""Times in words and back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.foundation.kit import times

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZONE)  # a Wednesday
MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2080, 1, 1), timezones=st.just(UTC))


def here(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-25 10:00:00", "刚刚"),
        ("2026-11-25 09:59:01", "刚刚"),
        ("2026-11-25 09:57:00", "3 分钟前"),
        ("2026-11-25 08:15:00", "今天 08:15"),
        ("2026-11-25 16:00:00", "今天 16:00"),
        ("2026-11-26 09:30:00", "明天 09:30"),
        ("2026-11-27 09:30:00", "后天 09:30"),
        ("2026-11-28 10:00:00", "周六 10:00"),
        ("2026-11-30 10:00:00", "下周一 10:00"),
        ("2026-12-07 10:00:00", "12月7日 10:00"),
        ("2026-11-24 23:50:00", "昨天 23:50"),
        ("2026-11-23 08:00:00", "前天 08:00"),
        ("2026-11-21 08:00:00", "4 天前"),
        ("2026-03-05 16:00:00", "3月5日 16:00"),
        ("2025-03-05 16:00:00", "2025年3月5日"),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment: str, said: str) -> None:
    assert times.people_time(here(moment), NOW, ZONE) == said


@pytest.mark.parametrize(
    ("due", "words", "tone"),
    [
        ("2026-11-22 09:00:00", "逾期 3 天", "red"),
        ("2026-11-25 08:00:00", "逾期 2 小时", "red"),
        ("2026-11-25 09:35:00", "逾期 25 分钟", "red"),
        ("2026-11-25 09:59:30", "刚刚逾期", "red"),
        ("2026-11-25 10:00:00", "还剩不到 1 分钟", "amber"),
        ("2026-11-25 10:40:00", "还剩 40 分钟", "amber"),
        ("2026-11-25 11:20:00", "还剩 1 小时 20 分", "amber"),
        ("2026-11-25 12:00:00", "今天 12:00", "plain"),
        ("2026-11-26 09:30:00", "明天 09:30", "plain"),
        ("2026-11-26 00:00:00", "今天 24:00", "plain"),
        ("2026-11-29 00:00:00", "周六 24:00", "plain"),
    ],
)
def test_a_deadline_is_said_against_the_clock(due: str, words: str, tone: str) -> None:
    said = times.due_words(here(due), NOW, ZONE)

    assert (said.words, said.tone) == (words, tone)
    assert said.exact == times.exact_deadline(here(due), ZONE)


def test_midnight_belongs_to_the_day_that_ends_with_it() -> None:
    assert times.exact_deadline(here("2026-11-26 00:00"), ZONE) == "2026-11-25 24:00 周三"
    assert times.exact_deadline(here("2026-11-26 00:01"), ZONE) == "2026-11-26 00:01 周四"
    assert times.deadline_time(here("2026-11-25 00:00"), NOW, ZONE) == "昨天 24:00"
    assert times.deadline_time(here("2026-11-25 10:00"), NOW, ZONE) == "刚刚"


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("今天 16:00", "2026-11-25 16:00"),
        ("今天16:00", "2026-11-25 16:00"),
        ("明天 9点", "2026-11-26 09:00"),
        ("明天9点半", "2026-11-26 09:30"),
        ("后天下午三点一刻", "2026-11-27 15:15"),
        ("明早八点", "2026-11-26 08:00"),
        ("今晚8点", "2026-11-25 20:00"),
        ("下周一 10:30", "2026-11-30 10:30"),
        ("11-25 15:30", "2026-11-25 15:30"),
        ("3月5日 9:00", "2027-03-05 09:00"),
        ("2026-11-25T15:30", "2026-11-25 15:30"),
        ("16:00", "2026-11-25 16:00"),
    ],
)
def test_typed_times_are_understood(typed: str, understood: str) -> None:
    assert times.read_time(typed, NOW, ZONE) == here(understood)


@pytest.mark.parametrize("typed", ["", "明天上午", "11-25", "25:00", "2-30 10:00", "大概下午", "晚上12点", "1:60"])
def test_what_is_not_a_moment_is_not_guessed(typed: str) -> None:
    assert times.read_time(typed, NOW, ZONE) is None


@given(st.text(max_size=20))
def test_no_text_breaks_the_reader(typed: str) -> None:
    times.read_time(typed, NOW, ZONE)


@given(MOMENTS, MOMENTS)
def test_a_deadline_is_red_exactly_when_it_has_passed(due: datetime, now: datetime) -> None:
    said = times.due_words(due, now, ZONE)

    assert (said.tone == "red") == (due < now)
    assert (said.tone == "amber") == (timedelta(0) <= due - now < timedelta(hours=2))
    assert ("逾期" in said.words) == (said.tone == "red")


@given(MOMENTS, st.integers(-60 * 24 * 13, 60 * 24 * 13))
def test_words_with_a_clock_read_back_to_the_same_minute(now: datetime, minutes: int) -> None:
    moment = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    said = times.people_time(moment, now, ZONE)
    if "前" in said.removeprefix("前天") or said == "刚刚":
        return

    assert times.read_time(said, now, ZONE) == moment


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_the_exact_time_reads_back(moment: datetime, ahead: timedelta) -> None:
    exact = times.exact_time(moment, ZONE)

    assert times.read_time(exact[:16], moment + ahead, ZONE) == moment.replace(second=0, microsecond=0)


@given(st.integers(0, 10**8))
def test_durations_never_say_more_than_two_units(seconds: int) -> None:
    assert len(times.duration_words(seconds).split()) in (2, 4)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-11-26 08:30", "2026-11-26 12:00", "明天上午"),
        ("2026-11-25 14:00", "2026-11-25 18:00", "今天下午"),
        ("2026-11-25 14:00", "2026-11-25 16:00", "今天 14:00–16:00"),
        ("2026-11-25 22:00", "2026-11-26 06:00", "今天 22:00 – 明天 06:00"),
    ],
)
def test_a_window_is_said_by_its_half_of_the_day_or_its_hours(start: str, end: str, said: str) -> None:
    assert times.people_slot(here(start), here(end), NOW, ZONE) == said
