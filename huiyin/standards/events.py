"""Facts the standards announce."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from huiyin.foundation.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DrawToppedUp(Fact):
    """One more event was drawn so that its stratum reaches the rate."""

    code: ClassVar[str] = "standards.draw.topped_up"
    subject_type: ClassVar[str] = "standards.draw"
    draw_id: int


@dataclass(frozen=True, kw_only=True)
class StepTaken(Fact):
    """Somebody was told that a promise is near its end, or past it."""

    code: ClassVar[str] = "standards.step.taken"
    subject_type: ClassVar[str] = "standards.step"
    commitment_id: int
    does: str
    due_at: datetime
    to_id: int | None
    to_post: str
    to_name: str
    position: int


@dataclass(frozen=True, kw_only=True)
class PromiseMoved(Fact):
    """A promise falls due at another time than before: revised, or counted again by next year's holidays."""

    code: ClassVar[str] = "standards.commitment.moved"
    subject_type: ClassVar[str] = "standards.commitment"
    does: str
    was_due_at: datetime
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class StandardPublished(Fact):
    """A version of an estate's own standard was published; `loosened` gives the reason for each looser public promise."""

    code: ClassVar[str] = "standards.draft.published"
    subject_type: ClassVar[str] = "standards.draft"
    title: str
    number: int
    effective_from: datetime
    loosened: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class DutyDone(Fact):
    """A duty of the calendar, a quota or a threshold was done: recorded by a person, or kept by the fact `by`."""

    code: ClassVar[str] = "standards.duty.done"
    subject_type: ClassVar[str] = "standards.duty"
    does: str
    period: str
    key: str
    by: str = ""
    by_thread: str = ""


@dataclass(frozen=True, kw_only=True)
class ThresholdReached(Fact):
    """The same thing happened so often within the span of a rule that somebody must do something about it."""

    code: ClassVar[str] = "standards.threshold.reached"
    subject_type: ClassVar[str] = "standards.duty"
    rule_code: str
    raises: str
    reached: int
    key: str
    does: str
