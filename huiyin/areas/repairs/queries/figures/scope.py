"""What figures are counted over: whose sight, where, when. A figure and the list behind it begin with the same orders."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from huiyin.areas.repairs import states
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.permissions import visible_to
from huiyin.areas.repairs.queries.repeats import of_class
from huiyin.foundation.accounts.models import User
from huiyin.standards.outcomes import Span

# The row of the orders that have no category.
NO_CATEGORY = "-"
DONE = (states.OrderStatus.FINISHED, states.OrderStatus.CLOSED)
_STEP = timedelta(microseconds=1)


@dataclass(frozen=True)
class Scope:
    """Whose orders, of which estate, days (half-open), building, class or category of fault, and technician."""

    user: User
    estate_id: int
    span: Span
    at: datetime
    building_id: int | None = None
    fault: str = ""
    technician_id: int | None = None

    def orders(self) -> QuerySet[WorkOrder]:
        """Return the orders of the scope, whenever they were."""
        found = visible_to(self.user).filter(estate_id=self.estate_id)
        if self.building_id:
            found = found.filter(case__unit__entrance__building=self.building_id)
        if self.technician_id:
            found = found.filter(technician=self.technician_id)
        return found.filter(of_fault(self.fault)) if self.fault else found

    @property
    def due_span(self) -> Span:
        """The due times of these days: what is due at midnight belongs to the day that ends with it."""
        return self.span[0] + _STEP, self.span[1] + _STEP


def of_fault(code: str) -> Q:
    """Return the condition that an order is of this class or category, or of none at all."""
    return Q(case__category=None) if code == NO_CATEGORY else of_class(code)


def in_span(field: str, span: Span) -> Q:
    """Return the condition that a moment lies in the span."""
    return Q(**{f"{field}__gte": span[0], f"{field}__lt": span[1]})
