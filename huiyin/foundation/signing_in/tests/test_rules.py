"""How many guesses are free and what a code must be, for any order and time of tries."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.foundation.signing_in import rules
from huiyin.foundation.signing_in.rules import LOCKED_FOR, WINDOW, Tries, one_less, one_more

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
FREE = 5
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("tries", "after", "count", "locked"),
    [
        (None, 0, 1, False),
        (Tries(1, AT), 1, 2, False),
        (Tries(3, AT), 14, 4, False),
        (Tries(4, AT), 14, 5, True),
        (Tries(4, AT), 15, 1, False),
        (Tries(5, AT, AT + 20 * MINUTE), 20, 1, False),
        (Tries(1, AT), -5, 2, False),
    ],
)
def test_tries_are_counted_in_their_window(tries: Tries | None, after: int, count: int, locked: bool) -> None:
    at = AT + after * MINUTE
    counted = one_more(tries, free=FREE, at=at)
    assert counted is not None
    assert (counted.count, counted.until) == (count, at + LOCKED_FOR if locked else None)


@pytest.mark.parametrize(("after", "taken"), [(0, False), (14, False), (14.99, False), (15, True), (600, True)])
def test_a_lock_holds_until_its_end_and_no_longer(after: float, taken: bool) -> None:
    locked = Tries(5, AT - WINDOW, AT + 15 * MINUTE)
    assert (one_more(locked, free=FREE, at=AT + after * MINUTE) is not None) == taken


SPANS = st.lists(st.integers(min_value=0, max_value=20 * 60), min_size=1, max_size=80)


@given(spans=SPANS)
def test_wrong_tries_never_go_through_faster_than_the_free_ones_in_a_quarter_of_an_hour(spans: list[int]) -> None:
    """Whatever the spans in seconds between tries: after the last free one nothing for the whole lock."""
    tries, at, made = None, AT, []
    for span in spans:
        at += timedelta(seconds=span)
        counted = one_more(tries, free=FREE, at=at)
        if counted is not None:
            tries = counted
            made.append(at)
    for first, second in zip(made, made[2 * FREE - 1 :], strict=False):
        assert second - first >= WINDOW
    assert len([one for one in made if one == AT]) <= FREE


@given(spans=SPANS, right=st.integers(min_value=0, max_value=79))
def test_being_right_takes_one_try_back(spans: list[int], right: int) -> None:
    tries, at = None, AT
    for span in spans[: right + 1]:
        at += timedelta(seconds=span)
        tries = one_more(tries, free=FREE, at=at) or tries
    assert tries is not None
    back = one_less(tries, free=FREE)
    assert back.count == tries.count - 1
    assert back.until is None


@pytest.mark.parametrize(
    ("address", "network"),
    [("10.0.0.7", "10.0.0.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("", "")],
)
def test_an_ipv6_line_is_one_address(address: str, network: str) -> None:
    assert rules.network_of(address) == network


def code_at(counter: int) -> str:
    return f"{counter % 1_000_000:06d}"


COUNTER = int(AT.timestamp()) // 30


@pytest.mark.parametrize(
    ("code", "last", "found"),
    [
        (code_at(COUNTER), -1, COUNTER),
        (code_at(COUNTER - 1), -1, COUNTER - 1),
        (code_at(COUNTER + 1), -1, COUNTER + 1),
        (code_at(COUNTER - 2), -1, None),
        (code_at(COUNTER + 2), -1, None),
        (code_at(COUNTER), COUNTER, None),
        (code_at(COUNTER + 1), COUNTER, COUNTER + 1),
        (f" {code_at(COUNTER)[:3]} {code_at(COUNTER)[3:]} ", -1, COUNTER),
        ("".join(chr(ord(digit) + 0xFEE0) for digit in code_at(COUNTER)), -1, COUNTER),
        ("", -1, None),
        ("密码", -1, None),
    ],
)
def test_a_code_is_of_now_or_next_to_it_and_counts_once(code: str, last: int, found: int | None) -> None:
    assert rules.counter_of(code, last=last, at=AT, code_at=code_at) == found


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Windows · Chrome"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Windows · Edge"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "iPhone · Safari"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile MicroMessenger/8.0", "安卓 · 微信"),
        ("curl/8.0", "不认识的设备"),
        ("", "不认识的设备"),
    ],
)
def test_devices_are_named(told: str, said: str) -> None:
    assert rules.device_words(told) == said


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 1), (1, 1), (60, 1), (61, 2), (900, 15)])
def test_the_wait_is_rounded_up(seconds: int, minutes: int) -> None:
    assert rules.minutes_until(AT + timedelta(seconds=seconds), AT) == minutes
