"""The tables of money: what is owed, what was paid, who has the cash, what was waived, what is put on monthly slips."""

from huiyin.areas.fees.models.charges import Charge, ChargeItem, Settlement
from huiyin.areas.fees.models.gateway import PaymentIntent
from huiyin.areas.fees.models.handovers import CashHandover
from huiyin.areas.fees.models.receipts import Mode, Receipt
from huiyin.areas.fees.models.slips import MonthlySlip
from huiyin.areas.fees.models.waivers import Waiver, WaiverKind

__all__ = [
    "CashHandover",
    "Charge",
    "ChargeItem",
    "Mode",
    "MonthlySlip",
    "PaymentIntent",
    "Receipt",
    "Settlement",
    "Waiver",
    "WaiverKind",
]
