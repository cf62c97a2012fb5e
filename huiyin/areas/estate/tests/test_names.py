"""The letters a clerk types for a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.areas.estate.rules.names import INITIALS_LENGTH, SURNAMES, initials_of, without_salutation


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("王小明", "WXM"),
        ("单雄信", "SXX"),
        ("曾国强", "ZGQ"),
        ("解小东", "XXD"),
        ("仇大伟", "QDW"),
        ("朴正浩", "PZH"),
        ("查文斌", "ZWB"),
        ("区小红", "OXH"),
        ("盖天力", "GTL"),
        ("尉迟恭", "YCG"),
        ("万俟明", "MQM"),
        ("单于强", "CYQ"),
        ("长孙无忌", "ZSWJ"),
        ("欧阳明月", "OYMY"),
        ("李行长", "LXC"),
        ("陈单", "CD"),
        ("Anna Lee", "AL"),
        ("阿不都·热合曼", "ABDRHM"),
        ("王女士", "WNS"),
        ("  张 三 ", "ZS"),
        ("", ""),
        ("123", ""),
    ],
)
def test_initials_follow_how_a_name_is_read(name: str, letters: str) -> None:
    assert initials_of(name) == letters


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=60))
def test_initials_are_capitals_and_fit(name: str) -> None:
    letters = initials_of(name)
    assert len(letters) <= INITIALS_LENGTH
    assert letters.isascii()
    assert letters == letters.upper()


def test_every_surname_of_the_table_is_one_character_with_one_capital() -> None:
    assert all(len(surname) == 1 and len(letter) == 1 and letter.isupper() for surname, letter in SURNAMES.items())


@pytest.mark.parametrize(("said", "kept"), [("王女士", "王"), ("李先生", "李"), ("王丽", "王丽"), ("先生", "先生")])
def test_the_salutation_is_left_away_for_looking_up(said: str, kept: str) -> None:
    assert without_salutation(said) == kept
