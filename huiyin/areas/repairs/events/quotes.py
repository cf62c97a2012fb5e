"""Facts about what a repair costs: terms, quotes, consents, the start of chargeable work."""

from dataclasses import dataclass
from typing import ClassVar

from huiyin.areas.repairs.events.orders import OrderFact


@dataclass(frozen=True, kw_only=True)
class OrderTermsSet(OrderFact):
    """`charge_decided` tells free or paid apart from not decided yet, which `charge` carries as free."""

    code: ClassVar[str] = "repairs.order.terms_set"
    outcome: str
    part: str
    charge_decided: str = ""
    over: bool = False
    survey: bool = False


@dataclass(frozen=True, kw_only=True)
class OrderQuoted(OrderFact):
    code: ClassVar[str] = "repairs.order.quoted"
    version: int
    total: str
    content_hash: str


@dataclass(frozen=True, kw_only=True)
class OrderConsented(OrderFact):
    code: ClassVar[str] = "repairs.order.consented"
    version: int
    mode: str
    content_hash: str


@dataclass(frozen=True, kw_only=True)
class OrderStarted(OrderFact):
    code: ClassVar[str] = "repairs.order.started"
    version: int


# Lines of the journal that nobody reacts to.
CODE_TOLD = "repairs.order.code_told"
CODE_WRONG = "repairs.order.code_wrong"
TARIFF_TAKEN_IN = "repairs.tariff.taken_in"
HANDED_OVER = "repairs.warranty.handed_over"
