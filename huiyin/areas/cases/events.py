"""Facts about cases. The standards look at their values by name."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from huiyin.foundation.journal.facts import Fact
from huiyin.standards import turns

CATEGORY_ADDED: Final = "cases.category.added"
CATEGORY_RETIRED: Final = "cases.category.retired"


@dataclass(frozen=True, kw_only=True)
class CaseFact(Fact):
    subject_type: ClassVar[str] = "cases.case"
    case_id: int
    kind: str
    anonymous: bool = False


@dataclass(frozen=True, kw_only=True)
class CaseRegistered(CaseFact):
    code: ClassVar[str] = "cases.case.registered"
    urgency: str = ""
    channel: str = ""
    category: str = ""
    important: bool = False


@dataclass(frozen=True, kw_only=True)
class CaseTaken(CaseFact):
    code: ClassVar[str] = "cases.case.taken"


@dataclass(frozen=True, kw_only=True)
class CaseUrgencyChanged(CaseFact):
    code: ClassVar[str] = "cases.case.urgency_changed"
    turn: ClassVar[str] = turns.REGRADED
    urgency: str
    was: str


@dataclass(frozen=True, kw_only=True)
class CasePromised(CaseFact):
    code: ClassVar[str] = "cases.case.promised"
    promised_at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseAnswered(CaseFact):
    code: ClassVar[str] = "cases.case.answered"


@dataclass(frozen=True, kw_only=True)
class ProgressTold(CaseFact):
    code: ClassVar[str] = "cases.case.progress_told"


@dataclass(frozen=True, kw_only=True)
class CaseDecided(CaseFact):
    code: ClassVar[str] = "cases.case.decided"
    adopted: bool = False


@dataclass(frozen=True, kw_only=True)
class CaseClosed(CaseFact):
    code: ClassVar[str] = "cases.case.closed"
    turn: ClassVar[str] = turns.ENDS
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseReopened(CaseFact):
    code: ClassVar[str] = "cases.case.reopened"


@dataclass(frozen=True, kw_only=True)
class CaseHeld(CaseFact):
    code: ClassVar[str] = "cases.case.held"
    turn: ClassVar[str] = turns.RESTS
    wakes_at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseResumed(CaseFact):
    code: ClassVar[str] = "cases.case.resumed"
    turn: ClassVar[str] = turns.RUNS_ON


@dataclass(frozen=True, kw_only=True)
class CaseTransferred(CaseFact):
    code: ClassVar[str] = "cases.case.transferred"
    to_post: str = ""
    to_person: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseMerged(CaseFact):
    code: ClassVar[str] = "cases.case.merged"
    turn: ClassVar[str] = turns.ENDS
    into: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseUnmerged(CaseFact):
    code: ClassVar[str] = "cases.case.unmerged"


@dataclass(frozen=True, kw_only=True)
class CaseVoided(CaseFact):
    code: ClassVar[str] = "cases.case.voided"
    turn: ClassVar[str] = turns.ENDS
