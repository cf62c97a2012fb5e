"""The shape of a fact: what an area announces when something has happened. No database."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any, ClassVar, get_args, get_type_hints

_FRAME = {"subject_id", "estate_id", "thread", "responsible_id", "responsible_post", "receiver_id"}
_BY_CODE: "dict[str, type[Fact]]" = {}
_NAMES: "dict[type[Fact], tuple[str, ...]]" = {}  # asked for with every line of the journal


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that happened to one subject.

    Subclasses set `code` ("repairs.order.closed") and `subject_type` ("repairs.order") and add plain values;
    the conditions of the standards look at these values by name. `turn` says what the fact is for what is still owed,
    in the words of `huiyin.standards.turns`.
    """

    code: ClassVar[str]
    subject_type: ClassVar[str]
    turn: ClassVar[str] = ""
    subject_id: int
    estate_id: int
    thread: str = ""
    responsible_id: int | None = None
    responsible_post: str = ""
    receiver_id: int | None = None

    def __init_subclass__(cls) -> None:
        if "code" in vars(cls):
            _BY_CODE[cls.code] = cls

    @property
    def values(self) -> dict[str, Any]:
        """The plain values beside the frame."""
        return {name: getattr(self, name) for name in _beside_the_frame(type(self))}


def _beside_the_frame(fact: type[Fact]) -> tuple[str, ...]:
    if fact not in _NAMES:
        _NAMES[fact] = tuple(one.name for one in fields(fact) if one.name not in _FRAME)
    return _NAMES[fact]


def as_json(values: dict[str, Any]) -> dict[str, Any]:
    """Write moments and days as text, leave out what is empty. A count of nothing is not empty."""
    return {
        name: value.isoformat() if isinstance(value, datetime | date) else value
        for name, value in values.items()
        if not (value is None or value is False or value == "")
    }


def read_back(code: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values a fact had, from what the journal keeps of it; the reverse of `as_json`.

    What was left out as empty is empty again. Of a fact nobody announces any more, what was kept is returned as it is.
    """
    if code not in _BY_CODE:
        return dict(kept)
    return {name: read(kept[name]) if name in kept else empty for name, read, empty in _shape(code)}


def codes() -> list[str]:
    """Return the codes of every fact somebody may announce."""
    return sorted(_BY_CODE)


def turns() -> dict[str, str]:
    """Return, by the code of the fact, what each fact that has a turn is for what is still owed."""
    return {code: kind.turn for code, kind in _BY_CODE.items() if kind.turn}


@lru_cache(maxsize=512)
def _shape(code: str) -> tuple[tuple[str, Any, Any], ...]:
    """Return for each value of the fact its name, how its text is read, and what it is when empty."""
    kind = _BY_CODE[code]
    hints = get_type_hints(kind)
    shape = []
    for field in fields(kind):
        if field.name in _FRAME:
            continue
        hint = hints[field.name]
        kinds = get_args(hint) or (hint,)
        read = datetime.fromisoformat if datetime in kinds else date.fromisoformat if date in kinds else _as_it_is
        empty = None if type(None) in kinds else {bool: False, str: ""}.get(hint)
        shape.append((field.name, read, empty))
    return tuple(shape)


def _as_it_is(value: Any) -> Any:
    return value
