"""固定资产台账 by API."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest
from ninja import Query
from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from huiyin.areas.materials import operations, queries
from huiyin.areas.materials.api.values import estate_of
from huiyin.areas.materials.models import FixedAsset
from huiyin.areas.materials.permissions import COUNT, EDIT, SEE
from huiyin.areas.materials.queries.assets import EVERYTHING
from huiyin.areas.materials.states import AssetStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import AskedId, Body, Day, Flag, Id, Line, Note, Number, ValueRefused, Word

routes = Routes("materials", title="材料")
Value = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
Name = Annotated[Number, Field(max_length=60)]


class AssetLine(TypedDict):
    """A fixed asset. `value` is in yuan; `keeper_left` says that it still stands with somebody who has left."""

    id: int
    number: str
    name: str
    model: str
    value: str | None
    bought_date: date | None
    location: str
    keeper_id: int
    keeper: str
    keeper_left: bool
    status: str
    reason: str
    ended_at: str | None
    checked_date: date | None


class AssetMade(TypedDict):
    id: int
    number: str


class AssetsAsked(Asked):
    """What the list is narrowed to; without a status all are listed. `text` is a part of number, name, model or place."""

    estate: Number
    text: Annotated[Word, Field(max_length=40)] = ""
    status: AssetStatus | None = None
    keeper_id: AskedId | None = None


class AssetDescribed(Body):
    """What the ledger says of an asset that may change."""

    name: Name
    model: Annotated[Word, Field(max_length=60)] = ""
    value: Value | None = None
    bought_date: Day | None = None
    location: Annotated[Number, Field(max_length=80)]


class AssetNew(AssetDescribed):
    estate: Number
    number: Annotated[Word, Field(max_length=40)] = ""
    keeper_id: Id


class AssetHandedOver(Body):
    keeper_id: Id
    note: Line = ""


class AssetChecked(Body):
    """`note` is needed when it was not found: it is the reason why it is lost."""

    found: Flag
    note: Line = ""


class AssetWords(Body):
    note: Line = ""


@routes.read("/assets", right=SEE, says="固定资产台账", of=Page[AssetLine])
def assets(request: HttpRequest, asked: Query[AssetsAsked]) -> Page[AssetLine]:
    estate = estate_of(request, asked.estate, SEE)
    found = queries.listed_assets(
        signed_in(request),
        estate.pk,
        status=asked.status.value if asked.status else EVERYTHING,
        keeper=str(asked.keeper_id) if asked.keeper_id else "",
        q=asked.text,
    )
    return page_of(found.order_by("number", "id"), asked, _line)


@routes.read("/assets/{asset_id}", right=SEE, says="一件固定资产", of=AssetLine)
def asset(request: HttpRequest, asset_id: AskedId) -> AssetLine:
    return _line(_asset(request, asset_id, SEE))


@routes.act("/assets", right=COUNT, says="登记固定资产", of=AssetMade)
def register_asset(request: HttpRequest, said: AssetNew) -> AssetMade:
    estate = estate_of(request, said.estate, COUNT)
    told = said.model_dump(exclude={"estate", "keeper_id", "value"})
    keeper = _keeper(estate.pk, said.keeper_id)
    made = operations.register_asset(estate, **told, value=_value(said), keeper=keeper, **acting(request))
    return {"id": made.pk, "number": made.number}


@routes.act("/assets/{asset_id}/change", right=COUNT, says="改固定资产资料")
def change_asset(request: HttpRequest, asset_id: AskedId, said: AssetDescribed) -> None:
    one = _asset(request, asset_id, COUNT)
    told = said.model_dump(exclude={"value"})
    operations.change_asset(one, **told, value=_value(said), **acting(request))


@routes.act("/assets/{asset_id}/hand-over", right=COUNT, says="交接固定资产")
def hand_over_asset(request: HttpRequest, asset_id: AskedId, said: AssetHandedOver) -> None:
    one = _asset(request, asset_id, COUNT)
    keeper = _keeper(one.estate_id, said.keeper_id)
    operations.hand_over_asset(one, keeper=keeper, note=said.note, **acting(request))


@routes.act("/assets/{asset_id}/check", right=COUNT, says="盘点一件固定资产;没找到按遗失处理")
def check_asset(request: HttpRequest, asset_id: AskedId, said: AssetChecked) -> None:
    one = _asset(request, asset_id, COUNT)
    operations.check_asset(one, found=said.found, note=said.note, **acting(request))


@routes.act("/assets/{asset_id}/set-aside", right=COUNT, says="闲置固定资产")
def set_aside_asset(request: HttpRequest, asset_id: AskedId, said: AssetWords) -> None:
    operations.set_aside_asset(_asset(request, asset_id, COUNT), note=said.note, **acting(request))


@routes.act("/assets/{asset_id}/put-back", right=COUNT, says="恢复使用固定资产")
def put_back_asset(request: HttpRequest, asset_id: AskedId, said: AssetWords) -> None:
    operations.put_back_asset(_asset(request, asset_id, COUNT), note=said.note, **acting(request))


@routes.act("/assets/{asset_id}/repair", right=COUNT, says="送修固定资产")
def send_asset_to_repair(request: HttpRequest, asset_id: AskedId, said: AssetWords) -> None:
    operations.send_asset_to_repair(_asset(request, asset_id, COUNT), note=said.note, **acting(request))


@routes.act("/assets/{asset_id}/scrap", right=EDIT, says="报废固定资产")
def scrap_asset(request: HttpRequest, asset_id: AskedId, said: Note) -> None:
    operations.scrap_asset(_asset(request, asset_id, EDIT), note=said.note, **acting(request))


@routes.act("/assets/{asset_id}/lose", right=COUNT, says="报失固定资产")
def lose_asset(request: HttpRequest, asset_id: AskedId, said: Note) -> None:
    operations.lose_asset(_asset(request, asset_id, COUNT), note=said.note, **acting(request))


@routes.act("/assets/{asset_id}/find", right=COUNT, says="找回固定资产")
def find_asset(request: HttpRequest, asset_id: AskedId, said: AssetWords) -> None:
    operations.find_asset(_asset(request, asset_id, COUNT), note=said.note, **acting(request))


def _asset(request: HttpRequest, asset_id: int, right: str) -> FixedAsset:
    return queries.asset_for(signed_in(request), asset_id, to=right)


def _keeper(estate_id: int, keeper_id: int) -> User:
    found = next((one for one in queries.possible_keepers(estate_id) if one.pk == keeper_id), None)
    if found is None:
        raise ValueRefused("本小区没有这位同事")
    return found


def _value(said: AssetDescribed) -> Decimal | None:
    return None if said.value is None else Decimal(said.value)


def _line(one: FixedAsset) -> AssetLine:
    return {
        "id": one.pk,
        "number": one.number,
        "name": one.name,
        "model": one.model,
        "value": None if one.value is None else str(one.value),
        "bought_date": one.bought_date,
        "location": one.location,
        "keeper_id": one.keeper_id,
        "keeper": one.keeper.name,
        "keeper_left": one.keeper_left,
        "status": one.status,
        "reason": one.reason,
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        "checked_date": one.checked_date,
    }
