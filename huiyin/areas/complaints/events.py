"""Facts about complaints."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from huiyin.foundation.journal.facts import Fact
from huiyin.standards import turns


@dataclass(frozen=True, kw_only=True)
class ComplaintFact(Fact):
    subject_type: ClassVar[str] = "complaints.complaint"
    case_id: int
    severity: str
    responsibility: str
    urgency: str
    anonymous: bool = False


@dataclass(frozen=True, kw_only=True)
class ComplaintRegistered(ComplaintFact):
    code: ClassVar[str] = "complaints.complaint.registered"
    channel: str = ""


@dataclass(frozen=True, kw_only=True)
class ComplaintAcknowledged(ComplaintFact):
    code: ClassVar[str] = "complaints.complaint.acknowledged"


@dataclass(frozen=True, kw_only=True)
class ComplaintVerified(ComplaintFact):
    code: ClassVar[str] = "complaints.complaint.verified"


@dataclass(frozen=True, kw_only=True)
class ComplaintDecided(ComplaintFact):
    code: ClassVar[str] = "complaints.complaint.decided"
    turn: ClassVar[str] = turns.REGRADED


@dataclass(frozen=True, kw_only=True)
class ResolvePromised(ComplaintFact):
    code: ClassVar[str] = "complaints.complaint.resolve_promised"
    promised_at: datetime


@dataclass(frozen=True, kw_only=True)
class ComplaintReplied(ComplaintFact):
    code: ClassVar[str] = "complaints.complaint.replied"


@dataclass(frozen=True, kw_only=True)
class ComplaintRejected(ComplaintFact):
    code: ClassVar[str] = "complaints.complaint.rejected"


@dataclass(frozen=True, kw_only=True)
class ComplaintClosed(ComplaintFact):
    code: ClassVar[str] = "complaints.complaint.closed"
    reply_letter_only: bool = False
    unit: str = ""
    household_id: int | None = None
    category: str = ""


@dataclass(frozen=True, kw_only=True)
class ComplaintReopened(ComplaintFact):
    code: ClassVar[str] = "complaints.complaint.reopened"
