"""Facts about work orders."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from huiyin.foundation.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class OrderFact(Fact):
    """`keyed_at` is when it reached us, if later than it happened; `on_behalf_of` whose step the desk keyed in."""

    subject_type: ClassVar[str] = "repairs.order"
    case_id: int
    urgency: str
    location_kind: str
    fault: str = ""
    size: str = "ordinary"
    charge: str = "free"
    unit: str = ""
    household_id: int | None = None
    anonymous: bool = False
    doer_id: int | None = None
    keyed_at: datetime | None = None
    on_behalf_of: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderRegistered(OrderFact):
    code: ClassVar[str] = "repairs.order.registered"


@dataclass(frozen=True, kw_only=True)
class OrderDispatched(OrderFact):
    """`how` it came to them when the lead did not choose: grab, rotation, transfer."""

    code: ClassVar[str] = "repairs.order.dispatched"
    to_person: str = ""
    how: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderAccepted(OrderFact):
    code: ClassVar[str] = "repairs.order.accepted"


@dataclass(frozen=True, kw_only=True)
class OrderAppointed(OrderFact):
    code: ClassVar[str] = "repairs.order.appointed"
    appointment_from: datetime
    appointment_to: datetime
    minutes: int | None = None
    work: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderReturned(OrderFact):
    code: ClassVar[str] = "repairs.order.returned"


@dataclass(frozen=True, kw_only=True)
class OrderArrived(OrderFact):
    code: ClassVar[str] = "repairs.order.arrived"


@dataclass(frozen=True, kw_only=True)
class OrderHeld(OrderFact):
    code: ClassVar[str] = "repairs.order.held"
    wakes_at: datetime
    why: str = "other"


@dataclass(frozen=True, kw_only=True)
class OrderResumed(OrderFact):
    code: ClassVar[str] = "repairs.order.resumed"


@dataclass(frozen=True, kw_only=True)
class OrderFinished(OrderFact):
    code: ClassVar[str] = "repairs.order.finished"


@dataclass(frozen=True, kw_only=True)
class OrderReworked(OrderFact):
    code: ClassVar[str] = "repairs.order.reworked"


@dataclass(frozen=True, kw_only=True)
class OrderClosed(OrderFact):
    code: ClassVar[str] = "repairs.order.closed"
    acceptance: str = ""
    written_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OrderVoided(OrderFact):
    code: ClassVar[str] = "repairs.order.voided"
