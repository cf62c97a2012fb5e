"""Repeated wording of the upkeep pages."""

TONES = {
    "in_use": "green",
    "stopped": "amber",
    "scrapped": "muted",
    "running": "accent",
    "ended": "muted",
    "due": "plain",
    "fine": "green",
    "defect": "red",
    "dropped": "muted",
    "planned": "plain",
    "working": "accent",
    "handed_in": "amber",
    "completed": "green",
    "voided": "muted",
    "waiting": "plain",
    "accepted": "green",
}
CHECKLISTS = ("看外观、听声音", "测温度、电流", "紧固接线", "加油润滑", "清洁", "试运行")
SENT_BACK = ("表面不平", "有渗漏", "材料与约定不符", "现场没有清理")
