"""Taking in a sheet of units and residents: everything or nothing, in sets, the same sheet twice without a change."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from huiyin.areas.estate import events
from huiyin.areas.estate.models import Building, Entrance, Estate, Household, Occupancy, Person, Phone, Unit
from huiyin.areas.estate.operations import lines
from huiyin.areas.estate.queries.comparing import Plan, UnitPlan, compare
from huiyin.areas.estate.rules.names import initials_of
from huiyin.areas.estate.rules.phones import tail_of
from huiyin.areas.estate.rules.sheet import PersonLine, Sheet
from huiyin.foundation import bulk
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command

BATCH = 500
Tell = Callable[[int, int], None]


class SheetWrong(Refused):
    """Something in the sheet has to be put right first; nothing was taken in."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(f"{plan.problems[0].sentence}。共 {len(plan.problems)} 处要改,什么都没有导入")
        self.plan = plan


@command
def import_sheet(
    estate: Estate, sheet: Sheet, *, actor: User, at: datetime, today: date, source: str = "", tell: Tell | None = None
) -> Plan:
    """Take the sheet in and return what was done.

    The estate is compared anew inside the transaction, so that what was looked at before may have changed meanwhile.
    Refused as a whole when anything is wrong with a row. `tell` hears how many of the steps are done.
    """
    plan = compare(estate, sheet, today=today)
    if plan.problems:
        raise SheetWrong(plan)
    if not plan.does_nothing:
        _Import(estate, plan.plans, actor, at, today, tell or (lambda done, total: None)).carry_out()
        values = {
            "source": source,
            "units_added": plan.units.added,
            "units_changed": plan.units.changed,
            "people_added": plan.people.added,
            "people_changed": plan.people.changed,
        }
        lines.about_estate(estate, events.UNITS_IMPORTED, actor=actor, at=at, values=values)
    return plan


class _Import:
    """One import under way: the ids of what was made so far, for what hangs on it."""

    def __init__(
        self, estate: Estate, plans: Sequence[UnitPlan], actor: User, at: datetime, today: date, tell: Tell
    ) -> None:
        self.estate, self.plans, self.actor, self.at, self.today, self.tell = estate, plans, actor, at, today, tell
        self.unit_ids = {plan.lines.code: plan.known.pk for plan in plans if plan.known}

    def carry_out(self) -> None:
        steps = (
            self.open_units,
            self.change_units,
            self.let_leave,
            self.change_people,
            self.settle,
            self.record_past,
            self.write_journal,
        )
        for done, step in enumerate(steps):
            self.tell(done, len(steps))
            step()
        self.tell(len(steps), len(steps))

    def open_units(self) -> None:
        new = [plan.lines for plan in self.plans if plan.known is None]
        buildings = {one.code: one for one in Building.objects.filter(estate=self.estate)}
        for code in dict.fromkeys(one.building for one in new):
            if code not in buildings:
                buildings[code] = Building.objects.create(estate=self.estate, code=code)
        doors = {(one.building_id, one.code): one for one in Entrance.objects.filter(building__estate=self.estate)}
        for building, code in dict.fromkeys((buildings[one.building].pk, one.entrance) for one in new):
            if (building, code) not in doors:
                doors[building, code] = Entrance.objects.create(building_id=building, code=code)
        ids = dict(zip((one.code for one in new), bulk.reserve_ids(Unit, len(new)), strict=True))
        bulk.insert(
            Unit,
            ("id", "estate_id", "entrance_id", "code", "unit_no", "floor", "gross_area"),
            (
                (
                    ids[one.code],
                    self.estate.pk,
                    doors[buildings[one.building].pk, one.entrance].pk,
                    one.code,
                    one.unit_no,
                    one.floor,
                    one.gross_area,
                )
                for one in new
            ),
        )
        self.unit_ids |= ids

    def change_units(self) -> None:
        changes = [plan.change for plan in self.plans if plan.change]
        units = [Unit(pk=one.unit_id, floor=one.floor, gross_area=one.gross_area) for one in changes]
        Unit.objects.bulk_update(units, ["floor", "gross_area"], batch_size=BATCH)

    def let_leave(self) -> None:
        left = [(known, line) for plan in self.plans for known, line in plan.departures]
        gone = [
            Occupancy(pk=known.occupancy_id, since_date=line.since or known.since, until_date=line.until)
            for known, line in left
        ]
        Occupancy.objects.bulk_update(gone, ["since_date", "until_date"], batch_size=BATCH)
        ended = []
        for plan in self.plans:
            if plan.household and (until := plan.household_ends):
                since = min([plan.household.since, until, *(line.since for _, line in plan.departures if line.since)])
                ended.append(Household(pk=plan.household.pk, since_date=since, until_date=until))
        Household.objects.bulk_update(ended, ["since_date", "until_date"], batch_size=BATCH)

    def change_people(self) -> None:
        changes = [change for plan in self.plans for change in plan.changes]
        people = [
            Person(pk=one.known.person_id, salutation=one.salutation)
            for one in changes
            if one.salutation != one.known.salutation
        ]
        Person.objects.bulk_update(people, ["salutation"], batch_size=BATCH)
        stays = [
            Occupancy(pk=one.known.occupancy_id, kind=one.kind, since_date=one.since)
            for one in changes
            if (one.kind, one.since) != (one.known.kind, one.known.since)
        ]
        Occupancy.objects.bulk_update(stays, ["kind", "since_date"], batch_size=BATCH)
        moved = [
            Household(pk=plan.household.pk, since_date=plan.household_since)
            for plan in self.plans
            if plan.household and plan.household_since
        ]
        Household.objects.bulk_update(moved, ["since_date"], batch_size=BATCH)
        self._attach([(one.known.person_id, number) for one in changes for number in one.phones])

    def settle(self) -> None:
        """Let the arrivals move in: to the household that stays, or as a new one."""
        fresh = [plan for plan in self.plans if plan.arrivals and (plan.household is None or plan.household_ends)]
        households = self._households(
            [(plan, min(line.since or self.today for line in plan.arrivals), None) for plan in fresh]
        )
        at_home = {plan.lines.code: one for plan, one in zip(fresh, households, strict=True)}
        self._people(
            [
                (at_home.get(plan.lines.code) or plan.household.pk, line, line.since or self.today, None)  # type: ignore[union-attr]  # one of both
                for plan in self.plans
                for line in plan.arrivals
            ]
        )

    def record_past(self) -> None:
        """Record who lived there before: those who left on one day were one household."""
        stays: dict[tuple[str, date], tuple[UnitPlan, list[PersonLine]]] = {}
        for plan in self.plans:
            for line in plan.past:
                if line.until:
                    stays.setdefault((plan.lines.code, line.until), (plan, []))[1].append(line)
        households = self._households(
            [(plan, min(line.since or until for line in people), until) for (_, until), (plan, people) in stays.items()]
        )
        self._people(
            [
                (household, line, line.since or until, until)
                for household, ((_, until), (_, people)) in zip(households, stays.items(), strict=True)
                for line in people
            ]
        )

    def write_journal(self) -> None:
        journal.record_all(
            events.UNIT_IMPORTED,
            (
                (self.unit_ids[plan.lines.code], f"unit:{self.unit_ids[plan.lines.code]}", _said(plan))
                for plan in self.plans
            ),
            subject_type="estate.unit",
            estate_id=self.estate.pk,
            actor=self.actor,
            at=self.at,
        )

    def _households(self, stays: Sequence[tuple[UnitPlan, date, date | None]]) -> list[int]:
        ids = bulk.reserve_ids(Household, len(stays))
        bulk.insert(
            Household,
            ("id", "estate_id", "unit_id", "since_date", "until_date", "note"),
            (
                (pk, self.estate.pk, self.unit_ids[plan.lines.code], since, until, "")
                for pk, (plan, since, until) in zip(ids, stays, strict=True)
            ),
        )
        return ids

    def _people(self, stays: Sequence[tuple[int, PersonLine, date, date | None]]) -> None:
        ids = bulk.reserve_ids(Person, len(stays))
        settled = list(zip(ids, stays, strict=True))
        bulk.insert(
            Person,
            ("id", "estate_id", "name", "initials", "salutation"),
            (
                (pk, self.estate.pk, line.name, initials_of(line.name), line.salutation)
                for pk, (_, line, _, _) in settled
            ),
        )
        bulk.insert(
            Occupancy,
            ("household_id", "person_id", "kind", "since_date", "until_date"),
            ((household, pk, line.kind or "owner", since, until) for pk, (household, line, since, until) in settled),
        )
        self._attach([(pk, number) for pk, (_, line, _, _) in settled for number in line.phones])

    def _attach(self, numbers: Sequence[tuple[int, str]]) -> None:
        bulk.insert(
            Phone,
            ("estate_id", "person_id", "number", "tail"),
            ((self.estate.pk, person, number, tail_of(number)) for person, number in numbers),
        )


def _said(plan: UnitPlan) -> dict[str, Any]:
    """Say for the journal what the sheet did to the unit, people by number; of changes, the old and the new."""
    said: dict[str, Any] = {"code": plan.lines.code, "new": plan.known is None}
    if plan.change:
        old = plan.change.old
        said["changed"] = _differences((old.floor, plan.change.floor), (old.gross_area, plan.change.gross_area))
    if plan.arrivals:
        said["arrived"] = f"{len(plan.arrivals)} 人"
    if plan.departures:
        said["left"] = "、".join(f"#{known.person_id} {line.until}" for known, line in plan.departures)
    if plan.past:
        said["past"] = "、".join(f"{line.until}" for line in plan.past)
    if plan.changes:
        said["people"] = "、".join(
            f"#{one.known.person_id}:"
            + _differences(
                (one.known.kind, one.kind),
                (one.known.salutation, one.salutation),
                (one.known.since, one.since),
                (0, len(one.phones)),
            )
            for one in plan.changes
        )
    return said


def _differences(*pairs: tuple[object, object]) -> str:
    return ",".join(f"{'未填' if old in (None, '') else old} → {new}" for old, new in pairs if old != new and new)
