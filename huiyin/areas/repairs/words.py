"""Repeated wording of the repairs pages."""

# Bands of the dispatch board: code, title, the statuses in it.
# What is on hold and whose time to look again has come stands first, whatever its status says.
BANDS = (
    ("woken", "到时间再看的", ()),
    ("new", "待派单", ("new",)),
    ("assigned", "已派单未接", ("assigned",)),
    ("working", "进行中", ("accepted", "working")),
    ("finished", "待验收", ("finished",)),
    ("on_hold", "挂起", ("on_hold",)),
)
TONES = {
    "new": "plain",
    "assigned": "plain",
    "accepted": "accent",
    "working": "accent",
    "on_hold": "muted",
    "finished": "accent",
    "closed": "green",
    "voided": "muted",
}
ATTITUDE_TONES = {"pleased": "green", "calm": "plain", "worried": "amber", "angry": "red"}
CONTACT_TONES = {"same": "muted", "proposed": "amber", "accepted": "green", "refused": "muted"}
USUALLY = {
    "in_unit": "户内",
    "common_part": "公共部位",
    "normal": "一般",
    "urgent": "紧急",
    "emergency": "急修",
}
URGENT = ("urgent", "emergency")
# Orders their technician may pass on, and those somebody can still be chosen for.
CAN_BE_PASSED_ON = ("assigned", "accepted", "working")
CAN_BE_GIVEN = ("new", "assigned", "accepted", "working")
STEPS = ("接单", "到达", "完工", "签字")
STEP_OF = {"assigned": 0, "accepted": 1, "on_hold": 1, "working": 2, "finished": 3, "closed": 4}
RETURN_REASONS = ("不是我的工种", "今天排满了", "需要两个人", "地址不对")
TRANSFER_REASONS = ("不是我的工种", "手上走不开", "离你近", "要下班了")
DECLINE_REASONS = ("手上走不开", "我也不会", "离得太远")
# How an order came to its technician when the lead did not choose.
HOW = {"grab": "抢的", "rotation": "轮到的", "transfer": "转来的"}
DOOR_REASONS = ("敲门没人应", "住户不同意进门", "家里只有小孩老人,不便进门", "住户改时间")
REWORK_REASONS = ("还在漏", "没修好", "弄脏了没收拾")
# The figures, and of each the columns that orders stand behind.
FIGURES = {
    "on_time": "按时率",
    "cohorts": "完工进度",
    "rework": "返修",
    "first_fix": "一次修好",
    "costs": "用料和工时",
    "load": "维修工",
}
FIGURE_COLUMNS = {
    "on_time": {
        "due": "到期",
        "met": "按时",
        "late": "逾期后完成",
        "missed": "逾期未做",
        "failed": "逾期",
        "judged": "按时和逾期",
        "paused": "暂停",
        "open": "还没到期",
        "waived": "免除",
    },
    "cohorts": {
        "kept": "登记",
        "1": "1 天内完工",
        "3": "3 天内完工",
        "7": "7 天内完工",
        "14": "14 天内完工",
        "30": "30 天内完工",
        "later": "30 天后完工",
        "open": "还没完工",
        "voided": "作废",
    },
    "rework": {
        "all": "登记",
        "short": "30 天内返修",
        "long": "31–90 天返修",
        "warranty": "90 天后仍在保",
        "again": "返修合计",
    },
    "first_fix": {
        "all": "验收",
        "judged": "满 30 天",
        "fixed": "一次修好",
        "back": "30 天内又报",
        "rejected": "验收不通过",
        "visited": "跑了不止一次",
        "known": "未满 30 天,已有问题",
        "quiet": "未满 30 天,目前没事",
    },
    "costs": {
        "orders": "验收",
        "material": "用了料",
        "unpriced": "有料没单价",
        "charged": "收了费",
        "timed": "记了工时",
    },
    "load": {
        "taken": "接单",
        "finished": "完工",
        "in_hand": "在手",
        "met": "按时",
        "failed": "逾期",
        "judged": "按时和逾期",
        "material": "用了料",
        "timed": "算了用时",
    },
}
ANYBODY = "谁都能去"  # a fault that asks for no skill
