"""Facts about giving out orders."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from huiyin.areas.repairs.events.orders import OrderFact


@dataclass(frozen=True, kw_only=True)
class OrderOffered(OrderFact):
    """The order lies open to whoever is fit and grabs it first, until a time."""

    code: ClassVar[str] = "repairs.order.offered"
    lapses_at: datetime


@dataclass(frozen=True, kw_only=True)
class OrderUngrabbed(OrderFact):
    """Nobody grabbed it in time: it is the lead's."""

    code: ClassVar[str] = "repairs.order.ungrabbed"


@dataclass(frozen=True, kw_only=True)
class TransferAsked(OrderFact):
    """Its technician asks a colleague to take it over; until then it stays."""

    code: ClassVar[str] = "repairs.order.transfer_asked"
    to_person: str
    to_person_id: int


@dataclass(frozen=True, kw_only=True)
class TransferDeclined(OrderFact):
    """The colleague does not take it over: it stays with its technician."""

    code: ClassVar[str] = "repairs.order.transfer_declined"
    to_person: str


@dataclass(frozen=True, kw_only=True)
class TransferWithdrawn(OrderFact):
    code: ClassVar[str] = "repairs.order.transfer_withdrawn"
    to_person: str


# Journal lines that nobody reacts to.
DISPATCH_CHANGED: Final = "repairs.dispatch_policy.changed"
SKILLS_CHANGED: Final = "repairs.fault_skill.changed"
