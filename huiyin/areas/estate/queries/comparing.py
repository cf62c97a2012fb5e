"""What a sheet of units and residents would change: set look-ups over the estate, no query per row."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from huiyin.areas.estate.models import Estate, Household, Occupancy, Phone, Unit
from huiyin.areas.estate.rules.sheet import PersonLine, Problem, Sheet, UnitLines


@dataclass(slots=True)
class Tally:
    """How many the sheet would add, change, and leave as they are."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class KnownUnit:
    pk: int
    floor: int | None
    gross_area: Decimal | None


@dataclass(slots=True)
class KnownPerson:
    occupancy_id: int
    person_id: int
    name: str
    salutation: str
    kind: str
    since: date


@dataclass(slots=True)
class KnownHousehold:
    pk: int
    since: date
    people: dict[str, KnownPerson] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnitChange:
    unit_id: int
    floor: int | None
    gross_area: Decimal | None
    old: KnownUnit


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What of a known person becomes different; `phones` are the new ones only."""

    known: KnownPerson
    kind: str
    salutation: str
    since: date
    phones: tuple[str, ...]


@dataclass(slots=True)
class UnitPlan:
    """Everything the sheet would do to one unit."""

    lines: UnitLines
    known: KnownUnit | None
    change: UnitChange | None = None
    household: KnownHousehold | None = None
    household_since: date | None = None
    arrivals: list[PersonLine] = field(default_factory=list)
    changes: list[PersonChange] = field(default_factory=list)
    departures: list[tuple[KnownPerson, PersonLine]] = field(default_factory=list)
    past: list[PersonLine] = field(default_factory=list)

    @property
    def household_ends(self) -> date | None:
        """The day the household leaves, when the sheet lets all of its people leave."""
        if self.household and self.departures and len(self.departures) == len(self.household.people):
            return max(line.until for _, line in self.departures if line.until)
        return None

    @property
    def is_idle(self) -> bool:
        touched = self.change or self.arrivals or self.changes or self.departures or self.past or self.household_since
        return self.known is not None and not touched


@dataclass
class Plan:
    """What the sheet would do: unit by unit, in figures, and what stands in its way."""

    rows: int
    units: Tally
    people: Tally
    left_alone: int
    plans: list[UnitPlan]
    problems: list[Problem]
    unused: list[str]

    @property
    def does_nothing(self) -> bool:
        return not self.plans


@dataclass
class _Known:
    """The estate as it is, by what a sheet says."""

    units: dict[str, KnownUnit]
    households: dict[int, KnownHousehold]
    phones: dict[int, set[str]]
    past: set[tuple[int, str, date | None]]


def compare(estate: Estate, sheet: Sheet, *, today: date) -> Plan:
    """Say what the sheet would add and change in the estate. Nothing that the sheet leaves open is ever emptied."""
    known = _known(estate, with_past=any(one.until for unit in sheet.units.values() for one in unit.people))
    plan = Plan(sheet.rows, Tally(), Tally(), 0, [], list(sheet.problems), sheet.unused)
    for code, lines in sheet.units.items():
        one = _plan_unit(lines, known, plan, today, known.units.get(code))
        if not one.is_idle:
            plan.plans.append(one)
    plan.left_alone = len(known.units) - plan.units.changed - plan.units.unchanged
    plan.problems.sort(key=lambda problem: problem.row)
    return plan


def _known(estate: Estate, *, with_past: bool) -> _Known:
    units = {
        code: KnownUnit(pk, floor, area)
        for code, pk, floor, area in Unit.objects.filter(estate=estate).values_list("code", "pk", "floor", "gross_area")
    }
    households = {
        unit: KnownHousehold(pk, since)
        for unit, pk, since in Household.objects.filter(estate=estate, until_date=None).values_list(
            "unit_id", "pk", "since_date"
        )
    }
    people = Occupancy.objects.filter(household__estate=estate, household__until_date=None, until_date=None)
    for unit, pk, person_id, name, salutation, kind, since in people.values_list(
        "household__unit_id", "pk", "person_id", "person__name", "person__salutation", "kind", "since_date"
    ):
        households[unit].people[name] = KnownPerson(pk, person_id, name, salutation, kind, since)
    phones: dict[int, set[str]] = {}
    for person_id, number in Phone.objects.filter(estate=estate).values_list("person_id", "number"):
        phones.setdefault(person_id, set()).add(number)
    past: set[tuple[int, str, date | None]] = set()
    if with_past:
        gone = Occupancy.objects.filter(household__estate=estate, until_date__isnull=False)
        past = set(gone.values_list("household__unit_id", "person__name", "until_date"))
    return _Known(units, households, phones, past)


def _plan_unit(lines: UnitLines, known: _Known, plan: Plan, today: date, unit: KnownUnit | None) -> UnitPlan:
    one = UnitPlan(lines, unit)
    if unit is None:
        plan.units.added += 1
    else:
        floor = unit.floor if lines.floor is None else lines.floor
        area = unit.gross_area if lines.gross_area is None else lines.gross_area
        if (floor, area) != (unit.floor, unit.gross_area):
            one.change = UnitChange(unit.pk, floor, area, unit)
        plan.units.changed += one.change is not None
        plan.units.unchanged += one.change is None
        one.household = known.households.get(unit.pk)
    staying = {line.name for line in lines.people if line.until is None}
    for line in lines.people:
        if line.until is None:
            _plan_present(line, one, known, plan)
        else:
            _plan_past(line, one, known, plan, staying)
    _check_owner(one, plan, staying)
    _plan_since(one)
    return one


def _plan_present(line: PersonLine, one: UnitPlan, known: _Known, plan: Plan) -> None:
    person = one.household.people.get(line.name) if one.household else None
    if person is None:
        one.arrivals.append(line)
        plan.people.added += 1
        return
    change = PersonChange(
        person,
        kind=line.kind or person.kind,
        salutation=line.salutation or person.salutation,
        since=line.since or person.since,
        phones=tuple(number for number in line.phones if number not in known.phones.get(person.person_id, ())),
    )
    same = (change.kind, change.salutation, change.since) == (person.kind, person.salutation, person.since)
    if same and not change.phones:
        plan.people.unchanged += 1
        return
    one.changes.append(change)
    plan.people.changed += 1


def _plan_past(line: PersonLine, one: UnitPlan, known: _Known, plan: Plan, staying: set[str]) -> None:
    assert line.until is not None
    person = one.household.people.get(line.name) if one.household else None
    if one.known and (one.known.pk, line.name, line.until) in known.past:
        plan.people.unchanged += 1
    elif person is None or line.name in staying:
        one.past.append(line)
        plan.people.added += 1
    elif line.until < (line.since or person.since):
        says = f"写的是“{line.until}”,登记的入住日期是 {person.since};请把入住日期也写上"
        plan.problems.append(Problem(line.row, "迁出日期", says))
    else:
        one.departures.append((person, line))
        plan.people.changed += 1


def _check_owner(one: UnitPlan, plan: Plan, staying: set[str]) -> None:
    """A new owner beside one the sheet does not name is a sale that nobody told us the end of."""
    new = next((line for line in one.arrivals if line.kind in ("owner", "")), None)
    if new is None or one.household is None or one.household_ends:
        return
    leaving = {person.name for person, _ in one.departures}
    owners = [person.name for person in one.household.people.values() if person.kind == "owner"]
    if owners and not set(owners) & (staying | leaving):
        says = f"{one.lines.code} 登记的业主是{'、'.join(owners)};换了业主,请给原业主也写一行并填迁出日期"
        plan.problems.append(Problem(new.row, "姓名", says))


def _plan_since(one: UnitPlan) -> None:
    """Let the household begin when the first of its people came, as the sheet now has it."""
    if one.household is None or one.household_ends:
        return
    changed = {change.known.name: change.since for change in one.changes}
    before = [person.since for person in one.household.people.values()]
    after = [changed.get(person.name, person.since) for person in one.household.people.values()]
    after += [line.since for line in one.arrivals if line.since]
    earliest = min(after, default=one.household.since)
    follows = before and min(before) == one.household.since
    if earliest < one.household.since or (follows and changed and earliest != one.household.since):
        one.household_since = earliest
