"""设备台账 by API."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Building
from huiyin.areas.upkeep import operations, queries
from huiyin.areas.upkeep.api.plans import PlanLine, plan_line
from huiyin.areas.upkeep.api.values import Amount
from huiyin.areas.upkeep.models import Equipment, EquipmentKind, OverhaulKind
from huiyin.areas.upkeep.states import EDIT, SEE, EquipmentStatus
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import AskedId, Body, Day, Id, Line, Note, Number, ValueRefused, Word

routes = Routes("upkeep", title="设备和维保")
Count = Annotated[int, Field(ge=1, le=99_999)]


class EquipmentLine(TypedDict):
    """A piece of equipment in the ledger."""

    id: int
    code: str
    name: str
    kind: str
    model: str
    quantity: int
    building_id: int | None
    place: str
    since_date: date | None
    status: str


class OverhaulLine(TypedDict):
    kind: str
    done_on: date
    what: str
    by_whom: str
    cost: str | None


class EquipmentWhole(EquipmentLine):
    """A piece of equipment with its plans and overhauls."""

    plans: list[PlanLine]
    overhauls: list[OverhaulLine]


class EquipmentMade(TypedDict):
    id: int


class EquipmentAsked(Asked):
    estate: Number
    text: Annotated[Word, Field(max_length=40)] = ""
    kind: EquipmentKind | None = None
    status: EquipmentStatus | None = None


class Described(Body):
    """What the ledger says of a piece that may change."""

    name: Annotated[Word, Field(max_length=60)]
    model: Annotated[Word, Field(max_length=60)] = ""
    quantity: Count = 1
    building_id: Id | None = None
    place: Annotated[Word, Field(max_length=80)] = ""
    since_date: Day | None = None


class EquipmentEntered(Described):
    estate: Number
    code: Annotated[Word, Field(min_length=1, max_length=30)]
    kind: EquipmentKind


class Overhauled(Body):
    kind: OverhaulKind
    done_on: Day
    what: Line
    by_whom: Annotated[Word, Field(max_length=80)]
    cost: Amount | None = None


@routes.read("/upkeep/equipment", right=SEE, says="设备台账", of=Page[EquipmentLine])
def equipment_list(request: HttpRequest, asked: Query[EquipmentAsked]) -> Page[EquipmentLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to=SEE)
    found = queries.listed_equipment(
        user, estate.pk, q=asked.text, kind=asked.kind or "", status=asked.status or ""
    ).order_by("code", "id")
    return page_of(found, asked, _piece)


@routes.read("/upkeep/equipment/{equipment_id}", right=SEE, says="一台设备", of=EquipmentWhole)
def equipment(request: HttpRequest, equipment_id: AskedId) -> EquipmentWhole:
    one = queries.equipment_for(signed_in(request), equipment_id, to=SEE)
    return {
        **_piece(one),
        "plans": [plan_line(plan) for plan in queries.plans_of(one)],
        "overhauls": [
            {
                "kind": done.kind,
                "done_on": done.done_on,
                "what": done.what,
                "by_whom": done.by_whom,
                "cost": None if done.cost is None else str(done.cost),
            }
            for done in queries.overhauls_of(one)
        ],
    }


@routes.act("/upkeep/equipment", right=EDIT, says="登记设备", of=EquipmentMade)
def enter_equipment(request: HttpRequest, said: EquipmentEntered) -> EquipmentMade:
    estate = estates.estate_for(signed_in(request), said.estate, to=EDIT)
    told = said.model_dump(exclude={"estate", "building_id", "kind"})
    building = _building(estate.pk, said.building_id)
    made = operations.enter_equipment(estate, **told, kind=said.kind.value, building=building, **acting(request))
    return {"id": made.pk}


@routes.act("/upkeep/equipment/{equipment_id}/change", right=EDIT, says="改设备资料")
def change_equipment(request: HttpRequest, equipment_id: AskedId, said: Described) -> None:
    one = queries.equipment_for(signed_in(request), equipment_id, to=EDIT)
    told = said.model_dump(exclude={"building_id"})
    operations.change_equipment(one, **told, building=_building(one.estate_id, said.building_id), **acting(request))


@routes.act("/upkeep/equipment/{equipment_id}/stop", right=EDIT, says="停用设备")
def stop_equipment(request: HttpRequest, equipment_id: AskedId, said: Note) -> None:
    one = queries.equipment_for(signed_in(request), equipment_id, to=EDIT)
    operations.stop_equipment(one, note=said.note, **acting(request))


@routes.act("/upkeep/equipment/{equipment_id}/restart", right=EDIT, says="恢复使用设备")
def restart_equipment(request: HttpRequest, equipment_id: AskedId) -> None:
    one = queries.equipment_for(signed_in(request), equipment_id, to=EDIT)
    operations.restart_equipment(one, **acting(request))


@routes.act("/upkeep/equipment/{equipment_id}/scrap", right=EDIT, says="报废设备")
def scrap_equipment(request: HttpRequest, equipment_id: AskedId, said: Note) -> None:
    one = queries.equipment_for(signed_in(request), equipment_id, to=EDIT)
    operations.scrap_equipment(one, note=said.note, **acting(request))


@routes.act("/upkeep/equipment/{equipment_id}/overhauls", right=EDIT, says="登记大中修")
def record_overhaul(request: HttpRequest, equipment_id: AskedId, said: Overhauled) -> None:
    one = queries.equipment_for(signed_in(request), equipment_id, to=EDIT)
    told = said.model_dump(exclude={"kind", "cost"})
    cost = None if said.cost is None else Decimal(said.cost)
    operations.record_overhaul(one, **told, kind=said.kind.value, cost=cost, **acting(request))


def _building(estate_id: int, building_id: int | None) -> Building | None:
    if building_id is None:
        return None
    found = next((one for one in queries.buildings_of(estate_id) if one.pk == building_id), None)
    if found is None:
        raise ValueRefused("本小区没有这栋楼")
    return found


def _piece(one: Equipment) -> EquipmentLine:
    return {
        "id": one.pk,
        "code": one.code,
        "name": one.name,
        "kind": one.kind,
        "model": one.model,
        "quantity": one.quantity,
        "building_id": one.building_id,
        "place": one.place,
        "since_date": one.since_date,
        "status": one.status,
    }
