"""The shape of a fact: what an area announces when something has happened. No database."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar

_FRAME = {"subject_id", "estate_id", "thread", "responsible_id", "responsible_post", "receiver_id"}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that happened to one subject.

    Subclasses set `code` ("repairs.order.closed") and `subject_type` ("repairs.order") and add plain values;
    the conditions of the standards look at these values by name.
    """

    code: ClassVar[str]
    subject_type: ClassVar[str]
    subject_id: int
    estate_id: int
    thread: str = ""
    responsible_id: int | None = None
    responsible_post: str = ""
    receiver_id: int | None = None

    @property
    def values(self) -> dict[str, Any]:
        """The plain values beside the frame."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _FRAME}


def as_json(values: dict[str, Any]) -> dict[str, Any]:
    """Write moments and days as text, leave out what is empty. A count of nothing is not empty."""
    return {
        name: value.isoformat() if isinstance(value, datetime | date) else value
        for name, value in values.items()
        if not (value is None or value is False or value == "")
    }
