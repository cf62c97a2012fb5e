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
