"""Facts about incidents, and the codes of the lines about hints."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from huiyin.foundation.journal.facts import Fact

HINT_WRITTEN: Final = "repairs.hint.written"
HINT_WITHDRAWN: Final = "repairs.hint.withdrawn"
INCIDENT_LED: Final = "repairs.incident.led"


@dataclass(frozen=True, kw_only=True)
class IncidentFact(Fact):
    subject_type: ClassVar[str] = "repairs.incident"
    incident_id: int
    title: str


@dataclass(frozen=True, kw_only=True)
class IncidentExpected(IncidentFact):
    """It runs, and should be over by then: said when it is opened and whenever the time or the sentence changes."""

    code: ClassVar[str] = "repairs.incident.expected"
    expected_end: datetime
    sentence: str
    was_end: datetime | None = None
    was_sentence: str = ""


@dataclass(frozen=True, kw_only=True)
class IncidentOver(IncidentFact):
    code: ClassVar[str] = "repairs.incident.over"
