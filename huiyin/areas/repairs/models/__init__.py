"""The tables of repairs."""

from huiyin.areas.repairs.models.orders import (
    Acceptance,
    LocationKind,
    WorkOrder,
)

__all__ = [
    "Acceptance",
    "LocationKind",
    "WorkOrder",
]
