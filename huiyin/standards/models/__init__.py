"""The tables of the standards."""

from huiyin.standards.models.calendars import DatedHours, HolidayYear, OpeningHours
from huiyin.standards.models.draws import Draw, Stratum
from huiyin.standards.models.promises import (
    Commitment,
    CommitmentState,
    Counted,
    Miss,
    Occurrence,
    Pause,
    Step,
    StepState,
    Waiver,
)
from huiyin.standards.models.written import Adoption, Draft, Rule, Standard, StandardVersion
from huiyin.standards.states import DraftState

__all__ = [
    "Adoption",
    "Commitment",
    "CommitmentState",
    "Counted",
    "DatedHours",
    "Draft",
    "DraftState",
    "Draw",
    "HolidayYear",
    "Miss",
    "Occurrence",
    "OpeningHours",
    "Pause",
    "Rule",
    "Standard",
    "StandardVersion",
    "Step",
    "StepState",
    "Stratum",
    "Waiver",
]
