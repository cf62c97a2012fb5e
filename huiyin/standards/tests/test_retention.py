"""How long records are kept, against a walk over the months."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.standards.rules import RuleInvalid
from huiyin.standards.rules.retention import Retention, read

WRITTEN = {"records": "return_visits.visit", "keep": "24 months", "from": "closed"}


def retention(**keys: Any) -> Retention:
    return read(WRITTEN | keys)


@given(day=st.dates(date(2020, 1, 1), date(2030, 12, 31)), months=st.integers(1, 60), later=st.integers(0, 2200))
def test_a_record_stays_until_the_same_day_of_its_last_month(day: date, months: int, later: int) -> None:
    last = day
    passed = 0
    while passed < months:
        last += timedelta(days=1)
        passed += last.day == 1
    while last.day < day.day and (last + timedelta(days=1)).month == last.month:
        last += timedelta(days=1)
    rule, today = retention(keep=f"{months} month"), day + timedelta(days=later)
    assert rule.last_day(day) == last
    assert rule.must_stay(day, today) is (today <= last)


@given(later=st.integers(0, 10_000), reasons=st.sets(st.sampled_from(["dispute", "fee_link", "photo"])))
def test_a_dispute_holds_a_record_however_old(later: int, reasons: set[str]) -> None:
    rule, day = retention(hold=["dispute", "fee_link"]), date(2020, 2, 29)
    today = day + timedelta(days=later)
    held = bool(reasons & {"dispute", "fee_link"})
    assert rule.must_stay(day, today, reasons) is (held or today <= date(2022, 2, 28))


def test_retention_is_read() -> None:
    assert retention(keep="2 years", hold=["dispute"]) == Retention(
        "return_visits.visit", 24, "closed", frozenset({"dispute"})
    )


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"records": "visits"}, "records: 「visits」不是记录,写成 区域.名词"),
        ({"records": ""}, "records: 缺少"),
        ({"keep": "for ever"}, "keep: 读不懂「for ever」,写成「36 month」"),
        ({"keep": "0 month"}, "keep: 「0」应是 1 以上的整数"),
        ({"from": "birth"}, "from: 「birth」不是 closed、created、period_end 之一"),
        ({"from": ""}, "from: 缺少"),
    ],
)
def test_retention_that_cannot_be_read_names_its_key(keys: dict[str, str], sentence: str) -> None:
    with pytest.raises(RuleInvalid) as refusal:
        retention(**keys)
    assert str(refusal.value) == sentence
