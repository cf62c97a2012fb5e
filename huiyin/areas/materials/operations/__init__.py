"""Every write of materials."""

from huiyin.areas.materials.operations.assets import (
    change_asset,
    check_asset,
    find_asset,
    hand_over_asset,
    lose_asset,
    put_back_asset,
    register_asset,
    scrap_asset,
    send_asset_to_repair,
    set_aside_asset,
)
from huiyin.areas.materials.operations.counting import begin_count, drop_count, post_count, write_down
from huiyin.areas.materials.operations.importing import confirm_sheet, hand_in
from huiyin.areas.materials.operations.items import change_item, open_store, set_prices, set_up_item
from huiyin.areas.materials.operations.moving import MaterialRefused, NotEnough
from huiyin.areas.materials.operations.planning import make_plan
from huiyin.areas.materials.operations.requisitions import (
    Accounted,
    NotSettled,
    account,
    ask,
    drop_asked_of,
    issue,
    require_settled,
    void_requisition,
    wait_for,
)
from huiyin.areas.materials.operations.stock import hand_out, put_back, receive, transfer, use_from_bag, write_off

__all__ = [
    "Accounted",
    "MaterialRefused",
    "NotEnough",
    "NotSettled",
    "account",
    "ask",
    "begin_count",
    "change_asset",
    "change_item",
    "check_asset",
    "confirm_sheet",
    "drop_asked_of",
    "drop_count",
    "find_asset",
    "hand_in",
    "hand_out",
    "hand_over_asset",
    "issue",
    "lose_asset",
    "make_plan",
    "open_store",
    "post_count",
    "put_back",
    "put_back_asset",
    "receive",
    "register_asset",
    "require_settled",
    "scrap_asset",
    "send_asset_to_repair",
    "set_aside_asset",
    "set_prices",
    "set_up_item",
    "transfer",
    "use_from_bag",
    "void_requisition",
    "wait_for",
    "write_down",
    "write_off",
]
