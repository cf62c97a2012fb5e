"""Facts about repairs."""

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
    "OrderAccepted",
    "OrderAppointed",
    "OrderArrived",
    "OrderClosed",
    "OrderDispatched",
    "OrderFact",
    "OrderFinished",
    "OrderHeld",
    "OrderRegistered",
    "OrderResumed",
    "OrderReturned",
    "OrderReworked",
    "OrderVoided",
]
