"""When a rule applies: field, operator, value. A closed list of operators; no mini-language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from huiyin.standards.rules.reading import RuleInvalid

EMPTY: tuple[Any, ...] = (None, "", False, [], ())
OPERATORS = ("is", "is_not", "in", "not_in", "at_least", "at_most", "present", "absent")


@dataclass(frozen=True)
class Condition:
    field: str
    op: str
    value: Any = None

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Tell whether the condition holds for these values. A missing value satisfies only is_not, not_in, absent."""
        found = values.get(self.field)
        match self.op:
            case "is":
                return bool(found == self.value)
            case "is_not":
                return bool(found != self.value)
            case "in":
                return found in self.value
            case "not_in":
                return found not in self.value
            case "at_least":
                return found is not None and bool(found >= self.value)
            case "at_most":
                return found is not None and bool(found <= self.value)
            case "present":
                return found not in EMPTY
            case "absent":
                return found in EMPTY
        raise RuleInvalid(f"不认识的比较「{self.op}」")


def all_hold(conditions: Sequence[Condition], values: Mapping[str, Any]) -> bool:
    return all(condition.holds(values) for condition in conditions)


def read_conditions(rows: Sequence[Mapping[str, Any]], key: str = "when") -> tuple[Condition, ...]:
    read = []
    for row in rows:
        if row.get("op") not in OPERATORS:
            raise RuleInvalid(f"{key}: 不认识的比较「{row.get('op')}」")
        if "field" not in row:
            raise RuleInvalid(f"{key}: 缺少 field")
        read.append(Condition(row["field"], row["op"], row.get("value")))
    return tuple(read)
