"""Reading prices, warranties and the terms of orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils.timezone import localdate

from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.estate.permissions import visible_to as visible_estates
from huiyin.areas.repairs.models import TariffItem, TariffSheet, Terms, Warranty, WorkOrder
from huiyin.areas.repairs.rules import tariff
from huiyin.areas.repairs.rules.warranties import FREE, Cover, Found, judge
from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right, require_whole
from huiyin.foundation.files.queries import open_for_download
from huiyin.foundation.tables import Table, read_tables

_CHARGE = "SELECT charge FROM repairs_terms WHERE order_id = %s ORDER BY id DESC LIMIT 1"
_TERMS = rows.Prepared(
    lambda order_id: (
        Terms.objects.filter(order=order_id)
        .select_related("warranty__order", "warranty__past_order", "decided_by")
        .order_by("-id")[:1]
    )
)


@dataclass(frozen=True)
class BuilderWarranty:
    """A building, since when it is handed over, and until when its builder answers for what (unit: for it alone)."""

    building: Building
    handed_over: date | None
    warranties: tuple[Warranty, ...]
    units: int = 0


def charge_of(order_id: int) -> str:
    """Return what the order was decided to be; free while nothing is decided. One small statement."""
    found = rows.read(_CHARGE, [order_id])
    return str(found[0][0]) if found and found[0][0] else FREE


def latest_terms(order: WorkOrder) -> Terms | None:
    """Return the terms that count: the newest."""
    return _TERMS.first(order.pk)


def prices_listed(
    estate_id: int, *, day: date, q: str = "", category: str = "", state: str = ""
) -> QuerySet[TariffItem]:
    """Return the posted prices for the list: those in force on the day, to come, or all there ever were."""
    found = TariffItem.objects.filter(estate=estate_id)
    if state == "coming":
        found = found.filter(valid_from__gt=day)
    elif state != "all":
        found = _in_force(found, day)
    if q:
        found = found.filter(Q(code__icontains=q) | Q(title__icontains=q))
    return found.filter(category=category) if category else found


def items_in_force(estate_id: int, *, day: date) -> list[TariffItem]:
    """Return what may be charged on the day: posted and in force, by category and code."""
    return list(_in_force(TariffItem.objects.filter(estate=estate_id), day).order_by("category", "code"))


def _in_force(found: QuerySet[TariffItem], day: date) -> QuerySet[TariffItem]:
    """Keep of each code the row that began last, while it has not run out."""
    begun = TariffItem.objects.filter(estate=OuterRef("estate"), code=OuterRef("code"), valid_from__lte=day)
    latest = Subquery(begun.order_by("-valid_from").values("pk")[:1])
    return found.annotate(latest=latest).filter(pk=F("latest")).filter(Q(valid_to=None) | Q(valid_to__gte=day))


def sheet_for(user: User, number: int) -> TariffSheet:
    """Return the sheet of prices if the user may; 404 out of sight, 403 without the right."""
    sheets = TariffSheet.objects.filter(estate__in=visible_estates(user))
    sheet = sheets.select_related("estate", "file", "made_by", "taken_by").filter(pk=number).first()
    if sheet is None:
        raise Http404
    require_right(user, "repairs.set_up", sheet.estate_id)
    require_whole(user, sheet.estate_id)
    return sheet


def sheets_of(estate: Estate, limit: int = 10) -> list[TariffSheet]:
    """Return the sheets handed in last."""
    return list(TariffSheet.objects.filter(estate=estate).select_related("file", "made_by").order_by("-pk")[:limit])


def sheet_tables(sheet: TariffSheet) -> list[Table]:
    """Read the tables of the file that was handed in. Refused when it cannot be read."""
    if sheet.file is None:
        return []
    with open_for_download(sheet.file).stream as kept:
        return list(read_tables(kept.read()))


def compared(estate_id: int, tables: Sequence[Table]) -> tuple[tariff.PriceSheet, tariff.Comparison]:
    """Return what was read from the tables and what taking it in would do now. Refused when nothing can be read."""
    sheet = tariff.read_prices(tables)
    codes = {line.code for line in sheet.lines}
    known = [
        tariff.KnownPrice(
            one.code,
            one.valid_from,
            (one.title, one.category, one.unit, one.price, one.valid_to, one.published_date),
        )
        for one in TariffItem.objects.filter(estate=estate_id)
        if one.code in codes
    ]
    return sheet, tariff.compare_prices(sheet, known)


def judged(
    order: WorkOrder, *, common: bool, part: str, at: datetime, seen_over: bool = False
) -> tuple[Found, Warranty | None]:
    """Look up the warranties of the order's place and say what they come to on the day."""
    case = order.case
    known = _warranties_of(case, before=order)
    covers = [
        Cover(
            one.pk,
            one.kind,
            one.part,
            one.fault,
            one.from_date,
            one.to_date,
            close=one.unit_id is not None,
        )
        for one in known.values()
    ]
    found = judge(
        covers,
        common=common,
        part=part,
        fault=case.category.code if case.category else "",
        day=localdate(at),
        handed_over=any(one.kind == "builder" and one.part == part for one in covers),
        seen_over=seen_over,
    )
    return found, known.get(found.cover.pk) if found.cover else None


def _warranties_of(case: Case, *, before: WorkOrder) -> dict[int, Warranty]:
    """Return by id the warranties of the case's unit and of its building, of the builder's the newest of each part."""
    if case.unit is None:
        return {}
    place = Q(unit=case.unit_id) | Q(building=case.unit.entrance.building_id)
    found = Warranty.objects.filter(place).exclude(order=before).select_related("order", "past_order").order_by("id")
    newest: dict[tuple[Any, ...], Warranty] = {}
    for one in found:
        key = (one.pk,) if one.kind == "own" else (one.unit_id, one.part)
        newest[key] = one
    return {one.pk: one for one in newest.values()}


def handovers(estate: Estate) -> list[BuilderWarranty]:
    """Return the buildings of the estate with what is known of the builder's warranties; units with their own are counted."""
    buildings = list(Building.objects.filter(estate=estate).order_by("code"))
    newest: dict[tuple[int, str], Warranty] = {}
    own: dict[int, set[int]] = {}
    found = Warranty.objects.filter(estate=estate, kind="builder").select_related("unit__entrance").order_by("id")
    for one in found:
        if one.unit is not None:
            own.setdefault(one.unit.entrance.building_id, set()).add(one.unit.pk)
        elif one.building_id is not None:
            newest[one.building_id, one.part] = one
    return [
        BuilderWarranty(
            building,
            max((one.from_date for (pk, _), one in newest.items() if pk == building.pk), default=None),
            tuple(one for (pk, _), one in newest.items() if pk == building.pk),
            len(own.get(building.pk, ())),
        )
        for building in sorted(buildings, key=lambda one: (len(one.code), one.code))
    ]


def building_of(estate: Estate, code: str) -> Building | None:
    return Building.objects.filter(estate=estate, code=code).first()
