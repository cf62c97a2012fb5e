"""Facts the staff announce."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from huiyin.foundation.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class PersonLeft(Fact):
    code: ClassVar[str] = "staffing.person.left"
    subject_type: ClassVar[str] = "accounts.user"
    person_id: int


@dataclass(frozen=True, kw_only=True)
class PersonAbsent(PersonLeft):
    """Somebody is away for a while; what they have in hand goes on as if they had left."""

    code: ClassVar[str] = "staffing.person.absent"
    until: datetime


# Journal lines that nobody reacts to.
DEPARTMENT_OPENED: Final = "staffing.department.opened"
POST_OPENED: Final = "staffing.post.opened"
POST_CHANGED: Final = "staffing.post.changed"
ASSIGNED: Final = "staffing.post.assigned"
UNASSIGNED: Final = "staffing.post.unassigned"
ZONE_DRAWN: Final = "staffing.zone.drawn"
DUTY_PLANNED: Final = "staffing.duty.planned"
DUTY_CANCELLED: Final = "staffing.duty.cancelled"
WEEK_COPIED: Final = "staffing.duty.week_copied"
PERSON_BACK: Final = "staffing.person.back"
PERSON_HIRED: Final = "staffing.person.hired"
ROLE_GIVEN: Final = "staffing.role.given"
ROLE_TAKEN: Final = "staffing.role.taken"
PERSON_SKILLED: Final = "staffing.person.skilled"
