"""What is settled by the month stands on one slip a household, is signed once, and is paid with a receipt for each charge."""

from datetime import timedelta
from decimal import Decimal

import pytest

from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.fees import operations, queries
from huiyin.areas.fees.models import Charge, MonthlySlip
from huiyin.areas.fees.operations import Payment, SlipRefused
from huiyin.areas.fees.tests.factories import charged, drawing, everything, fresh, minutes, slip_in
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.states.moves import MovedMeanwhile
from huiyin.standards.operations.commitments import RequirementUnmet
from tests.cast import AT, Cast


def test_one_slip_a_household_with_all_its_charges_of_the_month(estate: Estate, cast: Cast, home: Household) -> None:
    charges = [charged(estate, cast, subject=n, household=home, settlement="monthly") for n in (1, 2)]
    late = charged(estate, cast, subject=3, household=home, settlement="monthly", at=AT + timedelta(days=6))
    charged(estate, cast, subject=4, household=home)
    (slip,) = operations.make_slips(estate, month="2026-11", actor=cast.cashier, at=AT + timedelta(days=6))
    assert (slip.number, slip.amount, slip.unit) == ("YH-YJ261201-001", Decimal(160), "3-2-1501")
    assert queries.charges_on(slip) == charges and fresh(late).slip is None
    assert operations.make_slips(estate, month="2026-11", actor=cast.cashier, at=AT + timedelta(days=6)) == []
    made = Entry.objects.filter(kind="fees.settlement.made").order_by("id")
    assert [entry.values["slips"] for entry in made] == [1, 0]
    with pytest.raises(SlipRefused, match="还没到"):
        operations.make_slips(estate, month="2027-01", actor=cast.cashier, at=AT)


def test_a_slip_is_signed_then_paid(estate: Estate, cast: Cast, home: Household) -> None:
    slip = slip_in("issued", estate, cast, home)
    before = everything()
    with pytest.raises(SlipRefused, match="签认以后"):
        operations.pay_slip(slip, payment=Payment("cash"), actor=cast.cashier, at=minutes(9))
    with pytest.raises(SlipRefused, match="姓名"):
        operations.sign_slip(slip, signer=" ", paper_slip="1", actor=cast.cashier, at=minutes(9))
    with pytest.raises(RequirementUnmet, match="签字确认"):
        operations.sign_slip(slip, signer="王丽", actor=cast.cashier, at=minutes(9))
    assert everything() == before
    operations.sign_slip(slip, signer="王丽", drawing=drawing(), actor=cast.cashier, at=minutes(10))
    receipts = operations.pay_slip(slip, payment=Payment("cash"), actor=cast.cashier, at=minutes(11), key="p1")
    assert operations.pay_slip(slip, payment=Payment("cash"), actor=cast.cashier, at=minutes(11), key="p1") == receipts
    assert [one.amount for one in receipts] == [Decimal(80)]
    assert Charge.objects.get().status == "settled"
    with pytest.raises(SlipRefused, match="收清"):
        operations.pay_slip(slip, payment=Payment("cash"), actor=cast.cashier, at=minutes(12))
    with pytest.raises(MovedMeanwhile):
        operations.void_slip(slip, reason="晚了", actor=cast.cashier, at=minutes(13))


def test_a_void_slip_lets_its_charges_wait_for_another(estate: Estate, cast: Cast, home: Household) -> None:
    slip = slip_in("voided", estate, cast, home)
    charge = Charge.objects.get()
    assert (charge.slip, slip.status, slip.void_reason) == (None, "voided", "漏了一笔")
    (again,) = operations.make_slips(estate, month="2026-11", actor=cast.cashier, at=minutes(20))
    assert MonthlySlip.objects.count() == 2 and fresh(charge).slip == again
    with pytest.raises(operations.ChargeUnderWay, match="月结单"):
        operations.settle_by(charge, settlement="at_once", actor=cast.cashier, at=minutes(21))
    with pytest.raises(operations.ChargeUnderWay, match="月结单"):
        operations.drop_charge(charge, reason="错", actor=cast.cashier, at=minutes(21))
