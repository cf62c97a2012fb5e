"""One of everything about money, made by the real operations: for the tables of rights and the pages."""

from dataclasses import dataclass

from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.fees import operations
from huiyin.areas.fees.models import CashHandover, Charge, MonthlySlip, PaymentIntent, Receipt, Waiver
from huiyin.areas.fees.tests.factories import cash, charged, minutes
from tests.cast import Cast


@dataclass
class Money:
    """A charge with a code that waits and a waiver asked for; cash on its way; a slip that waits to be signed."""

    charge: Charge
    receipt: Receipt
    intent: PaymentIntent
    waiver: Waiver
    handover: CashHandover
    slip: MonthlySlip


def of_money(estate: Estate, cast: Cast, home: Household) -> Money:
    """Return what there is in the estate; made the first time."""
    if not Charge.objects.filter(estate=estate).exists():
        _make(estate, cast, home)
    charge = Charge.objects.filter(estate=estate).earliest("pk")
    return Money(
        charge=charge,
        receipt=charge.receipts.earliest("pk"),
        intent=charge.intents.earliest("pk"),
        waiver=charge.waivers.earliest("pk"),
        handover=CashHandover.objects.filter(estate=estate).earliest("pk"),
        slip=MonthlySlip.objects.filter(estate=estate).earliest("pk"),
    )


def _make(estate: Estate, cast: Cast, home: Household) -> None:
    charge = charged(estate, cast, subject=1, household=home)
    cash(charge, cast.cashier, amount="10", at=minutes(1))
    operations.make_code(charge, actor=cast.technician, at=minutes(2))
    operations.ask_waiver(charge, reason="返修", actor=cast.technician, at=minutes(3))
    other = charged(estate, cast, subject=2, household=home)
    cash(other, cast.technician, amount="20", at=minutes(4))
    operations.hand_over(estate.pk, actor=cast.technician, at=minutes(5))
    cash(other, cast.technician, amount="5", at=minutes(6))
    charged(estate, cast, subject=3, household=home, settlement="monthly")
    operations.make_slips(estate, month="2026-11", actor=cast.cashier, at=minutes(7))
