"""The desk's one search box: homes by unit, phone, name or initials.

Every look-up is a range on an index, written as comparisons: a LIKE would need another collation to use one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from huiyin.areas.estate.models import Estate, Occupancy, Person, Phone, Unit
from huiyin.areas.estate.queries.homes import Home, homes_of
from huiyin.areas.estate.rules import phones
from huiyin.areas.estate.rules.names import without_salutation
from huiyin.areas.estate.rules.units import UnitWords, read_unit, reading_order

AFTER_ALL = "\U0010ffff"  # sorts behind every character, so "王" … "王\U0010ffff" is all that begins with 王
LONGEST_ROOM = 5  # more figures in a row are a phone
Look = Callable[[int], Iterable[int]]


def find_homes(estate: Estate, text: str, limit: int = 12, only: Sequence[int] | None = None) -> list[Home]:
    """Find homes by what a caller says or a clerk begins to type, the best matches first.

    Understood are units in every spelling, phones (whole, from four digits on, or the last four), names (whole, begun)
    and initials. A part from the middle of a name is looked for only when nothing else is found: that one reads
    the index of the estate's names from end to end. `only`: nothing but homes in these buildings.
    """
    said = text.strip()
    found: dict[int, None] = {}
    where = _Where(estate, only)
    for look in _looks(where, said):
        if len(found) < limit:
            found |= dict.fromkeys(look(limit))
    if not found and len(said) >= 2 and not said.isascii():
        found |= dict.fromkeys(_homes_with(where.people.filter(name__contains=said), "name")(limit))
    numbers = list(found) if only is not None else list(found)[:limit]
    units = (
        where.within(Unit.objects.filter(pk__in=numbers), "entrance__building")
        .select_related("entrance__building")
        .in_bulk()
    )
    return homes_of([units[number] for number in numbers if number in units][:limit])


@dataclass(frozen=True)
class _Where:
    """The rows to look among: those of the estate, or of some of its buildings."""

    estate: Estate
    only: Sequence[int] | None

    @property
    def units(self) -> QuerySet[Unit]:
        return self.within(Unit.objects.filter(estate=self.estate), "entrance__building")

    @property
    def numbers(self) -> QuerySet[Phone]:
        found = Phone.objects.filter(estate=self.estate)
        return found if self.only is None else found.filter(person__in=self.people)

    @property
    def people(self) -> QuerySet[Person]:
        found = Person.objects.filter(estate=self.estate)
        if self.only is None:
            return found
        here = Occupancy.objects.filter(household__unit__entrance__building__in=self.only)
        return found.filter(pk__in=here.values("person"))

    def within(self, found: QuerySet[Any], building: str) -> QuerySet[Any]:
        return found if self.only is None else found.filter(**{f"{building}__in": self.only})


def _looks(where: _Where, said: str) -> Iterator[Look]:
    words = read_unit(said) if len(said) <= LONGEST_ROOM or not said.isdecimal() else None
    if words:
        yield from _units_said(where.units, words)
    digits = phones.digits_of(said)
    numbers = where.numbers
    # 3-2-1501 is a unit and 010-6555 a phone.
    if len(digits) >= 4 and not (words and words.building and digits[0] != "0" and len(digits) != 11):
        yield from _phones_said(numbers, digits)
    elif number := phones.read_phone(said):
        yield _homes_reached(numbers.filter(number=number))
    if said and not words and not digits:
        yield from _names_said(where.people, said)


def _units_said(units: QuerySet[Unit], words: UnitWords) -> Iterator[Look]:
    if words.building:
        yield _first(_begins(units, "code", words.code if words.unit_no else f"{words.code}-"), "code")
    if not words.unit_no:
        return
    behind = {"entrance__building__code": words.building, "entrance__code": words.entrance}
    said = units.filter(**{field: code for field, code in behind.items() if code})
    if not (words.building and words.entrance):
        yield _first(_begins(said, "unit_no", words.unit_no), "unit_no")
    if len(words.unit_no) == 3 and words.unit_no.isdecimal():
        yield _first(said.filter(unit_no=f"0{words.unit_no}"), "unit_no")


def _phones_said(numbers: QuerySet[Phone], digits: str) -> Iterator[Look]:
    if len(digits) == 4:
        yield _homes_reached(numbers.filter(tail=digits), "pk")
    for beginning in phones.beginnings(digits):
        yield _homes_reached(_begins(numbers, "number", beginning))
    if phones.LOCAL.fullmatch(digits):
        yield _homes_reached(numbers.filter(tail=digits[-4:], number__contains=f"-{digits}"), "pk")


def _names_said(people: QuerySet[Person], said: str) -> Iterator[Look]:
    letters = said.isascii() and said.isalpha()
    if letters:
        yield _homes_with(_begins(people, "initials", said.upper()), "initials")
    yield _homes_with(_begins(people, "name", said.capitalize() if letters else without_salutation(said)), "name")


def _begins(rows: QuerySet[Any], field: str, beginning: str) -> QuerySet[Any]:
    return rows.filter(**{f"{field}__gte": beginning, f"{field}__lt": beginning + AFTER_ALL})


def _first(units: QuerySet[Unit], order: str) -> Look:
    def look(limit: int) -> list[int]:
        found = units.order_by(order, "pk").values_list("unit_no", "code", "pk")[:limit]
        return [pk for _, _, pk in sorted(found, key=lambda one: (one[0], reading_order(one[1])))]

    return look


def _homes_reached(numbers: QuerySet[Phone], order: str = "number") -> Look:
    # The order is that of the index to be used: sorting by another would let the planner walk that one instead.
    return lambda limit: _lived_in(numbers.order_by(order).values("person")[: limit * 4], limit)


def _homes_with(people: QuerySet[Person], order: str) -> Look:
    return lambda limit: _lived_in(people.order_by(order).values("pk")[: limit * 4], limit)


def _lived_in(people: QuerySet[Any, Any], limit: int) -> list[int]:
    """Return the units where these people live now. The inner limit keeps a common surname from reading thousands."""
    present = Occupancy.objects.filter(person__in=people, until_date=None, household__until_date=None)
    return list(present.order_by("person__name", "pk").values_list("household__unit_id", flat=True)[:limit])
