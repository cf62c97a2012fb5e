"""The written form of a rule, key by key: what is missing or cannot be read is refused by the name of its key."""

import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

_POST = re.compile(r"^post\.\w+$")
_FACT = re.compile(r"^[a-z_]+\.[a-z_]+\.[a-z_]+$")
_PERCENTAGE = re.compile(r"^(\d+(?:\.\d+)?)\s*%$")


class RuleInvalid(ValueError):
    """A written rule that cannot be read; the sentence names the key."""


def texts(spec: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = spec.get(key, ())
    return (value,) if isinstance(value, str) else tuple(str(v) for v in value)


def needed(spec: Mapping[str, Any], key: str) -> Any:
    if spec.get(key) in (None, ""):
        raise RuleInvalid(f"{key}: 缺少")
    return spec[key]


def one_of(spec: Mapping[str, Any], key: str, choices: Collection[str], default: str = "") -> str:
    """Read one of a closed list of words. Refused when it is missing and there is no default."""
    value = spec.get(key, default) or needed(spec, key)
    if value not in choices:
        raise RuleInvalid(f"{key}: 「{value}」不是 {'、'.join(choices)} 之一")
    return str(value)


def fact(spec: Mapping[str, Any], key: str) -> str:
    """Read the code of a fact: area, noun, verb."""
    value = needed(spec, key)
    if not isinstance(value, str) or not _FACT.match(value):
        raise RuleInvalid(f"{key}: 「{value}」不是事实的代码,写成 区域.名词.动词")
    return value


def count(value: Any, key: str) -> int:
    """Read a number of times. Refused unless it is a whole number from 1."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise RuleInvalid(f"{key}: 「{value}」应是 1 以上的整数")
    return value


def owed_by(spec: Mapping[str, Any], key: str = "who", others: tuple[str, ...] = (), default: str = "") -> str:
    """Read who owes: a post, or one of the other words that the kind allows."""
    who = str(spec.get(key, default) or needed(spec, key))
    if who not in others and not _POST.match(who):
        raise RuleInvalid(f"{key}: 「{who}」应为 {'、'.join(others)}{' 或 ' if others else ''}post.岗位代码")
    return who


def percentage(text: Any, key: str = "rate") -> Fraction:
    """Read `30 %`. Refused outside 0 to 100."""
    found = _PERCENTAGE.match(str(text).strip())
    if not found:
        raise RuleInvalid(f"{key}: 读不懂「{text}」,写成「30 %」")
    rate = Fraction(found[1]) / 100
    if not 0 <= rate <= 1:
        raise RuleInvalid(f"{key}: 应在 0 % 与 100 % 之间")
    return rate
