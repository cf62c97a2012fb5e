"""One spelling for a phone, whatever is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.areas.estate.rules.phones import beginnings, digits_of, read_phone, split_phones, tail_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("010-65551234", "010-65551234"),
        ("(010) 6555 1234", "010-65551234"),
        ("01065551234转801", "010-65551234转801"),
        ("021 6555 1234 ext 5", "021-65551234转5"),
        ("0755-88886666", "0755-88886666"),
        ("65551234", "65551234"),
        ("6555-1234转12", "65551234转12"),
        ("4008001234", "4008001234"),
        ("+1 650-253-0000", "+1 650-253-0000"),
        ("1234", None),
        ("138001380", None),
        ("没有", None),
        ("", None),
        ("1380013800a", None),
    ],
)
def test_a_phone_is_kept_in_one_spelling(typed: str, kept: str | None) -> None:
    assert read_phone(typed) == kept


MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@given(MOBILES, st.lists(st.integers(1, 10), max_size=3), st.sampled_from([" ", "-"]))
def test_gaps_in_a_mobile_number_change_nothing(number: str, gaps: list[int], gap: str) -> None:
    typed = number
    for place in sorted(set(gaps), reverse=True):
        typed = f"{typed[:place]}{gap}{typed[place:]}"
    assert read_phone(f" {typed}") in (number, None)
    assert digits_of(typed) == number


@given(st.one_of(MOBILES, st.from_regex(r"0(10|2[1-9])-[2-8][0-9]{7}(转[0-9]{1,4})?", fullmatch=True)))
def test_reading_twice_is_reading_once(number: str) -> None:
    once = read_phone(number)
    assert once is None or read_phone(once) == once


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading(text: str) -> None:
    number = read_phone(text)
    assert number is None or (len(number) <= 24 and len(tail_of(number)) <= 4)
    for piece in split_phones(text):
        assert piece.strip() == piece != ""


@given(MOBILES, st.integers(4, 11))
def test_what_is_half_typed_begins_the_number(number: str, length: int) -> None:
    assert any(number.startswith(beginning) for beginning in beginnings(number[:length]))


@pytest.mark.parametrize(
    ("typed", "beginning"),
    [("0106555", "010-6555"), ("010", "010"), ("0755888", "0755-888"), ("138", "138"), ("0086", "0086")],
)
def test_area_codes_are_set_apart(typed: str, beginning: str) -> None:
    assert beginnings(typed) == [beginning]


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("13800138000", ["13800138000"]),
        ("13800138000/13900139000", ["13800138000", "13900139000"]),
        ("13800138000、010-65551234", ["13800138000", "010-65551234"]),
        ("13800138000 13900139000", ["13800138000", "13900139000"]),
        ("138 0013 8000", ["138 0013 8000"]),
        ("13800138000；", ["13800138000"]),
        ("", []),
    ],
)
def test_a_cell_with_several_phones_is_split(cell: str, numbers: list[str]) -> None:
    assert split_phones(cell) == numbers


def test_the_tail_is_that_of_the_number_not_of_the_extension() -> None:
    assert tail_of("010-65551234转801") == "1234"
