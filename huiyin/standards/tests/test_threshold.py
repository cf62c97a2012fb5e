"""Thresholds against a naive count: an event is within the span of a later one when its own limit has not run out."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.foundation.calendar.chinese import chinese_calendar
from huiyin.standards.rules import RuleInvalid, compile_rule
from huiyin.standards.rules.threshold import Threshold

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = chinese_calendar()
WRITTEN = {
    "code": "repair.repeat",
    "kind": "threshold",
    "clauses": ["S0-45"],
    "says": "同一毛病三次就查原因",
    "counts": "repairs.order.registered",
    "same": ["unit", "fault"],
    "reaches": "3 within 90 d",
    "raises": "nonconformity",
    "who": "post.maintenance_lead",
    "within": "3 d",
    "does": "查明返修原因",
}
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda wall: wall.replace(tzinfo=SHANGHAI))
SPANS = st.sampled_from(["20 min", "36 h", "0 d", "7 d", "90 d", "1 month", "3 months"])


def threshold(**keys: Any) -> Threshold:
    found = compile_rule(WRITTEN | keys).threshold
    assert found is not None
    return found


@given(span=SPANS, times=st.integers(1, 4), at=MOMENTS, ago=st.lists(st.integers(0, 200_000), max_size=8))
def test_a_threshold_is_reached_when_enough_events_have_not_run_out(
    span: str, times: int, at: datetime, ago: list[int]
) -> None:
    rule = threshold(reaches=f"{times} within {span}")
    moments = [at - timedelta(minutes=minutes) for minutes in ago]
    elapsed = rule.span.unit in ("min", "h")
    still = []
    for moment in moments:
        runs_out = rule.span.due(moment, {}, CALENDAR)
        assert runs_out is not None
        still.append(at <= runs_out if elapsed else at < runs_out)
    assert rule.is_reached(moments, at, CALENDAR) is (sum(still) >= times)


def test_ninety_days_include_the_ninetieth() -> None:
    rule, at = threshold(reaches="2 within 90 d"), datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
    assert rule.since(at, CALENDAR) == datetime(2026, 8, 24, tzinfo=SHANGHAI)
    assert rule.is_reached([datetime(2026, 8, 24, 0, 0, tzinfo=SHANGHAI), at], at, CALENDAR)
    assert not rule.is_reached([datetime(2026, 8, 23, 23, 59, tzinfo=SHANGHAI), at], at, CALENDAR)


def test_events_after_the_moment_do_not_count() -> None:
    rule, at = threshold(reaches="2 within 1 h"), datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
    assert not rule.is_reached([at, at + timedelta(minutes=1)], at, CALENDAR)


@pytest.mark.parametrize(
    ("same", "values", "key"),
    [
        (["unit", "fault"], {"unit": "3-1-501", "fault": "leak"}, "3-1-501|leak"),
        (["unit", "fault"], {"unit": "3-1-501", "fault": ""}, None),
        (["unit"], {}, None),
        ([], {"unit": "3-1-501"}, ""),
    ],
)
def test_what_an_event_is_the_same_as(same: list[str], values: dict[str, str], key: str | None) -> None:
    assert threshold(same=same).key(values) == key


def test_a_threshold_is_read() -> None:
    rule = compile_rule(WRITTEN)
    assert rule.threshold == threshold()
    assert (rule.who, rule.does, str(rule.within)) == (
        "post.maintenance_lead",
        "查明返修原因",
        "Within(unit='d', amount=3, at=None, promised='')",
    )


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"reaches": "thrice"}, "reaches: 读不懂「thrice」,写成「3 within 90 d」"),
        ({"reaches": "0 within 90 d"}, "reaches: 「0」应是 1 以上的整数"),
        ({"reaches": "3 within 90 working d"}, "reaches: 读不懂「3 within 90 working d」,写成「3 within 90 d」"),
        ({"raises": "alarm"}, "raises: 「alarm」不是 nonconformity、attention、analysis 之一"),
        ({"who": "receiver"}, "who: 「receiver」应为 post.岗位代码"),
        ({"counts": ""}, "counts: 缺少"),
        ({"within": ""}, "within: 缺少"),
        ({"does": ""}, "does: 缺少"),
    ],
)
def test_a_threshold_that_cannot_be_read_names_its_key(keys: dict[str, str], sentence: str) -> None:
    with pytest.raises(RuleInvalid) as refusal:
        compile_rule(WRITTEN | keys)
    assert str(refusal.value) == sentence
