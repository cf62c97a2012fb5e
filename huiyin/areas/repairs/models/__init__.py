"""The tables of repairs."""

from huiyin.areas.repairs.models.charging import (
    ChargeKind,
    TariffItem,
    TariffSheet,
    Terms,
    Warranty,
    WarrantyKind,
)
from huiyin.areas.repairs.models.dispatching import (
    DispatchMode,
    DispatchPolicy,
    FaultSkill,
    Offer,
    OfferState,
    Transfer,
    TransferState,
    Turn,
)
from huiyin.areas.repairs.models.follow import (
    Attitude,
    CommunicationNote,
    ContactChange,
    Materials,
    OrderCopies,
)
from huiyin.areas.repairs.models.incidents import (
    BuildingHint,
    Incident,
    IncidentPlace,
)
from huiyin.areas.repairs.models.orders import (
    Acceptance,
    LocationKind,
    WorkOrder,
)
from huiyin.areas.repairs.models.past import PastOrder
from huiyin.areas.repairs.models.quotes import (
    Accepted,
    Consent,
    ConsentCode,
    ConsentMode,
    Quote,
    QuoteLine,
    WorkStart,
)
from huiyin.areas.repairs.models.visits import (
    EntryMode,
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
    "Accepted",
    "Attitude",
    "BuildingHint",
    "ChargeKind",
    "CommunicationNote",
    "Consent",
    "ConsentCode",
    "ConsentMode",
    "ContactChange",
    "DispatchMode",
    "DispatchPolicy",
    "EntryMode",
    "FaultSkill",
    "Incident",
    "IncidentPlace",
    "LocationKind",
    "Materials",
    "Offer",
    "OfferState",
    "OrderCopies",
    "PastOrder",
    "PhotoStage",
    "Quote",
    "QuoteLine",
    "Spill",
    "TariffItem",
    "TariffSheet",
    "Terms",
    "Transfer",
    "TransferState",
    "Turn",
    "UnitEntry",
    "VisitCheck",
    "VisitPhoto",
    "VisitPlan",
    "VisitStage",
    "Warranty",
    "WarrantyKind",
    "WorkOrder",
    "WorkStart",
]
