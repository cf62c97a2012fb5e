"""Two reach for the same material at the same moment, each on a connection of its own to one real database.

One gets the last piece, the other reads a sentence; an order never ends with material open.
"""

from decimal import Decimal
from typing import Any

import pytest

from huiyin.areas.materials import operations as materials
from huiyin.areas.materials.models import Holding, Item, Movement, Place, Requisition
from huiyin.areas.materials.operations import Accounted
from huiyin.areas.materials.rules import Want
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.tests.factories import order_in
from huiyin.foundation.accounts.models import User
from tests.at_once.pressing import LATER, WON, House, one_wins, press_together
from tests.cast import AT

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def store_with(house: House, quantity: int) -> tuple[Place, Item]:
    told: dict[str, Any] = {"actor": house.cast.director, "at": AT}
    store = materials.open_store(house.estate, name="总库房", **told)
    item = materials.set_up_item(house.estate, code="SL-04", name="水龙头", unit="个", **told)
    materials.receive(item, store, Decimal(quantity), **told)
    return store, item


def asked(house: House, store: Place, item: Item, technician: User, quantity: int = 1) -> Requisition:
    wants = [Want(item.pk, Decimal(quantity))]
    return materials.ask(house.estate, technician=technician, store=store, wants=wants, actor=technician, at=AT)


def give(slip: Requisition, keeper: User) -> None:
    materials.issue(slip, {line.pk: line.asked for line in slip.lines.all()}, actor=keeper, at=LATER)


def test_two_are_issued_the_last_piece(house: House) -> None:
    store, item = store_with(house, 1)
    slips = [asked(house, store, item, one) for one in (house.cast.technician, house.cast.second_technician)]
    who, said = one_wins(*(lambda slip=slip: give(slip, house.cast.director) for slip in slips))
    assert said == "总库房里水龙头没有,要拿 1 个不够"
    assert [Requisition.objects.get(pk=one.pk).status for one in slips] == [
        "settled" if place == who else "asked" for place in range(2)
    ]
    assert Holding.objects.get(item=item, place=store).quantity == 0
    assert Movement.objects.filter(kind="issue").count() == 1


def test_one_slip_is_issued_once(house: House) -> None:
    store, item = store_with(house, 5)
    slip = asked(house, store, item, house.cast.technician, 2)
    copies = [Requisition.objects.select_related("store", "technician").get(pk=slip.pk) for _ in range(2)]
    _, said = one_wins(lambda: give(copies[0], house.cast.director), lambda: give(copies[1], house.cast.supervisor))
    assert said.startswith(("现在是「已结清」", "现在是「已发料」"))
    assert Holding.objects.get(item=item, place=store).quantity == 3


def test_an_order_does_not_end_while_its_material_is_issued(house: House) -> None:
    """Either the slip was issued first and the finish is refused, or it was still to be issued and waits."""
    store, item = store_with(house, 5)
    order = order_in("working", house.estate, house.cast)
    wants = [Want(item.pk, Decimal(2))]
    slip = repairs.ask_materials(order, store=store, wants=wants, actor=house.cast.technician, at=AT)
    read = press_together(
        lambda: give(slip, house.cast.director),
        lambda: repairs.finish(order, work_done="换了阀芯", actor=house.cast.technician, at=LATER),
    )
    assert read[0] == WON
    assert read[1] in (WON, "还有 2 个水龙头没有说明用了还是退了(李强领的),请先在材料里填好")


def test_one_line_is_accounted_for_once(house: House) -> None:
    store, item = store_with(house, 5)
    order = order_in("working", house.estate, house.cast)
    wants = [Want(item.pk, Decimal(2))]
    slip = repairs.ask_materials(order, store=store, wants=wants, actor=house.cast.technician, at=AT)
    give(slip, house.cast.director)
    line = slip.lines.get()
    slips = [Requisition.objects.select_related("store", "technician").get(pk=slip.pk) for _ in range(2)]
    _, said = one_wins(
        lambda: materials.account(
            slips[0], {line.pk: Accounted(used=Decimal(2))}, actor=house.cast.technician, at=LATER
        ),
        lambda: materials.account(
            slips[1], {line.pk: Accounted(returned=Decimal(2))}, actor=house.cast.director, at=LATER
        ),
    )
    assert "用的和退的加起来不能更多" in said or "刚有人填过" in said
