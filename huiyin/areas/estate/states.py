"""How a sheet that was handed in goes from checked to taken in."""

from django.db.models import TextChoices

from huiyin.foundation.states.moves import Move


class ImportStatus(TextChoices):
    CHECKING = "checking", "正在检查"
    CHECKED = "checked", "等您确认"
    WRONG = "wrong", "要先修改"
    RUNNING = "running", "正在导入"
    DONE = "done", "已导入"


PASS = Move("pass", "检查通过", (ImportStatus.CHECKING,), ImportStatus.CHECKED, "estate.edit")
FAULT = Move(
    "fault",
    "检查出问题",
    (ImportStatus.CHECKING, ImportStatus.CHECKED, ImportStatus.RUNNING),
    ImportStatus.WRONG,
    "estate.edit",
)
START = Move("start", "确认导入", (ImportStatus.CHECKED,), ImportStatus.RUNNING, "estate.edit")
FINISH = Move("finish", "导入完成", (ImportStatus.RUNNING,), ImportStatus.DONE, "estate.edit")
MOVES = (PASS, FAULT, START, FINISH)
