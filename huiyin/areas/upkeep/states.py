"""Which status of equipment, a plan, a round, a project and a stage follows which."""

from django.db.models import TextChoices

from huiyin.foundation.states.moves import Move

SEE, DO, EDIT, ACCEPT = "upkeep.see", "upkeep.do", "upkeep.edit", "upkeep.accept"


class EquipmentStatus(TextChoices):
    IN_USE = "in_use", "在用"
    STOPPED = "stopped", "停用"
    SCRAPPED = "scrapped", "报废"


STOP = Move("stop", "停用", (EquipmentStatus.IN_USE,), EquipmentStatus.STOPPED, EDIT, needs_note=True)
RESTART = Move("restart", "恢复使用", (EquipmentStatus.STOPPED,), EquipmentStatus.IN_USE, EDIT)
SCRAP = Move(
    "scrap",
    "报废",
    (EquipmentStatus.IN_USE, EquipmentStatus.STOPPED),
    EquipmentStatus.SCRAPPED,
    EDIT,
    needs_note=True,
)
EQUIPMENT_MOVES = (STOP, RESTART, SCRAP)


class PlanStatus(TextChoices):
    RUNNING = "running", "执行中"
    ENDED = "ended", "已停止"


END = Move("end", "停止计划", (PlanStatus.RUNNING,), PlanStatus.ENDED, EDIT, needs_note=True)
PLAN_MOVES = (END,)


class RoundStatus(TextChoices):
    DUE = "due", "待维保"
    FINE = "fine", "正常"
    DEFECT = "defect", "有问题"
    DROPPED = "dropped", "取消"


PASS = Move("pass", "维保正常", (RoundStatus.DUE,), RoundStatus.FINE, DO)
FAULT = Move("fault", "维保有问题", (RoundStatus.DUE,), RoundStatus.DEFECT, DO, needs_note=True)
DROP = Move("drop", "取消这次维保", (RoundStatus.DUE,), RoundStatus.DROPPED, EDIT, needs_note=True)
ROUND_MOVES = (PASS, FAULT, DROP)


class ProjectStatus(TextChoices):
    PLANNED = "planned", "待开工"
    WORKING = "working", "施工中"
    HANDED_IN = "handed_in", "待竣工验收"
    COMPLETED = "completed", "已竣工"
    VOIDED = "voided", "作废"


START = Move("start", "开工", (ProjectStatus.PLANNED,), ProjectStatus.WORKING, DO)
HAND_IN = Move("hand_in", "报竣工", (ProjectStatus.WORKING,), ProjectStatus.HANDED_IN, DO)
COMPLETE = Move("complete", "竣工验收", (ProjectStatus.HANDED_IN,), ProjectStatus.COMPLETED, ACCEPT)
SEND_BACK = Move("send_back", "验收不合格", (ProjectStatus.HANDED_IN,), ProjectStatus.WORKING, ACCEPT, needs_note=True)
VOID = Move(
    "void",
    "作废",
    (ProjectStatus.PLANNED, ProjectStatus.WORKING, ProjectStatus.HANDED_IN),
    ProjectStatus.VOIDED,
    EDIT,
    needs_note=True,
)
PROJECT_MOVES = (START, HAND_IN, COMPLETE, SEND_BACK, VOID)


class StageStatus(TextChoices):
    WAITING = "waiting", "未开始"
    WORKING = "working", "施工中"
    HANDED_IN = "handed_in", "待验收"
    ACCEPTED = "accepted", "验收合格"


START_STAGE = Move("start", "开始", (StageStatus.WAITING,), StageStatus.WORKING, DO)
HAND_IN_STAGE = Move("hand_in", "报验", (StageStatus.WORKING,), StageStatus.HANDED_IN, DO)
ACCEPT_STAGE = Move("accept", "工序验收", (StageStatus.HANDED_IN,), StageStatus.ACCEPTED, ACCEPT)
REJECT_STAGE = Move("reject", "退回返工", (StageStatus.HANDED_IN,), StageStatus.WORKING, ACCEPT, needs_note=True)
REDO_STAGE = Move("redo", "整改", (StageStatus.ACCEPTED,), StageStatus.WORKING, ACCEPT, needs_note=True)
STAGE_MOVES = (START_STAGE, HAND_IN_STAGE, ACCEPT_STAGE, REJECT_STAGE, REDO_STAGE)
