"""Unit codes as people say and write them: 3-2-1501, 3栋2单元1501室, 三栋1501, A座1203."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

PART_LENGTH = 12
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = re.compile(f"[{''.join(_DIGITS)}{''.join(_TENS)}]+")
_BUILDING = re.compile(r"^(?P<code>[^-]{1,12}?)(?:号楼|#楼|号栋|号(?=.*\d)|[栋幢座#])[-,、]?(?P<rest>.*)$")
_ENTRANCE = re.compile(r"^(?P<code>[^-]{1,12}?)(?:单元|单|门|梯)[-,、]?(?P<rest>.*)$")
_PART = re.compile(r"[0-9A-Z\u4e00-\u9fff]{1,12}")


@dataclass(frozen=True)
class UnitWords:
    """What was said of a unit; unsaid parts are empty, the last part may be only begun."""

    building: str = ""
    entrance: str = ""
    unit_no: str = ""

    @property
    def code(self) -> str:
        return compose_code(self.building, self.entrance, self.unit_no)


def compose_code(building: str, entrance: str, unit_no: str) -> str:
    """Write the code of a unit; a building without entrances has none in it."""
    return "-".join([part for part in (building, entrance, unit_no) if part])


def read_unit(text: str) -> UnitWords | None:
    """Take apart what was said of a unit; None when it is not about a unit.

    Two parts joined by a dash are read as building and room; whoever looks up tries the code as well.
    """
    said = _plain(text)
    building = entrance = ""
    if found := _BUILDING.match(said):
        building, said = _number(found["code"]), found["rest"]
    if found := _ENTRANCE.match(said):
        entrance, said = _number(found["code"]), found["rest"]
    parts = [_number(part) for part in re.split(r"[-/]", _without_room_word(said)) if part]
    if len(parts) > 3 - bool(building) - bool(entrance):
        return None
    unit_no = parts.pop() if parts else ""
    if parts and not building:
        building = parts.pop(0)
    if parts:
        entrance = parts.pop()
    words = UnitWords(_bare(building), _bare(entrance), unit_no)
    spelt = all(_PART.fullmatch(part) for part in (words.building, words.entrance, unit_no) if part)
    named = any(character.isdecimal() for character in unit_no) or (not unit_no and building)
    return words if spelt and named else None


@lru_cache(maxsize=4096)
def read_building(text: str) -> str:
    """Read the code of a building: 3栋, 三号楼 and 03 are 3, A座 is A; empty when unreadable."""
    return _one(text, r"(?:号楼|#楼|号栋|号|[栋幢座#楼])$")


@lru_cache(maxsize=4096)
def read_entrance(text: str) -> str:
    """Read the code of an entrance: 2单元, 二单元 and 02 are 2; empty when unreadable."""
    return _one(text, r"(?:单元|门|梯)$")


@lru_cache(maxsize=4096)
def read_unit_no(text: str) -> str:
    """Read a room number: 1501室 is 1501; leading noughts stay; empty when unreadable."""
    said = _number(_without_room_word(_plain(text)))
    return said if _PART.fullmatch(said) else ""


def counting_order(code: str) -> tuple[int, int, str]:
    """Order codes as people count: 2 before 10, figures before letters."""
    return (0, int(code), "") if code.isdecimal() else (1, 0, code)


def reading_order(code: str) -> list[tuple[int, int, str]]:
    """Order whole unit codes as people count: 3-2-1501 before 12-1-201."""
    return [counting_order(part) for part in code.split("-")]


def _plain(text: str) -> str:
    said = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).upper())
    return re.sub(r"[—–−‐_]+", "-", said).strip("-")


def _without_room_word(text: str) -> str:
    return re.sub(r"[室房号户]$", "", text)


def _one(text: str, suffix: str) -> str:
    said = _bare(_number(re.sub(suffix, "", _plain(text))))
    return said if _PART.fullmatch(said) else ""


def _bare(code: str) -> str:
    return (code.lstrip("0") or "0") if code.isdecimal() else code


def _number(text: str) -> str:
    """Write Chinese numerals as figures: 十二 is 12, 一五〇一 is 1501."""
    return _NUMERAL.sub(lambda found: _figure(found[0]), text)


def _figure(numeral: str) -> str:
    if not set(numeral) & set(_TENS):
        return "".join(str(_DIGITS[character]) for character in numeral)
    total, digit = 0, 0
    for character in numeral:
        if character in _TENS:
            total += (digit or (1 if character == "十" else 0)) * _TENS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return str(total + digit)
