"""Which status of a requisition, a count, a handed-in sheet and a fixed asset follows which."""

from django.db.models import TextChoices

from huiyin.foundation.states.moves import Move


class RequisitionStatus(TextChoices):
    ASKED = "asked", "待发料"
    ISSUED = "issued", "已发料"
    SETTLED = "settled", "已结清"
    VOIDED = "voided", "作废"


ISSUE = Move("issue", "发料", (RequisitionStatus.ASKED,), RequisitionStatus.ISSUED, "materials.issue")
SETTLE = Move("settle", "结清", (RequisitionStatus.ISSUED,), RequisitionStatus.SETTLED, "materials.ask")
VOID = Move("void", "作废", (RequisitionStatus.ASKED,), RequisitionStatus.VOIDED, "materials.issue", needs_note=True)
REQUISITION_MOVES = (ISSUE, SETTLE, VOID)


class CountStatus(TextChoices):
    OPEN = "open", "正在清点"
    POSTED = "posted", "已过账"
    DROPPED = "dropped", "没有盘完"


POST = Move("post", "过账", (CountStatus.OPEN,), CountStatus.POSTED, "materials.count")
DROP = Move("drop", "放弃清点", (CountStatus.OPEN,), CountStatus.DROPPED, "materials.count", needs_note=True)
COUNT_MOVES = (POST, DROP)


class SheetStatus(TextChoices):
    CHECKED = "checked", "等您确认"
    WRONG = "wrong", "要先修改"
    DONE = "done", "已导入"


TAKE_IN = Move("take_in", "确认导入", (SheetStatus.CHECKED,), SheetStatus.DONE, "materials.edit")
FAULT = Move("fault", "检查出问题", (SheetStatus.CHECKED,), SheetStatus.WRONG, "materials.edit")
SHEET_MOVES = (TAKE_IN, FAULT)


class AssetStatus(TextChoices):
    IN_USE = "in_use", "在用"
    IDLE = "idle", "闲置"
    REPAIRING = "repairing", "维修中"
    SCRAPPED = "scrapped", "报废"
    LOST = "lost", "遗失"


# What is off the books: only what was lost may come back.
ENDED = (AssetStatus.SCRAPPED.value, AssetStatus.LOST.value)
_THERE = (AssetStatus.IN_USE, AssetStatus.IDLE, AssetStatus.REPAIRING)
SET_ASIDE = Move("set_aside", "闲置", (AssetStatus.IN_USE, AssetStatus.REPAIRING), AssetStatus.IDLE, "materials.count")
PUT_BACK = Move(
    "put_back", "恢复使用", (AssetStatus.IDLE, AssetStatus.REPAIRING), AssetStatus.IN_USE, "materials.count"
)
SEND_TO_REPAIR = Move(
    "send_to_repair", "送修", (AssetStatus.IN_USE, AssetStatus.IDLE), AssetStatus.REPAIRING, "materials.count"
)
SCRAP = Move("scrap", "报废", _THERE, AssetStatus.SCRAPPED, "materials.edit", needs_note=True)
LOSE = Move("lose", "报失", _THERE, AssetStatus.LOST, "materials.count", needs_note=True)
FIND = Move("find", "找回", (AssetStatus.LOST,), AssetStatus.IN_USE, "materials.count")
ASSET_MOVES = (SET_ASIDE, PUT_BACK, SEND_TO_REPAIR, SCRAP, LOSE, FIND)
