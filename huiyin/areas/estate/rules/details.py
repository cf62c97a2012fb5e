"""What may be recorded of a person besides name and phone: nothing, until an estate switches it on.

The service asks for none of it; the law lets a company keep only what it needs for a stated purpose.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

LONGEST = 200
_ID_NUMBER = re.compile(r"^\d{17}[\dX]$")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass(frozen=True)
class Detail:
    """One optional item: its name, what it is for, whether the law counts it as sensitive."""

    code: str
    label: str
    purpose: str
    sensitive: bool = False


DETAILS: Final = {
    one.code: one
    for one in (
        Detail("id_number", "身份证号", "办理产权核对、装修和出入手续时核实身份", sensitive=True),
        Detail("health", "健康情况", "急救、停电停梯和上门时照顾有需要的人", sensitive=True),
        Detail("birthday", "生日", "老人和儿童的关怀服务"),
        Detail("occupation", "职业", "社区活动和志愿服务"),
        Detail("employer", "工作单位", "紧急联系不上本人时联系"),
        Detail("native_place", "籍贯", "社区活动"),
    )
}


def read_detail(code: str, said: str) -> str | None:
    """Read what was written for an item into one spelling; None when it cannot be that."""
    text = said.strip()
    if code == "id_number":
        number = re.sub(r"\s", "", text).upper().replace("x", "X")
        return number if _is_id_number(number) else None
    if code == "birthday":
        return _read_day(text)
    return text if len(text) <= LONGEST else None


def _is_id_number(number: str) -> bool:
    if not _ID_NUMBER.match(number) or _read_day(f"{number[6:10]}-{number[10:12]}-{number[12:14]}") is None:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return _CHECKS[total % 11] == number[17]


def _read_day(text: str) -> str | None:
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-")).isoformat()
    except ValueError:
        return None
