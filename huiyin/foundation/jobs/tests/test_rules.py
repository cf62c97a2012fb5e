from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.foundation.jobs import rules
from huiyin.foundation.jobs.rules import Schedule, first_slot, next_slot, retry_delay
from huiyin.foundation.jobs.tests.sample_tasks import add

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


CHAINED = """Traceback (most recent call last):
  File "a.py", line 1, in f
KeyError: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "a.py", line 3, in f
    raise {}
{}
DETAIL:  Key (phone)=(13800138000)
"""


@pytest.mark.parametrize(
    ("raised", "says"),
    [
        ("django.db.utils.IntegrityError: no phone 13800138000", "程序出错(IntegrityError):no phone …"),
        ("huiyin.foundation.backups.rules.BackupRefused: 磁盘空间不足", "磁盘空间不足"),
        ("TimeoutError", "程序出错(TimeoutError)"),
    ],
)
def test_an_error_is_said_in_a_sentence_without_the_way_there(raised: str, says: str) -> None:
    assert rules.in_a_sentence(CHAINED.format("it", raised)) == says


def test_what_is_no_trace_stands_as_it_is() -> None:
    assert rules.in_a_sentence("执行者 w 中断,租约到期") == "执行者 w 中断,租约到期"
    assert rules.in_a_sentence("") == ""


def test_retries_wait_three_times_as_long_each_time_up_to_six_hours() -> None:
    assert [int(retry_delay(n).total_seconds()) for n in range(1, 10)] == [
        *(15, 45, 135, 405, 1215, 3645, 10935),
        *(21600, 21600),
    ]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 1, 19, 39, 59, tzinfo=UTC), datetime(2026, 3, 1, 19, 40, tzinfo=UTC)),
        (datetime(2026, 3, 1, 19, 40, tzinfo=UTC), datetime(2026, 3, 2, 19, 40, tzinfo=UTC)),
        (NOON, datetime(2026, 3, 2, 19, 40, tzinfo=UTC)),
    ],
)
def test_a_daily_slot_is_told_in_the_zone_of_the_house(now: datetime, expected: datetime) -> None:
    assert next_slot(every=None, daily_at=time(3, 40), previous=now, now=now, zone=SHANGHAI) == expected


def test_missed_slots_become_one_and_the_grid_stays() -> None:
    slot = next_slot(
        every=timedelta(minutes=5), daily_at=None, previous=NOON, now=NOON + timedelta(minutes=23), zone=SHANGHAI
    )

    assert slot == NOON + timedelta(minutes=25)


def test_a_new_schedule_starts_at_once_or_at_its_time_of_day() -> None:
    assert first_slot(every=timedelta(hours=1), daily_at=None, now=NOON, zone=SHANGHAI) == NOON
    daily = first_slot(every=None, daily_at=time(13), now=NOON, zone=SHANGHAI)
    assert daily == datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


@given(
    every=st.timedeltas(timedelta(seconds=1), timedelta(days=40)),
    ago=st.timedeltas(timedelta(0), timedelta(days=4000)),
)
def test_the_next_slot_is_later_than_now_by_at_most_one_interval(every: timedelta, ago: timedelta) -> None:
    slot = next_slot(every=every, daily_at=None, previous=NOON - ago, now=NOON, zone=SHANGHAI)

    assert timedelta(0) < slot - NOON <= every
    assert (slot - (NOON - ago)) % every == timedelta(0)


@pytest.mark.parametrize(
    "timing", [{}, {"every": timedelta(hours=1), "daily_at": time(3)}, {"every": timedelta(0)}], ids=str
)
def test_a_schedule_says_exactly_one_sensible_time(timing: dict[str, timedelta]) -> None:
    with pytest.raises(ValueError, match="^x: "):
        Schedule("x", add, **timing)
