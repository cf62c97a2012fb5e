"""Unit codes as people say and write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.areas.estate.rules.units import (
    UnitWords,
    compose_code,
    read_building,
    read_entrance,
    read_unit,
    read_unit_no,
    reading_order,
)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("3-2-1501", ("3", "2", "1501")),
        ("3栋2单元1501室", ("3", "2", "1501")),
        ("3幢二单元1501", ("3", "2", "1501")),
        ("3号楼2单元1501", ("3", "2", "1501")),
        ("3#2单元1501", ("3", "2", "1501")),
        ("3栋2-1501", ("3", "2", "1501")),
        ("３－２－１５０１", ("3", "2", "1501")),
        ("3 — 2 — 1501", ("3", "2", "1501")),
        ("03-02-1501", ("3", "2", "1501")),
        ("三栋1501", ("3", "", "1501")),
        ("3-1501", ("3", "", "1501")),
        ("12号1501室", ("12", "", "1501")),
        ("十二栋一单元一五〇一", ("12", "1", "1501")),
        ("二十一栋", ("21", "", "")),
        ("A座1203", ("A", "", "1203")),
        ("a座1203", ("A", "", "1203")),
        ("东区3栋101", ("东区3", "", "101")),
        ("三单元1501", ("", "3", "1501")),
        ("1501", ("", "", "1501")),
        ("一千五百零一", ("", "", "1501")),
        ("3栋2单元", ("3", "2", "")),
        ("3-2-15", ("3", "2", "15")),
    ],
)
def test_a_unit_is_understood_however_it_is_said(said: str, words: tuple[str, str, str]) -> None:
    assert read_unit(said) == UnitWords(*words)


@pytest.mark.parametrize("said", ["", "王小明", "王女士", "单雄信", "欧阳门", "3-2-1501-4", "厨房漏水", "-", "wxm"])
def test_what_is_not_about_a_unit_is_not_taken_for_one(said: str) -> None:
    assert read_unit(said) is None


CODES = st.integers(1, 99).map(str) | st.sampled_from(["A", "B", "A1"])
ROOMS = st.integers(1, 40).flatmap(lambda floor: st.integers(1, 12).map(lambda door: f"{floor}{door:02d}"))


@given(
    CODES,
    st.integers(1, 12).map(str),
    ROOMS,
    st.sampled_from(["{}-{}-{}", "{}栋{}单元{}室", "{}幢{}单元{}", "{}号楼{}门{}号"]),
)
def test_every_spelling_of_a_unit_gives_its_code(building: str, entrance: str, room: str, spelling: str) -> None:
    words = read_unit(spelling.format(building, entrance, room))
    assert words == UnitWords(building, entrance, room)
    assert words.code == compose_code(building, entrance, room) == f"{building}-{entrance}-{room}"


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading(text: str) -> None:
    words = read_unit(text)
    assert words is None or words.building or words.unit_no
    assert all(len(read(text)) <= 12 for read in (read_building, read_entrance, read_unit_no))


@given(CODES, st.integers(0, 12).map(lambda entrance: str(entrance or "")), ROOMS)
def test_reading_a_code_and_composing_it_are_inverse(building: str, entrance: str, room: str) -> None:
    words = read_unit(compose_code(building, entrance, room))
    assert words is not None
    assert words.code == compose_code(building, entrance, room)


@pytest.mark.parametrize(
    ("cell", "code"),
    [("3栋", "3"), ("三号楼", "3"), ("03", "3"), ("A座", "A"), ("12幢", "12"), ("3#", "3"), ("", ""), ("!", "")],
)
def test_a_building_cell_is_read(cell: str, code: str) -> None:
    assert read_building(cell) == code


@pytest.mark.parametrize(("cell", "code"), [("2单元", "2"), ("二单元", "2"), ("02", "2"), ("", ""), ("东单元", "东")])
def test_an_entrance_cell_is_read(cell: str, code: str) -> None:
    assert read_entrance(cell) == code


@pytest.mark.parametrize(
    ("cell", "code"), [("1501室", "1501"), ("0101", "0101"), ("商铺12号", "商铺12"), ("15-01", "")]
)
def test_a_room_cell_is_read(cell: str, code: str) -> None:
    assert read_unit_no(cell) == code


def test_codes_are_ordered_as_people_count() -> None:
    codes = ["12-1-201", "A-1203", "3-2-1501", "3-2-201", "3-10-101"]
    assert sorted(codes, key=reading_order) == ["3-2-201", "3-2-1501", "3-10-101", "12-1-201", "A-1203"]
