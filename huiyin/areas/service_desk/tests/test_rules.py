"""What was typed, who calls, and what the caller is told."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.areas.service_desk import rules
from huiyin.areas.service_desk.rules import Promise, Typed

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZONE)
MIDNIGHT = datetime(2026, 11, 26, 0, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("typed", "prefix"),
    [
        ("W261125-003", "YH-W261125-003"),
        ("yh-w261125-003", "YH-W261125-003"),
        (" L2611 ", "YH-L2611"),
        ("BJ-T261125-001", "BJ-T261125-001"),
        ("W261125-003-1", "YH-W261125-003-1"),
        ("T26", "YH-T26"),
        ("3-2-1501", ""),
        ("13800138000", ""),
        ("WXL", ""),
        ("王丽", ""),
        ("", ""),
    ],
)
def test_a_number_is_known_by_its_letter_and_day(typed: str, prefix: str) -> None:
    assert rules.number_prefix(typed, "YH") == prefix


@pytest.mark.parametrize(
    ("typed", "guess"),
    [
        ("13911112222", Typed(phone="13911112222")),
        ("010-65551234转801", Typed(phone="010-65551234转801")),
        ("3-2-1501", Typed(unit="3-2-1501")),
        ("三栋1501", Typed(unit="三栋1501")),
        ("1501", Typed(unit="1501")),
        ("王小明", Typed(name="王小明")),
        ("", Typed()),
    ],
)
def test_what_was_typed_for_a_stranger_goes_into_its_field(typed: str, guess: Typed) -> None:
    assert rules.stranger(typed) == guess


PEOPLE = [(1, "王丽", ("13800138000",)), (2, "李小丽", ("010-65551234", "13900001111")), (3, "陈强", ())]


@pytest.mark.parametrize(
    ("typed", "caller"),
    [("李小丽", 2), ("13900001111", 2), ("1111", 2), ("65551234", 2), ("陈", 3), ("3-2-1501", 1), ("", 1), ("111", 1)],
)
def test_the_caller_is_whom_the_search_named_else_the_first(typed: str, caller: int) -> None:
    assert rules.who_called(typed, PEOPLE) == caller


def test_nobody_lives_there() -> None:
    assert rules.who_called("王丽", []) is None


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (NOW, "马上"),
        (NOW - timedelta(hours=1), "马上"),
        (NOW + timedelta(seconds=20), "1 分钟内"),
        (NOW + timedelta(minutes=5), "5 分钟内"),
        (NOW + timedelta(minutes=29, seconds=50), "30 分钟内"),
        (NOW + timedelta(hours=1), "60 分钟内"),
        (NOW + timedelta(hours=5, minutes=30), "今天 15:30 前"),
        (MIDNIGHT, "今天内"),
        (MIDNIGHT + timedelta(days=1), "明天内"),
        (MIDNIGHT + timedelta(hours=16), "明天 16:00 前"),
        (datetime(2027, 1, 4, 9, 30, tzinfo=ZONE), "2027年1月4日 09:30 前"),
    ],
)
def test_times_are_said_as_one_says_them_on_the_phone(due: datetime, said: str) -> None:
    assert rules.by_when(due, now=NOW, zone=ZONE) == said


def promise(does: str, who: str, **span: float) -> Promise:
    return Promise(does, who, NOW + timedelta(**span))


def test_a_repair_in_one_breath() -> None:
    said = rules.sentence(
        [
            promise("跟住户约上门时间", "维修班长", hours=4.5),
            promise("派单给维修工", "维修班长", minutes=30),
            promise("告知住户办理进度", "前台接待", hours=6),
        ],
        now=NOW,
        zone=ZONE,
    )

    assert said == "维修班长30 分钟内派单给维修工,今天 14:30 前跟您约上门时间,前台接待今天 16:00 前告知您办理进度"


def test_what_concerns_the_caller_is_never_left_out_for_what_does_not() -> None:
    told = rules.to_tell(
        [
            promise("核实投诉情况", "客服主管", hours=1),
            promise("定处理办法和部门", "客服经理", hours=2),
            promise("通知相关部门", "客服主管", hours=3),
            promise("答复投诉人", "客服主管", hours=24),
            promise("告知住户办理进度", "客服主管", hours=6),
        ]
    )

    assert [one.does for one in told] == ["核实投诉情况", "告知住户办理进度", "答复投诉人"]


def test_nothing_owed_is_nothing_said() -> None:
    assert rules.sentence([], now=NOW, zone=ZONE) == ""


@given(st.lists(st.tuples(st.sampled_from(["答复投诉人", "派单", "到场"]), st.integers(-600, 6000)), max_size=8))
def test_at_most_three_are_told_earliest_first(owed: list[tuple[str, int]]) -> None:
    told = rules.to_tell([promise(does, "客服", minutes=minutes) for does, minutes in owed])

    assert len(told) <= min(3, len(owed))
    assert [one.due_at for one in told] == sorted(one.due_at for one in told)


@given(st.text(max_size=70))
def test_whatever_is_typed_can_be_read(typed: str) -> None:
    guess = rules.stranger(typed)

    assert len(guess.name) <= 60 and len(guess.phone) <= 24 and len(guess.unit) <= 40
    assert sum(bool(part) for part in (guess.name, guess.phone, guess.unit)) <= 1
    rules.number_prefix(typed, "YH")
