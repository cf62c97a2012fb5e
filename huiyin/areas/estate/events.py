"""Facts about who lives where, and the codes of the journal lines that nobody reacts to."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from huiyin.foundation.journal.facts import Fact

ESTATE_OPENED: Final = "estate.estate.opened"
BUILDING_OPENED: Final = "estate.building.opened"
BUILDING_DESCRIBED: Final = "estate.building.described"
UNIT_OPENED: Final = "estate.unit.opened"
UNIT_CORRECTED: Final = "estate.unit.corrected"
UNIT_IMPORTED: Final = "estate.unit.imported"
PERSON_ADDED: Final = "estate.person.added"
PERSON_LEFT: Final = "estate.person.left"
PERSON_CORRECTED: Final = "estate.person.corrected"
PHONE_ADDED: Final = "estate.phone.added"
PHONE_CHANGED: Final = "estate.phone.changed"
PHONE_DROPPED: Final = "estate.phone.dropped"
PERSON_ERASED: Final = "estate.person.erased"
DETAILS_RECORDED: Final = "estate.person.details_recorded"
DETAIL_SWITCHED_ON: Final = "estate.estate.detail_switched_on"
DETAIL_SWITCHED_OFF: Final = "estate.estate.detail_switched_off"
UNITS_IMPORTED: Final = "estate.estate.units_imported"


@dataclass(frozen=True, kw_only=True)
class HouseholdFact(Fact):
    subject_type: ClassVar[str] = "estate.household"
    household_id: int
    unit_id: int


@dataclass(frozen=True, kw_only=True)
class HouseholdMovedIn(HouseholdFact):
    code: ClassVar[str] = "estate.household.moved_in"
    since_date: date
    people: str = ""


@dataclass(frozen=True, kw_only=True)
class HouseholdMovedOut(HouseholdFact):
    code: ClassVar[str] = "estate.household.moved_out"
    until_date: date
    people: str = ""
