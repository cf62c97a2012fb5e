"""A charge: its lines rounded one by one, one at a time for a subject, withdrawn while nothing was paid."""

from datetime import datetime
from decimal import Decimal

import pytest

from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.fees import operations, queries
from huiyin.areas.fees.models import Charge
from huiyin.areas.fees.operations import ChargeLine
from huiyin.areas.fees.tests.factories import EIGHTY, charged, everything, minutes
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.states.moves import MovedMeanwhile, NoteNeeded
from tests.cast import Cast

FREE = (ChargeLine("人工", Decimal(1), "次", Decimal(0)),)


def test_a_charge_adds_up_its_lines_each_rounded_to_the_fen(estate: Estate, cast: Cast) -> None:
    lines = tuple(ChargeLine(name, Decimal("1.5"), "米", Decimal("0.33")) for name in ("线", "管"))
    charge = charged(estate, cast, lines=lines)
    assert (charge.number, charge.amount, charge.owed) == ("YH-SF261125-001", Decimal("1.00"), Decimal("1.00"))
    assert [item.amount for item in queries.items_of(charge)] == [Decimal("0.50"), Decimal("0.50")]
    assert queries.charges_of("repairs.order", 1) == queries.charges_in("case:1") == [charge]
    entry = Entry.objects.get(kind="fees.charge.opened")
    assert (entry.thread, entry.values["owed"], entry.actor) == ("case:1", "1.00", cast.technician)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (FREE, "金额是 0 的不开收费单"),
        ((), "金额是 0"),
        ((ChargeLine(" ", Decimal(1), "个", Decimal(1)),), "写明收的是什么"),
        ((ChargeLine("阀", Decimal(0), "个", Decimal(1)),), "数量要大于 0"),
        ((ChargeLine("阀", Decimal(1), "个", Decimal(-1)),), "不能是负数"),
        ((ChargeLine("阀", Decimal(10**6), "个", Decimal(10**7)),), "太大"),
    ],
)
def test_lines_that_cannot_be_charged(estate: Estate, cast: Cast, lines: tuple[ChargeLine, ...], says: str) -> None:
    before = everything()
    with pytest.raises(operations.NothingToCharge, match=says):
        charged(estate, cast, lines=lines)
    assert everything() == before


def test_one_open_charge_a_subject(estate: Estate, cast: Cast) -> None:
    charge = charged(estate, cast)
    before = everything()
    with pytest.raises(operations.ChargeOpen, match=charge.number):
        charged(estate, cast)
    assert everything() == before
    operations.drop_charge(charge, reason="报价改了", actor=cast.cashier, at=minutes(5))
    assert charged(estate, cast, at=minutes(6)).number == "YH-SF261125-002"


def test_a_charge_is_withdrawn_with_a_reason_and_once(estate: Estate, cast: Cast) -> None:
    charge = charged(estate, cast)
    with pytest.raises(NoteNeeded):
        operations.drop_charge(charge, reason=" ", actor=cast.cashier, at=minutes(1))
    operations.drop_charge(charge, reason="保修期内", actor=cast.cashier, at=minutes(2))
    assert Charge.objects.get().status == "withdrawn"
    with pytest.raises(MovedMeanwhile):
        operations.drop_charge(charge, reason="再撤一次", actor=cast.cashier, at=minutes(3))


def test_monthly_needs_a_household(estate: Estate, cast: Cast, home: Household, at: datetime) -> None:
    with pytest.raises(operations.NothingToCharge, match="不能月结"):
        charged(estate, cast, settlement="monthly")
    charge = charged(estate, cast, household=home, settlement="monthly")
    assert not queries.may_be_taken(charge)
    operations.settle_by(charge, settlement="at_once", actor=cast.cashier, at=at)
    assert queries.may_be_taken(charge) and charge.owed == EIGHTY
