"""Facts about visits: let in or not, and a floor that cleaning must see to."""

from dataclasses import dataclass
from typing import ClassVar

from huiyin.areas.repairs.events.orders import OrderFact
from huiyin.foundation.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class OrderLetIn(OrderFact):
    code: ClassVar[str] = "repairs.order.let_in"
    consent_mode: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderNotLetIn(OrderFact):
    code: ClassVar[str] = "repairs.order.not_let_in"


@dataclass(frozen=True, kw_only=True)
class FloorSoiled(Fact):
    """Told of the matter by which cleaning is sent: closing that one keeps what this opens."""

    code: ClassVar[str] = "repairs.floor.soiled"
    subject_type: ClassVar[str] = "cases.case"
    case_id: int
    order_id: int
