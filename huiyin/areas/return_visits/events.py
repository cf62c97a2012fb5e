"""Facts about return visits."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from huiyin.foundation.journal.facts import Fact
from huiyin.standards import turns


@dataclass(frozen=True, kw_only=True)
class VisitFact(Fact):
    """`case_id` is empty when it asks about a project."""

    subject_type: ClassVar[str] = "return_visits.visit"
    case_id: int | None
    type: str
    round: int
    severity: str = ""


@dataclass(frozen=True, kw_only=True)
class VisitOpened(VisitFact):
    """A visit is owed; from the second on with the time the resident was told."""

    code: ClassVar[str] = "return_visits.visit.opened"
    turn: ClassVar[str] = turns.VISIT_OWED
    promised_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class VisitMade(VisitFact):
    """`visited_at` is when the visit took place, if it was written down later."""

    code: ClassVar[str] = "return_visits.visit.made"
    turn: ClassVar[str] = turns.VISITED
    mode: str
    verdict: str
    visited_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class VisitFailed(VisitFact):
    code: ClassVar[str] = "return_visits.visit.failed"
    raised: str = ""


@dataclass(frozen=True, kw_only=True)
class VisitAttempted(VisitFact):
    code: ClassVar[str] = "return_visits.visit.attempted"
    result: str


@dataclass(frozen=True, kw_only=True)
class VisitExcused(VisitFact):
    code: ClassVar[str] = "return_visits.visit.excused"
    turn: ClassVar[str] = turns.EXCUSED
    excuse: str


@dataclass(frozen=True, kw_only=True)
class RectificationSent(VisitFact):
    code: ClassVar[str] = "return_visits.visit.rectification_sent"


@dataclass(frozen=True, kw_only=True)
class VisitReviewed(VisitFact):
    code: ClassVar[str] = "return_visits.visit.reviewed"


@dataclass(frozen=True, kw_only=True)
class NextVisitPromised(VisitFact):
    code: ClassVar[str] = "return_visits.visit.next_promised"
    promised_at: datetime
