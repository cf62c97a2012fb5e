"""Repeated wording of the repairs pages."""

# Bands of the dispatch board: code, title, the statuses in it.
BANDS = (
    ("new", "待派单", ("new",)),
    ("assigned", "已派单未接", ("assigned",)),
    ("working", "进行中", ("accepted", "working")),
    ("finished", "待验收", ("finished",)),
    ("on_hold", "挂起", ("on_hold",)),
)
BAND_OF = {status: code for code, _, statuses in BANDS for status in statuses}
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
URGENT = ("urgent", "emergency")
STEPS = ("接单", "到达", "完工", "签字")
STEP_OF = {"assigned": 0, "accepted": 1, "on_hold": 1, "working": 2, "finished": 3, "closed": 4}
RETURN_REASONS = ("不是我的工种", "今天排满了", "需要两个人", "地址不对")
HOLD_REASONS = ("等配件", "住户不在家", "住户改时间", "等别的部门")
DOOR_REASONS = ("敲门没人应", "住户不同意进门", "家里只有小孩老人,不便进门", "住户改时间")
REWORK_REASONS = ("还在漏", "没修好", "弄脏了没收拾")
