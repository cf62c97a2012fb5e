"""Laying a sheet of items beside the catalogue: what it would add, what it would change, what does not fit."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import words
from huiyin.areas.materials.models import Item, Movement, Place
from huiyin.areas.materials.queries.prices import in_force
from huiyin.areas.materials.queries.stock import stores_of
from huiyin.areas.materials.rules import Band
from huiyin.areas.materials.rules.sheet import HEADERS, ItemLines, Problem, Sheet


@dataclass
class Figures:
    """How many are added, changed and left as they are."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass
class Comparison:
    """What a sheet comes to. `prices` and `openings` go by code."""

    rows: int
    problems: list[Problem]
    unused: list[str]
    new: list[ItemLines] = field(default_factory=list)
    changes: list[tuple[Item, ItemLines]] = field(default_factory=list)
    prices: dict[str, tuple[date, list[Band]]] = field(default_factory=dict)
    openings: dict[str, list[tuple[Place, Decimal]]] = field(default_factory=dict)
    known: dict[str, Item] = field(default_factory=dict)
    items: Figures = field(default_factory=Figures)
    priced: Figures = field(default_factory=Figures)
    stocked: Figures = field(default_factory=Figures)

    @property
    def does_nothing(self) -> bool:
        return not (self.new or self.changes or self.prices or self.openings)


def compare(estate: Estate, sheet: Sheet, *, today: date) -> Comparison:
    """Lay the sheet beside what the estate has."""
    found = Comparison(sheet.rows, list(sheet.problems), sheet.unused)
    found.known = {one.code: one for one in Item.objects.filter(estate=estate, code__in=list(sheet.items))}
    stores = {one.name: one for one in stores_of(estate.pk)}
    moved = _moved(estate, [one.pk for one in found.known.values()])
    for lines in sheet.items.values():
        item = found.known.get(lines.code)
        _look_at_item(found, lines, item)
        _look_at_prices(found, lines, item, today)
        for name, (row, quantity) in lines.openings.items():
            if name not in stores:
                there = f"现有{'、'.join(stores)};" if stores else ""
                _wrong(found, row, "store", f"没有叫「{name}」的库房。{there}新的请先在库存页建好")
            else:
                _look_at_opening(found, lines.code, stores[name], row, quantity, moved, item)
    found.problems.sort(key=lambda problem: problem.row)
    return found


def _look_at_item(found: Comparison, lines: ItemLines, item: Item | None) -> None:
    if item is None:
        for column in ("name", "unit"):
            if not getattr(lines, column):
                _wrong(found, lines.row, column, f"{lines.code} 是新材料,要写{HEADERS[column][0]}")
        if lines.up_to is not None and lines.up_to < (lines.least or 0):
            _wrong(found, lines.row, "up_to", "补到的数量不能比最低库存少")
        found.new.append(lines)
        found.items.added += 1
        return
    if lines.unit and lines.unit != item.unit:
        _wrong(found, lines.row, "unit", f"{lines.code} 一直按「{item.unit}」记账,不能改成「{lines.unit}」")
    if lines.up_to is not None and lines.up_to < (lines.least if lines.least is not None else item.least):
        _wrong(found, lines.row, "up_to", "补到的数量不能比最低库存少")
    said = {"name": lines.name or None, "spec": lines.spec, "least": lines.least, "up_to": lines.up_to}
    if any(value is not None and value != getattr(item, name) for name, value in said.items()):
        found.changes.append((item, lines))
        found.items.changed += 1
    else:
        found.items.unchanged += 1


def _look_at_prices(found: Comparison, lines: ItemLines, item: Item | None, today: date) -> None:
    if not lines.bands:
        return
    day = lines.valid_from or today
    bands = sorted(lines.bands, key=lambda band: band.from_quantity)
    before = in_force([item.pk], day=day).get(item.pk) if item else None
    if before == bands:
        found.priced.unchanged += 1
        return
    found.prices[lines.code] = (day, bands)
    if before:
        found.priced.changed += 1
    else:
        found.priced.added += 1


def _look_at_opening(
    found: Comparison,
    code: str,
    store: Place,
    row: int,
    quantity: Decimal,
    moved: dict[tuple[int, int], tuple[Decimal, bool]],
    item: Item | None,
) -> None:
    """Take an opening figure in once; where the item has moved in the store, only the same figure is let by."""
    known = moved.get((item.pk, store.pk)) if item else None
    if known is None:
        found.openings.setdefault(code, []).append((store, quantity))
        found.stocked.added += 1
    elif known == (quantity, True):
        found.stocked.unchanged += 1
    else:
        was = f"期初是 {words.quantity(known[0])}" if known[1] else "已经有进出"
        _wrong(found, row, "opening", f"{code} 在「{store.name}」{was},不能再改期初,请用盘点")


def _moved(estate: Estate, items: list[int]) -> dict[tuple[int, int], tuple[Decimal, bool]]:
    """Return, for each item and store that ever moved, its opening figure and whether it has one."""
    found: dict[tuple[int, int], tuple[Decimal, bool]] = {}
    about = Movement.objects.filter(Q(from_place__kind="store") | Q(to_place__kind="store"), item__in=items)
    for kind, item, origin, to, quantity in about.filter(estate=estate).values_list(
        "kind", "item", "from_place", "to_place", "quantity"
    ):
        for place in (origin, to):
            if place is not None:
                opening = kind == "opening"
                was = found.get((item, place), (Decimal(0), False))
                found[item, place] = (quantity, True) if opening else was
    return found


def _wrong(found: Comparison, row: int, column: str, says: str) -> None:
    found.problems.append(Problem(row, HEADERS[column][0], says))
