"""《固定资产台账》: what is registered, changed, handed over, set aside, repaired, scrapped, lost, found and checked. S2-77."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import events, queries, rules, states
from huiyin.areas.materials.models import FixedAsset
from huiyin.areas.materials.operations.moving import MaterialRefused
from huiyin.areas.materials.states import ENDED
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.money import figures
from huiyin.foundation.numbers.operations import next_number
from huiyin.foundation.states.moves import Move, perform
from huiyin.foundation.transactions import command, take_turn

_LABELS = {"name": "名称", "model": "型号", "value": "价值", "bought_date": "购置日期", "location": "存放地点"}


@command
def register_asset(
    estate: Estate,
    *,
    name: str,
    location: str,
    keeper: User,
    actor: User,
    at: datetime,
    number: str = "",
    model: str = "",
    value: Decimal | None = None,
    bought_date: date | None = None,
) -> FixedAsset:
    """Enter an asset. Without a number it is given the next of its day. `value` is in yuan.

    Refused without name, place or a keeper of this estate, for a number that is taken, a negative value or a day to come.
    """
    take_turn(f"assets {estate.pk}")
    number = number.strip()
    if number and FixedAsset.objects.filter(estate=estate, number=number).exists():
        raise MaterialRefused(f"资产编号 {number} 已经有了")
    _check_keeper(estate.pk, keeper)
    asset = FixedAsset(estate=estate, keeper=keeper)
    _describe(asset, name, model, value, bought_date, location, at=at)
    asset.number = number or _free_number(estate, localdate(at))
    asset.save()
    _tell(asset, events.ASSET_REGISTERED, {"keeper": keeper.name}, actor, at)
    return asset


@command
def change_asset(
    asset: FixedAsset,
    *,
    name: str,
    model: str,
    value: Decimal | None,
    bought_date: date | None,
    location: str,
    actor: User,
    at: datetime,
) -> None:
    """Change what the ledger says of an asset; its number stays, its keeper changes by handing over.

    Refused as registering it is, and once it is scrapped or lost.
    """
    _check_there(asset, "改资料")
    was = _said(asset)
    _describe(asset, name, model, value, bought_date, location, at=at)
    now = _said(asset)
    told = [f"{_LABELS[one]} {was[one] or '无'} → {now[one] or '无'}" for one in _LABELS if was[one] != now[one]]
    if not told:
        return
    asset.save(update_fields=list(_LABELS))
    _tell(asset, events.ASSET_CHANGED, {"changed": ";".join(told)}, actor, at)


@command
def hand_over_asset(asset: FixedAsset, *, keeper: User, actor: User, at: datetime, note: str = "") -> None:
    """Record that another colleague keeps the asset from now on.

    Refused once it is scrapped or lost, for who keeps it already, does not work here, or when it was handed on meanwhile.
    """
    _check_there(asset, "交接")
    _check_keeper(asset.estate_id, keeper)
    giver = asset.keeper
    if giver.pk == keeper.pk:
        raise MaterialRefused(f"{asset.title}已经由{keeper.name}保管")
    still = FixedAsset.objects.filter(pk=asset.pk, keeper=giver).exclude(status__in=ENDED)
    if still.update(keeper=keeper) != 1:
        raise MaterialRefused(f"{asset.title}刚有人动过,请刷新后再交接")
    asset.keeper = keeper
    fact = _of(asset, events.AssetHandedOver, giver=giver.name, taker=keeper.name)
    journal.announce(fact, actor=actor, at=at, note=note.strip())


@command
def set_aside_asset(asset: FixedAsset, *, actor: User, at: datetime, note: str = "") -> None:
    """Record that nobody uses the asset for now. Refused unless it is in use or under repair."""
    _move(asset, states.SET_ASIDE, events.AssetSetAside, actor, at, note)


@command
def put_back_asset(asset: FixedAsset, *, actor: User, at: datetime, note: str = "") -> None:
    """Record that the asset is in use again. Refused unless it was set aside or under repair."""
    _move(asset, states.PUT_BACK, events.AssetPutBack, actor, at, note)


@command
def send_asset_to_repair(asset: FixedAsset, *, actor: User, at: datetime, note: str = "") -> None:
    """Record that the asset is being repaired. Refused unless it is in use or set aside."""
    _move(asset, states.SEND_TO_REPAIR, events.AssetSentToRepair, actor, at, note)


@command
def scrap_asset(asset: FixedAsset, *, note: str, actor: User, at: datetime) -> None:
    """Take the asset off the books for good; it stays readable. Refused without a reason."""
    _move(asset, states.SCRAP, events.AssetScrapped, actor, at, note, reason=note.strip(), ended_at=at)


@command
def lose_asset(asset: FixedAsset, *, note: str, actor: User, at: datetime) -> None:
    """Record that the asset is gone. Refused without a reason. It may be found again."""
    _move(asset, states.LOSE, events.AssetLost, actor, at, note, reason=note.strip(), ended_at=at)


@command
def find_asset(asset: FixedAsset, *, actor: User, at: datetime, note: str = "") -> None:
    """Record that what was lost is there again; it is in use. Refused unless it was lost."""
    seen = {"reason": "", "ended_at": None, "checked_date": localdate(at)}
    _move(asset, states.FIND, events.AssetFound, actor, at, note, **seen)


@command
def check_asset(asset: FixedAsset, *, found: bool, actor: User, at: datetime, note: str = "") -> None:
    """Record that somebody looked for the asset: it was there, or it was not and is lost with the note as the reason.

    What was lost and is seen is found. Refused once it is scrapped, and when it was not there without a note.
    """
    if not found:
        lose_asset(asset, note=note, actor=actor, at=at)
    elif asset.status == states.AssetStatus.LOST:
        find_asset(asset, note=note, actor=actor, at=at)
    else:
        _seen(asset, actor=actor, at=at, note=note)


def _seen(asset: FixedAsset, *, actor: User, at: datetime, note: str) -> None:
    today = localdate(at)
    there = FixedAsset.objects.filter(pk=asset.pk).exclude(status__in=ENDED)
    if there.update(checked_date=today) != 1:
        asset.refresh_from_db(fields=["status"])
        raise MaterialRefused(f"{asset.title}已经{asset.get_status_display()},不用盘点")
    asset.checked_date = today
    _tell(asset, events.ASSET_CHECKED, {}, actor, at, note=note.strip())


def _move(
    asset: FixedAsset,
    move: Move,
    fact: type[events.AssetFact],
    actor: User,
    at: datetime,
    note: str,
    **fields: Any,
) -> None:
    perform(asset, move, actor=actor, at=at, note=note.strip(), fact=_of(asset, fact), **fields)


def _describe(
    asset: FixedAsset,
    name: str,
    model: str,
    value: Decimal | None,
    bought_date: date | None,
    location: str,
    *,
    at: datetime,
) -> None:
    if not (name.strip() and location.strip()):
        raise MaterialRefused("请写资产名称和存放地点")
    if value is not None and value < 0:
        raise MaterialRefused("价值不能小于 0")
    if bought_date and bought_date > localdate(at):
        raise MaterialRefused("购置日期不能晚于今天")
    asset.name, asset.model, asset.location = name.strip(), model.strip(), location.strip()
    asset.value, asset.bought_date = value, bought_date


def _said(asset: FixedAsset) -> dict[str, str]:
    return {
        "name": asset.name,
        "model": asset.model,
        "value": "" if asset.value is None else figures(asset.value),
        "bought_date": str(asset.bought_date or ""),
        "location": asset.location,
    }


def _check_there(asset: FixedAsset, what: str) -> None:
    asset.refresh_from_db(fields=["status"])
    if asset.ended:
        raise MaterialRefused(f"{asset.title}已经{asset.get_status_display()},不能再{what}")


def _check_keeper(estate_id: int, keeper: User) -> None:
    if keeper not in queries.possible_keepers(estate_id):
        raise MaterialRefused(f"{keeper.name}不在本小区工作,请换一位保管人")


def _free_number(estate: Estate, day: date) -> str:
    """Return the next number of the day that nobody has written by hand."""
    while True:
        number = rules.number_of(estate.code, "ZC", day, next_number(estate.pk, "asset", day))
        if not FixedAsset.objects.filter(estate=estate, number=number).exists():
            return number


def _of(asset: FixedAsset, fact: Any, **said: str) -> Any:
    return fact(subject_id=asset.pk, estate_id=asset.estate_id, thread=asset.thread, asset=asset.title, **said)


def _tell(asset: FixedAsset, kind: str, values: dict[str, str], actor: User, at: datetime, *, note: str = "") -> None:
    journal.record(
        kind,
        subject=(FixedAsset.journal_name, asset.pk),
        estate_id=asset.estate_id,
        actor=actor,
        at=at,
        thread=asset.thread,
        note=note,
        values={"asset": asset.title, **values},
    )
