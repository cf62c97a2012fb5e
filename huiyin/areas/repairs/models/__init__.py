"""The tables of repairs."""

from huiyin.areas.repairs.models.orders import (
    Acceptance,
    LocationKind,
    WorkOrder,
)
from huiyin.areas.repairs.models.visits import (
    ConsentMode,
    PhotoStage,
    Spill,
    UnitEntry,
    VisitCheck,
    VisitPhoto,
    VisitPlan,
    VisitStage,
)

__all__ = [
    "Acceptance",
    "ConsentMode",
    "LocationKind",
    "PhotoStage",
    "Spill",
    "UnitEntry",
    "VisitCheck",
    "VisitPhoto",
    "VisitPlan",
    "VisitStage",
    "WorkOrder",
]
