"""What the lead arranges for the desk by API: hints for buildings, fault categories of the estate's own."""

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.timezone import localdate
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases import queries as case_queries
from huiyin.areas.cases.models import Category, Urgency
from huiyin.areas.cases.rules import CATEGORY_TITLE, OwnCategory
from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import BuildingHint, LocationKind
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import AskedId, Body, Day, Id, Line, Number, ValueRefused, Word

routes = Routes("repairs", title="维修")


class HintLine(TypedDict):
    id: int
    text: str
    building_id: int | None
    category_id: int | None
    since_date: date
    until_date: date | None


class FaultLine(TypedDict):
    """A fault category; `own` are the estate's."""

    id: int
    code: str
    title: str
    parent_id: int | None
    own: bool
    keywords: list[str]
    suggests: dict[str, str]


class FaultList(TypedDict):
    items: list[FaultLine]


class ArrangementMade(TypedDict):
    id: int


class HintsAsked(Asked):
    estate: Number
    show: Literal["", "all"] = ""


class HintNew(Body):
    estate: Number
    text: Line
    since_date: Day
    until_date: Day | None = None
    building_id: Id | None = None
    category_id: Id | None = None


class FaultNew(Body):
    """A category of the estate's own, below the class of this title."""

    estate: Number
    below: Annotated[Word, Field(max_length=60)]
    title: Annotated[Word, Field(max_length=CATEGORY_TITLE)]
    keywords: Annotated[list[Word], Field(max_length=30)] = []
    location_kind: LocationKind | None = None
    urgency: Urgency | None = None


class FaultRetired(Body):
    note: Line


@routes.read("/hints", right="repairs.arrange", says="给前台的提示", of=Page[HintLine])
def hints(request: HttpRequest, asked: Query[HintsAsked]) -> Page[HintLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="repairs.arrange")
    return page_of(queries.hints(user, estate.pk, show=asked.show, on=localdate()), asked, _hint)


@routes.act("/hints", right="repairs.arrange", says="写提示", of=ArrangementMade, status=201)
def hint_write(request: HttpRequest, said: HintNew) -> ArrangementMade:
    estate = estates.estate_for(signed_in(request), said.estate, to="repairs.arrange")
    known = [row.building for row in estates.buildings_of(estate)] if said.building_id else []
    building = next((one for one in known if one.pk == said.building_id), None)
    if said.building_id and building is None:
        raise ValueRefused("本小区没有这栋楼")
    hint = operations.write_hint(
        estate,
        text=said.text,
        since_date=said.since_date,
        until_date=said.until_date,
        building=building,
        category=_category(estate, said.category_id),
        **acting(request),
    )
    return {"id": hint.pk}


@routes.act("/hints/{hint_id}/withdraw", right="repairs.arrange", says="撤下提示")
def hint_withdraw(request: HttpRequest, hint_id: AskedId) -> None:
    hint = queries.hint_for(signed_in(request), hint_id, to="repairs.arrange")
    operations.withdraw_hint(hint, **acting(request))


@routes.read("/faults", right="repairs.arrange", says="故障类别", of=FaultList)
def faults(request: HttpRequest, estate: Number) -> FaultList:
    place = estates.estate_for(signed_in(request), estate, to="repairs.arrange")
    return {"items": [_fault(one) for one in case_queries.categories_of("repair", place.pk)]}


@routes.act("/faults", right="repairs.arrange", says="加故障类别", of=ArrangementMade, status=201)
def fault_add(request: HttpRequest, said: FaultNew) -> ArrangementMade:
    estate = estates.estate_for(signed_in(request), said.estate, to="repairs.arrange")
    new = OwnCategory(
        "repair", said.below, said.title, tuple(said.keywords), said.location_kind or "", said.urgency or ""
    )
    return {"id": cases.add_category(estate, new, **acting(request)).pk}


@routes.act("/faults/{category_id}/retire", right="repairs.arrange", says="停用故障类别")
def fault_retire(request: HttpRequest, category_id: AskedId, said: FaultRetired) -> None:
    category = case_queries.own_category_for(signed_in(request), category_id, to="repairs.arrange")
    cases.retire_category(category, note=said.note, **acting(request))


def _category(estate: Estate, category_id: int | None) -> Category | None:
    found = next((one for one in case_queries.categories_of("repair", estate.pk) if one.pk == category_id), None)
    if category_id and found is None:
        raise ValueRefused("没有这个报修分类")
    return found


def _hint(one: BuildingHint) -> HintLine:
    return {
        "id": one.pk,
        "text": one.text,
        "building_id": one.building_id,
        "category_id": one.category_id,
        "since_date": one.since_date,
        "until_date": one.until_date,
    }


def _fault(one: Category) -> FaultLine:
    return {
        "id": one.pk,
        "code": one.code,
        "title": one.title,
        "parent_id": one.parent_id,
        "own": one.estate_id is not None,
        "keywords": one.keywords,
        "suggests": one.suggests,
    }
