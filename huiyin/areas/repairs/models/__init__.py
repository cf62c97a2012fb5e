"""The tables of repairs."""

from huiyin.areas.repairs.models.follow import (
    Attitude,
    CommunicationNote,
    ContactChange,
    Materials,
    OrderCopies,
)
from huiyin.areas.repairs.models.incidents import BuildingHint, Incident, IncidentPlace
from huiyin.areas.repairs.models.orders import (
    Acceptance,
    LocationKind,
    WorkOrder,
)

__all__ = [
    "Acceptance",
    "Attitude",
    "BuildingHint",
    "CommunicationNote",
    "ContactChange",
    "Incident",
    "IncidentPlace",
    "LocationKind",
    "Materials",
    "OrderCopies",
    "WorkOrder",
]
