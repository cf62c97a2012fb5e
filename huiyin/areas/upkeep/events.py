"""Facts about upkeep, and the kinds of the lines that nobody reacts to."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from huiyin.foundation.journal.facts import Fact

EQUIPMENT_ENTERED = "upkeep.equipment.entered"
EQUIPMENT_CHANGED = "upkeep.equipment.changed"
OVERHAULED = "upkeep.equipment.overhauled"
PLAN_MADE = "upkeep.plan.made"
PROJECT_OPENED = "upkeep.project.opened"


@dataclass(frozen=True, kw_only=True)
class EquipmentFact(Fact):
    subject_type: ClassVar[str] = "upkeep.equipment"
    equipment: str


@dataclass(frozen=True, kw_only=True)
class EquipmentStopped(EquipmentFact):
    code: ClassVar[str] = "upkeep.equipment.stopped"


@dataclass(frozen=True, kw_only=True)
class EquipmentRestarted(EquipmentFact):
    code: ClassVar[str] = "upkeep.equipment.restarted"


@dataclass(frozen=True, kw_only=True)
class EquipmentScrapped(EquipmentFact):
    code: ClassVar[str] = "upkeep.equipment.scrapped"


@dataclass(frozen=True, kw_only=True)
class PlanEnded(Fact):
    code: ClassVar[str] = "upkeep.plan.ended"
    subject_type: ClassVar[str] = "upkeep.plan"
    equipment: str
    task: str


@dataclass(frozen=True, kw_only=True)
class RoundFact(Fact):
    subject_type: ClassVar[str] = "upkeep.round"
    equipment: str
    task: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class RoundOpened(RoundFact):
    """A round of a plan falls due at `due_at`."""

    code: ClassVar[str] = "upkeep.round.opened"
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class RoundDone(RoundFact):
    """`case` is the matter that a defect was made."""

    code: ClassVar[str] = "upkeep.round.done"
    result: str
    case: str = ""


@dataclass(frozen=True, kw_only=True)
class RoundDropped(RoundFact):
    code: ClassVar[str] = "upkeep.round.dropped"


@dataclass(frozen=True, kw_only=True)
class ProjectFact(Fact):
    subject_type: ClassVar[str] = "upkeep.project"
    number: str
    title: str


@dataclass(frozen=True, kw_only=True)
class ProjectStarted(ProjectFact):
    code: ClassVar[str] = "upkeep.project.started"


@dataclass(frozen=True, kw_only=True)
class ProjectHandedIn(ProjectFact):
    code: ClassVar[str] = "upkeep.project.handed_in"


@dataclass(frozen=True, kw_only=True)
class ProjectVoided(ProjectFact):
    code: ClassVar[str] = "upkeep.project.voided"


@dataclass(frozen=True, kw_only=True)
class ProjectCompleted(ProjectFact):
    """`homes` counts the homes it touched in which somebody lives."""

    code: ClassVar[str] = "upkeep.project.completed"
    homes: int


@dataclass(frozen=True, kw_only=True)
class ProjectSentBack(ProjectFact):
    code: ClassVar[str] = "upkeep.project.sent_back"
    stage: str


@dataclass(frozen=True, kw_only=True)
class StageFact(Fact):
    subject_type: ClassVar[str] = "upkeep.stage"
    number: str
    stage: str


@dataclass(frozen=True, kw_only=True)
class StageStarted(StageFact):
    code: ClassVar[str] = "upkeep.stage.started"


@dataclass(frozen=True, kw_only=True)
class StageHandedIn(StageFact):
    code: ClassVar[str] = "upkeep.stage.handed_in"


@dataclass(frozen=True, kw_only=True)
class StageAccepted(StageFact):
    code: ClassVar[str] = "upkeep.stage.accepted"


@dataclass(frozen=True, kw_only=True)
class StageSentBack(StageFact):
    code: ClassVar[str] = "upkeep.stage.sent_back"


@dataclass(frozen=True, kw_only=True)
class HomeFinished(Fact):
    """A project that touched this home is completed: one event of the draw. `doer_id` ran the project."""

    code: ClassVar[str] = "upkeep.home.finished"
    subject_type: ClassVar[str] = "upkeep.home"
    number: str
    unit: str
    household_id: int
    doer_id: int
