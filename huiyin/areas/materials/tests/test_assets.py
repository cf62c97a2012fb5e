"""The ledger of fixed assets: every cell of its states, what is refused, what the journal keeps, what the database forbids."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import operations, queries, states
from huiyin.areas.materials.invariants import INVARIANTS
from huiyin.areas.materials.models import FixedAsset
from huiyin.areas.materials.operations import MaterialRefused
from huiyin.areas.materials.states import AssetStatus
from huiyin.areas.staffing import operations as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import Move
from tests.cast import AT, Cast

Act = Callable[[FixedAsset, User], None]


def bought(estate: Estate, keeper: User, actor: User, **said: Any) -> FixedAsset:
    told: dict[str, Any] = {"name": "打印机", "location": "前台", **said}
    return operations.register_asset(estate, keeper=keeper, actor=actor, at=AT, **told)


def asset_in(status: str, estate: Estate, keeper: User, actor: User) -> FixedAsset:
    asset = bought(estate, keeper, actor)
    if status != "in_use":
        move = next(move for move in states.ASSET_MOVES if move.target == status)
        STEPS[move](asset, actor)
    return asset


def fresh(asset: FixedAsset) -> FixedAsset:
    return FixedAsset.objects.select_related("keeper", "estate").get(pk=asset.pk)


def lines(asset: FixedAsset) -> list[Entry]:
    return list(Entry.objects.filter(thread=asset.thread).order_by("id"))


STEPS: dict[Move, Act] = {
    states.SET_ASIDE: lambda one, actor: operations.set_aside_asset(one, actor=actor, at=AT),
    states.PUT_BACK: lambda one, actor: operations.put_back_asset(one, actor=actor, at=AT),
    states.SEND_TO_REPAIR: lambda one, actor: operations.send_asset_to_repair(one, actor=actor, at=AT),
    states.SCRAP: lambda one, actor: operations.scrap_asset(one, note="用坏了", actor=actor, at=AT),
    states.LOSE: lambda one, actor: operations.lose_asset(one, note="找不到", actor=actor, at=AT),
    states.FIND: lambda one, actor: operations.find_asset(one, actor=actor, at=AT),
}


@pytest.mark.parametrize("status", AssetStatus.values)
@pytest.mark.parametrize("move", states.ASSET_MOVES, ids=lambda move: move.code)
def test_every_cell(move: Move, status: str, estate: Estate, cast: Cast, keeper: User) -> None:
    asset = asset_in(status, estate, cast.clerk, keeper)
    if status in move.sources:
        STEPS[move](asset, keeper)
        assert fresh(asset).status == move.target
        return
    before = (FixedAsset.objects.values().get(pk=asset.pk), len(lines(asset)))
    with pytest.raises(Refused), transaction.atomic():
        STEPS[move](asset, keeper)
    assert (FixedAsset.objects.values().get(pk=asset.pk), len(lines(asset))) == before


def test_every_status_can_be_reached() -> None:
    assert {"in_use", *(move.target for move in states.ASSET_MOVES)} == set(AssetStatus.values)


def test_without_a_number_the_next_free_one_of_the_day_is_given(estate: Estate, cast: Cast, keeper: User) -> None:
    bought(estate, cast.clerk, keeper, number="YH-ZC261125-002")
    given = [bought(estate, cast.clerk, keeper).number for _ in range(2)]
    assert given == ["YH-ZC261125-001", "YH-ZC261125-003"]


def test_a_refused_registration_leaves_no_gap(estate: Estate, cast: Cast, keeper: User) -> None:
    for wrong in (
        {"name": " "},
        {"location": ""},
        {"value": Decimal(-1)},
        {"bought_date": AT.date() + timedelta(days=1)},
    ):
        with pytest.raises(MaterialRefused):
            bought(estate, cast.clerk, keeper, **wrong)
    assert bought(estate, cast.clerk, keeper).number == "YH-ZC261125-001"
    assert bought(estate, cast.clerk, keeper, bought_date=AT.date(), value=Decimal(0)).value == 0


def test_a_number_stands_once_in_an_estate(estate: Estate, cast: Cast, keeper: User) -> None:
    bought(estate, cast.clerk, keeper, number="KF-1")
    with pytest.raises(MaterialRefused, match="资产编号 KF-1 已经有了"):
        bought(estate, cast.clerk, keeper, number=" KF-1 ")
    other = Estate.objects.exclude(pk=estate.pk).get()
    assert bought(other, cast.outsider, cast.outsider, number="KF-1").number == "KF-1"


def test_only_who_works_here_may_keep_an_asset(estate: Estate, cast: Cast, keeper: User) -> None:
    with pytest.raises(MaterialRefused, match="不在本小区工作"):
        bought(estate, cast.outsider, keeper)
    asset = bought(estate, cast.clerk, keeper)
    staffing.let_go(cast.butler, estate_id=estate.pk, actor=cast.director, at=AT)
    with pytest.raises(MaterialRefused, match="周敏不在本小区工作"):
        operations.hand_over_asset(asset, keeper=User.objects.get(pk=cast.butler.pk), actor=keeper, at=AT)
    assert fresh(asset).keeper == cast.clerk


def test_a_change_keeps_what_stood_there_before(estate: Estate, cast: Cast, keeper: User) -> None:
    asset = bought(estate, cast.clerk, keeper, number="KF-1", model="M1")
    said: dict[str, Any] = {"name": "打印机", "model": "M2", "value": Decimal("1234.5"), "bought_date": AT.date()}
    operations.change_asset(asset, **said, location="前台", actor=keeper, at=AT)
    operations.change_asset(fresh(asset), **said, location="前台", actor=keeper, at=AT)
    first, changed = lines(asset)
    assert (first.kind, first.values["keeper"]) == ("materials.asset.registered", "陈晓")
    assert changed.values["changed"] == "型号 M1 → M2;价值 无 → 1,234.50;购置日期 无 → 2026-11-25"
    assert (fresh(asset).value, fresh(asset).number) == (Decimal("1234.50"), "KF-1")


def test_handing_over_says_who_gave_and_who_took(estate: Estate, cast: Cast, keeper: User) -> None:
    asset = bought(estate, cast.clerk, keeper)
    stale = fresh(asset)
    operations.hand_over_asset(asset, keeper=cast.butler, note="配件齐全", actor=keeper, at=AT)
    last = lines(asset)[-1]
    assert (last.kind, last.values["giver"], last.values["taker"], last.note) == (
        "materials.asset.handed_over",
        "陈晓",
        "周敏",
        "配件齐全",
    )
    with pytest.raises(MaterialRefused, match="已经由周敏保管"):
        operations.hand_over_asset(asset, keeper=cast.butler, actor=keeper, at=AT)
    with pytest.raises(MaterialRefused, match="刚有人动过"):
        operations.hand_over_asset(stale, keeper=cast.lead, actor=keeper, at=AT)
    assert fresh(asset).keeper == cast.butler


@pytest.mark.parametrize("status", states.ENDED)
def test_what_is_off_the_books_stays_as_it_was(status: str, estate: Estate, cast: Cast, keeper: User) -> None:
    asset = asset_in(status, estate, cast.clerk, keeper)
    said: dict[str, Any] = {"name": "别的", "model": "", "value": None, "bought_date": None, "location": "别处"}
    with pytest.raises(MaterialRefused, match="不能再改资料"):
        operations.change_asset(asset, **said, actor=keeper, at=AT)
    with pytest.raises(MaterialRefused, match="不能再交接"):
        operations.hand_over_asset(asset, keeper=cast.butler, actor=keeper, at=AT)
    kept = fresh(asset)
    assert (kept.name, kept.keeper, kept.ended_at) == ("打印机", cast.clerk, AT)


def test_scrapping_and_losing_ask_for_a_reason(estate: Estate, cast: Cast, keeper: User) -> None:
    asset = bought(estate, cast.clerk, keeper)
    for act in (operations.scrap_asset, operations.lose_asset):
        with pytest.raises(Refused, match="请写明"):
            act(asset, note=" ", actor=keeper, at=AT)
    operations.scrap_asset(asset, note=" 用坏了 ", actor=keeper, at=AT)
    assert (fresh(asset).reason, lines(asset)[-1].note) == ("用坏了", "用坏了")


def test_a_check_finds_loses_and_finds_again(estate: Estate, cast: Cast, keeper: User) -> None:
    asset = bought(estate, cast.clerk, keeper)
    operations.check_asset(asset, found=True, note="有划痕", actor=keeper, at=AT)
    assert (fresh(asset).checked_date, fresh(asset).status) == (AT.date(), "in_use")
    with pytest.raises(Refused, match="请写明"):
        operations.check_asset(asset, found=False, actor=keeper, at=AT)
    operations.check_asset(asset, found=False, note="柜子里没有", actor=keeper, at=AT + timedelta(days=1))
    lost = fresh(asset)
    assert (lost.status, lost.reason, lost.checked_date) == ("lost", "柜子里没有", AT.date())
    operations.check_asset(lost, found=True, actor=keeper, at=AT + timedelta(days=2))
    back = fresh(asset)
    assert (back.status, back.reason, back.ended_at) == ("in_use", "", None)
    assert back.checked_date == AT.date() + timedelta(days=2)
    steps = [line.kind.rpartition(".")[2] for line in lines(asset)]
    assert steps == ["registered", "checked", "lost", "found"]


def test_a_check_leaves_the_status_and_refuses_what_is_scrapped(estate: Estate, cast: Cast, keeper: User) -> None:
    away = asset_in("repairing", estate, cast.clerk, keeper)
    operations.check_asset(away, found=True, actor=keeper, at=AT)
    assert fresh(away).status == "repairing"
    stale = fresh(away)
    operations.scrap_asset(away, note="用坏了", actor=keeper, at=AT)
    with pytest.raises(MaterialRefused, match="已经报废,不用盘点"):
        operations.check_asset(stale, found=True, actor=keeper, at=AT)


def test_what_a_leaver_keeps_stays_visible(estate: Estate, cast: Cast, keeper: User) -> None:
    mine, gone = bought(estate, cast.butler, keeper), bought(estate, cast.butler, keeper)
    bought(estate, cast.clerk, keeper)
    operations.scrap_asset(gone, note="用坏了", actor=keeper, at=AT)
    assert not queries.listed_assets(keeper, estate.pk, keeper="left").exists()
    staffing.let_go(cast.butler, estate_id=estate.pk, actor=cast.director, at=AT)
    assert list(queries.listed_assets(keeper, estate.pk, keeper="left")) == [mine]
    assert (fresh(mine).keeper_left, fresh(gone).keeper_left) == (True, False)
    assert cast.butler in queries.keepers_of(estate.pk)
    operations.hand_over_asset(fresh(mine), keeper=cast.clerk, actor=keeper, at=AT)
    assert not queries.listed_assets(keeper, estate.pk, keeper="left").exists()


def test_the_list_is_narrowed_and_added_up(estate: Estate, cast: Cast, keeper: User) -> None:
    bought(estate, cast.clerk, keeper, number="A-1", value=Decimal("10.10"))
    bought(estate, cast.clerk, keeper, number="A-2", name="梯子", location="工具房")
    bought(estate, cast.lead, keeper, number="A-3", value=Decimal("20.20"), model="M428")
    idle = bought(estate, cast.lead, keeper, number="A-4", value=Decimal(100))
    operations.set_aside_asset(idle, actor=keeper, at=AT)
    lost = bought(estate, cast.lead, keeper, number="A-5", value=Decimal(100))
    operations.lose_asset(lost, note="没有了", actor=keeper, at=AT)

    def listed(**asked: str) -> list[str]:
        found = queries.listed_assets(keeper, estate.pk, **asked)
        return list(found.order_by("number").values_list("number", flat=True))

    assert listed() == ["A-1", "A-2", "A-3", "A-4"]
    assert listed(status="all") == ["A-1", "A-2", "A-3", "A-4", "A-5"]
    assert (listed(status="lost"), listed(status="idle")) == (["A-5"], ["A-4"])
    assert listed(keeper=str(cast.lead.pk), status="all") == ["A-3", "A-4", "A-5"]
    assert (listed(q="m428"), listed(q="工具"), listed(q="梯")) == (["A-3"], ["A-2"], ["A-2"])
    summed = queries.in_use(queries.listed_assets(keeper, estate.pk, status="all"))
    assert (summed.count, summed.value, summed.unvalued) == (3, Decimal("30.30"), 1)
    assert not queries.listed_assets(cast.outsider, estate.pk, status="all").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "gone"},
        {"status": "lost"},
        {"status": "scrapped", "reason": "旧"},
        {"reason": "没有报废"},
        {"ended_at": AT},
        {"value": Decimal(-1)},
        {"name": ""},
        {"location": ""},
        {"number": ""},
        {"number": "KF-1"},
    ],
    ids=str,
)
def test_the_database_holds_it_too(wrong: dict[str, Any], estate: Estate, cast: Cast, keeper: User) -> None:
    bought(estate, cast.clerk, keeper, number="KF-1")
    asset = bought(estate, cast.clerk, keeper, number="KF-2")
    with pytest.raises(IntegrityError), transaction.atomic():
        FixedAsset.objects.filter(pk=asset.pk).update(**wrong)


def test_the_verification_reads_the_status_out_of_the_journal(estate: Estate, cast: Cast, keeper: User) -> None:
    holds = next(one for one in INVARIANTS if one.code == "material.asset")
    for status in AssetStatus.values:
        asset_in(status, estate, cast.clerk, keeper)
    back = asset_in("lost", estate, cast.clerk, keeper)
    operations.find_asset(back, actor=keeper, at=AT)
    found = holds.check(at=AT)
    assert (found.looked_at, found.violations) == (6, 0)
    FixedAsset.objects.filter(pk=back.pk).update(status="idle")
    assert holds.check(at=AT).violations == 1
