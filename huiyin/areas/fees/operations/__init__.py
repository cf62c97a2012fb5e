"""Every write of money: charged, taken, voided, given back, waived by two, handed over, put on monthly slips."""

from huiyin.areas.fees.operations.charging import ChargeUnderWay, drop_charge, give_charge, open_charge, settle_by
from huiyin.areas.fees.operations.shared import (
    ChargeOpen,
    HandoverRefused,
    NothingToCharge,
    PaymentRefused,
    ReceiptStands,
    SlipRefused,
    WaiverRefused,
)
from huiyin.areas.fees.rules import ChargeLine

__all__ = [
    "ChargeLine",
    "ChargeOpen",
    "ChargeUnderWay",
    "HandoverRefused",
    "NothingToCharge",
    "PaymentRefused",
    "ReceiptStands",
    "SlipRefused",
    "WaiverRefused",
    "drop_charge",
    "give_charge",
    "open_charge",
    "settle_by",
]
