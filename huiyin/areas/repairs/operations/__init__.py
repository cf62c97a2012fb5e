"""Every write of work orders: opened, dispatched, accepted, arrived, finished, accepted by the resident."""

from huiyin.areas.repairs.operations.acceptance import accept_by_paper, accept_by_signature, key_in_slip, sign
from huiyin.areas.repairs.operations.board import (
    appoint,
    dispatch,
    drop_unstarted,
    hurry,
    open_order,
    rehome_orders_of,
    reopen,
    take_back,
    void_order,
)
from huiyin.areas.repairs.operations.shared import NotYourOrder, OrderIncomplete, OrderUnderWay, TimesCrossed, mine
from huiyin.areas.repairs.operations.visits import add_photos, by_phone, keep_unsent, send_cleaning, turn_away
from huiyin.areas.repairs.operations.work import (
    accept,
    arrive,
    finish,
    hold,
    resume,
    return_order,
    rework,
)

__all__ = [
    "NotYourOrder",
    "OrderIncomplete",
    "OrderUnderWay",
    "TimesCrossed",
    "accept",
    "accept_by_paper",
    "accept_by_signature",
    "add_photos",
    "appoint",
    "arrive",
    "by_phone",
    "dispatch",
    "drop_unstarted",
    "finish",
    "hold",
    "hurry",
    "keep_unsent",
    "key_in_slip",
    "mine",
    "open_order",
    "rehome_orders_of",
    "reopen",
    "resume",
    "return_order",
    "rework",
    "send_cleaning",
    "sign",
    "take_back",
    "turn_away",
    "void_order",
]
