"""What a right lets one do, as people say it when they lend it to a program."""

RIGHTS = {
    "today.see": "看今日、文件和提醒",
    "today.team": "看同事的今日",
    "estate.see": "看房屋和住户",
    "estate.edit": "改房屋和住户",
    "staffing.edit": "管人员和排班",
    "desk.see": "看来电来访登记",
    "desk.register": "登记来电来访",
    "cases.see": "看事项",
    "cases.work": "办事项",
    "cases.merge": "并案",
    "cases.void": "作废事项",
    "cases.export": "导出",
    "complaints.verify": "核实投诉",
    "complaints.decide": "决定投诉处理",
    "complaints.reply": "答复投诉",
    "complaints.close": "办结投诉",
    "repairs.see": "看维修单",
    "repairs.dispatch": "派单",
    "repairs.work": "做维修",
    "repairs.paper": "录入纸单",
    "materials.see": "看材料和库存",
    "materials.ask": "申领材料",
    "materials.issue": "收料、发料",
    "materials.count": "清点库存",
    "materials.edit": "管材料目录和价格",
    "return_visits.see": "看回访",
    "return_visits.visit": "做回访",
    "return_visits.excuse": "免回访",
    "return_visits.review": "审阅回访",
    "control.see": "看管理数字",
    "promises.decide": "批准免除承诺",
    "calendar.edit": "改日历",
    "record.see": "看日志封存",
    "standards.see": "看标准",
    "standards.draft": "起草标准",
    "standards.publish": "发布标准",
}
# A program neither makes others like itself nor looks after the machine.
NEVER_LENT = {"integrations.edit", "house.run"}


def right_words(right: str) -> str:
    return RIGHTS.get(right, right)
