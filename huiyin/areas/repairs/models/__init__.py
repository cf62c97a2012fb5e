"""The tables of repairs."""

from huiyin.areas.repairs.models.charging import (
    ChargeKind,
    TariffItem,
    TariffSheet,
    Terms,
    Warranty,
    WarrantyKind,
)
from huiyin.areas.repairs.models.orders import (
    Acceptance,
    LocationKind,
    WorkOrder,
)
from huiyin.areas.repairs.models.quotes import (
    Accepted,
    Consent,
    ConsentCode,
    ConsentMode,
    Quote,
    QuoteLine,
    WorkStart,
)

__all__ = [
    "Acceptance",
    "Accepted",
    "ChargeKind",
    "Consent",
    "ConsentCode",
    "ConsentMode",
    "LocationKind",
    "Quote",
    "QuoteLine",
    "TariffItem",
    "TariffSheet",
    "Terms",
    "Warranty",
    "WarrantyKind",
    "WorkOrder",
    "WorkStart",
]
