"""The orders behind one number: named by its figure, its row and its column, as an address carries them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from huiyin.areas.cases.models import Urgency
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.queries.figures.again import AGAIN, FIXED, KNOWN, QUIET, WRONG, orders_again, orders_fixed
from huiyin.areas.repairs.queries.figures.cohorts import DAYS, LATER, OPEN, VOIDED, orders_of_cohort
from huiyin.areas.repairs.queries.figures.costs import BEHIND, orders_costing
from huiyin.areas.repairs.queries.figures.load import CARRIED, PROMISED, orders_carried
from huiyin.areas.repairs.queries.figures.on_time import HOW, orders_of_step
from huiyin.areas.repairs.queries.figures.scope import Scope, of_fault
from huiyin.foundation.accounts.models import User

ON_TIME, COHORTS, REWORK, FIRST_FIX, COSTS, LOAD = "on_time", "cohorts", "rework", "first_fix", "costs", "load"
# The columns of each figure that orders stand behind.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    ON_TIME: ("due", "failed", "judged", *HOW),
    COHORTS: ("kept", OPEN, VOIDED, LATER, *(str(days) for days in DAYS)),
    REWORK: ("all", "again", *AGAIN),
    FIRST_FIX: ("all", "judged", FIXED, *WRONG, QUIET, KNOWN),
    COSTS: tuple(BEHIND),
    LOAD: (*CARRIED, *PROMISED),
}


YEARS = range(2000, 2200)
# No id of a person is as long.
_LONG = 16


@dataclass(frozen=True)
class Place:
    """One number of a figure. `row`: urgency and step, class of fault, or technician; empty: all rows together."""

    figure: str
    row: str
    col: str

    @property
    def known(self) -> bool:
        """Tell whether there is such a number."""
        if self.col not in COLUMNS.get(self.figure, ()):
            return False
        if self.figure == ON_TIME:
            return _is_step(self.row)
        if self.figure == LOAD:
            return self.row.isdecimal() and len(self.row) < _LONG
        return self.figure != COHORTS or not self.row


def orders_behind(scope: Scope, place: Place) -> QuerySet[WorkOrder]:
    """Return the orders behind the number; none when there is no such number."""
    if not place.known:
        return scope.orders().none()
    if place.figure == ON_TIME:
        urgency, _, code = place.row.partition(":")
        return orders_of_step(scope, urgency=urgency, code=code, how="" if place.col == "due" else place.col)
    if place.figure == COHORTS:
        return orders_of_cohort(scope, place.col)
    if place.figure == LOAD:
        return orders_carried(scope, int(place.row), place.col)
    by_class = {REWORK: orders_again, FIRST_FIX: orders_fixed, COSTS: orders_costing}
    found = by_class[place.figure](scope, place.col)
    return found.filter(of_fault(place.row)) if place.row else found


@dataclass(frozen=True)
class Number:
    """A number of a figure as an address or a program names it: its place, its days, and what the figure is narrowed to."""

    place: Place
    first: date | None
    last: date | None
    building_id: int | None = None
    fault: str = ""

    @property
    def known(self) -> bool:
        """Tell whether there is such a number: an address may have been altered."""
        return self.place.known and all(day is not None and day.year in YEARS for day in (self.first, self.last))


def orders_of_number(user: User, estate_id: int, number: Number, *, at: datetime) -> QuerySet[WorkOrder]:
    """Return the orders behind the number, within the user's sight; none when there is no such number."""
    zone = timezone.get_current_timezone()
    days = (number.first, number.last) if number.known else (at.date(), at.date())
    first, last = (datetime.combine(day, time(), zone) for day in days if day)
    scope = Scope(
        user,
        estate_id,
        (first, last + timedelta(days=1)),
        at,
        building_id=number.building_id,
        fault=number.fault,
    )
    return orders_behind(scope, number.place) if number.known else scope.orders().none()


def _is_step(row: str) -> bool:
    urgency, colon, code = row.partition(":")
    return bool(colon and code) and urgency in Urgency.values
