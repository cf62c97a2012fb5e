"""Facts about repairs."""

from huiyin.areas.repairs.events.dispatching import (
    DISPATCH_CHANGED,
    OrderOffered,
    OrderUngrabbed,
    TransferAsked,
    TransferDeclined,
    TransferWithdrawn,
)
from huiyin.areas.repairs.events.orders import (
    OrderAccepted,
    OrderAppointed,
    OrderArrived,
    OrderClosed,
    OrderDispatched,
    OrderFact,
    OrderFinished,
    OrderHeld,
    OrderRegistered,
    OrderResumed,
    OrderReturned,
    OrderReworked,
    OrderVoided,
)

__all__ = [
    "DISPATCH_CHANGED",
    "OrderAccepted",
    "OrderAppointed",
    "OrderArrived",
    "OrderClosed",
    "OrderDispatched",
    "OrderFact",
    "OrderFinished",
    "OrderHeld",
    "OrderOffered",
    "OrderRegistered",
    "OrderResumed",
    "OrderReturned",
    "OrderReworked",
    "OrderUngrabbed",
    "OrderVoided",
    "TransferAsked",
    "TransferDeclined",
    "TransferWithdrawn",
]
