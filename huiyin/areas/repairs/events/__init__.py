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
from huiyin.areas.repairs.events.visits import FloorSoiled, OrderLetIn, OrderNotLetIn

__all__ = [
    "FloorSoiled",
    "OrderAccepted",
    "OrderAppointed",
    "OrderArrived",
    "OrderClosed",
    "OrderDispatched",
    "OrderFact",
    "OrderFinished",
    "OrderHeld",
    "OrderLetIn",
    "OrderNotLetIn",
    "OrderRegistered",
    "OrderResumed",
    "OrderReturned",
    "OrderReworked",
    "OrderVoided",
]
