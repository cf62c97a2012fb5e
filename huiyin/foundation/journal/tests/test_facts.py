"""What a fact says beside its frame, and how it is written down."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from huiyin.foundation.journal.facts import Fact, as_json, read_back, turns


@dataclass(frozen=True, kw_only=True)
class GateOpened(Fact):
    code: ClassVar[str] = "sample.gate.opened"
    subject_type: ClassVar[str] = "sample.gate"
    width: int = 0
    locked: bool = False
    opened_at: datetime | None = None
    until: date | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class GateShut(Fact):
    code: ClassVar[str] = "sample.gate.shut"
    subject_type: ClassVar[str] = "sample.gate"
    turn: ClassVar[str] = "ends"


def test_the_values_are_what_stands_beside_the_frame() -> None:
    fact = GateOpened(
        subject_id=1, estate_id=2, thread="case:3", responsible_id=4, responsible_post="butler", receiver_id=5, width=90
    )
    assert fact.values == {"width": 90, "locked": False, "opened_at": None, "until": None, "note": ""}


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


@given(
    st.integers(0, 9),
    st.booleans(),
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.none() | st.dates(),
    st.text(),
)
def test_what_is_read_back_is_what_was_announced(
    width: int, locked: bool, opened_at: datetime | None, until: date | None, note: str
) -> None:
    fact = GateOpened(
        subject_id=1, estate_id=2, width=width, locked=locked, opened_at=opened_at, until=until, note=note
    )
    assert read_back("sample.gate.opened", as_json(fact.values)) == fact.values


def test_of_a_fact_nobody_announces_any_more_what_was_kept_is_returned() -> None:
    assert read_back("sample.gate.gone", {"width": 3}) == {"width": 3}


def test_only_facts_with_a_turn_are_listed() -> None:
    found = turns()
    assert found["sample.gate.shut"] == "ends"
    assert "sample.gate.opened" not in found
