"""The written form of a rule, key by key: what is missing or cannot be read is refused by the name of its key."""

from collections.abc import Mapping
from typing import Any


class RuleInvalid(ValueError):
    """A written rule that cannot be read; the sentence names the key."""


def texts(spec: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = spec.get(key, ())
    return (value,) if isinstance(value, str) else tuple(str(v) for v in value)


def needed(spec: Mapping[str, Any], key: str) -> Any:
    if spec.get(key) in (None, ""):
        raise RuleInvalid(f"{key}: 缺少")
    return spec[key]
