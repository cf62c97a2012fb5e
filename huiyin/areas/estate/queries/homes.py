"""Units with the people in them, and buildings with their units."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from huiyin.areas.estate.models import Building, Entrance, Estate, Household, Occupancy, Person, Phone, Unit
from huiyin.areas.estate.rules.units import counting_order
from huiyin.foundation.rows import Prepared

_RANK = {kind.value: rank for rank, kind in enumerate(Occupancy.Kind)}


@dataclass(frozen=True)
class Resident:
    """A person in a household: what they are there, since when, and how they are reached."""

    occupancy: Occupancy
    phones: tuple[str, ...]

    @property
    def person(self) -> Person:
        return self.occupancy.person

    @property
    def kind(self) -> Occupancy.Kind:
        return Occupancy.Kind(self.occupancy.kind)

    @property
    def since_date(self) -> date:
        return self.occupancy.since_date

    @property
    def until_date(self) -> date | None:
        return self.occupancy.until_date


@dataclass(frozen=True)
class Home:
    """A unit with who lives in it now: nobody, or one household. Owners come first."""

    unit: Unit
    household: Household | None
    people: tuple[Resident, ...]


@dataclass(frozen=True)
class PastHousehold:
    household: Household
    people: tuple[Resident, ...]


@dataclass(frozen=True)
class HouseholdCard:
    """Who lives in a unit, who of them has left, and which households were there before."""

    unit: Unit
    household: Household | None
    people: tuple[Resident, ...]
    gone: tuple[Resident, ...]
    earlier: tuple[PastHousehold, ...]


@dataclass(frozen=True)
class BuildingRow:
    """A building with what is in it, in figures."""

    building: Building
    entrances: int
    units: int
    lived_in: int


def units_count(estate: Estate) -> int:
    return Unit.objects.filter(estate=estate).count()


def buildings_of(estate: Estate, only: Collection[int] | None = None) -> list[BuildingRow]:
    """Return the buildings (of these, when named) in the order people count them, each with its figures. Three queries."""
    units = _tally(Unit.objects.filter(estate=estate), "entrance__building")
    lived_in = _tally(Household.objects.filter(estate=estate, until_date=None), "unit__entrance__building")
    buildings = {one.pk: one for one in Building.objects.filter(estate=estate) if only is None or one.pk in only}
    doors = _tally(Entrance.objects.filter(building__estate=estate), "building")
    return [
        BuildingRow(one, doors.get(one.pk, 0), units.get(one.pk, 0), lived_in.get(one.pk, 0))
        for one in sorted(buildings.values(), key=lambda one: counting_order(one.code))
    ]


def entrances_of(building: Building) -> list[tuple[Entrance, list[Home]]]:
    """Return the entrances of the building with their homes, top floor first. Five queries."""
    entrances = sorted(building.entrances.all(), key=lambda one: counting_order(one.code))
    units = Unit.objects.filter(entrance__building=building).select_related("entrance__building")
    behind: dict[int, list[Home]] = {entrance.pk: [] for entrance in entrances}
    for home in homes_of(sorted(units, key=_top_first)):
        behind[home.unit.entrance_id].append(home)
    return [(entrance, behind[entrance.pk]) for entrance in entrances]


def homes_of(units: Sequence[Unit]) -> list[Home]:
    """Return these units with who lives in them now, in the same order. Three queries, however many."""
    numbers = [unit.pk for unit in units]
    households = {one.unit_id: one for one in Household.objects.filter(unit_id__in=numbers, until_date=None)}
    people = _people_in(Q(household__in=[one.pk for one in households.values()], until_date=None))
    homes = []
    for unit in units:
        household = households.get(unit.pk)
        homes.append(Home(unit, household, tuple(people.get(household.pk, ())) if household else ()))
    return homes


def people_of(homes: Iterable[Home]) -> list[Person]:
    """Return everybody who lives in these homes."""
    return [one.person for home in homes for one in home.people]


_HOUSEHOLDS = Prepared(lambda unit_id: Household.objects.filter(unit=unit_id).order_by("-since_date", "-id"))
_OCCUPANCIES = Prepared(
    lambda unit_id: Occupancy.objects.filter(household__unit=unit_id).select_related("person").order_by()
)
_PHONES = Prepared(
    lambda unit_id: Phone.objects.filter(person__occupancies__household__unit=unit_id).distinct().order_by("id")
)


def household_card(unit: Unit) -> HouseholdCard:
    """Return who lives in the unit now and who did before, the latest first. Three queries."""
    households = _HOUSEHOLDS.all(unit.pk)
    occupancies = _OCCUPANCIES.all(unit.pk)
    people = _by_household(occupancies, _PHONES.all(unit.pk) if occupancies else ())
    present = next((one for one in households if one.until_date is None), None)
    known = people.get(present.pk, []) if present else []
    return HouseholdCard(
        unit=unit,
        household=present,
        people=tuple(one for one in known if one.until_date is None),
        gone=tuple(one for one in known if one.until_date is not None),
        earlier=tuple(PastHousehold(one, tuple(people.get(one.pk, ()))) for one in households if one is not present),
    )


def _people_in(which: Q) -> dict[int, list[Resident]]:
    """Return people by household: owners first, then by who came first."""
    occupancies = list(Occupancy.objects.filter(which).select_related("person"))
    phones = Phone.objects.filter(person__in=[one.person_id for one in occupancies]).order_by("id")
    return _by_household(occupancies, phones)


def _by_household(occupancies: Iterable[Occupancy], phones: Iterable[Phone]) -> dict[int, list[Resident]]:
    numbers: dict[int, list[str]] = {}
    for phone in phones:
        numbers.setdefault(phone.person_id, []).append(phone.number)
    people: dict[int, list[Resident]] = {}
    for one in sorted(occupancies, key=lambda one: (_RANK[one.kind], one.since_date, one.pk)):
        people.setdefault(one.household_id, []).append(Resident(one, tuple(numbers.get(one.person_id, ()))))
    return people


def _tally(rows: QuerySet[Unit] | QuerySet[Household] | QuerySet[Entrance], by: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(by).annotate(Count("pk")))


def _top_first(unit: Unit) -> tuple[int, tuple[int, int, str]]:
    return (-(unit.floor or 0), counting_order(unit.unit_no))
