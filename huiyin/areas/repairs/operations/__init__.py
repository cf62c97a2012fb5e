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
from huiyin.areas.repairs.operations.materials import account_materials, ask_materials, use_own_material
from huiyin.areas.repairs.operations.shared import NotYourOrder, OrderIncomplete, OrderUnderWay, TimesCrossed
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
    "account_materials",
    "appoint",
    "arrive",
    "ask_materials",
    "dispatch",
    "drop_unstarted",
    "finish",
    "hold",
    "hurry",
    "key_in_slip",
    "open_order",
    "rehome_orders_of",
    "reopen",
    "resume",
    "return_order",
    "rework",
    "sign",
    "take_back",
    "use_own_material",
    "void_order",
]
