"""How a sheet of old orders that was handed in goes from checked to taken in."""

from django.db.models import TextChoices

from huiyin.foundation.states.moves import Move


class SheetStatus(TextChoices):
    CHECKING = "checking", "正在检查"
    CHECKED = "checked", "等您确认"
    WRONG = "wrong", "要先修改"
    RUNNING = "running", "正在导入"
    DONE = "done", "已导入"


PASS = Move("pass", "检查通过", (SheetStatus.CHECKING,), SheetStatus.CHECKED, "repairs.set_up")
FAULT = Move(
    "fault",
    "检查出问题",
    (SheetStatus.CHECKING, SheetStatus.CHECKED, SheetStatus.RUNNING),
    SheetStatus.WRONG,
    "repairs.set_up",
)
START = Move("start", "确认导入", (SheetStatus.CHECKED,), SheetStatus.RUNNING, "repairs.set_up")
FINISH = Move("finish", "导入完成", (SheetStatus.RUNNING,), SheetStatus.DONE, "repairs.set_up")
MOVES = (PASS, FAULT, START, FINISH)
