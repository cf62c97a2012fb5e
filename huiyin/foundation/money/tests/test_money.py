"""Money is rounded once and written so that nobody can add a nought."""

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.foundation import money

SAID = {
    "0": "零元整",
    "0.05": "伍分",
    "0.30": "叁角整",
    "1.05": "壹元零伍分",
    "10": "壹拾元整",
    "1005.30": "壹仟零伍元叁角整",
    "1680.32": "壹仟陆佰捌拾元叁角贰分",
    "107000.53": "壹拾万柒仟元伍角叁分",
    "6007.14": "陆仟零柒元壹角肆分",
    "100000000": "壹亿元整",
    "100000001": "壹亿零壹元整",
    "100010000": "壹亿零壹万元整",
    "20003000": "贰仟万叁仟元整",
    "-8.80": "负捌元捌角整",
}
VALUE = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACE = {"拾": 10, "佰": 100, "仟": 1_000}


@pytest.mark.parametrize(("amount", "said"), SAID.items())
def test_an_amount_in_capitals(amount: str, said: str) -> None:
    assert money.capitals(Decimal(amount)) == said


@given(st.integers(0, 999_999_999_999))
def test_capitals_can_be_read_back(fen: int) -> None:
    amount = Decimal(fen) / 100
    assert _read(money.capitals(amount)) == amount


@given(st.decimals(min_value=0, max_value=Decimal("99999999.99"), places=2))
def test_capitals_agree_with_another_writer(amount: Decimal) -> None:
    """Ours ends in 整 where no fen follow, as vouchers ask; the other writer leaves it out after jiao."""
    assert money.capitals(amount).removesuffix("整") == cn2an.an2cn(f"{amount:f}", "rmb").removesuffix("整")


@given(st.integers(0, 999_999_999_999))
def test_noughts_are_said_once(fen: int) -> None:
    assert "零零" not in money.capitals(Decimal(fen) / 100)


def test_half_a_fen_goes_up() -> None:
    assert money.rounded(Decimal("1.005")) == Decimal("1.01")
    assert money.figures(Decimal("1234.5")) == "1,234.50"


def test_more_than_a_receipt_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        money.capitals(Decimal(10000000000))


def _read(said: str) -> Decimal:
    """Read capitals back, naively: the oracle."""
    whole, _, rest = said.removesuffix("整").rpartition("元")
    if "元" not in said:
        whole, rest = "", said.removesuffix("整")
    total = group = digit = 0
    for sign in whole:
        if sign in VALUE:
            digit = VALUE[sign]
        elif sign in PLACE:
            group, digit = group + digit * PLACE[sign], 0
        else:
            total, group, digit = total + (group + digit) * (10_000 if sign == "万" else 100_000_000), 0, 0
    fen = 0
    for sign in rest:
        if sign in VALUE:
            digit_of_rest = VALUE[sign]
        else:
            fen += digit_of_rest * (10 if sign == "角" else 1)
    return Decimal(total + group + digit) + Decimal(fen) / 100
