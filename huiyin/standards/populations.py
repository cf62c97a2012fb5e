"""Of whom quotas and duties speak: households, units, staff, zones, posts. The area that knows them registers its list.

A rule whose population nobody has registered waits.
"""

from collections.abc import Callable
from datetime import date

from huiyin.standards.rules.quota import Member

# How an event names the member it reaches: by which of its values.
NAMED_BY = {
    "households": "household_id",
    "units": "unit",
    "staff": "staff_id",
    "zones": "zone",
    "posts": "post",
    "household_classes": "household_class",
}
# For whom a periodic duty is due: `per` → population.
PER = {"zone": "zones", "post": "posts", "household_class": "household_classes"}
_KNOWN_TO = {
    "households": "estate",
    "units": "estate",
    "staff": "staffing",
    "zones": "staffing",
    "posts": "staffing",
    "household_classes": "household_visits",
}
List = Callable[[int, date], list[Member]]
_lists: dict[str, List] = {}


def listed_by(name: str, members: List) -> None:
    """Register who belongs to a population: estate, day → its members on that day."""
    assert name in NAMED_BY, name
    _lists[name] = members


def members_of(name: str, estate_id: int, day: date) -> list[Member] | None:
    """Return the members on that day; None when nobody knows this population."""
    return _lists[name](estate_id, day) if name in _lists else None


def area_lacking(name: str) -> str:
    """Return the area that would know this population; nothing when somebody has registered it."""
    return "" if name in _lists else _KNOWN_TO[name]
