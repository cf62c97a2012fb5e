"""What is kept up without anybody calling: equipment, plans with their rounds, projects with their stages."""

from huiyin.areas.upkeep.models.equipment import Equipment, EquipmentKind, Overhaul, OverhaulKind
from huiyin.areas.upkeep.models.plans import Plan, Round
from huiyin.areas.upkeep.models.projects import Acceptance, Project, ProjectHome, Result, Stage

__all__ = [
    "Acceptance",
    "Equipment",
    "EquipmentKind",
    "Overhaul",
    "OverhaulKind",
    "Plan",
    "Project",
    "ProjectHome",
    "Result",
    "Round",
    "Stage",
]
