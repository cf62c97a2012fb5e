"""Every write of money: charged, taken, voided, given back, waived by two, handed over, put on monthly slips."""

from huiyin.areas.fees.operations.cash import (
    hand_over,
    receive_cash,
    send_back,
)
from huiyin.areas.fees.operations.charging import (
    ChargeUnderWay,
    drop_charge,
    give_charge,
    open_charge,
    settle_by,
)
from huiyin.areas.fees.operations.codes import (
    UnknownReference,
    cancel_code,
    make_code,
    pay_back,
    take_notice,
)
from huiyin.areas.fees.operations.monthly import (
    make_slips,
    pay_slip,
    sign_slip,
    void_slip,
)
from huiyin.areas.fees.operations.paying import (
    Payment,
    note_invoice,
    take_payment,
)
from huiyin.areas.fees.operations.shared import (
    ChargeOpen,
    HandoverRefused,
    NothingToCharge,
    PaymentRefused,
    ReceiptStands,
    SlipRefused,
    WaiverRefused,
)
from huiyin.areas.fees.operations.voiding import (
    void_receipt,
)
from huiyin.areas.fees.operations.waiving import (
    approve_waiver,
    ask_refund,
    ask_waiver,
    left_of,
    refuse_waiver,
    take_back_waiver,
)
from huiyin.areas.fees.rules import ChargeLine

__all__ = [
    "ChargeLine",
    "ChargeOpen",
    "ChargeUnderWay",
    "HandoverRefused",
    "NothingToCharge",
    "Payment",
    "PaymentRefused",
    "ReceiptStands",
    "SlipRefused",
    "UnknownReference",
    "WaiverRefused",
    "approve_waiver",
    "ask_refund",
    "ask_waiver",
    "cancel_code",
    "drop_charge",
    "give_charge",
    "hand_over",
    "left_of",
    "make_code",
    "make_slips",
    "note_invoice",
    "open_charge",
    "pay_back",
    "pay_slip",
    "receive_cash",
    "refuse_waiver",
    "send_back",
    "settle_by",
    "sign_slip",
    "take_back_waiver",
    "take_notice",
    "take_payment",
    "void_receipt",
    "void_slip",
]
