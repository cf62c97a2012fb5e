"""Ladders against a naive count of minutes."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.foundation.calendar.chinese import chinese_calendar
from huiyin.standards.rules import RuleInvalid
from huiyin.standards.rules.escalation import Ladder, Laid, read

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = chinese_calendar()
MINUTE = timedelta(minutes=1)
MINUTES = {"min": 1, "h": 60, "d": 1440}
STARTS = st.datetimes(datetime(2026, 9, 20), datetime(2026, 10, 20)).map(
    lambda wall: wall.replace(second=0, microsecond=0, tzinfo=SHANGHAI)
)
ONE = {"at": "due", "who": "subject"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def ladder(*steps: dict[str, str], of: Any = ("complaint.reply",)) -> Ladder:
    return read({"of": of, "steps": list(steps)})


def moment(text: str, *, opened: datetime, due: datetime) -> datetime:
    (rung,) = ladder({"at": text, "who": "subject"}).rungs
    return rung.moment(opened_at=opened, due_at=due, calendar=CALENDAR)


@given(
    opened=STARTS,
    length=st.integers(0, 3000),
    amount=st.integers(0, 6),
    unit=st.sampled_from(list(MINUTES)),
    when=st.sampled_from(["before due", "after due", "after opened"]),
)
def test_elapsed_rungs_are_so_many_minutes_away(
    opened: datetime, length: int, amount: int, unit: str, when: str
) -> None:
    due = opened + length * MINUTE
    away = amount * MINUTES[unit] * MINUTE
    expected = {"before due": due - away, "after due": due + away, "after opened": opened + away}[when]
    assert moment(f"{amount} {unit} {when}", opened=opened, due=due) == expected


@given(due=STARTS, amount=st.integers(1, 10), unit=st.sampled_from(["min", "h"]), back=st.booleans())
def test_working_rungs_are_so_many_open_minutes_away(due: datetime, amount: int, unit: str, back: bool) -> None:
    left, walked = amount * MINUTES[unit], due
    while left:
        walked += -MINUTE if back else MINUTE
        left -= CALENDAR.is_open(walked if back else walked - MINUTE)
    found = moment(f"{amount} working {unit} {'before' if back else 'after'} due", opened=due, due=due)
    assert found == walked


@given(due=STARTS, amount=st.integers(0, 6), back=st.booleans())
def test_working_days_are_walked_and_keep_the_time_of_day(due: datetime, amount: int, back: bool) -> None:
    day, left = due.date() - timedelta(days=1) if due.hour == due.minute == 0 else due.date(), amount
    while left:
        day += timedelta(days=-1 if back else 1)
        left -= CALENDAR.is_workday(day)
    found = moment(f"{amount} working d {'before' if back else 'after'} due", opened=due, due=due)
    assert (found - MINUTE).astimezone(SHANGHAI).date() == day
    assert found.astimezone(SHANGHAI).time() == due.time()


@given(
    opened=STARTS,
    length=st.integers(0, 3000),
    written=st.lists(
        st.tuples(
            st.integers(1, 72),
            st.sampled_from(["min", "h", "working h", "working d"]),
            st.sampled_from(["before due", "after due", "after opened"]),
        ),
        min_size=1,
        max_size=5,
    ),
)
def test_every_rung_is_laid_except_warnings_before_the_promise_exists(
    opened: datetime, length: int, written: list[tuple[int, str, str]]
) -> None:
    due = opened + length * MINUTE
    texts = [f"{amount} {unit} {when}" for amount, unit, when in written]
    laid = ladder(*({"at": text, "who": "post.cs_manager"} for text in texts)).lay(
        opened_at=opened, due_at=due, calendar=CALENDAR
    )
    moments = [moment(text, opened=opened, due=due) for text in texts]
    assert laid == [Laid(n, at, "post.cs_manager") for n, at in enumerate(moments) if at >= opened]
    kept = {rung.position for rung in laid}
    assert all(n in kept or texts[n].endswith("before due") for n in range(len(texts)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("due", "2026-11-20T18:00"),
        ("opened", "2026-11-19T18:00"),
        ("2 h before due", "2026-11-20T16:00"),
        ("24 h after due", "2026-11-21T18:00"),
        ("10 min after opened", "2026-11-19T18:10"),
        ("1 working d after due", "2026-11-23T18:00"),
        ("2 working h after due", "2026-11-23T10:00"),
        ("1 working d before due", "2026-11-19T18:00"),
    ],
)
def test_rungs_as_written(text: str, expected: str) -> None:
    assert moment(text, opened=at("2026-11-19T18:00"), due=at("2026-11-20T18:00")) == at(expected)


def test_a_short_promise_gets_no_warning_from_before_it_was_made() -> None:
    steps = ({"at": "2 h before due", "who": "subject"}, {"at": "due", "who": "post.cs_supervisor"})
    opened = at("2026-11-20T09:00")
    laid = ladder(*steps).lay(opened_at=opened, due_at=opened + 15 * MINUTE, calendar=CALENDAR)
    assert laid == [Laid(1, at("2026-11-20T09:15"), "post.cs_supervisor")]


@pytest.mark.parametrize(
    ("of", "code", "climbs"),
    [
        ("complaint.reply", "complaint.reply", True),
        ("complaint.reply", "complaint.reply.again", False),
        ("complaint.*", "complaint.reply", True),
        ("complaint.*", "complaint.reply.again", True),
        ("complaint.*", "complaint", False),
        ("complaint.*", "complaints.reply", False),
        (["a.b", "c.*"], "c.d", True),
        (["a.b", "c.*"], "b.c", False),
    ],
)
def test_which_promises_climb(of: Any, code: str, climbs: bool) -> None:
    assert ladder(ONE, of=of).climbs(code) is climbs


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ({"steps": [ONE]}, "of: 缺少"),
        ({"of": ["Complaint"], "steps": [ONE]}, "of: 「Complaint」不是规则代码,可写 complaint.reply 或 complaint.*"),
        ({"of": ["*"], "steps": [ONE]}, "of: 「*」不是规则代码,可写 complaint.reply 或 complaint.*"),
        ({"of": ["a.b"]}, "steps: 缺少"),
        ({"of": ["a.b"], "steps": []}, "steps: 写成一级一级,每级有 at 和 who"),
        ({"of": ["a.b"], "steps": "due"}, "steps: 写成一级一级,每级有 at 和 who"),
        ({"of": ["a.b"], "steps": [{"at": "due"}]}, "steps: 每级都要有 at 和 who"),
        ({"of": ["a.b"], "steps": [ONE | {"to": "x"}]}, "steps: 没有「to」这一项"),
        ({"of": ["a.b"], "steps": [ONE | {"who": "boss"}]}, "who: 「boss」应为 subject 或 post.岗位代码"),
        (
            {"of": ["a.b"], "steps": [ONE | {"at": "later"}]},
            "steps: 读不懂「later」,可写 2 h before due、due、24 h after due、10 min after opened",
        ),
    ],
)
def test_a_ladder_that_cannot_be_read_names_its_key(spec: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RuleInvalid) as refusal:
        read(spec)
    assert str(refusal.value) == sentence
