"""Which status of a requisition, a count and a handed-in sheet follows which."""

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
