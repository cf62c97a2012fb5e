"""Amounts in capitals, moments, and long words."""

from datetime import timedelta
from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.foundation.documents.words import breakable, moment, rmb_capitals, span
from tests.cast import AT

FIXED = {
    "0": "零元整",
    "0.05": "伍分",
    "0.30": "叁角整",
    "1.05": "壹元零伍分",
    "10": "壹拾元整",
    "105.30": "壹佰零伍元叁角整",
    "1010": "壹仟零壹拾元整",
    "10000": "壹万元整",
    "10001": "壹万零壹元整",
    "100500.25": "壹拾万零伍佰元贰角伍分",
    "20010000": "贰仟零壹万元整",
    "100000000": "壹亿元整",
    "100000001": "壹亿零壹元整",
    "-12.5": "负壹拾贰元伍角整",
    "1234567890.12": "壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分",
}


@pytest.mark.parametrize(("amount", "capitals"), FIXED.items())
def test_an_amount_in_capitals(amount: str, capitals: str) -> None:
    assert rmb_capitals(Decimal(amount)) == capitals


@given(st.decimals(min_value=0, max_value=Decimal("99999999.99"), places=2))
def test_capitals_agree_with_another_writer(amount: Decimal) -> None:
    """Ours ends in 整 where no fen follow, as vouchers ask; the other writer leaves it out after jiao."""
    assert rmb_capitals(amount).removesuffix("整") == cn2an.an2cn(f"{amount:f}", "rmb").removesuffix("整")


@given(st.integers(min_value=1, max_value=10**16 - 1))
def test_capitals_of_whole_amounts_read_back(yuan: int) -> None:
    """Written and read back by our own reader: no amount is written like another."""
    assert read_back(rmb_capitals(Decimal(yuan)).removesuffix("元整")) == yuan


def read_back(written: str) -> int:
    digits, places = "零壹贰叁肆伍陆柒捌玖", {"拾": 10, "佰": 100, "仟": 1000}
    total = section = digit = 0
    for letter in written:
        if letter in digits:
            digit = digits.index(letter)
        elif letter in places:
            section, digit = section + digit * places[letter], 0
        elif letter == "万":
            section, digit = (section + digit) * 10_000, 0
            if total == 0 and written.count("万") > 1 and "亿" in written[written.index("万") :]:
                total, section = section, 0
        else:
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    return total + section + digit


@pytest.mark.parametrize("amount", ["0.005", "10000000000000000"])
def test_what_is_no_amount_of_money_is_not_written(amount: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        rmb_capitals(Decimal(amount))


def test_moments_and_windows() -> None:
    assert moment(AT) == "2026-11-25 10:00"
    assert moment(None) == ""
    assert span(AT, AT + timedelta(hours=2)) == "2026-11-25 10:00–12:00"
    assert span(AT, AT + timedelta(hours=14)) == "2026-11-25 10:00–24:00"
    assert span(AT, AT + timedelta(days=1)) == "2026-11-25 10:00–2026-11-26 10:00"
    assert span(AT, None) == "2026-11-25 10:00"


def test_only_long_words_are_broken() -> None:
    assert breakable("主卧漏水,电话 13800138000") == "主卧漏水,电话 13800138000"
    assert breakable("a" * 30) == "\u200b".join(["a" * 12, "a" * 12, "a" * 6])
