"""Material on the technician's phone, and that no order ends while something issued for it is open."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
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
from huiyin.foundation.journal.models import Entry
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


def in_the_bag(estate: Estate, cast: Cast, store: Place, tap: Item, pieces: int) -> None:
    wants = [Want(tap.pk, Decimal(pieces))]
    slip = materials.ask(estate, technician=cast.technician, store=store, wants=wants, actor=cast.technician, at=AT)
    materials.issue(slip, {line.pk: line.asked for line in slip.lines.all()}, actor=cast.director, at=AT)


def later(moment: datetime, key: str, **said: object) -> dict[str, object]:
    """What a phone sends that was without a signal: when it happened, and the key of the first sending."""
    return {"happened_at": moment.isoformat(), "idempotency_key": key, **said}


def test_what_was_written_down_without_a_signal_keeps_both_times(
    estate: Estate, cast: Cast, store: Place, tap: Item, browser_of: Browser, clock: Any
) -> None:
    in_the_bag(estate, cast, store, tap, 2)
    order, browser = order_in("working", estate, cast), browser_of(cast.technician)
    clock.at, job = minutes(90), f"/repairs/mine/{order.number}/materials/"
    used = later(minutes(50), "k1", item=tap.pk, quantity="2")
    assert browser.post(f"{job}use/", used).status_code == 303
    assert Movement.objects.get(kind="use").at == minutes(50)
    line = Entry.objects.get(kind="materials.item.bag_used")
    assert (line.at, line.values["keyed_at"][:16]) == (minutes(50), minutes(90).astimezone(UTC).isoformat()[:16])
    # The answer was lost: sent again it does nothing, though the bag is empty now.
    assert browser.post(f"{job}use/", used).status_code == 303
    assert Movement.objects.filter(kind="use").count() == 1
    asked = later(minutes(51), "k2", store=store.pk, item_0=tap.pk, quantity_0="1")
    assert browser.post(f"{job}ask/", asked).status_code == 303
    slip = Requisition.objects.get(subject_id=order.pk)
    assert (slip.asked_at, Entry.objects.get(kind="materials.requisition.asked", subject_id=slip.pk).at) == (
        minutes(51),
        minutes(51),
    )
    materials.issue(slip, {one.pk: one.asked for one in slip.lines.all()}, actor=cast.director, at=minutes(60))
    before = browser.post(f"{job}{slip.number}/", later(minutes(55), "k3", everything="1"))
    assert (before.status_code, "不能早于发料的时间" in before.content.decode()) == (422, True)
    assert browser.post(f"{job}{slip.number}/", later(minutes(70), "k4", everything="1")).status_code == 303
    accounted = Entry.objects.get(kind="materials.requisition.accounted")
    assert accounted.at == minutes(70) and accounted.values["keyed_at"]


@pytest.mark.parametrize(("moment", "says"), [(minutes(-60), "不能早于上一步的时间"), (minutes(200), "不能晚于现在")])
def test_a_true_time_lies_between_the_last_step_and_now(
    moment: datetime, says: str, estate: Estate, cast: Cast, store: Place, tap: Item, browser_of: Browser, clock: Any
) -> None:
    in_the_bag(estate, cast, store, tap, 2)
    order, browser = order_in("working", estate, cast), browser_of(cast.technician)
    clock.at = minutes(90)
    answer = browser.post(f"/repairs/mine/{order.number}/materials/use/", later(moment, "k", item=tap.pk, quantity="1"))
    assert (answer.status_code, says in answer.content.decode()) == (422, True)
    assert not Movement.objects.filter(kind="use").exists()


def test_what_can_no_longer_be_is_said_and_nothing_moves(
    estate: Estate, cast: Cast, store: Place, tap: Item, browser_of: Browser, clock: Any
) -> None:
    in_the_bag(estate, cast, store, tap, 1)
    order, browser = order_in("working", estate, cast), browser_of(cast.technician)
    clock.at, where = minutes(90), f"/repairs/mine/{order.number}/materials/use/"
    short = browser.post(where, later(minutes(50), "k1", item=tap.pk, quantity="2"))
    assert (short.status_code, "只有 1 个" in short.content.decode()) == (422, True)
    operations.dispatch(order, technician=cast.second_technician, actor=cast.lead, at=minutes(80), note="换人")
    away = browser.post(where, later(minutes(50), "k2", item=tap.pk, quantity="1"))
    assert (away.status_code, "现在由赵刚负责" in away.content.decode()) == (409, True)
    assert not Movement.objects.filter(kind="use").exists()


def test_the_forms_of_the_page_wait_in_the_phone(
    estate: Estate, cast: Cast, store: Place, tap: Item, browser_of: Browser
) -> None:
    in_the_bag(estate, cast, store, tap, 1)
    order = order_in("working", estate, cast)
    issued(order, store, tap, cast)
    page = page_of(browser_of(cast.technician), order)
    assert page.count(f'data-offline="" data-order="{order.number}"') == 3
    assert 'data-shift="' in page and f'data-queued="{order.number}"' in page
