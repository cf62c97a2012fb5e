"""Material on the technician's phone, and that no order ends while something issued for it is open."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import operations as materials
from huiyin.areas.materials.models import Holding, Item, Movement, Place, Requisition
from huiyin.areas.materials.operations import NotSettled
from huiyin.areas.materials.rules import Want
from huiyin.areas.repairs import operations
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.operations import NotYourOrder, OrderUnderWay
from huiyin.areas.repairs.tests.factories import drawing, fresh, minutes, order_in
from huiyin.foundation.accounts.models import User
from tests.cast import AT, Cast

pytestmark = pytest.mark.usefixtures("standard", "home", "clock")
Browser = Callable[[User], Client]


@pytest.fixture
def store(estate: Estate, cast: Cast) -> Place:
    return materials.open_store(estate, name="总库房", actor=cast.director, at=AT)


@pytest.fixture
def tap(estate: Estate, cast: Cast, store: Place) -> Item:
    told: dict[str, Any] = {"actor": cast.director, "at": AT}
    item = materials.set_up_item(estate, code="SL-04", name="水龙头", unit="个", **told)
    materials.receive(item, store, Decimal(5), **told)
    return item


def issued(order: WorkOrder, store: Place, tap: Item, cast: Cast) -> Requisition:
    wants = [Want(tap.pk, Decimal(2))]
    slip = operations.ask_materials(order, store=store, wants=wants, actor=cast.technician, at=minutes(31))
    materials.issue(slip, {line.pk: line.asked for line in slip.lines.all()}, actor=cast.director, at=minutes(32))
    return slip


def page_of(browser: Client, order: WorkOrder) -> str:
    return str(browser.get(f"/repairs/mine/{order.number}/materials/").content.decode())


def test_an_order_is_neither_finished_nor_accepted_nor_voided_while_material_is_open(
    estate: Estate, cast: Cast, store: Place, tap: Item
) -> None:
    order = order_in("working", estate, cast)
    slip = issued(order, store, tap, cast)
    told: dict[str, Any] = {"actor": cast.technician, "at": minutes(40)}
    with pytest.raises(NotSettled, match="还有 2 个水龙头没有说明用了还是退了"):
        operations.finish(order, work_done="换了龙头", **told)
    with pytest.raises(NotSettled):
        operations.void_order(order, reason="不修了", actor=cast.lead, at=minutes(41))
    assert fresh(order).status == "working"
    [line] = slip.lines.all()
    said = {line.pk: materials.Accounted(Decimal(1), Decimal(1))}
    operations.account_materials(order, slip, said, **told)
    operations.finish(fresh(order), work_done="换了龙头", **told)
    operations.sign(fresh(order), drawing=drawing(), signer="王丽", actor=cast.technician, at=minutes(45))
    assert fresh(order).status == "closed"


def test_material_issued_after_the_finish_holds_the_signature(
    estate: Estate, cast: Cast, store: Place, tap: Item
) -> None:
    order = order_in("working", estate, cast)
    wants = [Want(tap.pk, Decimal(1))]
    slip = operations.ask_materials(order, store=store, wants=wants, actor=cast.technician, at=minutes(31))
    operations.finish(order, work_done="换了龙头", actor=cast.technician, at=minutes(40))
    materials.issue(slip, {line.pk: line.asked for line in slip.lines.all()}, actor=cast.director, at=minutes(41))
    with pytest.raises(NotSettled):
        operations.sign(fresh(order), drawing=drawing(), signer="王丽", actor=cast.technician, at=minutes(45))
    assert fresh(order).status == "finished"


def test_what_was_not_issued_is_voided_with_the_end(estate: Estate, cast: Cast, store: Place, tap: Item) -> None:
    order = order_in("working", estate, cast)
    wants = [Want(tap.pk, Decimal(1))]
    slip = operations.ask_materials(order, store=store, wants=wants, actor=cast.technician, at=minutes(31))
    operations.finish(order, work_done="没换,紧了一下", actor=cast.technician, at=minutes(40))
    assert Requisition.objects.get(pk=slip.pk).status == "asked"
    operations.sign(fresh(order), drawing=drawing(), signer="王丽", actor=cast.technician, at=minutes(45))
    assert Requisition.objects.get(pk=slip.pk).status == "voided"


@pytest.mark.parametrize("status", ["assigned", "finished", "closed"])
def test_material_is_fetched_only_while_the_order_is_worked_on(
    status: str, estate: Estate, cast: Cast, store: Place, tap: Item
) -> None:
    order = order_in(status, estate, cast)
    with pytest.raises(OrderUnderWay):
        operations.ask_materials(
            order, store=store, wants=[Want(tap.pk, Decimal(1))], actor=cast.technician, at=minutes(60)
        )
    assert not Requisition.objects.exists()


def test_only_who_fetched_it_says_what_became_of_it(estate: Estate, cast: Cast, store: Place, tap: Item) -> None:
    order = order_in("working", estate, cast)
    slip = issued(order, store, tap, cast)
    operations.dispatch(order, technician=cast.second_technician, actor=cast.lead, at=minutes(35), note="换人")
    [line] = slip.lines.all()
    said = {line.pk: materials.Accounted(used=Decimal(2))}
    with pytest.raises(NotYourOrder, match="李强领的"):
        operations.account_materials(order, slip, said, actor=cast.second_technician, at=minutes(36))


def test_the_phone_asks_and_accounts(estate: Estate, cast: Cast, store: Place, tap: Item, browser_of: Browser) -> None:
    order, browser = order_in("working", estate, cast), browser_of(cast.technician)
    assert "水龙头 · 库存 5 个" in page_of(browser, order)
    job = f"/repairs/mine/{order.number}/"
    half = browser.post(f"{job}materials/ask/", {"store": store.pk, "item_0": tap.pk})
    assert (half.status_code, "材料和数量要一起写" in half.content.decode()) == (422, True)
    answer = browser.post(f"{job}materials/ask/", {"store": store.pk, "item_0": tap.pk, "quantity_0": "2"})
    assert answer.status_code == 303
    slip = Requisition.objects.get()
    assert (slip.subject_label, slip.technician) == (order.number, cast.technician)
    materials.issue(slip, {line.pk: line.asked for line in slip.lines.all()}, actor=cast.director, at=AT)
    [line] = slip.lines.all()
    page = page_of(browser, order)
    assert re.search(r"还有 2 个没说明", page)
    too_many = browser.post(f"{job}materials/{slip.number}/", {f"used_{line.pk}": "2", f"returned_{line.pk}": "1"})
    assert too_many.status_code == 422
    assert "用的和退的加起来不能更多" in too_many.content.decode()
    finish = browser.post(f"{job}finish/", {"work_done": "换好了"})
    assert (finish.status_code, "还有 2 个水龙头" in finish.content.decode()) == (422, True)
    assert browser.post(f"{job}materials/{slip.number}/", {"everything": "1"}).status_code == 303
    assert Requisition.objects.get().status == "settled"
    assert "用在这里:水龙头" in page_of(browser, order)


def test_the_bag_is_used_on_an_order(estate: Estate, cast: Cast, store: Place, tap: Item, browser_of: Browser) -> None:
    slip = materials.ask(
        estate,
        technician=cast.technician,
        store=store,
        wants=[Want(tap.pk, Decimal(3))],
        actor=cast.technician,
        at=AT,
    )
    materials.issue(slip, {line.pk: line.asked for line in slip.lines.all()}, actor=cast.director, at=AT)
    order, browser = order_in("working", estate, cast), browser_of(cast.technician)
    assert "水龙头 · 包里 3 个" in page_of(browser, order)
    where = f"/repairs/mine/{order.number}/materials/use/"
    assert browser.post(where, {"item": tap.pk, "quantity": "4"}).status_code == 422
    assert browser.post(where, {"item": tap.pk, "quantity": "2"}).status_code == 303
    assert Movement.objects.get(kind="use").subject_id == order.pk
    assert Holding.objects.get(place__kind="bag").quantity == 1
