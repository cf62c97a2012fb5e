"""What a fact says beside its frame, and how it is written down."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar

from huiyin.foundation.journal.facts import Fact, as_json


@dataclass(frozen=True, kw_only=True)
class DoorOpened(Fact):
    code: ClassVar[str] = "sample.door.opened"
    subject_type: ClassVar[str] = "sample.door"
    width: int = 0
    locked: bool = False
    opened_at: datetime | None = None


def test_the_values_are_what_stands_beside_the_frame() -> None:
    fact = DoorOpened(
        subject_id=1, estate_id=2, thread="case:3", responsible_id=4, responsible_post="butler", receiver_id=5, width=90
    )
    assert fact.values == {"width": 90, "locked": False, "opened_at": None}


def test_moments_and_days_become_text_and_what_is_empty_is_left_out() -> None:
    moment = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    assert as_json({"at": moment, "day": date(2026, 11, 25), "n": 1, "yes": True, "words": "好", "many": [1]}) == {
        "at": "2026-11-25T02:00:00+00:00",
        "day": "2026-11-25",
        "n": 1,
        "yes": True,
        "words": "好",
        "many": [1],
    }
    assert as_json({"none": None, "text": "", "no": False}) == {}
    assert as_json({}) == {}


def test_nothing_counted_is_not_nothing() -> None:
    """0 equals False in Python; a journal that dropped it would lose a number somebody gave."""
    assert as_json({"n": 0}) == {"n": 0}
