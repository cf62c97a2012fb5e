"""Laying a sheet of old orders beside the estate: which homes and faults it means, what is here already, what does not fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from huiyin.areas.cases import queries as cases
from huiyin.areas.cases.models import Category
from huiyin.areas.cases.rules import Caller, PastCase
from huiyin.areas.estate.models import Estate, Household, Unit
from huiyin.areas.estate.rules.sheet import Problem
from huiyin.areas.estate.rules.units import read_unit
from huiyin.areas.past_cases.models import ImportedCase
from huiyin.areas.past_cases.rules import Told
from huiyin.areas.past_cases.rules.orders import SOURCE, Named, OrderLine, OrderLines
from huiyin.areas.repairs.rules import PastOrderTold

_BETWEEN = ("›", ">", "/", "/", "-", "—", "、")


@dataclass
class OrderPlan:
    """What taking a sheet in would do."""

    rows: int
    problems: list[Problem]
    unused: list[str]
    told: list[Told] = field(default_factory=list)
    known: int = 0
    still_open: int = 0
    homes: int = 0
    warranties: int = 0


@dataclass(frozen=True)
class _Here:
    """What the estate has, for looking up."""

    units: Mapping[str, int]
    households: Mapping[int, list[tuple[date, date | None, int]]]
    faults: Mapping[str, Category | None]
    classes: str


def compare(estate: Estate, sheet: OrderLines, *, zone: ZoneInfo) -> OrderPlan:
    """Lay the sheet beside the estate. A handful of queries, however long it is."""
    plan = OrderPlan(sheet.rows, list(sheet.problems), sheet.unused)
    about = ImportedCase.objects.filter(source__estate=estate, source__code=SOURCE)
    known = set(about.values_list("key", flat=True))
    here = _here(estate)
    for line in sheet.lines:
        if line.number in known:
            plan.known += 1
        elif wrong := _wrong(line, here, sheet.labels):
            plan.problems += wrong
        else:
            told = _told(line, here, zone)
            plan.told.append(told)
            plan.still_open += line.closed_at is None
            plan.homes += told.matter.unit_id is not None
            plan.warranties += line.warranty_to is not None
    for row in sheet.crooked:
        plan.problems += _wrong(row, here, sheet.labels)
    plan.problems.sort(key=lambda one: one.row)
    return plan


def _here(estate: Estate) -> _Here:
    households: dict[int, list[tuple[date, date | None, int]]] = {}
    for pk, unit_id, since, until in Household.objects.filter(estate=estate).values_list(
        "pk", "unit", "since_date", "until_date"
    ):
        households.setdefault(unit_id, []).append((since, until, pk))
    tree = cases.categories_of("repair", estate.pk)
    return _Here(
        units=dict(Unit.objects.filter(estate=estate).values_list("code", "pk")),
        households=households,
        faults=_faults(tree),
        classes="、".join(one.title for one in tree if one.parent_id is None),
    )


def _faults(tree: list[Category]) -> dict[str, Category | None]:
    """Name every category the ways people write it; None where a name means two."""
    titles = {one.pk: one.title for one in tree}
    found: dict[str, Category | None] = {}
    for one in tree:
        above = titles.get(one.parent_id or 0, "")
        for name in dict.fromkeys((one.code, one.title, f"{above}›{one.title}" if above else one.title)):
            found[name] = None if name in found and found[name] != one else one
    for one in tree:
        for word in one.keywords:
            found.setdefault(word, one)
    return found


def _wrong(line: OrderLine | Named, here: _Here, labels: Mapping[str, str]) -> list[Problem]:
    found = []
    if line.unit and _unit(line, here) is None:
        says = f"写的是“{line.unit[:20]}”,小区里没有这一户;先导入房屋,或把它写在「地点」里"
        found.append(Problem(line.row, labels["unit"], says))
    if line.fault and here.faults.get(_fault_key(line.fault)) is None:
        found.append(Problem(line.row, labels["fault"], _which_fault(line, here)))
    return found


def _told(line: OrderLine, here: _Here, zone: ZoneInfo) -> Told:
    unit_id = _unit(line, here)
    fault = here.faults[_fault_key(line.fault)] if line.fault else None
    return Told(
        key=line.number,
        label=fault.title if fault else "",
        matter=PastCase(
            kind="repair",
            text=line.text,
            opened_at=line.opened_at,
            caller=Caller(line.name, line.phone, _spelt(line.unit, here)),
            place=line.place,
            urgency=line.urgency,
            category_id=fault.pk if fault else None,
            unit_id=unit_id,
            household_id=_household(unit_id, line.opened_at, here, zone),
            answer=line.result,
            closed_at=line.closed_at,
        ),
        order=PastOrderTold(
            number=line.number,
            unit_id=unit_id,
            fault=fault.code if fault else "",
            dispatched_at=line.dispatched_at,
            arrived_at=line.arrived_at,
            finished_at=line.finished_at,
            accepted_at=line.accepted_at,
            technician=line.technician,
            charge=line.charge,
            amount=line.amount,
            materials=line.materials,
            warranty_to=line.warranty_to,
        ),
    )


def _unit(line: OrderLine | Named, here: _Here) -> int | None:
    return here.units.get(line.unit) or here.units.get(_code(line.unit))


def _spelt(unit: str, here: _Here) -> str:
    return unit if unit in here.units else _code(unit) if unit else ""


@lru_cache(maxsize=4096)
def _code(said: str) -> str:
    words = read_unit(said)
    return words.code if words else said


@lru_cache(maxsize=4096)
def _fault_key(said: str) -> str:
    """Write 给水 / 龙头 as the tree is named: 给水›龙头. A code keeps its dot."""
    for between in _BETWEEN:
        if between in said:
            above, _, below = said.partition(between)
            return f"{above.strip()}›{below.strip()}"
    return said


def _which_fault(line: OrderLine | Named, here: _Here) -> str:
    if _fault_key(line.fault) in here.faults:
        return f"写的是“{line.fault[:20]}”,有几个类别都叫这个,请写成「大类/名称」"
    return f"写的是“{line.fault[:20]}”,没有这个类别;可以写大类({here.classes}),或先在故障类别里加上"


def _household(unit_id: int | None, opened_at: datetime, here: _Here, zone: ZoneInfo) -> int | None:
    """Return who lived there on the day the order was registered."""
    day = opened_at.astimezone(zone).date()
    for since, until, pk in here.households.get(unit_id or 0, ()):
        if since <= day and (until is None or day <= until):
            return pk
    return None
