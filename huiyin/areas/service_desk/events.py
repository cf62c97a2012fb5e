"""Facts about contacts."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from huiyin.foundation.journal.facts import Fact
from huiyin.standards import turns


@dataclass(frozen=True, kw_only=True)
class ContactFact(Fact):
    subject_type: ClassVar[str] = "service_desk.contact"
    contact_id: int
    channel: str
    urgency: str = ""
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class ContactRegistered(ContactFact):
    code: ClassVar[str] = "service_desk.contact.registered"


@dataclass(frozen=True, kw_only=True)
class ContactAnswered(ContactFact):
    code: ClassVar[str] = "service_desk.contact.answered"
    turn: ClassVar[str] = turns.ANSWERS


@dataclass(frozen=True, kw_only=True)
class ContactPromised(ContactFact):
    code: ClassVar[str] = "service_desk.contact.promised"
    promised_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContactPassedOn(ContactFact):
    code: ClassVar[str] = "service_desk.contact.passed_on"
    turn: ClassVar[str] = turns.ANSWERS
    case: str = ""


@dataclass(frozen=True, kw_only=True)
class CallbackAsked(ContactFact):
    code: ClassVar[str] = "service_desk.contact.callback_asked"


@dataclass(frozen=True, kw_only=True)
class CalledBack(ContactFact):
    code: ClassVar[str] = "service_desk.contact.called_back"


@dataclass(frozen=True, kw_only=True)
class IncidentAsked(Fact):
    """Somebody asked about a running incident and was told its sentence."""

    code: ClassVar[str] = "service_desk.incident.asked"
    subject_type: ClassVar[str] = "service_desk.incident_caller"
    contact_id: int
    incident: str
    wants_telling: bool = False


@dataclass(frozen=True, kw_only=True)
class IncidentTellingOwed(Fact):
    """The incident is over, and this caller asked to hear of it."""

    code: ClassVar[str] = "service_desk.incident.telling_owed"
    subject_type: ClassVar[str] = "service_desk.incident_caller"
    contact_id: int
    incident: str


@dataclass(frozen=True, kw_only=True)
class IncidentTold(Fact):
    code: ClassVar[str] = "service_desk.incident.told"
    subject_type: ClassVar[str] = "service_desk.incident_caller"
    contact_id: int
    incident: str
    how: str
