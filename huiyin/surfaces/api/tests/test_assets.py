"""The ledger of fixed assets by API: registered, listed, handed over, checked, and the reasons for a refusal."""

from collections.abc import Callable
from typing import Any

import pytest

from huiyin.areas.materials.models import FixedAsset
from tests.programs import Program
from tests.world import World

Programs = Callable[..., Program]


@pytest.fixture
def program(world: World, program_of: Programs) -> Program:
    return program_of(world.cast.supervisor)


def said(world: World, **more: Any) -> dict[str, Any]:
    return {"estate": "YH", "name": "梯子", "location": "工具房", "keeper_id": world.cast.clerk.pk, **more}


def test_an_asset_is_registered_and_read_again(world: World, program: Program) -> None:
    made = program.post("/assets", said(world, number="KF-1", value="680.50", bought_date="2024-05-08"))
    assert made.status_code == 200, made.content
    asset = program.get(f"/assets/{made.json()['id']}").json()
    told = [asset[name] for name in ("number", "value", "bought_date", "keeper", "keeper_left", "status", "ended_at")]
    assert told == ["KF-1", "680.50", "2024-05-08", "陈晓", False, "in_use", None]
    found = program.get("/assets", estate="YH", text="梯").json()
    assert [one["number"] for one in found["items"]] == ["KF-1"]


def test_what_is_done_is_read_again(world: World, program: Program) -> None:
    where = f"/assets/{world.asset.pk}"
    for step, words in (
        ("hand-over", {"keeper_id": world.cast.butler.pk, "note": "配件齐全"}),
        ("change", {"name": "复印机", "location": "档案室", "value": "3299"}),
        ("repair", {}),
        ("check", {"found": False, "note": "柜子里没有"}),
    ):
        assert program.post(f"{where}/{step}", words).status_code == 200, step
    asset = program.get(where).json()
    told = [asset[name] for name in ("name", "value", "location", "keeper_id", "status", "reason")]
    assert told == ["复印机", "3299.00", "档案室", world.cast.butler.pk, "lost", "柜子里没有"]
    assert [one["id"] for one in program.get("/assets", estate="YH", status="lost").json()["items"]] == [world.asset.pk]


def test_what_cannot_be_is_refused_and_changes_nothing(world: World, program: Program) -> None:
    before = list(FixedAsset.objects.values())
    assert program.post("/assets", said(world, value="-1")).status_code == 422
    for path, words in (
        ("/assets", said(world, keeper_id=world.cast.outsider.pk)),
        ("/assets", said(world, number=world.asset.number)),
        (f"/assets/{world.asset.pk}/find", {}),
        (f"/assets/{world.asset.pk}/check", {"found": False}),
        (f"/assets/{world.asset.pk}/scrap", {"note": " "}),
    ):
        assert program.post(path, words).status_code in (409, 422), path
    assert list(FixedAsset.objects.values()) == before
