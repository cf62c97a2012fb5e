"""A repair order of the time before, as another book tells it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PastOrderTold:
    """What an old order had besides its case. `fault` is the code of the case's category; `warranty_to` needs a home."""

    number: str
    unit_id: int | None
    fault: str
    dispatched_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    accepted_at: datetime | None
    technician: str
    charge: str
    amount: Decimal
    materials: str
    warranty_to: date | None

    @property
    def closed_at(self) -> datetime | None:
        return self.accepted_at or self.finished_at
