"""The tables of repairs."""

from huiyin.areas.repairs.models.dispatching import (
    DispatchMode,
    DispatchPolicy,
    Offer,
    OfferState,
    Transfer,
    TransferState,
    Turn,
)
from huiyin.areas.repairs.models.orders import (
    Acceptance,
    LocationKind,
    WorkOrder,
)

__all__ = [
    "Acceptance",
    "DispatchMode",
    "DispatchPolicy",
    "LocationKind",
    "Offer",
    "OfferState",
    "Transfer",
    "TransferState",
    "Turn",
    "WorkOrder",
]
